"""What people do with all that is theirs: ask for it in one file."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from dataexport.models import KEPT, Export
from jobs.models import OPEN
from jobs.services import submit
from web.files import remove_on_commit

WRITE = "dataexport.write"


@transaction.atomic
def ask(*, owner: User, key: str = "") -> Export:
    """One at a time: the one that is being made, where one is. Raises QuotaExceeded."""
    User.objects.select_for_update().get(pk=owner.pk)  # two requests of the same moment wait in a row
    open_one = Export.objects.for_user(owner).filter(job__status__in=OPEN).select_related("job").first()
    if open_one is not None:
        return open_one
    job, is_new = submit(owner=owner, task=WRITE, key=key)
    if not is_new:
        return Export.objects.select_related("job").get(job=job)
    return Export.objects.create(owner=owner, job=job)


def forget_old() -> int:
    """A day after they were made; answers how many."""
    old = Export.objects.filter(job__ended_at__lt=timezone.now() - KEPT).select_related("job")
    for export in old:
        with transaction.atomic():
            remove_on_commit([export.file])
            export.job.delete()
    return len(old)
