"""Who is taught: kept once, for exams, results and accounts alike.

SchoolClass ── of one school year, a teacher's
  └─ Enrollment ── a number in it, from when to when
       └─ Student ── the person, the same from year to year; may have an account
"""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Length
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.grants import (
    Grant,
    Granted,
    GrantedPartQuerySet,
    GrantedQuerySet,
    Right,
    at_least,
    right_of,
)
from accounts.models import User
from accounts.sharing import OwnQuerySet
from jobs.models import Job
from school.remarks import said
from school.roster.rows import RosterRow
from siteconfig.services import site_settings
from trash.models import Item, KeptManager, Trashable
from web.codes import new_code
from web.files import remove_on_commit

CLASS_CODE_LENGTH = 8
SHOWN = 200  # students of a preview


def school_year(day: date | None = None) -> int:
    """The calendar year in which the school year of `day` began."""
    day = day or timezone.localdate()
    return day.year if day.month >= site_settings().year_begins else day.year - 1


def new_class_code() -> str:
    return new_code(CLASS_CODE_LENGTH)


class SchoolClassQuerySet(GrantedQuerySet):
    def counted(self) -> Self:
        """Each with its `student_count`."""
        is_present = models.Q(enrollments__left_at=None, enrollments__trashed=None)
        present = models.Count("enrollments", filter=is_present)
        return self.select_related("owner").annotate(student_count=present).order_by("-year", "name")


class SchoolClass(Granted, Trashable):
    FOR_TEACHERS = True

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="school_classes"
    )
    name = models.CharField(_("name"), max_length=100)
    year = models.PositiveSmallIntegerField(_("school year"))
    # What students type who find themselves on the list; None where nobody may
    code = models.CharField(max_length=CLASS_CODE_LENGTH, unique=True, null=True, blank=True)
    needs_consent = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = KeptManager.from_queryset(SchoolClassQuerySet)()

    class Meta:
        ordering = ["-year", "name"]
        constraints = [
            models.UniqueConstraint(
                "owner",
                "year",
                "name",
                condition=models.Q(trashed=None),
                name="one_class_of_a_name_a_year",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("school:class", args=[self.pk])

    @classmethod
    def show(cls, item: Item) -> None:
        """Raises ValidationError where another class has its name now."""
        for one in cls.with_trashed.filter(trashed=item):
            if cls.objects.filter(owner=one.owner_id, year=one.year, name=one.name).exists():
                said = gettext(
                    "There is a school class “%(name)s” in that year now. Rename that one, then restore this."
                )
                raise ValidationError(said % {"name": one.name})
        super().show(item)


class ClassGrant(Grant):
    row = models.ForeignKey(SchoolClass, on_delete=models.CASCADE, related_name="grants")


class StudentQuerySet(OwnQuerySet):
    path_to_owner = "enrollments__school_class__owner"


class Student(models.Model):
    name = models.CharField(_("name"), max_length=100, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="students"
    )

    objects = StudentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class EnrollmentQuerySet(GrantedPartQuerySet):
    path_to_owner = "school_class__owner"

    def present(self) -> Self:
        return self.filter(left_at=None)

    def without_password(self) -> Self:
        """Who never signed in: there is no account, or it was never opened."""
        invited = User.objects.invited()
        return self.filter(models.Q(student__account=None) | models.Q(student__account__in=invited))


class Enrollment(Trashable):
    """Who left stays a row where exams know it: their results keep their name. Who is removed is in the trash first."""

    school_class = models.ForeignKey(SchoolClass, on_delete=models.CASCADE, related_name="enrollments")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="enrollments")
    number = models.CharField(_("number"), max_length=20)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = KeptManager.from_queryset(EnrollmentQuerySet)()

    class Meta:
        ordering = [Length("number"), "number"]
        constraints = [
            models.UniqueConstraint(
                "school_class",
                "number",
                condition=models.Q(left_at=None, trashed=None),
                name="one_present_student_per_number",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.student.name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("school:student", args=[self.school_class_id, self.pk])

    @property
    def owner(self) -> User:
        return self.school_class.owner

    def granted(self, user: User) -> Right | None:
        """Who may change the list of a class may also have back whom they removed."""
        return Right.OWN if right_of(self.school_class, user) in at_least(Right.MARK) else None

    @classmethod
    def show(cls, item: Item) -> None:
        """Raises ValidationError where somebody else has the number now."""
        for one in cls.with_trashed.filter(trashed=item):
            if cls.objects.present().filter(school_class=one.school_class_id, number=one.number).exists():
                said = gettext("Somebody else has the number %(number)s.")
                raise ValidationError(said % {"number": one.number})
        super().show(item)


class ListUpload(models.Model):
    """A table of students that somebody sent, until a worker has read it. Of the file nothing stays: it holds names.
    The table of a preview stays until it is stored, or for a day.

    Concrete ones name their job and what the list is of.
    """

    objects: models.Manager
    job_id: UUID
    file = models.FileField(upload_to="rosters/%Y/%m", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    is_preview = models.BooleanField(default=False)
    choice = models.JSONField(default=dict)  # what was said about the table, as school.roster.rows.Choice
    skips_refused = models.BooleanField(default=False)  # rows that are refused are left out, the others taken
    columns = models.JSONField(default=list)  # the header: a text each
    sheets = models.JSONField(default=list)  # names
    found = models.JSONField(default=dict)  # which sheet and columns were read
    problems = models.JSONField(default=list)  # rows that are refused, each as school.roster.rows.Remark
    remarks = models.JSONField(default=list)  # those that were repaired or left out
    changes = models.JSONField(default=dict)  # {"added": 2, …} against the list that is there
    rows = models.JSONField(default=list)  # of a preview, {"number", "name", "class_name"} each
    table = models.JSONField(
        default=list
    )  # of a preview, all that is in the file, until it is stored or a day old
    count = models.PositiveIntegerField(default=0)  # students

    class Meta:
        abstract = True

    @property
    def problems_text(self) -> list[str]:
        return said(self.problems)

    @property
    def remarks_text(self) -> list[str]:
        return said(self.remarks)

    def record(self, rows: Sequence[RosterRow]) -> None:
        """Keep what was found. Call within the job's finishing(), or where it is rejected."""
        self.count = len(rows)
        self.rows = [row.shown for row in rows[:SHOWN]] if self.is_preview else []
        remove_on_commit([self.file])
        self.file = ""
        self.save(force_update=True)  # of a deleted class nothing comes back

    def accept(self, rows: Sequence[RosterRow]) -> None:
        """A preview was stored."""
        self.count, self.is_preview = len(rows), False
        self.table, self.rows = [], []
        self.save(update_fields=["count", "is_preview", "table", "rows"])


def list_uploads() -> list[type[ListUpload]]:
    return [model for model in apps.get_models() if issubclass(model, ListUpload)]


class ClassUploadQuerySet(GrantedPartQuerySet):
    path_to_owner = "school_class__owner"


class ClassUpload(ListUpload):
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="class_upload")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.CASCADE, related_name="uploads")

    objects = ClassUploadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.school_class}: {self.count}"
