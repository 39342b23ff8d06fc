"""What nobody waits for: one thread of this process does it, once answers are out.

    SPARE.do(compare, shadow, pictures)

Where much of it waits already, it is left out. What it raises is noted in the log and harms nobody.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Semaphore
from typing import ParamSpec

from celery.signals import worker_shutting_down
from django.db import DatabaseError, connection

log = logging.getLogger(__name__)
Given = ParamSpec("Given")
MOST = 32


class Spare:
    def __init__(self, most: int = MOST) -> None:
        self.executor = ThreadPoolExecutor(1, thread_name_prefix="spare")
        self.room = Semaphore(most)

    def do(self, work: Callable[Given, object], *args: Given.args, **kwargs: Given.kwargs) -> None:
        if self.room.acquire(blocking=False):
            with suppress(RuntimeError):  # it was stopped, while other work of this process still ends
                self.executor.submit(work, *args, **kwargs).add_done_callback(self.over)

    def over(self, done: Future[object]) -> None:
        self.room.release()
        problem = None if done.cancelled() else done.exception()
        if problem:
            log.error("What nobody waited for failed.", exc_info=problem)
        if isinstance(problem, DatabaseError):
            connection.close()

    def stop(self) -> None:
        """What waits is left out."""
        self.executor.shutdown(wait=False, cancel_futures=True)


SPARE = Spare()


@worker_shutting_down.connect
def stop_spare(**_kwargs: object) -> None:
    SPARE.stop()
