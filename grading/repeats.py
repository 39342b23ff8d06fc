"""What of exams can be done again."""

from accounts.grants import Right
from accounts.models import User
from grading.models import Exam, Scan
from grading.reading.again import read_scan_again
from grading.services import READ_SCAN
from jobs.models import Job
from jobs.repeating import row_of


def read_again(job: Job, by: User) -> Scan:
    """In its place: what was corrected by hand stays."""
    exams = Exam.objects.for_user(by, Right.MARK)
    return read_scan_again(scan=row_of(Scan.objects.filter(exam__in=exams), job=job), by=by)


REPEATS = {READ_SCAN: read_again}
