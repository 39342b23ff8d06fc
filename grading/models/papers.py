"""One student's pages together, what was read of them, and who changed it."""

from decimal import Decimal
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.grants import GrantedPartQuerySet, Right, at_least, right_of
from accounts.models import User
from grading.models.candidates import Candidate
from grading.models.exams import Exam, Item
from grading.reasons import reason_text
from grading.scoring import LEFT_OUT, NO_POINTS
from trash.models import Item as TrashItem
from trash.models import KeptManager, Trashable

CANDIDATE = ("candidate__enrollment__student", "candidate__enrollment__school_class")
CANDIDATE_OF_PAPER = tuple(f"paper__{path}" for path in CANDIDATE)


class PaperQuerySet(GrantedPartQuerySet):
    path_to_owner = "exam__owner"

    def with_candidate(self) -> Self:
        """With who wrote it, or what is shown instead where the sheet asks for no student number."""
        pages = apps.get_model("grading.ScanPage").objects  # type: ignore[attr-defined]  # scans import papers
        name = Concat("file_name", Value(" "), "file_page", output_field=models.CharField())
        first = (
            pages.filter(paper=OuterRef("pk"), paper__exam__id_digits=0).order_by("pk").values(name=name)[:1]
        )
        return self.select_related(*CANDIDATE).annotate(page_name=Subquery(first))

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
            "answers__item",
            "answers__page",
            "pages__scan__readers",
            "corrections__by",
            "corrections__undone_by",
        )


class Paper(Trashable):
    """One student's pages together."""

    class Status(models.TextChoices):
        GRADED = "graded", gettext_lazy("Graded")
        REVIEW = "review", gettext_lazy("To review")

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

    objects = KeptManager.from_queryset(PaperQuerySet)()
    page_name: str | None = None  # by `with_candidate`

    class Meta:
        ordering = ["number", "pk"]
        indexes = [models.Index(fields=["exam", "number"], name="paper_of_student")]

    def __str__(self) -> str:
        return str(self.candidate or self.number or self.page_name or _("Without a student"))

    def get_absolute_url(self) -> str:
        return reverse("grading:paper", args=[self.exam_id, self.pk])

    def granted(self, user: User) -> Right | None:
        """Who may mark an exam may also have back its papers that they deleted."""
        return Right.OWN if right_of(self.exam, user) in at_least(Right.MARK) else None

    @property
    def owner(self) -> User:
        return self.exam.owner

    @property
    def suggested_number(self) -> str:
        """What was read of a doubtful number: to be offered to a person, never acted on."""
        return self.number or next((page.suggested_number for page in self.pages.all()), "")

    @property
    def reason_texts(self) -> list[str]:
        return [reason_text(code) for code in self.reasons]

    @property
    def shown_pages(self) -> list[Any]:
        """Those of which there is a picture, in order."""
        pages = [page for page in self.pages.all() if page.image and not page.is_rejected]
        return sorted(pages, key=lambda page: page.sheet_page)


class AnswerQuerySet(GrantedPartQuerySet):
    path_to_owner = "paper__exam__owner"

    def with_page(self) -> Self:
        """With the page that it was read from, and what says where it stands there."""
        return self.select_related("item", "page__scan__exam")


class Answer(Trashable):
    """Hidden with its page, so that another page can take its place meanwhile."""

    class State(models.TextChoices):
        CERTAIN = "certain", gettext_lazy("Certain")
        REVIEW = "review", gettext_lazy("To review")
        CORRECTED = "corrected", gettext_lazy("Corrected")

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="readings")
    page = models.ForeignKey("grading.ScanPage", on_delete=models.CASCADE, related_name="answers")
    value = models.CharField(max_length=100, blank=True)
    confidence = models.FloatField(default=0)
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=30, blank=True)
    points = models.DecimalField(max_digits=6, decimal_places=2, default=Decimal(0))

    objects = KeptManager.from_queryset(AnswerQuerySet)()

    class Meta:
        ordering = ["item__number"]
        constraints = [
            models.UniqueConstraint(
                "paper", "item", condition=models.Q(trashed=None), name="one_answer_per_item"
            )
        ]
        indexes = [
            models.Index(fields=["state"], condition=models.Q(state="review"), name="answers_to_review")
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.value}"

    @classmethod
    def show(cls, item: TrashItem) -> None:
        """Where another page took the place of theirs meanwhile, they come back in a paper of its own."""
        there = cls.objects.filter(paper=OuterRef("paper"), item=OuterRef("item"))
        met = cls.with_trashed.filter(Exists(there), trashed=item).select_related("page__paper")
        for page in {answer.page_id: answer.page for answer in met}.values():
            page.move_to_own_paper()
        super().show(item)

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


CORRECTED = {
    "student": gettext_lazy("Student"),
    "version": gettext_lazy("Version"),
    "accepted": gettext_lazy("Seen and let pass"),
    "kept": gettext_lazy("Kept as a paper of its own"),
    "assigned": gettext_lazy("Page was given its place"),
    "typed in": gettext_lazy("Page was typed in"),
}


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def standing(self) -> Self:
        """Those that were not taken back, without those that took back."""
        return self.filter(undoes=None, undone_by=None)


class Correction(models.Model):
    """The log: append only."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="corrections")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, null=True, blank=True)  # None = the paper itself
    field = models.CharField(max_length=20)
    old = models.CharField(max_length=200, blank=True)
    new = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)
    pages = models.JSONField(default=list)  # keys of the pages that it was about, where not of one item
    # That it took back. None where it stands by itself
    undoes = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="undone_by"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"

    @property
    def title(self) -> str:
        """What was changed, in words."""
        if self.field.startswith("item "):
            return _("Item %(number)s") % {"number": self.field.removeprefix("item ")}
        return str(CORRECTED.get(self.field, self.field))
