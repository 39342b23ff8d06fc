"""Uploads, their pages and what the networks said of them."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.grants import GrantedPartQuerySet
from grading.models.exams import Exam
from grading.models.papers import Paper
from grading.reasons import reason_text
from jobs.models import Job
from registry.models import ModelVersion
from web.files import Folders


class ScanQuerySet(GrantedPartQuerySet):
    path_to_owner = "exam__owner"


class Scan(models.Model):
    """One upload. `files` are [{"name", "path", "pages"}, or {"name", "problem"} for one that cannot be opened]."""

    FOLDERS = Folders("exams/*/scans", is_first=True)

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="scan")
    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="scans")
    files = models.JSONField(default=list)
    readers = models.ManyToManyField(ModelVersion, related_name="scans")  # the weights that read it
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScanQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return ", ".join(file["name"] for file in self.files[:3])

    def get_absolute_url(self) -> str:
        return reverse("grading:scan", args=[self.exam_id, self.pk])

    @property
    def folder(self) -> str:
        return self.FOLDERS.of(self.exam_id, self.pk)

    @property
    def page_count(self) -> int:
        """Pages as far as they can be counted without decoding; a bad file is one."""
        return sum(file.get("pages", 1) for file in self.files)


class ScanPageQuerySet(GrantedPartQuerySet):
    path_to_owner = "scan__exam__owner"

    def filed(self) -> Self:
        """Pages that count for their paper. A rejected copy only names the paper that has the page."""
        return self.filter(paper__isnull=False).exclude(status="rejected")


class ScanPage(models.Model):
    """One page of an upload."""

    class Status(models.TextChoices):
        READ = "read", _("Read")
        REVIEW = "review", _("To review")
        REJECTED = "rejected", _("Rejected")

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
    image = models.CharField(max_length=200, blank=True)  # the straight page in the storage
    suggested_number = models.CharField(max_length=20, blank=True)  # the student's, as far as it was read

    objects = ScanPageQuerySet.as_manager()

    class Meta:
        ordering = ["scan", "page", "part"]
        constraints = [models.UniqueConstraint("scan", "page", "part", name="one_row_per_sheet")]

    def __str__(self) -> str:
        return f"{self.file_name} {self.file_page}"

    @property
    def reason_text(self) -> str:
        return f"{reason_text(self.reason)} ({self.detail})" if self.detail else reason_text(self.reason)


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
