"""Pages of the API reference."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from reference.operations import groups
from reference.snippets import curl, python
from reference.summaries import STATUSES


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    found = groups(get_language() or settings.LANGUAGE_CODE)
    return render(request, "reference/index.html", {"groups": found.values(), "statuses": STATUSES.items()})


@require_safe
def group(request: HttpRequest, name: str) -> HttpResponse:
    found = groups(get_language() or settings.LANGUAGE_CODE).get(name)
    if found is None:
        raise Http404
    site = f"{request.scheme}://{request.get_host()}"
    shown = [(each, curl(each.call, site), python(each.call, site)) for each in found.operations]
    return render(request, "reference/group.html", {"group": found, "operations": shown})
