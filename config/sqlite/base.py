"""Django's SQLite with its writers in a row: one transaction at a time asks for the file's write lock.

SQLite lets one transaction write. Who comes meanwhile sleeps, looks again, sleeps longer: with many clients most of the
time that an answer takes. Whoever waits here, in a thread of this process or in another one, goes on at once.
"""

import fcntl
import os
import threading
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

THREADS = threading.Lock()  # of this process; a file's lock belongs to all of them


class DatabaseWrapper(base.DatabaseWrapper):
    lock_file = -1  # open while this connection's transaction writes

    def _start_transaction_under_autocommit(self) -> None:
        self.start_writing()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self.stop_writing()
            raise

    def _commit(self) -> Any:
        super()._commit()
        self.stop_writing()

    def _rollback(self) -> Any:
        try:
            super()._rollback()
        finally:
            self.stop_writing()

    def _close(self) -> Any:
        try:
            super()._close()
        finally:
            self.stop_writing()

    def start_writing(self) -> None:
        path = f"{self.settings_dict['NAME']}.lock"
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise OperationalError(f"unable to open {path}: {error.strerror}") from error
        THREADS.acquire()
        self.lock_file = file
        fcntl.flock(file, fcntl.LOCK_EX)

    def stop_writing(self) -> None:
        file, self.lock_file = self.lock_file, -1
        if file >= 0:
            try:
                os.close(file)  # which unlocks
            finally:
                THREADS.release()
