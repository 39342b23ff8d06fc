"""A background executor: one thread of this process does what nobody waits for, once answers are out.

    BACKGROUND.submit(compare, shadow, pictures)

Where much of it waits already, it is left out. What it raises is noted in the log and harms nobody.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Full, Queue

from django.db import connection

log = logging.getLogger(__name__)
MOST = 32


class BackgroundExecutor:
    def __init__(self, most: int = MOST) -> None:
        self.queue: Queue[Callable[[], object]] = Queue(most)
        self.thread = threading.Thread(target=self.run, name="background", daemon=True)
        self.starting = threading.Lock()

    def submit(self, work: Callable[..., object], *args: object) -> None:
        with suppress(Full):
            self.queue.put_nowait(partial(work, *args))
        with self.starting:
            if self.thread.ident is None:
                self.thread.start()

    def run(self) -> None:
        while True:
            work = self.queue.get()
            try:
                work()
            except Exception:  # whatever it is, it must not end what others left here
                log.exception("What nobody waited for failed.")
                connection.close()
            self.queue.task_done()


BACKGROUND = BackgroundExecutor()
