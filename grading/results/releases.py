"""Giving results out, and taking them back; links under which students see their own.

A link holds a key that nobody guesses, signed: it names no student and no row, ends with the release, and shows nothing
once the paper is another student's.
"""

from collections.abc import Callable
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AnyUser, User
from audit.models import Verb
from audit.services import record
from grading.models import Candidate, Exam, Paper, RegradeRequest, Release, ReleasedPaper
from grading.models.releases import DAYS, MOST_DAYS
from grading.presentation import number_of

SIGNER = signing.Signer(salt="grading.release", sep=".")
Absolute = Callable[[str], str]  # a path as an address of this site


@transaction.atomic
def release_results(*, exam: Exam, by: User, shows: str = Release.Shows.ANSWERS, days: int = DAYS) -> Release:
    """Students see what is settled now. Once more: what is shown changes, papers settled since are added, and what
    students were told before stays what they were told. Raises ValidationError where nothing is settled."""
    Exam.objects.select_for_update().get(pk=exam.pk)
    if shows not in Release.Shows.values or not 1 <= days <= MOST_DAYS:
        raise ValidationError(_("Choose what is shown, and 1 to %(most)s days.") % {"most": MOST_DAYS})
    ReleasedPaper.objects.filter(release__exam=exam).exclude(
        number=F("paper__number")
    ).delete()  # another's now
    papers = list(not_given_out(settled_papers(exam)))
    release = release_of(exam)
    if not papers and release is None:
        raise ValidationError(_("No graded paper of a known student is there yet."))
    values = {"shows": shows, "days": days, "by": by, "at": timezone.now()}
    release, _is_new = Release.objects.update_or_create(exam=exam, defaults=values)
    ReleasedPaper.objects.bulk_create(
        ReleasedPaper(release=release, paper=one, number=one.number, score=one.score, max_score=one.max_score)
        for one in papers
    )
    record(actor=by, verb=Verb.SHARED, row=exam, results=shows, papers=release.papers.count(), days=days)
    return release


@transaction.atomic
def take_back(*, exam: Exam, by: User) -> None:
    """Nobody sees them any more, and no link of this release ever leads anywhere again. What was asked stays."""
    if Release.objects.filter(exam=exam).delete()[0]:
        record(actor=by, verb=Verb.UNSHARED, row=exam, results="")


def release_of(exam: Exam) -> Release | None:
    return Release.objects.filter(exam=exam).first()


def settled_papers(exam: Exam) -> QuerySet[Paper]:
    """Graded, of a known student, and what counts of that student: an exempt one has no score to be told."""
    sits = Q(candidate=None) | Q(candidate__state=Candidate.State.SITS)
    return exam.papers.filter(sits, status=Paper.Status.GRADED).exclude(number="")


def waiting_count(exam: Exam) -> int:
    """Papers that are there and not given out."""
    return not_given_out(exam.papers.all()).count()


def not_given_out(papers: QuerySet[Paper]) -> QuerySet[Paper]:
    """To whose paper it is now."""
    return papers.exclude(released__number=F("number"))


def token_of(released: ReleasedPaper) -> str:
    return SIGNER.sign(released.key)


def links_of(exam: Exam, absolute: Absolute) -> dict[int, str]:
    """Paper → address that its student gets; of those that lead somewhere."""
    release = release_of(exam)
    if release is None or release.has_expired:
        return {}
    return {one.paper_id: link_of(one, absolute) for one in release.papers.whole()}


def link_of(released: ReleasedPaper, absolute: Absolute) -> str:
    return absolute(reverse("grading:shared", args=[token_of(released)]))


def find_released(token: str, user: AnyUser) -> ReleasedPaper | None:
    """What a link leads to; None where it is forged, taken back, or expired for who has no account of this student."""
    try:
        key = SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    found = ReleasedPaper.objects.whole().filter(key=key).first()
    if found is None or (found.release.has_expired and not is_own(found, user)):
        return None
    return found


def is_own(released: ReleasedPaper, user: AnyUser) -> bool:
    candidate = released.paper.candidate
    account: Any = candidate and candidate.enrollment.student.account_id
    return account is not None and account == user.pk


def news_of(exam: Exam) -> dict[str, int]:
    """In one query: how many scores `changed` since they were given out, how many `requests` of students wait."""
    counts = Exam.objects.filter(pk=exam.pk).annotate(
        changed=number_of(changes_since(exam)),
        requests=number_of(RegradeRequest.objects.of_exam(exam).waiting().order_by().select_related(None)),
    )
    return counts.values("changed", "requests").get()


def changes_since(exam: Exam) -> QuerySet[ReleasedPaper]:
    """Whose score is another now than they were told."""
    return ReleasedPaper.objects.whole().filter(release__exam=exam).changed()
