"""An exam from one site to another: fetched as one file, and taken in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import teacher_required
from grading.models import ExamImport
from grading.transfer.imports import submit_import
from uploads.archive import MOST_UNPACKED
from web.refusals import refused_as_message


@require_http_methods(["GET", "POST"])
@teacher_required
def import_exam(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        with refused_as_message(request):
            asked = submit_import(owner=request.user, file=request.FILES.get("file"))
            return redirect("grading:imported", asked.pk)
    return render(request, "grading/import.html", {"most_bytes": MOST_UNPACKED})


@require_GET
@teacher_required
def imported(request: HttpRequest, pk: int) -> HttpResponse:
    """How it stands; then the exam itself."""
    asked = get_object_or_404(ExamImport.objects.for_user(request.user).select_related("job"), pk=pk)
    if asked.exam_id:
        return redirect("grading:exam", asked.exam_id)
    return render(request, "grading/imported.html", {"asked": asked})
