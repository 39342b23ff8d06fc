"""What visitors try on the first page: they ask, and get the answer on that page; without scripts on one of its own."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET, require_POST

from accounts.sharing import unlisted
from siteconfig.services import site_settings
from visitors import services
from visitors.demos import Demo, offered_demos
from web.errors import error_page, is_scripted
from web.views import polled

WAIT = 3  # seconds that an answer may take before the page asks again


def find_demo(name: str) -> Demo:
    """Raises Http404 where it is not offered."""
    found = [demo for demo in offered_demos() if demo.name == name]
    if not found or not site_settings().has_demos:
        raise Http404
    return found[0]


@require_POST
def ask(request: HttpRequest, name: str) -> HttpResponse:
    demo = find_demo(name)
    services.count_question(request.META.get("REMOTE_ADDR", ""))
    form = demo.form(request.POST, request.FILES)
    if not form.is_valid():
        return error_page(request, 400, next(iter(form.errors.values()))[0])
    row = services.ask(demo=demo, given=form.cleaned_data)
    if not is_scripted(request):
        return redirect("visitors:answer", name, row.pk)
    return render(request, "visitors/_answer.html", answer_context(demo, demo.long_poll.wait(row, WAIT)))


@require_GET
def answer(request: HttpRequest, name: str, pk: UUID) -> HttpResponse:
    """As a page, or the part that htmx polls; 286 tells it to stop."""
    demo = find_demo(name)
    row = get_object_or_404(services.asked_of(demo), pk=pk)
    context = answer_context(demo, row)
    if is_scripted(request):
        return polled(request, "visitors/_answer.html", context, is_last=row.job.has_ended)
    return unlisted(render(request, "visitors/answer.html", context))


def answer_context(demo: Demo, row: Any) -> dict[str, Any]:
    said = demo.context(row) if row.job.status == "done" else {}
    return {"demo": demo, "row": row, "job": row.job, **said}


@require_GET
def picture(request: HttpRequest, name: str, pk: UUID) -> HttpResponse:
    demo = find_demo(name)
    found = demo.picture(get_object_or_404(services.asked_of(demo), pk=pk))
    add_never_cache_headers(found)
    return unlisted(found)
