"""The first page of who is signed in. Each app says in its `home.py` what of its own waits for them, and what they had
lately; either may be missing, and each costs one query a shelf:

def waiting(user) -> Iterator[Waiting]: ...
def recent(user) -> Iterator[Shelf]: ...
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


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """For visitors, and who has nothing yet, it says what can be done here."""
    if not request.user.is_authenticated:
        return render(request, "home.html")
    waiting = sorted(gathered("waiting", request.user), key=lambda one: not one.is_pressing)
    shelves = [shelf for shelf in gathered("recent", request.user) if shelf.items]
    return render(request, "home.html", {"waiting": waiting, "shelves": shelves})


def gathered(what: str, user: Any) -> Iterator[Any]:
    """waiting: of all apps; recent: their shelves."""
    for app in app_modules("home"):
        say: Iterable[Any] = getattr(app, what)(user) if hasattr(app, what) else ()
        yield from say
