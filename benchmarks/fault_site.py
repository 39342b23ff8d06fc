"""The site that faults happen to: its processes, kept alive as `docker compose` would, and its rows.

One machine: `manage.py up` with everything below it. Between machines: web, two workers a queue and beat on PostgreSQL
and Redis, which may be this module's own.
"""

import os
import resource
import secrets
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import redis

from benchmarks.own_site import ROOT, free_port, is_ready
from benchmarks.processes import children, command

QUEUES = ("work", "quick")
ADDRESS_SPACE = 5 * 2**30  # bytes, as `ulimit -v` caps them: a worker with all its networks maps 2.7 GB
START_SECONDS = 300
Row = tuple[Any, ...]


class Rows:
    """Questions to the database. One that is away is asked again."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, question: str) -> list[Row]:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self.ask_once(question)
            except (psycopg.OperationalError, sqlite3.OperationalError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def ask_once(self, question: str) -> list[Row]:
        if self.url.startswith("sqlite"):
            path = self.url.removeprefix("sqlite:///")
            connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)
            try:
                return connection.execute(question).fetchall()
            finally:
                connection.close()
        with psycopg.connect(self.url, connect_timeout=5) as connection:
            return connection.execute(question).fetchall()


class Keeper:
    """Starts commands, and starts again what dies."""

    def __init__(self, commands: dict[str, list[str]], environment: dict[str, str], log: Path) -> None:
        self.commands, self.environment, self.log = commands, os.environ | environment, log
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.keep, daemon=True)

    def start(self) -> None:
        for name in self.commands:
            self.start_one(name)
        self.thread.start()

    def start_one(self, name: str) -> None:
        with self.log.open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.commands[name],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                preexec_fn=cap_memory,
            )

    def keep(self) -> None:
        while not self.is_over.wait(0.5):
            for name, process in list(self.running.items()):
                if process.poll() is not None:
                    self.start_one(name)

    def stop(self) -> None:
        self.is_over.set()
        self.thread.join()
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


def cap_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


class FaultySite:
    """Web, workers and what keeps them; `pids` finds them by what they run."""

    roles: tuple[str, ...] = (*QUEUES, "web")

    def __init__(self, folder: Path, database: str, environment: dict[str, str]) -> None:
        self.folder, self.port, self.password = folder, free_port(), secrets.token_urlsafe(12)
        self.url, self.rows = f"http://127.0.0.1:{self.port}", Rows(database)
        self.environment = environment | {
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "NUNBIT_ADMIN_PASSWORD": self.password,
            "QUOTA_JOBS": "0",
            "QUOTA_REQUESTS": "0",
            "OMP_NUM_THREADS": "1",
            "LOG_LEVEL": "WARNING",
        }
        self.keeper = Keeper(self.commands(), self.environment, folder / "log")

    def commands(self) -> dict[str, list[str]]:
        raise NotImplementedError

    def start(self) -> None:
        self.keeper.start()
        deadline = time.monotonic() + START_SECONDS
        while not is_ready(self.url):
            if time.monotonic() > deadline:
                raise SystemExit(f"The site did not start:\n{(self.folder / 'log').read_text()[-3000:]}")
            time.sleep(0.3)

    def manage(self, *words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        environment = os.environ | self.environment
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)

    def pids(self, role: str) -> list[int]:
        """Of the processes that do this now; of the web those that answer, not the one that keeps them."""
        roots = [process.pid for process in self.keeper.running.values()]
        found = [pid for root in roots for pid in (root, *below(root)) if role_of(pid) == role]
        return [pid for pid in found if role != "web" or not below(pid)]

    def stop(self) -> None:
        for queue in QUEUES:
            for pid in self.pids(queue):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
        self.keeper.stop()


def below(pid: int) -> list[int]:
    """Children and theirs, as far as they are still there."""
    with suppress(OSError):
        return [one for child in children(pid) for one in (child, *below(child))]
    return []


def role_of(pid: int) -> str:
    """What the process does, by its command line; "" for any other."""
    words: list[bytes] = []
    with suppress(OSError):
        words = command(pid).split(b"\0")
    if b"gunicorn" in words:
        return "web"
    if b"up" in words:
        return "supervisor"
    return next((queue for queue in QUEUES if b"worker" in words and queue.encode() in words), "")


class OneMachine(FaultySite):
    """`manage.py up`: SQLite, datagrams, one worker a queue."""

    roles = (*QUEUES, "web", "supervisor")

    def __init__(self, folder: Path, **environment: str) -> None:
        super().__init__(folder, f"sqlite:///{folder / 'nunbit.sqlite3'}", environment)

    def commands(self) -> dict[str, list[str]]:
        return {"supervisor": [sys.executable, "manage.py", "up"]}


class Machines(FaultySite):
    """As docker-compose.yml starts them, with two workers a queue."""

    def commands(self) -> dict[str, list[str]]:
        python = [sys.executable, "-m"]
        gunicorn = f"gunicorn config.wsgi --bind 127.0.0.1:{self.port} --workers 2 --threads 8"
        gunicorn += " --worker-class config.waitress_worker.WaitressWorker"
        celery = [*python, "celery", "--quiet", "-A", "config"]
        worker = [*celery, "worker", "--pool", "threads", "--concurrency", "2", "--without-gossip"]
        found = {
            "web": [*python, *gunicorn.split(), "--log-level", "warning"],
            "beat": [*celery, "beat", "--schedule", str(self.folder / "beat")],
        }
        for queue in QUEUES:
            for number in (1, 2):
                name = ["--hostname", f"{queue}-{number}@%h"]
                found[f"{queue} {number}"] = [*worker, "--queues", queue, *name]
        return found

    def start(self) -> None:
        self.manage("migrate")
        self.manage("first_admin")
        super().start()


class Services:
    """A PostgreSQL and a Redis of our own, which may die. Debian's names of programs and of the user postgres."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.postgres_port, self.redis_port = folder, free_port(), free_port()
        self.database = f"postgres://nunbit@127.0.0.1:{self.postgres_port}/postgres"
        self.redis_url = f"redis://127.0.0.1:{self.redis_port}/0"

    def start(self) -> None:
        self.folder.chmod(0o755)
        self.data = self.folder / "postgres"
        self.data.mkdir()
        if os.getuid() == 0:
            subprocess.run(["chown", "postgres", str(self.data)], check=True)
        self.postgres("initdb", "-A", "trust", "-U", "nunbit")
        self.start_postgres()
        self.start_redis()

    def postgres(self, program: str, *words: str) -> None:
        found = max(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
        line = [str(found), "-D", str(self.data), *words]
        run = ["su", "postgres", "-c", " ".join(f"'{word}'" for word in line)] if os.getuid() == 0 else line
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL)

    def start_postgres(self) -> None:
        options = f"-p {self.postgres_port} -k {self.data}"
        self.postgres("pg_ctl", "-w", "-l", str(self.data / "log"), "-o", options, "start")

    def start_redis(self) -> None:
        line = ["redis-server", "--port", str(self.redis_port), "--save", "", "--appendonly", "no"]
        self.redis = subprocess.Popen(line, stdout=subprocess.DEVNULL)

    def lose_redis(self) -> None:
        """All that it knew, and itself; another one comes, empty."""
        redis.from_url(self.redis_url).flushall()
        self.redis.kill()
        self.redis.wait()
        time.sleep(2)
        self.start_redis()

    def crash_postgres(self) -> None:
        self.postgres("pg_ctl", "-m", "immediate", "stop")  # as a kill -9: it recovers from its log
        time.sleep(2)
        self.start_postgres()

    def stop(self) -> None:
        self.postgres("pg_ctl", "-m", "immediate", "stop")
        self.redis.terminate()
        self.redis.wait()
