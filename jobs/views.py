"""The history page, and the panel of every page with the lines that show how jobs stand."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, cast
from uuid import UUID
from zlib import crc32

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from jobs import repeating, services
from jobs.forms import HistoryForm
from jobs.models import Job, Queue
from jobs.presentation import timeline_of
from jobs.waiting import tell_waits
from trash.undo import offer_undo_at
from web.pagination import paginated
from web.refusals import refused_as_message

PER_PAGE = 50
IN_PANEL = 20  # jobs at work
ENDED_IN_PANEL = 5
IDLE_SECONDS = 10  # between two looks of an open panel while nothing is at work
CLOSED_SECONDS = 3  # at least, between two looks of the ring alone


@require_GET
@login_required
def history(request: HttpRequest) -> HttpResponse:
    form = HistoryForm(request.GET, label_suffix="")
    page = paginated(request, form.filtered(Job.objects.for_user(request.user).listed()), PER_PAGE)
    rows = [(job, list(timeline_of(job))) for job in page.object_list]
    return render(request, "jobs/history.html", {"page": page, "rows": rows, "form": form})


@require_GET
@login_required
def panel(request: HttpRequest) -> HttpResponse:
    """What pages ask again and again while something is at work: the ring, the panel where it is open, and the lines of
    the jobs that they show. 204 where that is as it was."""
    return answered_panel(request, request.GET)


def answered_panel(request: HttpRequest, asked: QueryDict) -> HttpResponse:
    jobs = Job.objects.for_user(request.user)
    at_work = list(jobs.filter(ended_at=None)[:IN_PANEL])
    lines = list(jobs.filter(pk__in=uuids(asked.getlist("job")[:PER_PAGE])))
    # Quick answers are shown where they were asked for, and would push everything else out
    ended = jobs.listed().filter(ended_at__isnull=False).exclude(queue=Queue.QUICK)[:ENDED_IN_PANEL]
    is_open = bool(asked.get("open"))
    context = {
        "is_open": is_open,
        "at_work": at_work,
        "ended": list(ended) if is_open else [],
        "lines": lines,
    }
    tell_waits([*lines, *(at_work if is_open else ())])
    state = state_of(context)
    if asked.get("state") == state:
        return HttpResponse(status=204)
    count = sum(services.open_jobs(request.user.pk)) if len(at_work) == IN_PANEL else len(at_work)
    context |= {
        "state": state,
        "count": count,
        "percent": sum(job.progress for job in at_work) // len(at_work) if at_work else 0,
        "seconds": panel_seconds(at_work, bool(lines), is_open),
    }
    return render(request, "jobs/_panel.html", context)


def uuids(texts: Iterable[str]) -> Iterator[UUID]:
    """Those that are some."""
    for text in texts:
        with suppress(ValueError):
            yield UUID(text)


def state_of(context: dict[str, Any]) -> str:
    """Changes with whatever is shown."""
    shown = [
        (
            job.pk,
            job.status,
            job.progress,
            job.step,
            job.position,
            job.poll_seconds,
            job.wait and job.wait.shown,
        )
        for job in (*context["at_work"], *context["lines"], *context["ended"])
    ]
    return f"{crc32(repr((get_language(), context['is_open'], shown)).encode()):x}"


def panel_seconds(at_work: Sequence[Job], has_lines: bool, is_open: bool) -> int | None:
    """After how many seconds the page asks again: the later the longer the work takes; never while there is none."""
    if not at_work:
        return IDLE_SECONDS if is_open else None
    seconds = at_work[0].poll_seconds
    return seconds if is_open or has_lines else max(seconds, CLOSED_SECONDS)


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


def person(request: HttpRequest) -> User:
    """Who signed in."""
    return cast(User, request.user)


@require_POST
@login_required
def repeat(request: HttpRequest, pk: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.for_user(request.user), pk=pk)
    with refused_as_message(request):
        return redirect(repeating.repeat(job=job, by=person(request)).result_url)
    return redirect("jobs:history")


@require_POST
@login_required
def forget(request: HttpRequest) -> HttpResponse:
    """One, or those that are ticked; and back to where the history was."""
    ids = list(uuids(request.POST.getlist("job")[:PER_PAGE]))
    deletion, count = services.forget(owner=person(request), ids=ids)
    if count:
        said = ngettext(
            "%(count)s job was deleted from the history. What came of it stays.",
            "%(count)s jobs were deleted from the history. What came of them stays.",
            count,
        )
        offer_undo_at(request, reverse("jobs:recall", args=[deletion]), said % {"count": count})
    else:
        messages.info(request, _("Tick jobs that have ended."))
    query = request.GET.urlencode()
    return redirect(reverse("jobs:history") + (f"?{query}" if query else ""))


@require_POST
@login_required
def recall(request: HttpRequest, deletion: UUID) -> HttpResponse:
    services.recall(owner=person(request), deletion=deletion)
    return redirect("jobs:history")


def back(request: HttpRequest) -> HttpResponse:
    """To the page that the button was on, if it is one of ours; else to the history. In the panel, the panel anew."""
    if request.headers.get("HX-Target") == "jobs-ring":
        return answered_panel(request, request.POST)
    page = request.POST.get("next", "")
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return redirect(page if is_ours else "jobs:history")
