"""What visitors ask, in the name of one account that nobody can sign in to; all of it is deleted within ten minutes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.services import open_jobs
from trash.kinds import KINDS
from visitors.demos import Demo, all_demos
from web.quotas import QuotaExceeded, count_address

USERNAME = "visitors"
KEPT = timedelta(minutes=8)  # and a minute more until the next look
OPEN_JOBS = 8  # at once, of all visitors: who has an account goes first
QUESTIONS = 40  # in a minute from one address: a digit is asked about after each stroke
SOON = 10  # seconds


def site_account() -> User:
    """Made with the first question."""
    defaults = {"is_active": False, "first_name": "Visitors", "password": make_password(None)}
    account: User = User.objects.get_or_create(username=USERNAME, defaults=defaults)[0]
    return account


def count_question(address: str) -> None:
    """Raises QuotaExceeded where there were too many from this address in this minute."""
    count_address("demos.counts", address, QUESTIONS)


def ask(*, demo: Demo, given: Mapping[str, Any]) -> Any:
    """given: as the form of the demo cleans it. Raises QuotaExceeded where visitors have too much at work."""
    owner = site_account()
    if sum(open_jobs(owner.pk)) >= OPEN_JOBS:
        sentence = _("Many people are trying this right now. Try again in %(seconds)s seconds.")
        raise QuotaExceeded(sentence % {"seconds": SOON}, limit=OPEN_JOBS, seconds=SOON)
    return demo.ask(owner, given)


def asked_of(demo: Demo) -> QuerySet[Any]:
    return demo.rows.filter(owner__username=USERNAME)


def forget_old() -> int:
    """Rows, jobs and files of what was asked some minutes ago. Answers how many."""
    before = timezone.now() - KEPT
    return sum(forget_of(demo, before) for demo in all_demos())


def forget_of(demo: Demo, before: datetime) -> int:
    old = list(asked_of(demo).filter(job__created_at__lte=before))
    for row in old:
        with transaction.atomic():
            KINDS[row._meta.label_lower].purge(row)
    return len(old)
