"""What an exported exam says, as JSON of somebody: nothing of it is believed before it is checked here."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from grading.models import AGAIN, Answer, Exam, ExamImport, IfThere, ScanPage
from grading.reasons import REASONS
from grading.serializers.exams import GroupsField, ItemSerializer
from jobs.serializers import JobSerializer
from web.serializers import LinkedSerializer

MOST_ITEMS, MOST_SCANS, MOST_PAGES, MOST_PAPERS = 999, 1_000, 5_000, 5_000
SMALL = 32_767


def text(length: int) -> serializers.CharField:
    return serializers.CharField(max_length=length, allow_blank=True, trim_whitespace=False)


def whole(most: int = SMALL, least: int = 0, **how: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=least, max_value=most, **how)


def reasons() -> serializers.ListField:
    return serializers.ListField(child=serializers.ChoiceField(list(REASONS)), max_length=len(REASONS))


class PlaceField(serializers.ListField):
    """[scan, page, part]"""

    child = serializers.IntegerField(min_value=0, max_value=SMALL)

    def __init__(self, **how: Any) -> None:
        super().__init__(min_length=3, max_length=3, **how)


class ManifestSerializer(serializers.Serializer):
    format = serializers.CharField(max_length=50)
    version = serializers.IntegerField(min_value=1)


class ExamFieldsSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    code = serializers.RegexField(r"^[0-9A-Za-z]{8}$")
    language = serializers.ChoiceField(settings.LANGUAGES)
    paper = serializers.ChoiceField(Exam.Paper.choices)
    id_digits = whole(12)
    id_groups = GroupsField()
    versions = whole(26, 1)


class MovedItemSerializer(ItemSerializer):
    """With what templates give."""

    class Meta(ItemSerializer.Meta):
        read_only_fields = ()

    def validate_marking(self, marking: Any) -> dict[str, Any]:
        numbers = [*marking.values()] if isinstance(marking, dict) else [None]
        accepted = marking.get("accepted", {}) if isinstance(marking, dict) else None
        if isinstance(accepted, dict):
            numbers = [one for one in numbers if one is not accepted] + [*accepted.values()]
        if not all(isinstance(one, int | float) and abs(one) <= 9999 for one in numbers):
            raise serializers.ValidationError("These are no points.")
        return marking


class LayoutSerializer(serializers.Serializer):
    key = serializers.RegexField(r"^[0-9a-f]{64}$")
    content = serializers.JSONField()


class RosterRowSerializer(serializers.Serializer):
    number = serializers.RegexField(r"^[0-9A-Za-z]{1,20}$")
    name = text(100)
    class_name = text(100)


class MovedTemplateSerializer(serializers.Serializer):
    values = serializers.JSONField()
    pictures = serializers.ListField(child=serializers.CharField(max_length=300), max_length=50)
    is_drawn = serializers.BooleanField(default=False)


class ExamDocumentSerializer(serializers.Serializer):
    about = ExamFieldsSerializer()
    items = serializers.ListField(child=MovedItemSerializer(), min_length=1, max_length=MOST_ITEMS)
    layouts = serializers.ListField(child=LayoutSerializer(), max_length=100)
    roster = serializers.ListField(child=RosterRowSerializer(), max_length=MOST_PAPERS)
    template = MovedTemplateSerializer(allow_null=True)


class MovedAnswerSerializer(serializers.Serializer):
    item = whole()
    at = PlaceField()
    value = text(100)
    confidence = serializers.FloatField(min_value=0, max_value=1)
    state = serializers.ChoiceField(Answer.State.choices)
    reason = serializers.ChoiceField(["", *REASONS])


class MovedCorrectionSerializer(serializers.Serializer):
    item = whole(allow_null=True)
    field = text(20)
    old = text(200)
    new = text(200)
    at = serializers.DateTimeField()
    undoes = whole(allow_null=True)
    pages = serializers.ListField(child=PlaceField(), max_length=100)


class MovedPaperSerializer(serializers.Serializer):
    number = serializers.RegexField(r"^[\x21-\x7e]{0,20}$", allow_blank=True)
    version = whole(26, 1)
    doubts = reasons()
    accepted = reasons()
    answers = serializers.ListField(child=MovedAnswerSerializer(), max_length=MOST_ITEMS)
    corrections = serializers.ListField(child=MovedCorrectionSerializer(), max_length=10_000)


class MovedPageSerializer(serializers.Serializer):
    page = whole()
    part = whole()
    file_name = text(255)
    file_page = whole()
    status = serializers.ChoiceField(ScanPage.Status.choices)
    reason = serializers.ChoiceField(["", *REASONS])
    detail = text(200)
    sheet_page = whole(least=1, allow_null=True)
    placed = serializers.ChoiceField(ScanPage.Placed.choices)
    suggested_number = text(20)
    paper = whole(MOST_PAPERS, allow_null=True)
    kept = serializers.ChoiceField(["", "page", AGAIN])


class MovedFileSerializer(serializers.Serializer):
    name = text(200)
    kind = serializers.CharField(max_length=10, required=False)
    pages = whole(required=False)
    problem = serializers.ChoiceField(list(REASONS), required=False)


class MovedScanSerializer(serializers.Serializer):
    created_at = serializers.DateTimeField()
    if_there = serializers.ChoiceField(["", *IfThere.values])
    readers = serializers.ListField(child=serializers.CharField(max_length=64), max_length=20)
    files = serializers.ListField(child=MovedFileSerializer(), min_length=1, max_length=2_000)
    pages = serializers.ListField(child=MovedPageSerializer(), max_length=MOST_PAGES)


class MovedCellsSerializer(serializers.Serializer):
    """Shapes are checked against the layout."""

    page = whole()
    part = whole()
    items = serializers.DictField(child=serializers.JSONField())
    identity = serializers.DictField(child=serializers.JSONField())
    networks = serializers.JSONField(allow_null=True)
    beside = serializers.ListField(child=whole(), max_length=MOST_ITEMS, allow_null=True)


class ExamImportSerializer(LinkedSerializer):
    """`exam` is its id, null until the job has ended."""

    url = serializers.HyperlinkedIdentityField("grading:api-import")
    job = JobSerializer(read_only=True)

    class Meta:
        model = ExamImport
        fields = ["id", "url", "exam", "created_at", "job"]
