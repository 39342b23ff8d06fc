"""What a page asks before it does what cannot be seen otherwise."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grading.forms.key import sent_again
from grading.models import Exam
from grading.papers.key_changes import KeyChange
from grading.presentation import steps_of


def ask_about_scores(request: HttpRequest, exam: Exam, change: KeyChange, step: str) -> HttpResponse:
    """Whose score changes and by how much, with the form that was sent: it is sent again with what was shown, or goes
    back to be changed."""
    context = {
        "exam": Exam.objects.get(pk=exam.pk),  # as it is, not as it would be
        "steps": steps_of(exam, step),
        "change": change,
        "fields": sent_again(request.POST),
    }
    return render(request, "grading/score_changes.html", context)
