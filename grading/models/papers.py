"""One student's pages together, what was read of them, and who changed it."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.grants import GrantedPartQuerySet
from grading.models.candidates import Candidate
from grading.models.exams import Exam, Item
from grading.reasons import reason_text
from grading.scoring import LEFT_OUT, NO_POINTS

CANDIDATE = ("candidate__enrollment__student", "candidate__enrollment__school_class")
CANDIDATE_OF_PAPER = tuple(f"paper__{path}" for path in CANDIDATE)


class PaperQuerySet(GrantedPartQuerySet):
    path_to_owner = "exam__owner"

    def with_candidate(self) -> Self:
        """With who wrote it."""
        return self.select_related(*CANDIDATE)

    def with_neighbours(self) -> Self:
        """With key and number of the paper before and of the one after it."""
        same = Paper.objects.filter(exam=OuterRef("exam"))
        before = same.filter(number__lt=OuterRef("number")).order_by("-number", "-pk")
        after = same.filter(number__gt=OuterRef("number")).order_by("number", "pk")
        return self.annotate(
            before=Subquery(before.values("pk")[:1]),
            before_number=Subquery(before.values("number")[:1]),
            after=Subquery(after.values("pk")[:1]),
            after_number=Subquery(after.values("number")[:1]),
        )

    def whole(self) -> Self:
        """With all that is shown of a paper."""
        return self.with_candidate().prefetch_related(
            "answers__item", "answers__page", "pages__scan__readers", "corrections__by"
        )


class Paper(models.Model):
    """One student's pages together."""

    class Status(models.TextChoices):
        GRADED = "graded", _("Graded")
        REVIEW = "review", _("To review")

    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="papers")
    number = models.CharField(max_length=20, blank=True)  # as read or corrected; "" = not known
    candidate = models.ForeignKey(
        Candidate, on_delete=models.SET_NULL, null=True, blank=True, related_name="papers"
    )
    version = models.PositiveSmallIntegerField(default=1)
    suggested_version = models.PositiveSmallIntegerField(null=True, blank=True)  # whose key fits far better
    doubts = models.JSONField(default=list, blank=True)  # what the pages left open about whose paper it is
    reasons = models.JSONField(default=list, blank=True)  # all that is open about the paper as a whole
    accepted = models.JSONField(default=list, blank=True)  # reasons that the teacher has seen and let pass
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REVIEW)
    score = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    max_score = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    # Before the key changed
    told_score = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    created_at = models.DateTimeField(default=timezone.now)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        indexes = [models.Index(fields=["exam", "number"], name="paper_of_student")]

    def __str__(self) -> str:
        return str(self.candidate or self.number or "?")

    def get_absolute_url(self) -> str:
        return reverse("grading:paper", args=[self.exam_id, self.pk])

    @property
    def suggested_number(self) -> str:
        """What was read of a doubtful number: to be offered to a person, never acted on."""
        return self.number or next((page.suggested_number for page in self.pages.all()), "")

    @property
    def reason_texts(self) -> list[str]:
        return [reason_text(code) for code in self.reasons]


class AnswerQuerySet(GrantedPartQuerySet):
    path_to_owner = "paper__exam__owner"

    def with_page(self) -> Self:
        """With the page that it was read from, and what says where it stands there."""
        return self.select_related("item", "page__scan__exam")


class Answer(models.Model):
    class State(models.TextChoices):
        CERTAIN = "certain", _("Certain")
        REVIEW = "review", _("To review")
        CORRECTED = "corrected", _("Corrected")

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="readings")
    page = models.ForeignKey("grading.ScanPage", on_delete=models.CASCADE, related_name="answers")
    value = models.CharField(max_length=100, blank=True)
    confidence = models.FloatField(default=0)
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=30, blank=True)
    points = models.DecimalField(max_digits=6, decimal_places=2, default=Decimal(0))

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["item__number"]
        constraints = [models.UniqueConstraint("paper", "item", name="one_answer_per_item")]
        indexes = [
            models.Index(fields=["state"], condition=models.Q(state="review"), name="answers_to_review")
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.value}"

    @property
    def reason_text(self) -> str:
        return reason_text(self.reason)

    @property
    def most_points(self) -> Decimal:
        """Of what was asked there in the paper's version."""
        asked = self.item.scored(self.paper.version)
        is_left_out = asked["marking"].get("counts") == LEFT_OUT
        points: Decimal = NO_POINTS if is_left_out else asked["points"]
        return points

    @property
    def asked_item(self) -> int | None:
        """The number of the item of the first version that stood there, where the paper's has an order of its own."""
        asked = self.item.asked(self.paper.version)
        return asked["item"] if asked else None


class Correction(models.Model):
    """The log: append only."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="corrections")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, null=True, blank=True)  # None = the paper itself
    field = models.CharField(max_length=20)
    old = models.CharField(max_length=200, blank=True)
    new = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"
