"""The teacher's pages of papers: look, correct, review."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading import services
from grading.access import find_exam, find_paper
from grading.models import Answer, Paper
from grading.papers.versions import correct_version
from grading.presentation import (
    counted,
    neighbours_of,
    overlays_of,
    steps_of,
    with_counts,
)
from grading.reading.evidence import Evidence, evidence_of_answer, evidence_of_student
from grading.review.groups import PAPERS
from grading.review.undoing import undo_correction, undoable
from web.pagination import paginated
from web.parsers import parsed_number
from web.refusals import refused_as_message, refused_with

PER_PAGE = 60


@require_GET
@teacher_required
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    exam = find_exam(request.user, pk)
    rows = exam.papers.with_candidate().prefetch_related("answers")
    if (status := request.GET.get("status")) in Paper.Status.values:
        rows = rows.filter(status=status)
    page = paginated(request, rows, PER_PAGE)
    context = {
        "exam": exam,
        "steps": steps_of(exam, "papers"),
        "page": page,
        "statuses": Paper.Status.choices,
    }
    return render(request, "grading/papers.html", context)


@require_GET
@teacher_required
def paper(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    rows = with_counts(Paper.objects.with_neighbours().select_related("released"), "exam")
    row = find_paper(request.user, among=rows, exam=pk, pk=paper)
    answers, candidates = row.answers.select_related("item", "page"), list(row.exam.candidates.all())
    before, after = neighbours_of(row, candidates)
    context = {
        "exam": row.exam,
        "steps": steps_of(row.exam, "papers", counted(row)),
        "paper": row,
        "pages": overlays_of(row, answers),
        "answers": answers,
        "candidates": candidates,
        "corrections": (corrections := row.corrections.select_related("by", "undone_by__by")),
        "undoable": undoable(corrections) if row.exam.may_mark else set(),
        "before": before,
        "after": after,
    }
    return render(request, "grading/paper.html", context)


@require_GET
@teacher_required
def answer_evidence(request: HttpRequest, pk: int, paper: int, number: int) -> HttpResponse:
    """Why an item was read as it was."""
    row = find_paper(request.user, among=with_counts(Paper.objects.all(), "exam"), exam=pk, pk=paper)
    answer = get_object_or_404(row.answers.with_page(), item__number=number)
    return shown_evidence(request, row, evidence_of_answer(answer), answer=answer)


@require_GET
@teacher_required
def student_evidence(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """Why this number was taken for the student's."""
    row = find_paper(request.user, among=with_counts(Paper.objects.all(), "exam"), exam=pk, pk=paper)
    return shown_evidence(request, row, evidence_of_student(row))


def shown_evidence(request: HttpRequest, paper: Paper, found: Evidence, **more: Any) -> HttpResponse:
    steps = steps_of(paper.exam, "papers", counted(paper))
    context = {"exam": paper.exam, "paper": paper, "steps": steps, "evidence": found}
    return render(request, "grading/evidence.html", context | more)


@require_POST
@teacher_required
def correct_answer(request: HttpRequest, pk: int, paper: int, number: int) -> HttpResponse:
    """The answer's form again, with the paper's new score beside it; a plain page load where there is no script."""
    row, sentences = find_paper(request.user, Right.MARK, exam=pk, pk=paper), []
    try:
        with refused_with(sentences):
            services.correct_answer(
                paper=row,
                number=number,
                value=request.POST.get("value", ""),
                was=request.POST.get("was"),
                by=request.user,
            )
    except Answer.DoesNotExist:
        raise Http404 from None
    if not request.htmx:  # type: ignore[attr-defined]  # its middleware sets it
        for sentence in sentences:
            messages.error(request, sentence)
        return redirect(row)
    row.refresh_from_db()
    answer = row.answers.select_related("item", "page", "paper__exam").get(item__number=number)
    context = {"exam": row.exam, "answer": answer, "paper": row, "error": " ".join(sentences)}
    return render(request, "grading/_corrected.html", context)


@require_POST
@teacher_required
def correct_student(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    row = find_paper(request.user, Right.MARK, exam=pk, pk=paper)
    with refused_as_message(request):
        row = services.correct_student(paper=row, number=request.POST.get("student", ""), by=request.user)
    return after_student(request, row)


def after_student(request: HttpRequest, paper: Paper) -> HttpResponse:
    """Back to where it was asked."""
    if request.POST.get("next") != "review":
        return redirect(paper)
    return redirect(f"{reverse('grading:review', args=[paper.exam_id])}?group={PAPERS}")


@require_POST
@teacher_required
def version(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    row = find_paper(request.user, Right.MARK, exam=pk, pk=paper)
    with refused_as_message(request):
        wanted = parsed_number(request.POST.get("version", "")) or 0
        correct_version(paper=row, version=wanted, by=request.user)
    return after_student(request, row)


@require_POST
@teacher_required
def accept(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    row = find_paper(request.user, Right.MARK, exam=pk, pk=paper)
    with refused_as_message(request):
        row = services.accept_paper(paper=row, by=request.user)
    return after_student(request, row)


@require_POST
@teacher_required
def undo(request: HttpRequest, pk: int, paper: int, correction: int) -> HttpResponse:
    row = find_paper(request.user, Right.MARK, exam=pk, pk=paper)
    found = get_object_or_404(row.corrections.select_related("paper__exam"), pk=correction)
    with refused_as_message(request):
        shown = undo_correction(correction=found, by=request.user)
        messages.success(request, _("That was taken back."))
        return redirect(shown)
    return redirect(row)
