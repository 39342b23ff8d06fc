"""The people and processes of every test: Alice owns, Bob is another teacher, Charlie is a member, root is admin."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils.translation import override
from rest_framework.test import APIClient

from accounts.models import Role, User
from jobs.models import OPEN, Job
from registry import shadow_runs

PASSWORD = "drawn-by-hand-7"
PATIENCE = 60  # seconds without progress on a machine that has a core for each process


hypothesis.settings.register_profile("quick", deadline=None, max_examples=25)
hypothesis.settings.register_profile("deep", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("quick")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what database and broker matter to, and puts files with workers first: they are the longest, and one that
    began last would keep one process waiting."""
    for item in items:
        if item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames):
            item.add_marker("services")
    long = {item.path for item in items if item.get_closest_marker("worker")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path: Path) -> None:
    """No test writes into the files of the site."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA_DIR = tmp_path
    settings.WHITENOISE_AUTOREFRESH = True  # else every client begins by reading the whole of static/
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def person(name: str, role: Role) -> User:
    return User.objects.create_user(name, password=PASSWORD, role=role)


@pytest.fixture
def alice(db) -> User:
    return person("alice", Role.TEACHER)


@pytest.fixture
def bob(db) -> User:
    return person("bob", Role.TEACHER)


@pytest.fixture
def charlie(db) -> User:
    return person("charlie", Role.MEMBER)


@pytest.fixture
def root(db) -> User:
    return person("root", Role.ADMIN)


@pytest.fixture
def browse() -> Callable[[User | None], Client]:
    """A browser signed in as `user`, in English."""

    def sign_in(user: User | None = None) -> Client:
        client = Client(headers={"accept-language": "en"})
        if user:
            client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def call() -> Callable[[User | None], APIClient]:
    """A program signed in as `user`, in English."""

    def sign_in(user: User | None = None) -> APIClient:
        client = APIClient(headers={"accept-language": "en"})
        if user:
            client.force_authenticate(user)
        return client

    return sign_in


@pytest.fixture
def english() -> Iterator[None]:
    """For tests that compare sentences of services."""
    with override("en"):
        yield


@pytest.fixture
def background_at_once(monkeypatch) -> None:
    """What nobody waits for is done at once, on this connection; what it raises harms nobody, as ever."""

    def do(work: Callable[..., object], *args: object) -> None:
        with suppress(Exception):
            work(*args)

    monkeypatch.setattr(shadow_runs.BACKGROUND, "submit", do)
    monkeypatch.setattr(shadow_runs, "REFRESH", 0)
    monkeypatch.setattr(shadow_runs, "SHADOWS", shadow_runs.ShadowCache())  # no later test knows of a canary


def database_url() -> str:
    """The test database, as a worker process of its own finds it."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    login = f"{database['USER']}:{database['PASSWORD']}@" if database["USER"] else ""
    return f"postgres://{login}{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"


class Worker:
    """A real worker process on the test's database, broker and files; it can be killed and started again."""

    def __init__(self, app: str = "config", **environment: str) -> None:
        """app: the module of its Celery application."""
        self.command = [sys.executable, "-m", "celery", "--quiet", "-A", app, "worker", "--pool", "threads"]
        self.command += ["--queues", "work,quick", "--concurrency", "2"]
        self.command += ["--without-gossip", "--without-mingle"]
        if not django_settings.BROKER_IS_LOCAL:
            self.command += ["--beat", "--schedule", f"{environment['DATA_DIR']}/beat"]  # it sweeps
        self.environment = os.environ | environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=django_settings.BASE_DIR, env=self.environment, start_new_session=True
        )

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # its beat, too, which would go on alone
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(patience())


def a_worker(folder: Path, app: str = "config", **more: str) -> Worker:
    """Running, with its data in `folder`."""
    environment = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url(),
        "SECRET_KEY": django_settings.SECRET_KEY,
        "LOG_LEVEL": "WARNING",
        "MODEL_CACHE_DIR": str(django_settings.MODEL_CACHE_DIR),  # networks are readied once for all tests
    }
    new = Worker(app, **environment, **more)
    new.start()
    return new


def run_worker(folder: Path) -> Iterator[Path]:
    """The folder, while a worker has its data in it."""
    forget_messages()
    worker = a_worker(folder)
    yield folder
    worker.stop()


def forget_messages() -> None:
    """What earlier tests sent and no worker took."""
    if not django_settings.BROKER_IS_LOCAL:
        redis.from_url(django_settings.REDIS_URL).flushdb()


@pytest.fixture
def worker(transactional_db, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Call it to start a worker; every one is stopped at the end."""
    forget_messages()
    started: list[Worker] = []

    def start(app: str = "config", **more: str) -> Worker:
        started.append(a_worker(tmp_path, app, **more))
        return started[-1]

    yield start
    for old in started:
        if old.process.poll() is None:
            old.stop()
        old.kill()


@pytest.fixture(scope="module")
def lasting_worker(django_db_setup, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of one worker for all tests of a file: starting one takes longer than most of them."""
    yield from run_worker(tmp_path_factory.mktemp("site"))


@pytest.fixture
def at_work(lasting_worker: Path, transactional_db, settings) -> Iterator[None]:
    """A worker does what is asked; a test ends when it has nothing left to do."""
    settings.DATA_DIR = lasting_worker
    settings.MEDIA_ROOT = lasting_worker / "files"
    yield
    wait_until(lambda: not Job.objects.filter(status__in=OPEN).exists())


def patience() -> float:
    """Seconds: more where processes wait for a core, as many times more as there are processes to a core."""
    return PATIENCE * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def wait_until(is_true: Callable[[], bool], progress: Callable[[], object] = bool) -> None:
    """Gives up where what `progress` returns has stayed the same for too long."""
    state, since = progress(), time.monotonic()
    while not is_true():
        if (now := progress()) != state:
            state, since = now, time.monotonic()
        assert time.monotonic() - since < patience(), f"Nothing has happened for {patience():.0f} s."
        time.sleep(0.05)


def wait_for_end(job: Job) -> Job:
    def has_ended() -> bool:
        job.refresh_from_db()
        return job.has_ended

    wait_until(has_ended, lambda: (job.status, job.attempt, job.progress, job.step))
    return job
