"""Who sits an exam, and who does not although they are on its roster."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from grading.models.exams import Exam
from school.models import Enrollment


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def with_state(self) -> Self:
        """Of whom something is said in place of what their paper says."""
        return self.exclude(state=Candidate.State.SITS)


class Candidates(models.Manager.from_queryset(CandidateQuerySet)):
    def get_queryset(self) -> CandidateQuerySet:
        return super().get_queryset().select_related("enrollment__student", "enrollment__school_class")


class Candidate(models.Model):
    """Who sits the exam, under which number: the whole one that is marked on the sheet, where the class's is short."""

    class State(models.TextChoices):
        """What counts of a student: the paper, nothing, or a score that was recognised without one."""

        SITS = "sits", _("Sits the exam")
        ABSENT = "absent", _("Absent")
        EXEMPT = "exempt", _("Exempt")
        RETAKE = "retake", _("Retakes it")
        RECOGNISED = "recognised", _("Recognised score")

    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="candidates")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.RESTRICT, related_name="candidates")
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SITS)
    recognised_score = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)

    objects = Candidates()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("exam", "number", name="one_student_per_number"),
            models.CheckConstraint(
                condition=models.Q(state="recognised") ^ models.Q(recognised_score=None),
                name="a_score_where_one_is_recognised",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()

    @property
    def name(self) -> str:
        return self.enrollment.student.name

    @property
    def class_name(self) -> str:
        return self.enrollment.school_class.name

    @property
    def sits(self) -> bool:
        return self.state == self.State.SITS

    @property
    def state_text(self) -> str:
        """What is said of who does not sit it; "" of who does."""
        return "" if self.sits else str(self.get_state_display())

    def score_of(self, own: Decimal | None) -> Decimal | None:
        """What counts as the score, of whose paper (None: there is none) has this one."""
        return own if self.sits else self.recognised_score
