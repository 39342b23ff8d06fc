"""Make an example: each app its part."""

from types import ModuleType

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_noop

from example.models import Example
from example.services import LOAD
from jobs.claims import Claim, Rejected, finishing
from jobs.kinds import task
from web.app_modules import app_modules
from web.quotas import QuotaExceeded

MAKING = gettext_noop("Making the example")


@task(LOAD)
def load(job: Claim) -> None:
    example = Example.objects.select_related("owner").get(job_id=job.pk)
    apps = app_modules("example")
    try:
        for app in apps:
            make(job, example, app)
        for app in apps:
            if hasattr(app, "fill"):
                app.fill(example, job)
    except ValidationError as refused:
        raise Rejected(" ".join(refused.messages)) from refused
    except QuotaExceeded as full:
        raise Rejected(full.sentence) from full
    with finishing(job):
        pass  # all is there


@transaction.atomic
def make(job: Claim, example: Example, app: ModuleType) -> None:
    """What an earlier attempt has made stays. Raises LeaseLost where the example was removed meanwhile."""
    job.report(5, MAKING)  # holds the job's row: who removes the example waits until this part is noted
    if not example.rows(of=f"{app.__package__}."):
        example.add(*app.make(example))
