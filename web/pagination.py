"""Long lists come in pages, those of the API and those that people see."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """`?page=` and `?page_size=` for every list of the API."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


def paginated(request: HttpRequest, rows: Any, per_page: int) -> Page:
    """The page of `rows`, a QuerySet or a list, that `?page=` names; where there is no such page, the nearest."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))
