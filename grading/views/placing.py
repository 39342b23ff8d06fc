"""Pages that were turned away beside the students who wait for one; and an assignment taken back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading.access import find_exam, find_page
from grading.forms.pages import NOT_FOUND, AssignForm, known_of
from grading.models import Exam, PageAssignment, ScanPage
from grading.presentation import rejected_pages
from grading.review.groups import PAGES
from grading.review.open_papers import with_papers
from grading.review.undoing import take_back_page
from grading.review.waiting import incomplete_papers, waiting_students
from jobs.models import Job
from web.refusals import refused_as_message


@dataclass(frozen=True)
class PageToPlace:
    """`form`: None where nothing can be said of the page, or not by this person."""

    page: ScanPage
    form: AssignForm | None
    job: Job | None

    @property
    def is_open(self) -> bool:
        return self.job is not None and not self.job.has_ended

    @property
    def needs_corners(self) -> bool:
        """Whether a person has to show where the sheet lies."""
        return self.page.reason in NOT_FOUND


def with_assignments(exam: Exam) -> Any:
    asked = PageAssignment.objects.select_related("job")
    return rejected_pages(exam).prefetch_related(Prefetch("assignments", asked))


@require_GET
@teacher_required
def waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """The students who wait for a page: loaded beside pages that were turned away."""
    exam = find_exam(request.user, pk, Right.MARK)
    candidates = list(with_papers(exam))
    context = {"candidates": candidates, "waiting": waiting_students(candidates)}
    return render(request, "grading/_waiting.html", context | {"incomplete": incomplete_papers(exam)})


def to_place(exam: Exam, page: ScanPage) -> PageToPlace:
    page.scan.exam = exam
    asked = next(reversed(page.assignments.all()), None)
    takes = exam.may_mark and page.image  # type: ignore[attr-defined]  # as rows of who may see it have it
    form = AssignForm(exam, False, initial=known_of(page), auto_id=f"page-{page.pk}-%s") if takes else None
    return PageToPlace(page, form, asked.job if asked else None)


@require_POST
@teacher_required
def take_back(request: HttpRequest, pk: int, page: int) -> HttpResponse:
    """The page was another student's, or is to be looked at first: it waits for a place again."""
    row = find_page(request.user, Right.MARK, scan__exam=pk, pk=page)
    with refused_as_message(request):
        take_back_page(page=row, by=request.user)
        messages.success(request, _("That was taken back."))
    return redirect(place_of(request.GET.get("next", ""), pk))


def place_of(name: str, exam: int) -> str:
    """The page on which rejected pages are listed that has this name."""
    if name == "review":
        return f"{reverse('grading:review', args=[exam])}?group={PAGES}"
    return reverse("grading:scans", args=[exam])
