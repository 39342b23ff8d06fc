"""When somebody was last here."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from accounts.services import note_seen


class SeenMiddleware:
    """For those who come with a session; tokens have their own note."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        try:
            if request.user.is_authenticated:
                note_seen(user=request.user)
        except DatabaseError:  # the view says so, if it needs one
            return
