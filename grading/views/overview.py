"""The first page of an exam: how far it is, and what can be done with the whole of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading.access import find_exam
from grading.duplicates import duplicate_exam
from grading.presentation import counts_of, steps_of
from grading.results.progress import progress_of
from trash.services import delete as delete_rows
from trash.undo import offer_undo


@require_GET
@teacher_required
def exam(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_exam(request.user, pk)
    scans = row.scans.select_related("job")[:5]
    counts = counts_of(row)
    context = {"exam": row, "steps": steps_of(row, "", counts), "counts": counts, "scans": scans}
    context["progress"] = progress_of(row) if counts["papers"] else None
    return render(request, "grading/exam.html", context)


@require_POST
@teacher_required
def delete_exam(request: HttpRequest, pk: int) -> HttpResponse:
    row = find_exam(request.user, pk, Right.OWN)
    item = delete_rows(rows=[row], by=request.user)
    offer_undo(request, item, _("“%(title)s” was deleted.") % {"title": row.title})
    return redirect("grading:exams")


@require_POST
@teacher_required
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    copy = duplicate_exam(exam=find_exam(request.user, pk), owner=request.user)
    messages.success(request, _("This is the copy: change what differs, and give it its students."))
    return redirect("grading:key" if copy.template else "grading:design", copy.pk)
