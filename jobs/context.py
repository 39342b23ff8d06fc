"""A context processor for the ring of jobs that every page has."""

from collections.abc import Callable

from django.http import HttpRequest

from accounts.models import AnyUser, User
from jobs.services import open_jobs

COUNT = "jobs_at_work"  # on the user of one request


def jobs_context(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """How many jobs of theirs wait or run: asked only where a template says so, which parts of pages do not."""
    return {"jobs_at_work": lambda: count_of(request.user)}


def count_of(user: AnyUser) -> int:
    known: int | None = getattr(user, COUNT, None)
    return sum(open_jobs(user.pk)) if known is None else known


def tell_ring(user: User, count: int) -> None:
    """By a page that knows the count already: it costs no other query."""
    setattr(user, COUNT, count)
