"""Answer sheets before a camera: the page that photographs them, and what was read of each."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading.access import find_exam
from grading.models import Answer, Exam, Scan
from grading.models.papers import CANDIDATE_OF_PAPER
from grading.presentation import counted, steps_of, with_counts
from grading.sheet.scan_files import MOST_BYTES


@require_GET
@teacher_required
def camera(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_exam(request.user, pk, Right.MARK, among=with_counts(Exam.objects.all(), "pk"))
    context = {
        "exam": row,
        "steps": steps_of(row, "scans", counted(row)),
        "most_bytes": MOST_BYTES,
        "trust": reverse("trust") if settings.TLS else "",
    }
    return render(request, "grading/camera.html", context)


@require_GET
@teacher_required
def taken(request: HttpRequest, pk: int, scan: int) -> HttpResponse:
    """The cards of one photo: a sheet each."""
    exam = find_exam(request.user, pk, Right.MARK)
    row = get_object_or_404(exam.scans.select_related("job"), pk=scan)
    return render(request, "grading/_taken.html", {"exam": exam, "scan": row, "cards": cards_of(row)})


def cards_of(scan: Scan) -> list[dict[str, object]]:
    """Of each page whose it is, and how many answers of the paper wait for a person."""
    pages = scan.pages.select_related(*CANDIDATE_OF_PAPER)
    return [{"page": page, "waiting": waiting_of(page.paper)} for page in pages]


def waiting_of(paper) -> int:
    return paper.answers.filter(state=Answer.State.REVIEW).count() if paper else 0
