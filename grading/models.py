"""Exams and what was read of them.

    Exam ─┬─ Item                     what is asked, what is right
          ├─ Student                  the roster
          ├─ Scan ── ScanPage         an upload and its pages, with every cell's probabilities
          └─ Paper ── Answer          one student's pages together, one row an item
                      Correction      who changed what, when

Pages keep the probabilities of their cells, so that a changed key never needs the scans again.
"""

from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grading.querysets import AnswerQuerySet, ExamQuerySet, OwnedQuerySet, PaperQuerySet, ScanPageQuerySet
from grading.reasons import sentence
from grading.sheet.layout import ItemSpec, Layout, SheetSpec
from grading.sheets import laid_out, new_code, spec_of
from jobs.models import Job
from registry.models import ModelVersion


class Kind(models.TextChoices):
    CHOICE = "choice", _("Choice")
    OX = "ox", _("O/X")
    NUMBER = "number", _("Handwritten number")
    DIGITS_GRID = "digits_grid", _("Bubbled number")
    LETTER = "letter", _("Handwritten letter")
    OPEN = "open", _("Written answer")


class Exam(models.Model):
    class Paper(models.TextChoices):
        A4 = "A4", "A4"
        LETTER = "Letter", "Letter"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exams")
    code = models.CharField(max_length=8, unique=True, default=new_code, editable=False)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="ko")
    paper = models.CharField(_("paper"), max_length=10, choices=Paper.choices, default=Paper.A4)
    id_digits = models.PositiveSmallIntegerField(_("digits of the student number"), default=8)
    id_groups = models.JSONField(default=list, blank=True)  # [[label, digits], ...] in place of id_digits
    versions = models.PositiveSmallIntegerField(_("versions"), default=1)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ExamQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("grading:exam", args=[self.pk])

    @cached_property
    def spec(self) -> SheetSpec:
        return spec_of(self, list(self.items.all()))

    @property
    def layout(self) -> Layout:
        return laid_out(self.spec)

    @property
    def folder(self) -> str:
        """Where its files lie in the storage."""
        return f"exams/{self.pk}"

    @property
    def id_length(self) -> int:
        return sum(digits for _label, digits in self.spec.id_parts)


class Item(models.Model):
    """What is asked. `answer` is the key of all versions but those that `answers` gives one of their own."""

    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    options = models.JSONField(default=list, blank=True)
    digits = models.PositiveSmallIntegerField(default=3)
    lines = models.PositiveSmallIntegerField(default=5)
    answer = models.JSONField(default=str, blank=True)  # "" = no key, a text, or a list of texts
    answers = models.JSONField(default=list, blank=True)  # by version, in the same form
    any_of = models.BooleanField(default=False)  # any one of the listed options is right
    tolerance = models.DecimalField(max_digits=12, decimal_places=6, default=Decimal(0))
    points = models.DecimalField(max_digits=6, decimal_places=2, default=Decimal(1))

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint("exam", "number", name="one_item_per_number")]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def spec(self) -> ItemSpec:
        return ItemSpec(
            self.number, str(self.kind), tuple(self.labels), self.digits, float(self.points), self.lines
        )

    @property
    def labels(self) -> list[str]:
        return ["O", "X"] if self.kind == Kind.OX else self.options

    def key(self, version: int) -> str | list[str]:
        own = self.answers[version - 1] if version <= len(self.answers) else ""
        return own or self.answer

    def takes_several(self, version: int) -> bool:
        """Whether marking several options is what the item asks for."""
        return self.kind == Kind.CHOICE and isinstance(self.key(version), list) and not self.any_of

    @property
    def key_text(self) -> str:
        return (
            ("/" if self.any_of else ",").join(self.answer) if isinstance(self.answer, list) else self.answer
        )


class Student(models.Model):
    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="students")
    number = models.CharField(max_length=20)
    name = models.CharField(max_length=100, blank=True)
    class_name = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint("exam", "number", name="one_student_per_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()


class Scan(models.Model):
    """One upload. `files` are [{"name", "path", "pages"}, or {"name", "problem"} for one that cannot be opened]."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="scan")
    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="scans")
    files = models.JSONField(default=list)
    readers = models.ManyToManyField(ModelVersion, related_name="scans")  # the weights that read it
    created_at = models.DateTimeField(default=timezone.now)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return ", ".join(file["name"] for file in self.files[:3])

    def get_absolute_url(self) -> str:
        return reverse("grading:scan", args=[self.exam_id, self.pk])

    @property
    def folder(self) -> str:
        return f"{self.exam.folder}/scans/{self.pk}"

    @property
    def page_count(self) -> int:
        """Pages as far as they can be counted without decoding; a bad file is one."""
        return sum(file.get("pages", 1) for file in self.files)


class Paper(models.Model):
    """One student's pages together."""

    class Status(models.TextChoices):
        GRADED = "graded", _("Graded")
        REVIEW = "review", _("To review")

    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="papers")
    number = models.CharField(max_length=20, blank=True)  # as read or corrected; "" = not known
    student = models.ForeignKey(
        Student, on_delete=models.SET_NULL, null=True, blank=True, related_name="papers"
    )
    version = models.PositiveSmallIntegerField(default=1)
    doubts = models.JSONField(default=list, blank=True)  # what the pages left open about whose paper it is
    reasons = models.JSONField(default=list, blank=True)  # all that is open about the paper as a whole
    accepted = models.JSONField(default=list, blank=True)  # reasons that the teacher has seen and let pass
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REVIEW)
    score = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    max_score = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    told_score = models.DecimalField(
        max_digits=8, decimal_places=2, default=Decimal(0)
    )  # before the key changed
    created_at = models.DateTimeField(default=timezone.now)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        indexes = [models.Index(fields=["exam", "number"], name="paper_of_student")]

    def __str__(self) -> str:
        return str(self.student or self.number or "?")

    def get_absolute_url(self) -> str:
        return reverse("grading:paper", args=[self.exam_id, self.pk])

    @property
    def suggested_number(self) -> str:
        """What was read of a doubtful number: to be offered to a person, never acted on."""
        return self.number or next((page.suggested_number for page in self.pages.all()), "")

    @property
    def reason_texts(self) -> list[str]:
        return [sentence(code) for code in self.reasons]


class ScanPage(models.Model):
    """One page of an upload."""

    class Status(models.TextChoices):
        READ = "read", _("Read")
        REVIEW = "review", _("To review")
        REJECTED = "rejected", _("Rejected")

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="pages")
    page = models.PositiveSmallIntegerField()  # across the upload, from 1
    file_name = models.CharField(max_length=255)
    file_page = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices)
    reason = models.CharField(max_length=30, blank=True)
    detail = models.CharField(max_length=200, blank=True)  # the title of the other exam it belongs to
    paper = models.ForeignKey(Paper, on_delete=models.SET_NULL, null=True, blank=True, related_name="pages")
    sheet_page = models.PositiveSmallIntegerField(null=True, blank=True)
    image = models.CharField(max_length=200, blank=True)  # the straight page in the storage
    suggested_number = models.CharField(max_length=20, blank=True)  # the student's, as far as it was read

    objects = ScanPageQuerySet.as_manager()

    class Meta:
        ordering = ["scan", "page"]
        constraints = [models.UniqueConstraint("scan", "page", name="one_row_per_page")]

    def __str__(self) -> str:
        return f"{self.file_name} {self.file_page}"

    @property
    def reason_text(self) -> str:
        return f"{sentence(self.reason)} ({self.detail})" if self.detail else sentence(self.reason)


class PageCells(models.Model):
    """What the networks said of a page's cells: large, and only needed to score anew.

    `items`: item number → (cells, classes) probabilities; `identity`: the student number as each channel gave it.
    """

    page = models.OneToOneField(ScanPage, on_delete=models.CASCADE, primary_key=True, related_name="cells")
    items = models.JSONField(default=dict)
    identity = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "cells of pages"

    def __str__(self) -> str:
        return str(self.page)


class Answer(models.Model):
    class State(models.TextChoices):
        CERTAIN = "certain", _("Certain")
        REVIEW = "review", _("To review")
        CORRECTED = "corrected", _("Corrected")

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="answers")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="readings")
    page = models.ForeignKey(ScanPage, on_delete=models.CASCADE, related_name="answers")
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
        return sentence(self.reason)


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
