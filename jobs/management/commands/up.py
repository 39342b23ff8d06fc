"""Run all of Nunbit on this machine: web and worker as children of one process."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, connection

from jobs.leftovers import remove_unfinished
from jobs.listening import require_free
from jobs.models import Queue
from jobs.supervision import kill_hung, note_death, stop_large
from jobs.tls import SiteCertificates, how_to_trust, shown_address
from jobs.wakeups import send_datagram

GRACE_SECONDS = 7  # children that have not stopped by then are killed; their jobs go on at the next start
RESTART_SECONDS = 1
WEB_PROCESSES = 2  # Python uses one core in each
WEB_THREADS = 16  # of each: a request that waits for its answer holds one
MEMORY = Path("/dev/shm")
METRICS_BYTES = 64 * 2**20  # many times what the processes of a day count
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # Ctrl-C, a service manager, a closed terminal


def commands(host: str, port: int) -> dict[str, list[str]]:
    python = sys.executable
    web = [python, "-m", "gunicorn", "config.wsgi", "--bind", f"{host}:{port}"]
    if settings.TLS:
        web += ["--bind", f"{host}:{settings.TLS_PORT}"]
    web += [
        "--worker-class",
        "config.waitress_worker.WaitressWorker",
        "--workers",
        str(WEB_PROCESSES),
        "--threads",
        str(WEB_THREADS),
        "--graceful-timeout",
        "3",
        "--timeout",
        "30",
        "--log-level",
        "warning",
    ]
    return {"web": web} | {f"worker {queue}": worker(queue) for queue in Queue.values}


def worker(queue: str) -> list[str]:
    """One process a queue, so that a quick answer never waits behind a class of answer sheets."""
    calm = "ignore:You're running the worker with superuser"  # in a container that is the usual case
    command = [sys.executable, "-W", calm, "-m", "celery", "--quiet", "-A", "config", "worker"]
    command += ["--pool", "threads", "--queues", queue, "--hostname", f"{queue}@%h"]
    return command + [
        "--concurrency",
        str(settings.WORKER_THREADS),
        "--without-gossip",
        "--without-mingle",
    ]


def die_with_parent() -> None:
    """Linux: a child is asked to stop when this process is gone, however it went (prctl(2), PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def share_metrics() -> None:
    """One /metrics for all web processes: each keeps its counts in this folder (prometheus_client's way).

    They are mapped into memory, and where the disk below is full the next count kills the process (SIGBUS). So they lie
    in memory, and DATA_DIR/metrics only says where, for whoever starts after a kill.
    """
    remove_metrics()
    folder = tempfile.mkdtemp(prefix="nunbit-metrics-", dir=MEMORY if has_room_in_memory() else None)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    with suppress(OSError):  # the disk is full
        metrics_link().symlink_to(folder)


def metrics_link() -> Path:
    return Path(settings.DATA_DIR / "metrics")


def has_room_in_memory() -> bool:
    return os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > METRICS_BYTES


def remove_metrics() -> None:
    """Of this site, or of one that was killed here."""
    shutil.rmtree(metrics_link().resolve(), ignore_errors=True)
    metrics_link().unlink(missing_ok=True)


def remove_sockets() -> None:
    """Of processes that were killed while they listened."""
    for path in settings.DATA_DIR.glob("*.sock"):
        path.unlink(missing_ok=True)


class Children:
    """The processes of the site: started together, started again when one dies, stopped together."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        # A session of their own: Ctrl-C reaches only this process, which then stops them in order.
        self.running[name] = subprocess.Popen(
            self.commands[name], cwd=settings.BASE_DIR, start_new_session=True, preexec_fn=die_with_parent
        )

    def start_all(self) -> None:
        for name in self.commands:
            self.start(name)

    def restart_dead(self) -> list[str]:
        dead = [name for name, child in self.running.items() if child.poll() is not None]
        for name in dead:
            pid = self.running[name].pid
            self.start(name)
            try:
                note_death(pid)
            except DatabaseError:  # workers find out by themselves, later
                connection.close()
        return dead

    def restart(self, name: str) -> None:
        """What it is doing may end."""
        self.running[name].terminate()
        end(self.running[name], time.monotonic() + GRACE_SECONDS)
        self.start(name)

    def stop(self) -> None:
        for child in self.running.values():
            child.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.running.values():
            end(child, deadline)


def end(child: subprocess.Popen[bytes], deadline: float) -> None:
    """It was asked to; killed where it is still there at the deadline, with all that it started."""
    try:
        child.wait(max(deadline - time.monotonic(), 0.1))
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


class Schedule:
    """The clock of the periodic tasks, as beat is where there is Redis."""

    def __init__(self) -> None:
        self.sent_at = dict.fromkeys(settings.PERIODIC_TASKS, time.monotonic())

    def send_due(self) -> None:
        for name, seconds in settings.PERIODIC_TASKS.items():
            if time.monotonic() - self.sent_at[name] >= seconds:
                self.sent_at[name] = time.monotonic()
                send_datagram(Queue.WORK, name.encode())


class Stopped(Exception):
    """Someone asked this process to stop."""


def raise_stopped(*_args: object) -> None:
    raise Stopped


class Command(BaseCommand):
    help = "Prepare the database, make the first administrator, start web and worker, print the address."

    def handle(self, *args: object, **options: object) -> None:
        host, port = settings.HOST, settings.PORT
        require_free(host, port)
        certificates = SiteCertificates() if settings.TLS else None
        for signal_number in STOP_SIGNALS:
            signal.signal(signal_number, raise_stopped)
        children = Children(commands(host, port))
        try:
            self.prepare_database()
            share_metrics()
            remove_sockets()
            remove_unfinished()
            children.start_all()
            self.wait_until_up(host, port)
            self.watch(children, certificates)
        except Stopped:
            self.say("\nStopping; unfinished jobs go on at the next start.")
        finally:
            for signal_number in STOP_SIGNALS:
                signal.signal(signal_number, signal.SIG_IGN)
            children.stop()
            remove_metrics()

    def prepare_database(self) -> None:
        try:
            call_command("migrate", verbosity=0)
            call_command("first_admin", stdout=self.stdout)
        except OperationalError as error:
            raise CommandError(f"The database cannot be used: {' '.join(str(error).split())}") from error

    def wait_until_up(self, host: str, port: int) -> None:
        while True:
            try:
                socket.create_connection((host, port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        self.say(f"\n  Nunbit 눈빛 is at {shown_address(host, port)}   (Ctrl-C stops it)\n")
        if settings.TLS:
            self.say(how_to_trust())

    def watch(self, children: Children, certificates: SiteCertificates | None) -> None:
        schedule = Schedule()
        while True:
            time.sleep(RESTART_SECONDS)
            self.look_after_workers()
            for name in children.restart_dead():
                self.say(f"The {name} process died and was started again.")
            if certificates and certificates.have_changed():
                self.say(
                    "This machine has other addresses, or its certificate was to be renewed: web starts again."
                )
                children.restart("web")
            schedule.send_due()

    def look_after_workers(self) -> None:
        try:
            kill_hung()
            stop_large()
        except DatabaseError:  # it is asked again in a second
            connection.close()

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
