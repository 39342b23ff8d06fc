"""What the pages of several apps share."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import HttpResponseStopPolling


def polled(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, is_last: bool, event: str = ""
) -> HttpResponse:
    """A part of a page that htmx asks for again and again; the last time 286 tells it to stop, and `event` is fired."""
    answer = render(request, template, context)
    if is_last:
        answer.status_code = HttpResponseStopPolling.status_code
        if event:
            answer["HX-Trigger-After-Settle"] = event
    return answer
