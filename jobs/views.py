"""The history page, the line that shows how a job stands, polled until it has ended, and the panel of every page."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jobs import services
from jobs.forms import HistoryForm
from jobs.models import Job, Queue
from web.pagination import paginated
from web.views import polled

PER_PAGE = 50
IN_PANEL = 20  # jobs at work
ENDED_IN_PANEL = 5
IDLE_SECONDS = 10  # between two looks of an open panel while nothing is at work
CLOSED_SECONDS = 3  # at least, between two looks of the ring alone


@require_GET
@login_required
def history(request: HttpRequest) -> HttpResponse:
    form = HistoryForm(request.GET, label_suffix="")
    page = paginated(request, form.filtered(Job.objects.for_user(request.user)), PER_PAGE)
    return render(request, "jobs/history.html", {"page": page, "form": form})


@require_GET
@login_required
def status(request: HttpRequest, pk: str) -> HttpResponse:
    """The polled line; 286 tells htmx to stop."""
    job = get_object_or_404(Job.objects.for_user(request.user), pk=pk)
    context = {"job": job, "position": job.queue_position}
    return polled(request, "jobs/_status.html", context, is_last=job.has_ended, event="job-ended")


@require_GET
@login_required
def panel(request: HttpRequest) -> HttpResponse:
    return answered_panel(request)


def answered_panel(request: HttpRequest) -> HttpResponse:
    """The ring with the number at work, and where the panel is open its list."""
    is_open = bool((request.POST if request.method == "POST" else request.GET).get("open"))
    jobs = Job.objects.for_user(request.user)
    at_work = list(jobs.filter(ended_at=None)[:IN_PANEL])
    # Quick answers are shown where they were asked for, and would push everything else out
    ended = jobs.filter(ended_at__isnull=False).exclude(queue=Queue.QUICK)[:ENDED_IN_PANEL] if is_open else []
    context = {
        "is_open": is_open,
        "at_work": at_work,
        "ended": ended,
        "count": sum(services.open_jobs(request.user.pk)) if len(at_work) == IN_PANEL else len(at_work),
        "percent": sum(job.progress for job in at_work) // len(at_work) if at_work else 0,
        "seconds": panel_seconds(at_work, is_open),
    }
    return render(request, "jobs/_panel.html", context)


def panel_seconds(at_work: Sequence[Job], is_open: bool) -> int | None:
    """After how many seconds the ring asks again: the later the longer the work takes; never while there is none."""
    if not at_work:
        return IDLE_SECONDS if is_open else None
    return at_work[0].poll_seconds if is_open else max(at_work[0].poll_seconds, CLOSED_SECONDS)


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
    """To the page that the button was on, if it is one of ours; else to the history. In the panel, the panel anew."""
    if request.headers.get("HX-Target") == "jobs-ring":
        return answered_panel(request)
    page = request.POST.get("next", "")
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return redirect(page if is_ours else "jobs:history")
