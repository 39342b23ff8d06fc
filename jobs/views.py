"""The history page and the line that shows how a job stands, polled until it has ended."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jobs import services
from jobs.filters import JobFilter
from jobs.models import Job, Status
from web.pagination import paginated
from web.views import polled

PER_PAGE = 50


@require_GET
@login_required
def history(request: HttpRequest) -> HttpResponse:
    jobs = JobFilter(request.GET, queryset=Job.objects.for_user(request.user)).qs
    page = paginated(request, jobs, PER_PAGE)
    return render(request, "jobs/history.html", {"page": page, "statuses": Status.choices})


@require_GET
@login_required
def status(request: HttpRequest, pk: str) -> HttpResponse:
    """The polled line; 286 tells htmx to stop."""
    job = get_object_or_404(Job.objects.for_user(request.user), pk=pk)
    context = {"job": job, "position": job.queue_position}
    return polled(request, "jobs/_status.html", context, is_last=job.has_ended, event="job-ended")


@require_POST
@login_required
def cancel(request: HttpRequest, pk: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_user(request.user), pk=pk)
    if not services.cancel(job=job):
        messages.info(request, _("This job has already ended."))
    return back(request)


@require_POST
@login_required
def retry(request: HttpRequest, pk: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_user(request.user), pk=pk)
    if not services.retry(job=job):
        messages.info(request, _("Only a failed or cancelled job can be tried again."))
    return back(request)


def back(request: HttpRequest) -> HttpResponse:
    """To the page that the button was on, if it is one of ours; else to the history."""
    page = request.POST.get("next", "")
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return redirect(page if is_ours else "jobs:history")
