"""Results that were given out, and what students asked about them."""

import secrets
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.grants import GrantedPartQuerySet
from accounts.models import AnyUser
from grading.models.exams import Exam, Item
from grading.models.papers import Answer, Paper

DAYS = 30  # that links lead somewhere, where nothing else is said
MOST_DAYS = 365


def new_key() -> str:
    """128 bits: what nobody guesses."""
    return secrets.token_urlsafe(16)


class ReleaseQuerySet(GrantedPartQuerySet):
    path_to_owner = "exam__owner"


class Release(models.Model):
    """The results of an exam are given out. Taking them back ends the row, and with it every link."""

    class Shows(models.TextChoices):
        SCORE = "score", _("The score alone")
        ANSWERS = "answers", _("Score, answers and key")
        SCAN = "scan", _("All of it, with the scanned paper")

    exam = models.OneToOneField(Exam, on_delete=models.CASCADE, related_name="release")
    shows = models.CharField(max_length=10, choices=Shows.choices, default=Shows.ANSWERS)
    days = models.PositiveSmallIntegerField(default=DAYS)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ReleaseQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.exam)

    @property
    def expires_at(self):  # type: ignore[no-untyped-def]  # a datetime
        return self.at + timedelta(days=self.days)

    @property
    def has_expired(self) -> bool:
        """Of its links: who has an account still sees what was given out."""
        return timezone.now() >= self.expires_at

    @property
    def shows_answers(self) -> bool:
        return self.shows != self.Shows.SCORE

    @property
    def shows_scan(self) -> bool:
        return self.shows == self.Shows.SCAN


class ReleasedPaperQuerySet(GrantedPartQuerySet):
    path_to_owner = "release__exam__owner"

    def whole(self) -> Self:
        """With all that is shown of one. What was given to another number than the paper has now is nobody's."""
        whole = self.select_related("release__exam", "paper__candidate__enrollment__student")
        there = whole.filter(release__exam__trashed=None, paper__trashed=None)
        return there.filter(number=F("paper__number"))

    def of_student(self, user: AnyUser) -> Self:
        return self.whole().filter(paper__candidate__enrollment__student__account=user)

    def changed(self) -> Self:
        """Whose score is another now than the student was told."""
        return self.exclude(Q(score=F("paper__score")) & Q(max_score=F("paper__max_score")))


class ReleasedPaper(models.Model):
    """What a student was told, and the key of the link that she sees it by."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="papers")
    paper = models.OneToOneField(Paper, on_delete=models.CASCADE, related_name="released")
    number = models.CharField(max_length=20, blank=True)  # whose it was when it was given out
    key = models.CharField(max_length=32, unique=True, default=new_key)
    score = models.DecimalField(max_digits=8, decimal_places=2)
    max_score = models.DecimalField(max_digits=8, decimal_places=2)
    at = models.DateTimeField(default=timezone.now)

    objects = ReleasedPaperQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]

    def __str__(self) -> str:
        return f"{self.number}: {self.score}"

    @property
    def has_changed(self) -> bool:
        return (self.score, self.max_score) != (self.paper.score, self.paper.max_score)


class RegradeRequestQuerySet(GrantedPartQuerySet):
    path_to_owner = "paper__exam__owner"

    def of_exam(self, exam: Exam) -> Self:
        """What waits first, each with what is shown of it; `value`: how the item is answered now. What was asked of a
        paper that is another student's now is nobody's."""
        answers = Answer.objects.filter(paper=OuterRef("paper"), item=OuterRef("item"))
        is_own = Q(number=F("paper__number")) | Q(number="")
        rows = self.filter(is_own, paper__exam=exam, paper__trashed=None).annotate(
            value=Subquery(answers.values("value")[:1])
        )
        rows = rows.order_by("-state", "created_at", "pk")
        return rows.select_related("paper__candidate__enrollment__student", "item", "answered_by")

    def waiting(self) -> Self:
        return self.filter(state=RegradeRequest.State.OPEN)


class RegradeRequest(models.Model):
    """A student thinks that something was graded wrongly; a teacher looks at it and answers."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        ANSWERED = "answered", _("Answered")

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="regrade_requests")
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, null=True, blank=True
    )  # None = the paper as a whole
    number = models.CharField(max_length=20, blank=True, default="")  # of the student who asked
    text = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reply = models.CharField(max_length=1000, blank=True)
    old_score = models.DecimalField(max_digits=8, decimal_places=2)  # when it was asked
    new_score = models.DecimalField(max_digits=8, decimal_places=2, null=True)  # when it was answered
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = RegradeRequestQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["state"], condition=models.Q(state="open"), name="regrade_requests_open")
        ]

    def __str__(self) -> str:
        return f"{self.paper}: {self.text[:40]}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
