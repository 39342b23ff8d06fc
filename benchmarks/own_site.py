"""A site of the benchmark's own: `manage.py up` on a free port with its data in a temporary folder."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from benchmarks.processes import children, command

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 600


class OwnSite:
    """The processes, and where they are reached."""

    def __init__(self, folder: Path, tree: Path = ROOT, **settings: str):
        """tree: whose code runs."""
        self.password = secrets.token_urlsafe(12)
        self.log = folder / "log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = (
            os.environ
            | {
                "DATA_DIR": str(folder / "data"),
                "PORT": str(self.port),
                "NUNBIT_ADMIN_PASSWORD": self.password,
                "QUOTA_JOBS": "0",  # all clients are one person
                "QUOTA_REQUESTS": "0",
            }
            | settings
        )
        with self.log.open("wb") as log:
            self.up = subprocess.Popen(
                [sys.executable, "manage.py", "up"], cwd=tree, env=self.environment, stdout=log, stderr=log
            )

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_ready(self.url):
            if self.up.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The site did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.2)

    def web(self) -> list[int]:
        """The process ids of the children of `up` that run gunicorn."""
        return [child for child in children(self.up.pid) if b"gunicorn" in command(child)]

    def workers(self) -> list[int]:
        """The process ids of the children of `up` that run Celery."""
        return [child for child in children(self.up.pid) if b"celery" in command(child)]

    def worker(self) -> int | None:
        return next(iter(self.workers()), None)

    def kill_worker(self) -> int:
        """kill -9, as the kernel does when memory is short; answers whom."""
        worker = self.worker()
        if worker is None:
            raise SystemExit("There is no worker to kill.")
        os.kill(worker, signal.SIGKILL)
        return worker

    def stop(self) -> None:
        self.up.terminate()
        try:
            self.up.wait(20)
        except subprocess.TimeoutExpired:
            self.up.kill()


def is_ready(url: str) -> bool:
    try:
        with urlopen(f"{url}/readyz", timeout=5) as answer:
            return answer.status == 200
    except OSError:  # of urllib, too
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"It did not start: {process.args!r}") from None
            time.sleep(0.2)


@contextmanager
def own_site(tree: Path = ROOT, **settings: str) -> Iterator[OwnSite]:
    with tempfile.TemporaryDirectory(prefix="nunbit-") as folder:
        site = OwnSite(Path(folder), tree, **settings)
        try:
            site.wait_until_ready()
            yield site
        finally:
            site.stop()
