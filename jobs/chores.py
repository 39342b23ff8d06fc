"""What must be done now and then, whoever asks for it: small, quick, and harmless when done twice.

    @chore(every=timedelta(minutes=10))
    def forget_photos() -> None: ...

Beat's sweep does what is due, on one machine the dispatcher. Each process keeps its own time.
"""

import time
from collections.abc import Callable
from datetime import timedelta


class Chore:
    def __init__(self, work: Callable[[], object], every: timedelta, at_start: bool) -> None:
        self.work, self.seconds = work, every.total_seconds()
        self.due_at = 0.0 if at_start else time.monotonic() + self.seconds

    def do_if_due(self) -> None:
        now = time.monotonic()
        if now >= self.due_at:
            self.due_at = now + self.seconds
            self.work()


CHORES: list[Chore] = []


def chore(every: timedelta, at_start: bool = True) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Have the function called about that often by workers; it stays what it is. at_start: a process does it soon after
    it began, too, when it has other things to do."""

    def note(work: Callable[[], object]) -> Callable[[], object]:
        CHORES.append(Chore(work, every, at_start))
        return work

    return note


def do_what_is_due() -> None:
    for one in CHORES:
        one.do_if_due()
