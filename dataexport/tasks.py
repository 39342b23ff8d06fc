"""Write the file, and forget it a day later."""

from functools import partial
from tempfile import TemporaryFile

from celery import shared_task
from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext_noop

from audit.models import Verb
from audit.services import record
from dataexport import services
from dataexport.archive import write_archive
from dataexport.models import Export
from jobs.claims import Claim, finishing
from jobs.kinds import task
from jobs.tidying import tidying

GATHERING = gettext_noop("Gathering rows and files")


@task(services.WRITE, silence=600)  # one large file is copied without a report
def write(job: Claim) -> None:
    export = Export.objects.select_related("owner").get(job_id=job.pk)
    with TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as out:
        write_archive(export.owner, out, lambda share: job.report(100 * share, GATHERING))
        export.size = out.tell()
        out.seek(0)
        export.file.save(f"{export.pk}.zip", File(out), save=False)
    with tidying(job, partial(export.file.delete, save=False)), finishing(job):
        export.save(update_fields=["file", "size"])
        record(actor=export.owner, verb=Verb.EXPORTED, row=export.owner, owner=export.owner)


@shared_task(name="dataexport.forget_old")
def forget_old() -> None:
    services.forget_old()
