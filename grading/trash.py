"""What of grading can be deleted, and had back: an exam with its sheets, scans, papers and results; by themselves a
scan, a paper, and a page that was not graded."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from grading.models import Answer, Exam, Paper, Scan, ScanPage
from grading.reading.uploads import delete_files, delete_files_of_page
from grading.removals import REJECTED, come_back, leave_behind, pages_of, whole_papers
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
    """An end of one page, with its pictures; the upload that it came with stays."""
    with transaction.atomic():
        transaction.on_commit(lambda: delete_files_of_page(page))
        jobs_of_page(page).delete()
        ScanPage.with_trashed.filter(pk=page.pk).delete()


def jobs_of_page(page: ScanPage) -> QuerySet[Job]:
    return Job.with_trashed.filter(page_assignment__page=page)


def along_with_exam(exam: Exam) -> list[QuerySet]:
    """Its papers and scans go with it; what was deleted before comes back only after it."""
    before = [ScanPage.with_trashed.filter(scan__exam=exam)]
    before += [model.with_trashed.filter(exam=exam) for model in (Paper, Scan)]
    return [jobs_of(exam), *(rows.exclude(trashed=None) for rows in before)]


def jobs_of_scan(scan: Scan) -> QuerySet[Job]:
    return Job.with_trashed.filter(Q(scan=scan) | Q(page_assignment__page__scan=scan))


def along_with_scan(scan: Scan) -> list[QuerySet]:
    """Its pages, and papers that have no others; one that lies in the trash with pages of other scans stays there."""
    whole = whole_papers(scan)
    own = Q(trashed=None) | Q(paper__in=whole) | Q(paper=None) | Q(status=REJECTED)
    return [
        jobs_of_scan(scan),
        ScanPage.with_trashed.filter(own, scan=scan),
        Answer.with_trashed.filter(page__scan=scan, trashed=None),
        Paper.with_trashed.filter(pk__in=whole),
    ]


def purge_scan(*, scan: Scan) -> None:
    """An end of it, with its files and the papers that are nothing but pages of it."""
    with transaction.atomic():
        transaction.on_commit(lambda: delete_files(scan))
        leave_behind(scan)
        jobs_of_scan(scan).delete()
        Scan.with_trashed.filter(pk=scan.pk).delete()


def along_with_paper(paper: Paper) -> list[QuerySet]:
    """The upload that its pages came with stays, and pages that went with another one are in the trash already."""
    return [
        Job.with_trashed.filter(page_assignment__page__paper=paper),
        ScanPage.with_trashed.filter(paper=paper, trashed=None).exclude(status=REJECTED),
        Answer.with_trashed.filter(paper=paper, trashed=None),
    ]


def purge_paper(*, paper: Paper) -> None:
    """An end of it, with the pictures of its pages; the uploads that they came with stay."""
    with transaction.atomic():
        for page in pages_of([paper.pk]).select_related("scan"):
            purge_page(page=page)
        Paper.with_trashed.filter(pk=paper.pk).delete()


def papers_back(item: Any, papers: list[Paper]) -> None:
    come_back(Paper.objects.filter(pk__in=[paper.pk for paper in papers]), papers[0].exam)


def scans_back(item: Any, scans: list[Scan]) -> None:
    pages = ScanPage.objects.filed().filter(scan__in=scans)
    come_back(Paper.with_trashed.filter(pages__in=pages).distinct(), scans[0].exam)


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
register(
    Kind(
        model=Scan,
        title=_("Scan"),
        icon="images",
        along=along_with_scan,
        purge=lambda scan: purge_scan(scan=scan),
        restored=scans_back,
    )
)
register(
    Kind(
        model=Paper,
        title=_("Paper"),
        icon="clipboard-check",
        along=along_with_paper,
        purge=lambda paper: purge_paper(paper=paper),
        name=lambda paper: f"{paper} · {paper.exam}",
        restored=papers_back,
    )
)
