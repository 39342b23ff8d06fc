"""What lines of the log say of the request or job that they belong to: ids and numbers, never names.

A request's id is the proxy's (`X-Request-ID`), or made here; it is answered, and kept with the jobs that it asks for.
"""

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

HEADER = "X-Request-ID"
ID_LENGTH = 64
SANE = re.compile(
    rf"[A-Za-z0-9._:-]{{8,{ID_LENGTH}}}"
)  # of nginx, Caddy, AWS; nothing that could forge a line
OF_CLIENTS = ("django.request", "django.security.RequestDataTooBig")  # what is wrong is told to who sent it
current: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)


class RequestLogMiddleware:
    """Lines are still written after the middleware, as "Not Found: …": the id is there until the answer is closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begin(request)
        name = request_id()
        response = self.get_response(request)
        response[HEADER] = name
        return response


def begin(request: HttpRequest) -> None:
    """From now on lines of this thread belong to this request."""
    given = request.headers.get(HEADER, "")
    clear_contextvars()
    bind_contextvars(request_id=given if SANE.fullmatch(given) else uuid4().hex)
    current.set(request)


@receiver(request_finished)
def end(**_signal: object) -> None:
    clear_contextvars()
    current.set(None)


def request_id() -> str:
    """Of the request that this thread answers, or that asked for the job it is at; empty where there is none."""
    return str(get_contextvars().get("request_id", ""))


def add_person(_logger: object, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    """Who asks, by number, where that is known already: a line of the log asks no database."""
    request = current.get()
    known = vars(request) if request else {}
    user = known.get("user")
    if isinstance(user, LazyObject):
        user = known.get("_cached_user")  # as Django's AuthenticationMiddleware keeps it
    pk = getattr(user, "pk", None)
    return line if pk is None else line | {"user": pk}


class ClientErrors(logging.Filter):
    """What a client did wrong is one line of the level INFO; Django has warnings and tracebacks for it."""

    def __init__(self, least: str) -> None:
        super().__init__()
        self.least = logging.getLevelNamesMapping()[least]

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
            if record.name in OF_CLIENTS:
                record.levelno, record.levelname = logging.INFO, "INFO"
        return record.levelno >= self.least
