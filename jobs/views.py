"""The history page, and the panel of every page with the lines that show how jobs stand."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from jobs import repeating, services
from jobs.forms import HistoryForm
from jobs.models import Job
from jobs.panel import panel_of, uuids
from jobs.presentation import rows_of
from trash.undo import offer_undo_at
from web.pagination import paginated
from web.refusals import refused_as_message

PER_PAGE = 50


@require_GET
@login_required
def history(request: HttpRequest) -> HttpResponse:
    form = HistoryForm(request.GET)
    page = paginated(request, form.filtered(Job.objects.for_user(request.user).listed()), PER_PAGE)
    context = {
        "page": page,
        "rows": list(rows_of(page.object_list)),
        "form": form,
        "query": request.GET.urlencode(),
    }
    return render(request, "jobs/history.html", context)


def history_as_it_was(request: HttpRequest) -> HttpResponse:
    """With its filters and at its page, which the address of the form holds too."""
    return redirect(address_with_query(request, reverse("jobs:history")))


def address_with_query(request: HttpRequest, address: str) -> str:
    query = request.GET.urlencode()
    return f"{address}?{query}" if query else address


@require_GET
@login_required
def panel(request: HttpRequest) -> HttpResponse:
    return answered_panel(request, request.GET)


def answered_panel(request: HttpRequest, asked: QueryDict) -> HttpResponse:
    """204 where it is as it was."""
    shown = panel_of(request.user, asked)
    if asked.get("state") == shown["state"]:
        return HttpResponse(status=204)
    return render(request, "jobs/_panel.html", shown)


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
    return history_as_it_was(request)


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
        undo = address_with_query(request, reverse("jobs:recall", args=[deletion]))
        offer_undo_at(request, undo, said % {"count": count})
    else:
        messages.info(request, _("Tick jobs that have ended."))
    return history_as_it_was(request)


@require_POST
@login_required
def recall(request: HttpRequest, deletion: UUID) -> HttpResponse:
    if not services.recall(owner=person(request), deletion=deletion):
        raise Http404
    return history_as_it_was(request)


def back(request: HttpRequest) -> HttpResponse:
    """To the page that the button was on, if it is one of ours; else to the history. In the panel, the panel anew."""
    if request.headers.get("HX-Target") == "jobs-ring":
        return answered_panel(request, request.POST)
    page = request.POST.get("next", "")
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return redirect(page if is_ours else "jobs:history")
