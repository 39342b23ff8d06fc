"""Tasks for the tests of a real worker: they sleep, fail, hang, or kill their process."""

import ctypes
import os
import signal
import sys
import time

from jobs.claims import Claim, Rejected, finishing
from jobs.kinds import task


@task("jobs.probe_quick")
def quick(job: Claim) -> None:
    with finishing(job):
        pass


@task("jobs.probe_slow")
def slow(job: Claim) -> None:
    """Goes on until it is cancelled, stopped or killed; the next attempt ends at once."""
    while job.attempt == 1:
        job.report(50, "Sleeping", "1 / 2")
        time.sleep(0.1)
    with finishing(job):
        pass


@task("jobs.probe_rejects")
def rejects(job: Claim) -> None:
    raise Rejected("There is no such job.")


@task("jobs.probe_crashes")
def crashes(job: Claim) -> None:
    raise ZeroDivisionError


@task("jobs.probe_kills")
def kills(job: Claim) -> None:
    """Ends its process, whichever it is, as soon as another job runs beside it or none can."""
    is_alone = "do_suspects" in sys.argv
    while not is_alone and job.attempt == 1:
        job.report(10)
        if os.path.exists(os.environ["PROBE_FILE"]):  # noqa: PTH110 - one call, which is hard to get wrong
            break
        time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGKILL)


@task("jobs.probe_native")
def native(job: Claim) -> None:
    """Native code that neither reports nor ends, in the first attempt."""
    job.report(10)
    while job.attempt == 1:
        ctypes.CDLL(None).sleep(1000)
    with finishing(job):
        pass


@task("jobs.probe_native_soon", silence=2)
def native_soon(job: Claim) -> None:
    """The same, and it said to report every two seconds."""
    native.work(job)
