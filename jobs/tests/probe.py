"""Tasks for the tests of a real worker: they sleep, fail, or are killed."""

import time

from jobs.worker import Claim, Rejected, job_task


@job_task("jobs.probe_quick")
def quick(job: Claim) -> None:
    with job.finishing():
        pass


@job_task("jobs.probe_slow")
def slow(job: Claim) -> None:
    """Goes on until it is cancelled, stopped or killed; the next attempt ends at once."""
    while job.attempt == 1:
        job.report(50, "Sleeping", "1 / 2")
        time.sleep(0.1)
    with job.finishing():
        pass


@job_task("jobs.probe_rejects")
def rejects(job: Claim) -> None:
    raise Rejected("There is no such job.")


@job_task("jobs.probe_crashes")
def crashes(job: Claim) -> None:
    raise ZeroDivisionError
