"""The search of the top line. Each app says in its `search.py` what of its own is found:

PLACES = [Place(_("New exam"), "grading:new", is_teacher)]      pages and what can be done there
def search(user, text) -> Iterator[Group]: ...                   rows of theirs, where it has any: a query a group
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views.decorators.http import require_GET

from web.app_modules import app_modules
from web.parsers import is_storable

MOST = 6  # of a group
LONGEST = 100


@dataclass(frozen=True)
class Hit:
    """detail: what tells it from others of the same title."""

    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Group:
    title: str | Promise
    icon: str
    hits: Sequence[Hit]


def anyone(_user: Any) -> bool:
    return True


def is_teacher(user: Any) -> bool:
    return bool(user.is_teacher)


def is_student(user: Any) -> bool:
    return bool(user.role == "student")


def is_admin(user: Any) -> bool:
    return bool(user.is_staff)


@dataclass(frozen=True)
class Place:
    """A page by what is done there; it is found by the words of its title in every language of the site, and by those
    of `also`, what else people call it."""

    title: str | Promise
    route: str
    is_for: Callable[[Any], bool] = anyone
    also: str | Promise = ""

    def is_meant(self, text: str) -> bool:
        """Korean is found within a compound, too; "cat" isn't meant by "authenticator"."""
        asked = [re.compile(rf"(?<![a-z]){re.escape(word)}") for word in text.split()]
        return any(
            all(word.search(words) for word in asked)
            for words in map(self.words_in, dict(settings.LANGUAGES))
        )

    def words_in(self, language: str) -> str:
        with override(language):
            return f"{self.title} {self.also}".casefold()


def searched_apps() -> list[ModuleType]:
    return [module for module in app_modules("search") if hasattr(module, "PLACES")]


def found(user: Any, text: str) -> Iterator[Group]:
    """Places first; without a text they are all that is offered."""
    places = [place for app in searched_apps() for place in app.PLACES if place.is_for(user)]
    hits = [Hit(str(one.title), reverse(one.route)) for one in places if one.is_meant(text.casefold())]
    groups: Iterable[Group] = [Group(_("Go to"), "arrow-right", hits[:MOST] if text else hits)]
    if text:
        searches = (app.search for app in searched_apps() if hasattr(app, "search"))
        groups = [*groups, *(group for search_rows in searches for group in search_rows(user, text))]
    return (group for group in groups if group.hits)


@require_GET
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """A page; for the field of the top line the list alone, as choices."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    context = {"q": text, "groups": list(found(request.user, text)) if is_storable(text) else []}
    is_field = request.headers.get("HX-Target") == "search-choices"
    return render(request, "search/_choices.html" if is_field else "search/search.html", context)
