"""What beat asks for where there is Redis; workers import this, and by it what makes them work."""

from celery import shared_task

from jobs import process, wakeups

__all__ = ["process", "sweep"]


@shared_task(name="jobs.sweep")
def sweep() -> None:
    wakeups.send_unsent()
