"""The clock of the trash."""

from celery import shared_task

from trash import services


@shared_task(name="trash.purge_due")
def purge_due() -> None:
    services.purge_due()
