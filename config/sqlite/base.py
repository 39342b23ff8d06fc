"""Django's SQLite with its writers in a row: of one process, one transaction at a time asks for the file's write lock.

SQLite lets one transaction write. Who comes meanwhile sleeps, looks again, sleeps longer: with many threads most of a
request's time. Threads that wait here for each other go on at once.
"""

import threading

from django.db.backends.sqlite3 import base

WRITING = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    is_writing = False

    def _start_transaction_under_autocommit(self) -> None:
        WRITING.acquire()
        self.is_writing = True
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self.stop_writing()
            raise

    def _commit(self) -> None:
        super()._commit()
        self.stop_writing()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self.stop_writing()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self.stop_writing()

    def stop_writing(self) -> None:
        if self.is_writing:
            self.is_writing = False
            WRITING.release()
