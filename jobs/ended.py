"""Jobs in the order in which they ended, for programs that follow them."""

import time
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.models import AnyUser
from jobs.models import Job

SETTLED = timedelta(seconds=5)  # by then what ended is committed, whatever the clock of its worker says
MOST = 100
POLL_SECONDS = 0.5


class NotACursor(ValueError):
    pass


class Cursor(NamedTuple):
    """Up to where jobs are known: the last one's end, and which of those that ended in that moment it is."""

    ended_at: datetime
    job: UUID = UUID(int=0)

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """What `str` made of one. Raises NotACursor."""
        moment, _, job = text.partition("_")
        try:
            ended_at = parse_datetime(moment)
            if ended_at and ended_at.tzinfo:
                return cls(ended_at, UUID(job))
        except ValueError:
            pass
        raise NotACursor(text)

    @classmethod
    def now(cls) -> "Cursor":
        return cls(timezone.now() - SETTLED)

    def __str__(self) -> str:
        return f"{self.ended_at.isoformat()}_{self.job}".replace("+00:00", "Z")


def ended_after(user: AnyUser, cursor: Cursor) -> tuple[list[Job], Cursor]:
    """The next jobs of `user` that ended, MOST at a time and the earliest first; and the cursor to ask with next."""
    later = Q(ended_at__gt=cursor.ended_at) | Q(ended_at=cursor.ended_at, pk__gt=cursor.job)
    ended = Job.objects.for_user(user).filter(
        later, ended_at__gte=cursor.ended_at, ended_at__lte=timezone.now() - SETTLED
    )
    jobs = list(ended.order_by("ended_at", "pk")[:MOST])
    last = jobs[-1] if jobs else None
    return jobs, Cursor(last.ended_at, last.pk) if last and last.ended_at else cursor


def next_ended(user: AnyUser, cursor: Cursor, seconds: float) -> tuple[list[Job], Cursor]:
    """The same, waiting so long for the first of them."""
    deadline = time.monotonic() + seconds
    while True:
        jobs, after = ended_after(user, cursor)
        left = deadline - time.monotonic()
        if jobs or left <= 0:
            return jobs, after
        time.sleep(min(POLL_SECONDS, left))
