"""Answer sheets before a camera: the page that photographs them, and what was read of each."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading.access import find_exam
from grading.models import Answer, Exam, Scan, ScanPage
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


def cards_of(scan: Scan) -> list[dict[str, Any]]:
    """Of each page whose it is, how many answers of the paper wait for a person, and all of it in a sentence."""
    return [card_of(page) for page in scan.pages.select_related(*CANDIDATE_OF_PAPER)]


def card_of(page: ScanPage) -> dict[str, Any]:
    if page.paper is None or page.is_rejected:
        return {"page": page, "said": page.reason_text}
    waiting = page.paper.answers.filter(state=Answer.State.REVIEW).count()
    text = ngettext("%(count)s to review", "%(count)s to review", waiting) % {"count": waiting}
    said = _("%(name)s: %(score)s of %(most)s") % {
        "name": page.paper,
        "score": floatformat(page.paper.score),
        "most": floatformat(page.paper.max_score),
    }
    said = f"{said}, {text}" if waiting else said
    return {"page": page, "said": said, "waiting": waiting, "waiting_text": text}
