"""Read the list of a class."""

from jobs.claims import Claim, Rejected, finishing
from jobs.kinds import task
from jobs.models import Queue
from school.models import ClassUpload
from school.services import put_students
from school.uploads import GONE, NOT_TAKEN, rows_in


@task("school.read_list", queue=Queue.QUICK)
def read_list(job: Claim) -> None:
    upload = ClassUpload.objects.select_related("school_class").get(job_id=job.pk)
    if not upload.file:
        raise Rejected(GONE)
    rows = rows_in(upload)
    if upload.problems:
        upload.record(rows)
        raise Rejected(NOT_TAKEN)
    with finishing(job):
        put_students(school_class=upload.school_class, rows=rows)
        upload.record(rows)
