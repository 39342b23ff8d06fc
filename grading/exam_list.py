"""The list of exams: which are shown, in which order, and how each stands. The same for page and API."""

from typing import Any

from django import forms
from django.db.models import Case, IntegerChoices, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.grants import Right
from accounts.models import AnyUser
from grading.models import Exam, Paper
from grading.presentation import number_of

OPEN, REVIEW, ARCHIVED, ALL = "", "review", "archived", "all"
SHOWN = {
    OPEN: Q(archived_at=None),
    REVIEW: Q(archived_at=None, review_count__gt=0),
    ARCHIVED: Q(archived_at__isnull=False),
    ALL: Q(),
}
ORDERS: dict[str, list[Any]] = {
    "": ["-created_at", "-pk"],
    "created_at": ["created_at", "pk"],
    "title": [Lower("title"), "-created_at"],
    "state": ["state", "-created_at"],
}


class State(IntegerChoices):
    """What is first to be done of an exam, in the order in which exams wait."""

    REVIEW = 0, _("To review")
    NO_PAPERS = 1, _("No papers yet")
    GRADED = 2, _("Graded")
    ARCHIVED = 3, _("Archived")


def with_state(exams: QuerySet[Exam]) -> QuerySet[Exam]:
    """How many papers each has, how many wait, and its `state`, one of State."""
    papers = Paper.objects.filter(exam=OuterRef("pk"))
    counted = exams.annotate(
        paper_count=number_of(papers), review_count=number_of(papers.filter(status=Paper.Status.REVIEW))
    )
    state = Case(
        When(archived_at__isnull=False, then=Value(State.ARCHIVED)),
        When(review_count__gt=0, then=Value(State.REVIEW)),
        When(paper_count=0, then=Value(State.NO_PAPERS)),
        default=Value(State.GRADED),
    )
    return counted.annotate(state=state)


class ExamListForm(forms.Form):
    """What cannot be understood filters nothing."""

    search = forms.CharField(
        label=_("Title"), required=False, max_length=200, widget=forms.SearchInput(attrs={"size": 20})
    )
    show = forms.ChoiceField(
        label=_("Which exams"),
        required=False,
        choices=[
            (OPEN, _("Not archived")),
            (REVIEW, _("To review")),
            (ARCHIVED, _("Archived")),
            (ALL, _("All")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("Newest first")),
            ("created_at", _("Oldest first")),
            ("title", _("By title")),
            ("state", _("What waits first")),
        ],
    )

    def exams(self, user: AnyUser) -> QuerySet[Exam]:
        """Of all that they may see."""
        self.full_clean()
        given: dict[str, Any] = self.cleaned_data
        rows = with_state(Exam.objects.for_user(user, Right.VIEW))
        rows = rows.filter(SHOWN[given.get("show", "")], title__icontains=given.get("search", ""))
        return rows.order_by(*ORDERS[given.get("sort", "")])
