"""Uploads, their pages and what the networks said of them."""

from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.grants import GrantedPartQuerySet, Right, at_least, right_of
from accounts.models import User
from grading.models.exams import Exam
from grading.models.papers import Answer, Paper
from grading.reasons import reason_text
from jobs.models import Job
from registry.models import ModelVersion
from trash.models import KeptManager, Trashable
from web.files import Folders

AGAIN = "again"  # how the picture is kept of a page that was read as what a person says that it is


class IfThere(models.TextChoices):
    """What becomes of a page that its student has already."""

    KEEP = "keep", _("Keep both")
    REPLACE = "replace", _("Put this one in its place")


class ScanQuerySet(GrantedPartQuerySet):
    path_to_owner = "exam__owner"


class Scan(Trashable):
    """One upload. `files` are [{"name", "path", "pages"}, or {"name", "problem"} for one that cannot be opened]."""

    FOLDERS = Folders("exams/*/scans", is_first=True)

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="scan")
    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="scans")
    files = models.JSONField(default=list)
    readers = models.ManyToManyField(ModelVersion, related_name="scans")  # the weights that read it
    # What becomes of pages that students have already; "" is neither: those that say the same are turned away
    if_there = models.CharField(max_length=10, choices=IfThere.choices, blank=True, default="", db_default="")
    created_at = models.DateTimeField(default=timezone.now)

    objects = KeptManager.from_queryset(ScanQuerySet)()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return ", ".join(file["name"] for file in self.files[:3])

    def get_absolute_url(self) -> str:
        return reverse("grading:scan", args=[self.exam_id, self.pk])

    def granted(self, user: User) -> Right | None:
        """Who may mark an exam may also have back its scans that they deleted."""
        return Right.OWN if right_of(self.exam, user) in at_least(Right.MARK) else None

    @property
    def owner(self) -> User:
        return self.exam.owner

    @property
    def folder(self) -> str:
        return self.FOLDERS.of(self.exam_id, self.pk)

    def image_name(self, page: int, part: int = 0, kept_as: str = "page") -> str:
        """Of a page's picture. kept_as: or AGAIN, beside that of the page as it came."""
        return f"{self.folder}/{kept_as}-{page:04d}{f'-{part}' if part else ''}.jpg"

    @property
    def page_count(self) -> int:
        """Pages as far as they can be counted without decoding; a bad file is one."""
        return sum(file.get("pages", 1) for file in self.files)


class ScanPageQuerySet(GrantedPartQuerySet):
    path_to_owner = "scan__exam__owner"

    def filed(self) -> Self:
        """Pages that count for their paper. A rejected copy only names the paper that has the page."""
        return self.filter(paper__isnull=False).exclude(status="rejected")


class ScanPage(Trashable):
    """One page of an upload. One that was rejected can be deleted by itself."""

    class Status(models.TextChoices):
        READ = "read", _("Read")
        REVIEW = "review", _("To review")
        REJECTED = "rejected", _("Rejected")

    class Placed(models.TextChoices):
        """What said where its boxes are."""

        PRINT = "print", _("By its print")
        HAND = "hand", _("By hand")  # no print confirms it: a person looks at every answer
        NOT = "not", _("Not at all")  # its answers are typed in

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="pages")
    page = models.PositiveSmallIntegerField()  # across the upload, from 1
    part = models.PositiveSmallIntegerField(
        default=0
    )  # which sheet of those in one picture, from 1; 0: there is one
    file_name = models.CharField(max_length=255)
    file_page = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices)
    reason = models.CharField(max_length=30, blank=True)
    detail = models.CharField(max_length=200, blank=True)  # the title of the other exam it belongs to
    paper = models.ForeignKey(Paper, on_delete=models.SET_NULL, null=True, blank=True, related_name="pages")
    sheet_page = models.PositiveSmallIntegerField(null=True, blank=True)
    # The straight page in the storage; of a rejected one the picture as it came, unless it was read before
    image = models.CharField(max_length=200, blank=True)
    placed = models.CharField(
        max_length=5, choices=Placed.choices, default=Placed.PRINT, db_default=Placed.PRINT.value
    )
    suggested_number = models.CharField(max_length=20, blank=True)  # the student's, as far as it was read
    # Whose place in a paper it took
    instead_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )

    objects = KeptManager.from_queryset(ScanPageQuerySet)()

    class Meta:
        ordering = ["scan", "page", "part"]
        constraints = [models.UniqueConstraint("scan", "page", "part", name="one_row_per_sheet")]

    def __str__(self) -> str:
        return f"{self.file_name} {self.file_page}"

    def get_absolute_url(self) -> str:
        return reverse("grading:page", args=[self.scan.exam_id, self.pk])

    def granted(self, user: User) -> Right | None:
        """Who may mark an exam may also have back its pages that they deleted."""
        return Right.OWN if right_of(self.scan.exam, user) in at_least(Right.MARK) else None

    @property
    def owner(self) -> User:
        return self.scan.exam.owner

    def move_to_own_paper(self) -> None:
        """One of the same student, with what was read of it."""
        held = self.paper
        self.paper = Paper.objects.create(exam_id=held.exam_id, number=held.number, version=held.version)
        self.save(update_fields=["paper"])
        Answer.with_trashed.filter(page=self, paper=held).update(paper=self.paper)

    @property
    def shown_status(self) -> "ScanPage.Status":
        """How it stands for a person: to review as long as its paper is."""
        is_open = self.paper is not None and self.paper.status == Paper.Status.REVIEW
        return self.Status.REVIEW if is_open and not self.is_rejected else self.Status(self.status)

    @property
    def is_rejected(self) -> bool:
        return self.status == self.Status.REJECTED

    @property
    def is_as_it_came(self) -> bool:
        """Whether its picture is that of the upload: one that was read once is kept straight."""
        return bool(self.image) and not PageCells.objects.filter(page=self).exists()

    @property
    def reason_text(self) -> str:
        return f"{reason_text(self.reason)} ({self.detail})" if self.detail else reason_text(self.reason)


class CellsOf(models.Func):
    """Of `PageCells.items` the cells of one item: all of them are large. Django's own way takes a number for a place in
    a list."""

    def __init__(self, number: int) -> None:
        super().__init__("items", models.Value(str(number)), output_field=models.JSONField())

    def as_sqlite(self, *args: Any, **how: Any) -> Any:
        return self.as_sql(*args, template="JSON_EXTRACT(%(expressions)s)", arg_joiner=", '$.' || ", **how)

    def as_postgresql(self, *args: Any, **how: Any) -> Any:
        return self.as_sql(*args, template="(%(expressions)s)", arg_joiner=" -> ", **how)


class PageCells(models.Model):
    """What the networks said of a page's cells: large, and only needed to score anew.

    `items`: item number → (cells, classes) probabilities; `identity`: the student number as each channel gave it.
    `networks`: what the networks said alone, before the page's ink was asked: item number, id_bubble or id_digit →
    cells → ten-thousandths of each class, without zeros at the end. None where a page was read before that was kept.
    `beside`: numbers of the items beside whose rows something is written.
    `looks`: item number → how its written answer looks, see `grading.sheet.written_answers`.
    """

    page = models.OneToOneField(ScanPage, on_delete=models.CASCADE, primary_key=True, related_name="cells")
    items = models.JSONField(default=dict)
    identity = models.JSONField(default=dict)
    networks = models.JSONField(null=True)
    beside = models.JSONField(null=True)
    looks = models.JSONField(null=True)

    class Meta:
        verbose_name_plural = "cells of pages"

    def __str__(self) -> str:
        return str(self.page)


class PageAssignmentQuerySet(GrantedPartQuerySet):
    path_to_owner = "page__scan__exam__owner"


class PageAssignment(models.Model):
    """What a person says of a rejected page, by which a worker reads it again."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="page_assignment")
    page = models.ForeignKey(ScanPage, on_delete=models.CASCADE, related_name="assignments")
    number = models.CharField(max_length=20, blank=True)  # the student's
    sheet_page = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    # Of the paper in the picture, clockwise from its top left, [[x, y], …] in shares of the picture's sides
    corners = models.JSONField(default=list)
    is_instead = models.BooleanField(default=False)  # of the page that the student's paper has

    objects = PageAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.page}: {self.number} {self.sheet_page}"
