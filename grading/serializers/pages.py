"""Pages of uploads over the wire, and what a person says of them."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from grading.forms.pages import checked_corners
from grading.models import IfThere, ScanPage
from grading.serializers.exams import ScanPageSerializer
from jobs.serializers import JobSerializer
from web.middleware import LARGEST_ID
from web.parsers import parsed_number


class PageSerializer(ScanPageSerializer):
    job = serializers.SerializerMethodField()

    class Meta(ScanPageSerializer.Meta):
        fields = ["scan", *ScanPageSerializer.Meta.fields, "job"]

    @extend_schema_field(JobSerializer(allow_null=True))
    def get_job(self, page: ScanPage) -> dict[str, Any] | None:
        asked = page.assignments.select_related("job").last()
        return JobSerializer(asked.job, context=self.context).data if asked else None


class PlaceSerializer(serializers.Serializer):
    """Whose page it is, and which one. `student`: by number or name; `if_there`: what becomes of such a page that the
    student has already."""

    student = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    sheet_page = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, default=1)
    version = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, default=1)
    if_there = serializers.ChoiceField(["", *IfThere.values], required=False, default="")


class AssignSerializer(PlaceSerializer):
    """`paper` instead of `student`: whose paper that is. `corners`: of the sheet in the picture, clockwise from its own
    top left, in shares of the sides, where it cannot be found otherwise."""

    paper = serializers.IntegerField(required=False, max_value=LARGEST_ID)
    corners = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        required=False,
        default=list,
        max_length=4,
    )

    def validate_corners(self, corners: list[list[float]]) -> tuple[tuple[float, float], ...]:
        try:
            return checked_corners(corners)
        except ValueError as problem:
            raise serializers.ValidationError(_("Please set the four corners again.")) from problem

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if (pk := fields.pop("paper", None)) is not None:
            paper = self.context["papers"].filter(pk=pk).first()
            if paper is None:
                sentence = _("This exam has no such paper whose student is known.")
                raise serializers.ValidationError({"paper": [sentence]})
            fields |= {"student": paper.number, "version": paper.version}
        return fields


class TypedPaperSerializer(PlaceSerializer):
    """A rejected page, by its upload and its number there, whose answers are typed in: by the numbers of items."""

    scan = serializers.IntegerField(max_value=LARGEST_ID)
    page = serializers.IntegerField(max_value=LARGEST_ID)
    answers = serializers.DictField(
        child=serializers.CharField(max_length=100, allow_blank=True), required=False, default=dict
    )

    def validate_answers(self, answers: dict[str, str]) -> dict[int, str]:
        numbers = {parsed_number(name): value for name, value in answers.items()}
        if None in numbers:
            raise serializers.ValidationError(_("Answers are named by the numbers of their items."))
        return {number: value for number, value in numbers.items() if number is not None}
