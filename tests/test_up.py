"""`manage.py up`, as `make run` starts it, on a free port and an empty folder."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from waitress.adjustments import Adjustments

from config.waitress_worker import BODY_SECONDS, HEAD_SECONDS, TimedRequest
from conftest import patience, wait_until
from tests.support.tiers import seldom

pytestmark = pytest.mark.worker


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Site:
    def __init__(self, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        outside = {
            name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "DATABASE_URL")
        }
        self.environment = outside | {
            "DATA_DIR": str(folder),
            "PORT": str(port),
            "MODEL_CACHE_DIR": str(settings.MODEL_CACHE_DIR),
        }
        self.printed: list[str] = []  # from start to stop, of each time
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Where it does not run already."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=subprocess.PIPE,
                text=True,
            )
        wait_until(self.is_ready)

    def is_ready(self) -> bool:
        assert self.process.poll() is None, "The site ended by itself."
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return all(json.load(answer).values())
        except OSError:
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.printed.append(self.process.communicate(timeout=patience())[0])

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]


@pytest.fixture(scope="module")
def one_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("up"))
    yield site
    site.stop()


@pytest.fixture
def site(one_site: Site) -> Site:
    """The one of all tests, running: a start takes longer than any of them."""
    one_site.start()
    return one_site


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_a_taken_port_is_a_sentence(site):
    second = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=settings.BASE_DIR,
        env=site.environment,
        capture_output=True,
        text=True,
    )
    assert second.returncode == 1
    assert "is taken" in second.stderr


def test_a_killed_worker_is_started_again(site):
    worker = next(pid for pid in site.children() if "celery" in Path(f"/proc/{pid}/cmdline").read_text())
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: not is_alive(worker))
    wait_until(lambda: len([pid for pid in site.children() if pid != worker]) == 3 and site.is_ready())


def test_requests_that_never_end_hold_up_nobody(site):
    half = [
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\nx",
    ]
    address = ("127.0.0.1", int(site.url.rpartition(":")[2]))
    with ExitStack() as connections:
        for place in range(100):  # three times as many as there are threads
            connection = connections.enter_context(socket.create_connection(address))
            connection.sendall(half[place % 2])
        with urllib.request.urlopen(f"{site.url}/healthz", timeout=5) as answer:
            assert answer.status == 200


def test_a_request_that_comes_too_slowly_is_given_up():
    request = TimedRequest(Adjustments())
    request.received(b"POST / HTTP/1.1\r\n")
    assert not request.is_too_slow()
    request.started_at -= HEAD_SECONDS + 1
    assert request.is_too_slow()
    request.received(b"Content-Length: 1000000\r\n\r\n")
    assert not request.is_too_slow()
    request.started_at -= BODY_SECONDS
    assert request.is_too_slow()
    request.received(bytes(1000 * BODY_SECONDS * 3))
    assert not request.is_too_slow()


@pytest.mark.parametrize(
    "head",
    [b"GET http://[/ HTTP/1.1", b"GET / HTTP/1.1\r\nContent-Length: " + b"9" * 5000],
    ids=["address", "length"],
)
def test_a_head_that_cannot_be_read_is_answered_with_400(head):
    request = TimedRequest(Adjustments())
    request.received(head + b"\r\n\r\n")
    assert request.completed and request.error.code == 400
    assert "cannot be read" in request.error.body


@pytest.mark.parametrize("how", [signal.SIGTERM, *seldom([signal.SIGINT])])
def test_one_signal_stops_all_of_it(site, how):
    children = site.children()
    assert len(children) == 3
    site.stop(how)
    assert site.process.returncode == 0
    assert not any(is_alive(pid) for pid in children)
    assert site.url in site.printed[-1]


def test_no_child_outlives_a_site_that_was_killed(site):
    children = site.children()
    site.stop(signal.SIGKILL)
    wait_until(lambda: not any(is_alive(pid) for pid in children))


def test_the_first_start_prints_the_admins_password_and_the_second_does_not(one_site):
    one_site.stop()
    while len(one_site.printed) < 2:  # they were started by the tests above, where those ran
        one_site.start()
        one_site.stop()
    first, second, *_ = one_site.printed
    assert "Password:" in first
    assert "Password:" not in second
