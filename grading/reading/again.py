"""A scan that was read before is read from its files again: with newer networks, or after a mistake.

Each page finds the row that it has. What a person said stays: what was corrected, whose paper it is, pages that were
given their place by hand, and what lies in the trash. What was read once and cannot be read now stays, too.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import Verb
from audit.services import record
from grading.archive import check_takes_scans
from grading.models import Exam, Paper, Scan, ScanPage
from jobs.services import do_again

BY_HAND = ("student", "kept", "assigned", "version")  # corrections that say whose paper it is


@transaction.atomic
def read_scan_again(*, scan: Scan, by: User) -> Scan:
    """Queue it; nothing where it waits or is read already. Raises ValidationError."""
    exam = Exam.objects.select_for_update().get(pk=scan.exam_id)
    check_takes_scans(exam)
    if not any("path" in file for file in scan.files):
        raise ValidationError(_("The files of this scan are not here any more."))
    if do_again(job=scan.job):
        record(actor=by, verb=Verb.CHANGED, row=scan, owner=exam.owner)
    return scan


def is_known_by_hand(paper: Paper) -> bool:
    """Whether a person said whose it is."""
    return paper.corrections.standing().filter(field__in=BY_HAND).exists()


def has_its_place(scan: Scan, page: int, part: int) -> bool:
    """Whether it was read before: then the picture that is kept of it stays."""
    rows = ScanPage.with_trashed.filter(scan=scan, page=page, part=part)
    return rows.exclude(status=ScanPage.Status.REJECTED).exists()


def doubts_of(paper: Paper, page: ScanPage, codes: Iterable[str]) -> list[str]:
    """What its other pages left open about whose paper it is, and these."""
    others = paper.pages.filed().exclude(pk=page.pk).values_list("reason", flat=True)
    return list(dict.fromkeys(code for code in (*others, *codes) if code))
