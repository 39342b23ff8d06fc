"""What a person says of a page that was turned away."""

import math
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.models import Exam, IfThere, ScanPage

# Where nothing says where the sheet lies, a person has to
NOT_FOUND = {
    "blank_page",
    "no_markers",
    "one_marker",
    "two_sheets",
    "odd_markers",
    "not_this_form",
    "odd_page",
}
FARTHEST = 1.0  # sides of the picture that a corner may lie beside it: a sheet may be cut off


class CornersField(forms.CharField):
    """x,y of each corner in shares of the picture's sides: "0,0 1,0 1,1 0,1"."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> tuple[tuple[float, float], ...]:  # type: ignore[override]
        try:
            pairs = [tuple(map(float, pair.split(","))) for pair in str(value or "").split()]
            return checked_corners(pairs)
        except ValueError as problem:
            raise ValidationError(_("Please set the four corners again.")) from problem


def checked_corners(corners: Any) -> tuple[tuple[float, float], ...]:
    """None, or four places. Raises ValueError."""
    pairs = tuple((x, y) for x, y in corners)
    if len(pairs) not in (0, 4):
        raise ValueError("A sheet has four corners.")
    if not all(math.isfinite(one) and -FARTHEST <= one <= 1 + FARTHEST for pair in pairs for one in pair):
        raise ValueError("These corners are far away from the picture.")
    return pairs


class AssignForm(forms.Form):
    """Whose page it is, and which one."""

    student = forms.CharField(
        label=gettext_lazy("Student, by number or name"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Leave it empty where you do not know; the paper then waits in review."),
        widget=forms.TextInput(attrs={"list": "students", "autocomplete": "off"}),
    )
    sheet_page = forms.TypedChoiceField(label=gettext_lazy("Page of the sheet"), coerce=int)
    version = forms.TypedChoiceField(label=gettext_lazy("Version"), coerce=int)
    if_there = forms.ChoiceField(
        label=gettext_lazy("Where the student has such a page already"),
        required=False,
        choices=[("", gettext_lazy("Ask me")), *IfThere.choices],
    )
    by_corners = forms.BooleanField(
        label=gettext_lazy("I show where the sheet lies"),
        required=False,
        help_text=gettext_lazy(
            "Drag the corners, or choose one and press the arrow keys, until the boxes lie on the print."
        ),
    )
    corners = CornersField(required=False)

    def __init__(self, exam: Exam, has_corners: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "sheet_page", len(exam.layout.pages))
        offer(self, "version", exam.versions)
        if not has_corners:
            del self.fields["by_corners"], self.fields["corners"]

    @property
    def of_sheet(self) -> list[forms.BoundField]:
        """Which page of it, and of which version."""
        return [self["sheet_page"], self["version"]]

    def place(self) -> dict[str, Any]:
        """What services take, without the corners."""
        return {name: self.cleaned_data[name] for name in ("student", "sheet_page", "version", "if_there")}

    def corners_set(self) -> tuple[tuple[float, float], ...]:
        given = self.cleaned_data
        return given["corners"] if given.get("by_corners") else ()


def known_of(page: ScanPage) -> dict[str, object]:
    """What the form begins with."""
    known = {"by_corners": page.reason in NOT_FOUND, "student": page.suggested_number}
    return known | {"sheet_page": page.sheet_page} if page.sheet_page else known


class ScanForm(forms.Form):
    """What comes beside the files of an upload."""

    if_there = forms.ChoiceField(
        label=gettext_lazy("Pages of students who have theirs already"),
        required=False,
        initial="",
        choices=[
            ("", gettext_lazy("Set copies aside, and ask me about others in review")),
            (IfThere.REPLACE, gettext_lazy("Replace the pages that are there")),
            (IfThere.KEEP, gettext_lazy("Add them, as papers of their own")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("What you corrected on a page goes with it when it is replaced."),
    )

    def wanted(self) -> str:
        """Raises ValidationError."""
        if not self.is_valid():
            raise ValidationError([text for texts in self.errors.values() for text in texts])
        return str(self.cleaned_data["if_there"])


def offer(form: forms.Form, name: str, most: int) -> None:
    """1 to `most`; hidden where there is nothing to choose."""
    field: Any = form.fields[name]
    field.choices = [(number, number) for number in range(1, most + 1)]
    form.initial.setdefault(name, 1)
    if most == 1:
        field.widget = forms.HiddenInput()
