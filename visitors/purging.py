"""The clock of what visitors asked."""

from celery import shared_task

from visitors import services


@shared_task(name="visitors.forget_old")
def forget_old() -> None:
    services.forget_old()
