"""What no view, filter, session or form of the site can use is refused before it reaches one."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from web.errors import BadInput, is_api
from web.parsers import NOT_STORABLE, is_storable


class InputMiddleware:
    """NUL in a path is 404, in a query, cookie or form 400: PostgreSQL raises where it is asked for such a text.

    Forms of the API are left to its parsers, which the views choose.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", "") or not is_storable(request.COOKIES):
            raise BadInput(NOT_STORABLE)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if request.method == "POST" and not is_api(request) and not is_storable(dict(request.POST.lists())):
            raise BadInput(NOT_STORABLE)
