"""The pages of pictures: upload, see what was found, put it right, look it up again, share it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from jobs.models import Job


@require_GET
@login_required
def result(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From a job to the page of what it made."""
    get_object_or_404(Job.objects.for_user(request.user).of_app("classifier"), pk=pk)
    return redirect("home")
