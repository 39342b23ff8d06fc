"""Beat's task where there is a real broker; on one machine the dispatcher thread does this."""

from celery import shared_task

from jobs import dispatcher, outbox
from jobs.chores import do_what_is_due

__all__ = ["dispatcher", "sweep"]


@shared_task(name="jobs.sweep")
def sweep() -> None:
    outbox.sweep()
    do_what_is_due()
