"""Read the list of a class."""

from celery import shared_task

from jobs.claims import Claim, Rejected, finishing
from jobs.kinds import task
from jobs.models import Queue
from school import lists
from school.models import ClassUpload
from school.previews import known_in_class
from school.roster.rows import Grid
from school.services import put_students
from school.uploads import GONE, NOT_TAKEN, is_refused, read_file


@task("school.read_list", queue=Queue.QUICK)
def read_list(job: Claim) -> None:
    upload = ClassUpload.objects.select_related("school_class").get(job_id=job.pk)
    if not upload.file:
        raise Rejected(GONE)
    rows = read_file(upload, Grid(), known_in_class(upload.school_class), is_whole=False).rows
    if is_refused(upload, rows):
        upload.record(rows)
        raise Rejected(NOT_TAKEN)
    with finishing(job):
        if not upload.is_preview:
            put_students(school_class=upload.school_class, rows=rows)
        upload.record(rows)


@shared_task(name="school.forget_tables")
def forget_tables() -> None:
    lists.forget_tables()
