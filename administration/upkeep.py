"""What is done now and then for the site as a whole: its files are counted, old sign-ins forgotten."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from celery import shared_task
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from administration.models import FolderSize
from jobs.leftovers import names_in
from siteconfig.services import site_settings


@shared_task(name="administration.count_files")
def count_files() -> None:
    """What lies in each folder of the storage. A file that goes meanwhile counts as none."""
    folders, _loose = default_storage.listdir("")
    counted = [count_folder(folder) for folder in folders]
    with transaction.atomic():
        FolderSize.objects.all().delete()
        FolderSize.objects.bulk_create(counted)


def count_folder(folder: str) -> FolderSize:
    sizes = [size_of(name) for name in names_in(folder)]
    return FolderSize(folder=folder, files=len(sizes), size=sum(sizes))


def size_of(name: str) -> int:
    try:
        return int(default_storage.size(name))
    except FileNotFoundError:
        return 0


@shared_task(name="administration.forget_sign_ins")
def forget_sign_ins() -> None:
    """Who signed in when, from which address, and wrong passwords: after the days that the site keeps them."""
    long_ago = timezone.now() - timedelta(days=site_settings().sign_in_days)
    for model in (AccessLog, AccessAttempt, AccessFailureLog):
        model.objects.filter(attempt_time__lt=long_ago).delete()
