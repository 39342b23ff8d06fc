"""The first page of who is signed in. Each app says in its `home.py` what of its own waits for them, and what they had
lately; any may be missing, and each costs one query a shelf:

def waiting(user) -> Iterator[Waiting]: ...
def recent(user) -> Iterator[Shelf]: ...
def steps(user) -> Iterator[Step]: ...       what begins the real work, for who has nothing yet
def panels(user) -> Iterator[Panel]: ...     a part of the page with a template of its own
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from web.app_modules import app_modules

MOST_WAITING = 5  # of an app
MOST_RECENT = 6  # on a shelf


@dataclass(frozen=True)
class Waiting:
    """Something that goes on only when they act, or that goes on by itself; action: what the button says."""

    title: str
    detail: str
    url: str
    action: str | Promise
    icon: str
    is_pressing: bool = True


@dataclass(frozen=True)
class Item:
    """picture: the address of a small one; detail: how it stands."""

    title: str
    url: str
    detail: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Shelf:
    """url: of all there are."""

    title: str | Promise
    icon: str
    url: str
    items: Sequence[Item]

    @property
    def has_pictures(self) -> bool:
        return any(item.picture for item in self.items)


@dataclass(frozen=True)
class Step:
    """Of those with which somebody begins; action: what the button says."""

    title: str | Promise
    detail: str | Promise
    url: str
    action: str | Promise


@dataclass(frozen=True)
class Panel:
    """row: what it is about, as the template is told; None where there is none yet."""

    template: str
    row: Any


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For visitors, and who has nothing yet, it says what can be done here."""
    if not request.user.is_authenticated:
        return render(request, "home.html")
    waiting = sorted(gathered("waiting", request.user), key=lambda one: not one.is_pressing)
    shelves = [shelf for shelf in gathered("recent", request.user) if shelf.items]
    context = {"waiting": waiting, "shelves": shelves, "panels": list(gathered("panels", request.user))}
    if not shelves:
        context["steps"] = list(gathered("steps", request.user))
    return render(request, "home.html", context)


def gathered(what: str, user: Any) -> Iterator[Any]:
    """By the name of the function: what all apps say there."""
    for app in app_modules("home"):
        say: Iterable[Any] = getattr(app, what)(user) if hasattr(app, what) else ()
        yield from say
