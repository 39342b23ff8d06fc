"""What of grading can be deleted, and had back: an exam with its sheets, scans, papers and results."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from grading.models import Exam, ScanPage
from grading.uploads import delete_files_of_page
from jobs.models import Job
from trash.kinds import Kind, register
from web.files import delete_folder, remove_on_commit


def purge_exam(*, exam: Exam) -> None:
    """An end of it, with all its scans, papers and files."""
    folder = exam.folder
    with transaction.atomic():
        remove_on_commit(upload.file for upload in exam.roster_uploads.all())
        jobs_of(exam).delete()
        exam.delete()
        transaction.on_commit(lambda: delete_folder(folder))


def jobs_of(exam: Exam) -> QuerySet[Job]:
    """All that was asked for it, in the trash, too."""
    return Job.with_trashed.filter(
        Q(scan__exam=exam) | Q(roster_upload__exam=exam) | Q(page_assignment__page__scan__exam=exam)
    )


def purge_page(*, page: ScanPage) -> None:
    """An end of a rejected page, with its pictures; the upload that it came with stays."""
    with transaction.atomic():
        transaction.on_commit(lambda: delete_files_of_page(page))
        jobs_of_page(page).delete()
        ScanPage.with_trashed.filter(pk=page.pk).delete()


def jobs_of_page(page: ScanPage) -> QuerySet[Job]:
    return Job.with_trashed.filter(page_assignment__page=page)


def along_with_exam(exam: Exam) -> list[QuerySet]:
    """Its pages go with their papers and scans; those that were deleted before come back only after it."""
    return [jobs_of(exam), ScanPage.with_trashed.filter(scan__exam=exam).exclude(trashed=None)]


def hand_over_scans(person: User) -> None:
    """What they uploaded for exams of colleagues stays there."""
    asked = Q(scans__job__owner=person) | Q(roster_uploads__job__owner=person)
    asked |= Q(scans__pages__assignments__job__owner=person)
    for exam in Exam.with_trashed.filter(asked).exclude(owner=person).distinct():
        jobs_of(exam).filter(owner=person).update(owner=exam.owner_id, key="")


register(
    Kind(
        model=Exam,
        title=_("Exam"),
        icon="clipboard-check",
        along=along_with_exam,
        purge=lambda exam: purge_exam(exam=exam),
        handed_over=hand_over_scans,
    )
)
register(
    Kind(
        model=ScanPage,
        title=_("Page that was not graded"),
        icon="image",
        along=lambda page: [jobs_of_page(page)],
        purge=lambda page: purge_page(page=page),
    )
)
