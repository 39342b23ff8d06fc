"""What is done with an exam as a whole from the list: another title, put aside, taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.grants import Right
from accounts.permissions import teacher_required
from grading import archive
from grading.access import find_exam
from web.refusals import refused_as_message


def back(request: HttpRequest, pk: int) -> HttpResponse:
    """To the list as it was filtered, or to the exam's own page."""
    if request.POST.get("on") == "exam":
        return redirect("grading:exam", pk)
    query = request.GET.urlencode()
    return redirect(reverse("grading:exams") + (f"?{query}" if query else ""))


@require_POST
@teacher_required
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    exam = find_exam(request.user, pk, Right.OWN)
    with refused_as_message(request):
        archive.rename_exam(exam=exam, title=request.POST.get("title", ""), by=request.user)
    return back(request, pk)


@require_POST
@teacher_required
def put_aside(request: HttpRequest, pk: int) -> HttpResponse:
    exam = find_exam(request.user, pk, Right.OWN)
    archive.archive_exam(exam=exam, is_archived=True, by=request.user)
    messages.success(request, _("“%(title)s” is archived.") % {"title": exam.title})
    return back(request, pk)


@require_POST
@teacher_required
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    exam = find_exam(request.user, pk, Right.OWN)
    archive.archive_exam(exam=exam, is_archived=False, by=request.user)
    messages.success(request, _("“%(name)s” is back, as it was.") % {"name": exam.title})
    return back(request, pk)
