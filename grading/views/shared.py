"""A student's own results: by her account, or by the link that her teacher gave her. Open to visitors."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from grading.models import ReleasedPaper
from grading.reading.page_images import read_page_image
from grading.results import regrade_requests
from grading.results.overlays import overlay_file
from grading.results.releases import find_released, token_of
from grading.results.shared_results import items_of, pages_of, shared_result
from web.files import pdf_answer
from web.parsers import parsed_number
from web.quotas import count_visit
from web.refusals import refused_as_message


@require_GET
@login_required
def my_results(request: HttpRequest) -> HttpResponse:
    """All that was given out to whoever is signed in."""
    found = ReleasedPaper.objects.of_student(request.user).order_by("-at", "-pk")
    results = [{"released": one, "token": token_of(one)} for one in found]
    return hidden(render(request, "grading/my_results.html", {"results": results}))


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What the link leads to, and nothing that search engines or the next person at this computer would find."""

    def guarded(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        count_visit(request.META.get("REMOTE_ADDR", ""))
        released = find_released(token, request.user)
        if released is None:
            return hidden(render(request, "grading/not_shared.html", status=404))
        return hidden(view(request, released, token, **more))

    return guarded


def hidden(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "no-store, private"
    return answer


@require_GET
@by_link
def shared(request: HttpRequest, released: ReleasedPaper, token: str) -> HttpResponse:
    context = {"token": token, "release": released.release, "result": shared_result(released)}
    return render(request, "grading/shared.html", context | {"items": items_of(released.paper.exam)})


@require_POST
@by_link
def ask(request: HttpRequest, released: ReleasedPaper, token: str) -> HttpResponse:
    """For another look at an item, or at the paper as a whole."""
    number = parsed_number(request.POST.get("item", ""))
    with refused_as_message(request):
        regrade_requests.ask(released=released, text=request.POST.get("text", ""), number=number)
        messages.success(request, _("Your teacher will look at it and answer here."))
    return redirect("grading:shared", token)


@require_GET
@by_link
def shared_page(request: HttpRequest, released: ReleasedPaper, token: str, page: int) -> HttpResponse:
    """A page of her paper as it was scanned."""
    row = pages_of(released).filter(sheet_page=page).first() if released.release.shows_scan else None
    if row is None:
        raise Http404
    try:
        return HttpResponse(read_page_image(row), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None


@require_GET
@by_link
def shared_paper(request: HttpRequest, released: ReleasedPaper, token: str) -> FileResponse:
    """Her paper with readings, right answers and the score drawn on it."""
    if not released.release.shows_scan:
        raise Http404
    exam = released.paper.exam
    try:
        return pdf_answer(overlay_file(exam=exam, papers=[released.paper_id], only_straight=True), exam.title)
    except ValidationError:  # no page is there
        raise Http404 from None
