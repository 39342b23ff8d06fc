"""A checkout's site as processes: `manage.py`, web and worker, on data in a folder."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

PATIENCE = 120  # seconds
WEB = [
    "-m",
    "gunicorn",
    "config.wsgi",
    "--worker-class",
    "gthread",
    "--threads",
    "4",
    "--log-level",
    "warning",
]
WORKER = ["-m", "celery", "--quiet", "-A", "config", "worker", "--pool", "threads", "--queues", "work,quick"]
WORKER += ["--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]


class Checkout:
    """Code in `folder`, run by `python`, on the data that `environment` names."""

    def __init__(self, folder: Path, python: str, **environment: str) -> None:
        self.folder, self.python = folder, python
        self.environment = {**os.environ, **environment}

    def manage(self, *arguments: str) -> None:
        """Raises CalledProcessError."""
        subprocess.run(
            [self.python, "manage.py", *arguments], cwd=self.folder, env=self.environment, check=True
        )

    @contextmanager
    def running(self, arguments: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
        """A process of Python with these arguments, stopped at the end unless it was killed before."""
        process = subprocess.Popen(
            [self.python, *arguments], cwd=self.folder, env=self.environment, start_new_session=True
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)

    @contextmanager
    def web(self) -> Iterator[str]:
        """Its address."""
        address = f"127.0.0.1:{free_port()}"
        with self.running([*WEB, "--bind", address]) as process:
            deadline = time.monotonic() + PATIENCE
            while not is_up(f"http://{address}/healthz"):
                assert process.poll() is None and time.monotonic() < deadline, "The site does not start."
                time.sleep(0.1)
            yield f"http://{address}/"


def kill(process: subprocess.Popen[bytes]) -> None:
    """As a power cut does."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def processor() -> str:
    """Its name: networks compute the same bits only on the same kind."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_up(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except OSError:
        return False
