"""What goes over the wire, as /api/ fixes it."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.reverse import reverse

from grading.key.items import SCHOOL, clean_for
from grading.models import Candidate, Exam, IfThere, Item, RosterUpload, Scan, ScanPage
from grading.reasons import reason_text
from grading.serializers.scoring import GradesField, MarkingField
from jobs.serializers import JobSerializer
from school.serializers import LIST_FIELDS, ListRemarks
from web.middleware import LARGEST_ID
from web.refusals import refusals
from web.serializers import LinkedSerializer


@extend_schema_field(OpenApiTypes.NUMBER)
class NumberField(serializers.DecimalField):
    """A decimal that is a plain number in JSON."""

    def to_representation(self, value: Decimal) -> float:
        return float(value)


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
class KeyField(serializers.JSONField):
    """ "" = no key yet, one answer, or a list of them."""


class ItemSerializer(serializers.ModelSerializer):
    number = serializers.IntegerField(min_value=1, max_value=999)
    options = serializers.JSONField(required=False, help_text='["1", "2", "3"], 5 or "A-E"')
    digits = serializers.IntegerField(min_value=1, max_value=12, default=3)
    lines = serializers.IntegerField(min_value=1, max_value=40, default=5)
    answer = KeyField(required=False, default="")
    answers = serializers.ListField(child=KeyField(), required=False, default=list, max_length=26)
    tolerance = NumberField(max_digits=12, decimal_places=6, min_value=0, default=Decimal(0))
    points = NumberField(max_digits=6, decimal_places=2, min_value=0, default=Decimal(1))
    marking = MarkingField(required=False)

    class Meta:
        model = Item
        fields = [
            "number",
            "name",
            "kind",
            "options",
            "digits",
            "lines",
            "answer",
            "answers",
            "any_of",
            "tolerance",
            "points",
            "marking",
        ]
        read_only_fields = ["name"]  # which templates give

    def validate(self, item: dict[str, Any]) -> dict[str, Any]:
        if "number" not in item:  # which a PATCH may not leave out either: it says which item is meant
            raise serializers.ValidationError({"number": self.fields["number"].error_messages["required"]})
        return item

    def to_representation(self, item: Item) -> dict[str, Any]:
        return {**super().to_representation(item), "options": item.labels or item.options}


@extend_schema_field(OpenApiTypes.ANY)
class GroupsField(serializers.JSONField):
    """ "school" for 학년, 반, 번호; or [["Grade", 1], ["Class", 2], ["No.", 2]]; [] = id_digits digits in one."""

    def to_internal_value(self, data: Any) -> Any:
        if data in ("", "school", None):
            return data or []
        is_list = isinstance(data, list) and all(
            isinstance(group, list | tuple)
            and len(group) == 2
            and isinstance(group[0], str)
            and type(group[1]) is int
            for group in data
        )
        if not is_list:
            raise serializers.ValidationError('Use "school", or a list of [label, digits].')
        return [[label[:20], digits] for label, digits in data]


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A short exam",
            {
                "title": "Mathematics 1",
                "paper": "A4",
                "id_digits": 5,
                "items": [
                    {"number": 1, "kind": "choice", "options": ["1", "2", "3", "4", "5"], "answer": "3"},
                    {"number": 2, "kind": "ox", "answer": "O"},
                    {"number": 3, "kind": "number", "digits": 3, "answer": "42", "points": 2},
                ],
            },
            request_only=True,
        )
    ]
)
class ExamSerializer(serializers.ModelSerializer):
    items = ItemSerializer(many=True)
    id_digits = serializers.IntegerField(min_value=1, max_value=12, default=8)
    id_groups = GroupsField(required=False)
    versions = serializers.IntegerField(min_value=1, max_value=26, default=1)
    grades = GradesField(required=False)
    url = serializers.HyperlinkedIdentityField("grading:api-exam-detail")
    paper_count = serializers.SerializerMethodField()
    is_archived = serializers.BooleanField(required=False)
    has_template = serializers.BooleanField(source="template", read_only=True)

    class Meta:
        model = Exam
        fields = [
            "id",
            "url",
            "code",
            "title",
            "language",
            "paper",
            "id_digits",
            "id_groups",
            "versions",
            "rounding",
            "is_never_negative",
            "grades",
            "is_learned_from",
            "is_archived",
            "items",
            "paper_count",
            "has_template",
            "created_at",
        ]
        read_only_fields = ["code", "created_at"]

    def get_paper_count(self, exam: Exam) -> int:
        """Of a list they are counted together."""
        counted: int | None = getattr(exam, "paper_count", None)
        return exam.papers.count() if counted is None else counted

    def validate_items(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        with refusals():
            return clean_for(self.instance, items)

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields.get("id_groups") == "school":
            language = fields.get("language") or getattr(self.instance, "language", "ko")
            fields["id_groups"] = SCHOOL[language]
        return fields


class TemplateUploadSerializer(serializers.Serializer):
    """The names of the fields are `files[]` or `files`: template.json and what it names, or a ZIP of these."""

    files = serializers.ListField(child=serializers.FileField(), required=False)  # taken from the form itself
    title = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False, default="ko")


class BlockPlaceSerializer(serializers.Serializer):
    """Where a block of bubbles is, in px of the template's page; what is left out stays."""

    origin = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2, required=False)
    bubblesGap = serializers.FloatField(required=False)
    labelsGap = serializers.FloatField(required=False)


class BlocksSerializer(serializers.Serializer):
    """By the names of fieldBlocks in template.json."""

    blocks = serializers.DictField(child=BlockPlaceSerializer())


class CandidateSerializer(serializers.ModelSerializer):
    class_name = serializers.CharField(read_only=True)
    recognised_score = NumberField(max_digits=8, decimal_places=2, allow_null=True)

    class Meta:
        model = Candidate
        fields = ["id", "number", "name", "class_name", "state", "recognised_score"]


class ChangedCandidateSerializer(serializers.Serializer):
    number = serializers.CharField(max_length=20, required=False)
    name = serializers.CharField(max_length=100, allow_blank=True, required=False)


class StatesSerializer(serializers.Serializer):
    """Of students by their `id`, what counts of them; `recognised_score` where that is a score of their own."""

    students = serializers.ListField(child=serializers.IntegerField(max_value=LARGEST_ID), max_length=2000)
    state = serializers.ChoiceField(choices=Candidate.State.choices)
    recognised_score = NumberField(max_digits=8, decimal_places=2, allow_null=True, default=None)


class NewCandidateSerializer(serializers.Serializer):
    number = serializers.CharField(max_length=20)
    name = serializers.CharField(max_length=100, allow_blank=True, default="")
    class_name = serializers.CharField(max_length=100, allow_blank=True, default="")


class RosterUploadSerializer(ListRemarks, LinkedSerializer):
    """What a table of students came to; empty until its job has ended. `rows` are those of a preview, `columns` the
    names of the columns."""

    url = serializers.SerializerMethodField()
    students = serializers.SerializerMethodField()
    job = JobSerializer(read_only=True)

    class Meta:
        model = RosterUpload
        fields = ["id", "url", *LIST_FIELDS, "students", "job"]

    def get_url(self, upload: RosterUpload) -> str:
        return self.link("grading:api-roster-upload", upload.exam_id, upload.pk)

    @extend_schema_field(CandidateSerializer(many=True))
    def get_students(self, upload: RosterUpload) -> list[dict[str, Any]]:
        is_stored = upload.job.status == "done" and not upload.is_preview
        return CandidateSerializer(upload.exam.candidates.all(), many=True).data if is_stored else []


class ScanPageSerializer(serializers.ModelSerializer):
    """`placed`: what said where its boxes are: its print, a person's hand, or nothing, where answers are typed in."""

    url = serializers.SerializerMethodField()
    image_url = serializers.SerializerMethodField()
    reason = serializers.CharField(source="reason_text", read_only=True)
    reason_code = serializers.CharField(source="reason", read_only=True)

    class Meta:
        model = ScanPage
        fields = [
            "page",
            "part",
            "url",
            "status",
            "reason",
            "reason_code",
            "paper",
            "sheet_page",
            "placed",
            "file_name",
            "file_page",
            "image_url",
        ]

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, page: ScanPage) -> str:
        return self.link("grading:api-page", page)

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_image_url(self, page: ScanPage) -> str | None:
        return self.link("grading:api-picture", page) if page.image else None

    def link(self, name: str, page: ScanPage) -> str:
        address = reverse(name, args=[page.scan_id, page.page], request=self.context.get("request"))
        return f"{address}?part={page.part}" if page.part else address


class ScanSerializer(serializers.ModelSerializer):
    url = serializers.HyperlinkedIdentityField("grading:api-scan-detail")
    job = JobSerializer(read_only=True)
    files = serializers.SerializerMethodField()
    pages = ScanPageSerializer(many=True, read_only=True)

    class Meta:
        model = Scan
        fields = ["id", "url", "exam", "job", "created_at", "if_there", "page_count", "files", "pages"]

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_files(self, scan: Scan) -> list[dict[str, Any]]:
        return [
            {
                "name": file["name"],
                "pages": file.get("pages", 0),
                "problem": reason_text(file.get("problem", "")),
            }
            for file in scan.files
        ]


class ScanOptionsSerializer(serializers.Serializer):
    """`if_there`: what becomes of pages that students have already: `keep` both, or `replace` those. Where it is left
    out, pages that say the same are turned away, and others become papers of their own, in review."""

    if_there = serializers.ChoiceField(["", *IfThere.values], required=False, default="")


class ScanUploadSerializer(ScanOptionsSerializer):
    """The names of the fields are `files[]` or `files`."""

    files = serializers.ListField(child=serializers.FileField())
