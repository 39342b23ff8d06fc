"""What people delete while a worker is at it: nothing of it stays, and nobody is told of an error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_noop

from jobs.claims import Claim, Rejected
from jobs.models import Job

FILE_GONE = gettext_noop("The uploaded file is no longer there. Please upload it again.")


@contextmanager
def tidying(job: Claim, tidy: Callable[[], object]) -> Iterator[None]:
    """Where the work ends because its job was deleted for good, what it has written meanwhile is put away."""
    try:
        yield
    except Exception:
        if not Job.with_trashed.filter(pk=job.pk).exists():
            tidy()
        raise


@contextmanager
def missing_rejected(sentence: str = FILE_GONE) -> Iterator[None]:
    """Around what opens an uploaded file, which may be deleted at any moment. Raises Rejected where it was."""
    try:
        yield
    except FileNotFoundError as gone:
        raise Rejected(sentence) from gone
