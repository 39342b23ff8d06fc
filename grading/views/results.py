"""The teacher's pages of results beside the list itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import teacher_required
from grading.access import find_exam
from grading.presentation import steps_of
from grading.results import gradebooks


@require_GET
@teacher_required
def paste_table(request: HttpRequest, pk: int) -> HttpResponse:
    """학년·반·번호·성명·점수 for the clipboard."""
    row = find_exam(request.user, pk)
    header, *rows = gradebooks.paste_table(row)
    context = {"exam": row, "steps": steps_of(row, "results"), "rows": rows}
    context["text"] = gradebooks.as_tabbed([header, *rows])
    return render(request, "grading/paste_table.html", context)
