"""The clock of the trash, and of the log."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from audit.services import forget
from siteconfig.services import site_settings
from trash import services


@shared_task(name="trash.purge_due")
def purge_due() -> None:
    services.purge_due()


@shared_task(name="trash.forget_log")
def forget_log() -> None:
    """What is older than administrators want it kept."""
    forget(before=timezone.now() - timedelta(days=site_settings().log_days))
