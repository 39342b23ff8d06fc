"""A context processor for the ring of jobs that every page has."""

from collections.abc import Callable

from django.http import HttpRequest

from jobs.services import open_jobs


def jobs_context(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """How many jobs of theirs wait or run: asked only where a template says so, which parts of pages do not."""
    return {"jobs_at_work": lambda: sum(open_jobs(request.user.pk))}
