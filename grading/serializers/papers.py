"""Papers and answers over the wire."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from grading.models import Answer, Correction, Paper, ScanPage
from grading.papers.key_changes import KeyChange
from grading.serializers.exams import NumberField


class AnswerSerializer(serializers.ModelSerializer):
    item = serializers.IntegerField(source="item.number", read_only=True)
    name = serializers.CharField(source="item.name", read_only=True)
    reason = serializers.CharField(source="reason_text", read_only=True)
    reason_code = serializers.CharField(source="reason", read_only=True)
    points = NumberField(max_digits=6, decimal_places=2, read_only=True)
    max_points = NumberField(source="most_points", max_digits=6, decimal_places=2, read_only=True)
    page = serializers.IntegerField(source="page.sheet_page", read_only=True)
    crop_url = serializers.SerializerMethodField()

    class Meta:
        model = Answer
        fields = [
            "item",
            "name",
            "value",
            "confidence",
            "state",
            "reason",
            "reason_code",
            "points",
            "max_points",
            "page",
            "crop_url",
        ]

    @extend_schema_field(OpenApiTypes.URI)
    def get_crop_url(self, answer: Answer) -> str:
        where = {"pk": answer.paper_id, "number": answer.item.number}
        return reverse("grading:api-crop", kwargs=where, request=self.context.get("request"))


class CorrectionLogSerializer(serializers.ModelSerializer):
    """`undoes`: the one that it took back."""

    by = serializers.CharField(source="by.username", default="", read_only=True)
    is_undone = serializers.SerializerMethodField()

    class Meta:
        model = Correction
        fields = ["id", "field", "old", "new", "by", "at", "undoes", "is_undone"]

    def get_is_undone(self, correction: Correction) -> bool:
        return hasattr(correction, "undone_by")


class PageOfPaperSerializer(serializers.ModelSerializer):
    page = serializers.IntegerField(source="sheet_page", read_only=True)
    image_url = serializers.SerializerMethodField()
    overlay_url = serializers.SerializerMethodField()

    class Meta:
        model = ScanPage
        fields = ["page", "scan", "file_name", "file_page", "status", "image_url", "overlay_url"]

    @extend_schema_field(OpenApiTypes.URI)
    def get_image_url(self, page: ScanPage) -> str:
        return page_url("grading:api-image", page.paper_id, page.sheet_page, self.context)

    @extend_schema_field(OpenApiTypes.URI)
    def get_overlay_url(self, page: ScanPage) -> str:
        return page_url("grading:api-overlay", page.paper_id, page.sheet_page, self.context)


def page_url(name: str, paper: int, page: int, context: dict[str, Any]) -> str:
    return reverse(name, kwargs={"pk": paper, "page": page}, request=context.get("request"))


class PaperSerializer(serializers.ModelSerializer):
    """A paper with its answers. `student` is the number, "" where it is not known; image_url and overlay_url are
    those of its first page."""

    url = serializers.HyperlinkedIdentityField("grading:api-paper-detail")
    student = serializers.CharField(source="number", read_only=True)
    name = serializers.CharField(source="candidate.name", default="", read_only=True)
    class_name = serializers.CharField(source="candidate.class_name", default="", read_only=True)
    score = NumberField(max_digits=8, decimal_places=2, read_only=True)
    max_score = NumberField(max_digits=8, decimal_places=2, read_only=True)
    reason = serializers.SerializerMethodField()
    reason_codes = serializers.JSONField(source="reasons", read_only=True)
    in_review = serializers.SerializerMethodField()
    answers = AnswerSerializer(many=True, read_only=True)
    pages = serializers.SerializerMethodField()
    image_url = serializers.SerializerMethodField()
    overlay_url = serializers.SerializerMethodField()
    models = serializers.SerializerMethodField()
    corrections = CorrectionLogSerializer(many=True, read_only=True)

    class Meta:
        model = Paper
        fields = [
            "id",
            "url",
            "exam",
            "student",
            "name",
            "class_name",
            "version",
            "suggested_version",
            "score",
            "max_score",
            "status",
            "reason",
            "reason_codes",
            "in_review",
            "answers",
            "pages",
            "image_url",
            "overlay_url",
            "models",
            "corrections",
        ]

    def get_reason(self, paper: Paper) -> str:
        return " ".join(paper.reason_texts)

    def get_in_review(self, paper: Paper) -> int:
        """How many answers wait for a person."""
        return sum(answer.state == Answer.State.REVIEW for answer in paper.answers.all())

    @extend_schema_field(PageOfPaperSerializer(many=True))
    def get_pages(self, paper: Paper) -> list[dict[str, Any]]:
        return PageOfPaperSerializer(filed_pages(paper), many=True, context=self.context).data

    @extend_schema_field(OpenApiTypes.URI)
    def get_image_url(self, paper: Paper) -> str | None:
        return self.first_page_url("grading:api-image", paper)

    @extend_schema_field(OpenApiTypes.URI)
    def get_overlay_url(self, paper: Paper) -> str | None:
        return self.first_page_url("grading:api-overlay", paper)

    def first_page_url(self, name: str, paper: Paper) -> str | None:
        pages = filed_pages(paper)
        return page_url(name, paper.pk, pages[0].sheet_page, self.context) if pages else None

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_models(self, paper: Paper) -> list[str]:
        """The versions of the networks that read it."""
        return sorted({str(version) for page in filed_pages(paper) for version in page.scan.readers.all()})


def filed_pages(paper: Paper) -> list[ScanPage]:
    """Its pages in the sheet's order, from what was prefetched."""
    pages = [page for page in paper.pages.all() if page.status != ScanPage.Status.REJECTED]
    return sorted(pages, key=lambda page: page.sheet_page)


class StudentOfPaperSerializer(serializers.Serializer):
    """Whose paper it is, or of which version; or that all that is open about the paper as a whole has been seen."""

    student = serializers.CharField(max_length=20, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, max_value=26, required=False)
    accepted = serializers.BooleanField(required=False)


class ValueSerializer(serializers.Serializer):
    """`was`: the value that was shown; what was put there meanwhile, by anyone, is then not written over."""

    value = serializers.CharField(max_length=100, allow_blank=True)
    was = serializers.CharField(max_length=100, allow_blank=True, required=False)


class ReviewSerializer(AnswerSerializer):
    """One uncertain answer; those of one `look` seem to say the same for the same reason."""

    paper = serializers.IntegerField(source="paper_id", read_only=True)
    student = serializers.CharField(source="paper.number", read_only=True)
    kind = serializers.CharField(source="item.kind", read_only=True)
    options = serializers.JSONField(source="item.labels", read_only=True)
    look = serializers.SerializerMethodField()

    class Meta(AnswerSerializer.Meta):
        fields = ["paper", "student", *AnswerSerializer.Meta.fields, "kind", "options", "look"]

    def get_look(self, answer: Answer) -> str:
        return f"{answer.reason}:{answer.value}"


def shares(help_text: str) -> serializers.DictField:
    """Probabilities by the names of their classes."""
    return serializers.DictField(child=serializers.FloatField(), allow_null=True, help_text=help_text)


class CellEvidenceSerializer(serializers.Serializer):
    """A bubble or box. `picture` and `empty`, how one of its kind looks here when nothing is marked, are data: URLs.
    `ink` is 0 for empty bubbles of the page and 1 for the student's usual mark."""

    part = serializers.IntegerField(source="box.part")
    option = serializers.CharField(source="box.option", allow_null=True)
    kind = serializers.CharField(source="box.kind")
    picture = serializers.CharField()
    empty = serializers.CharField()
    ink = serializers.FloatField(allow_null=True)
    network = shares("What the network said alone; null where that was not kept.")
    page = shares("What was believed, once the page's ink was asked.")
    certain = serializers.FloatField(help_text="From which probability on it may be called certain.")
    note = serializers.CharField()


class PlaceEvidenceSerializer(serializers.Serializer):
    """One digit of a student number. Of each channel its state (`sure`, `blank` or `open`) and its likeliest digit."""

    place = serializers.IntegerField()
    printed = serializers.CharField()
    bubbled = serializers.ListField(child=serializers.CharField())
    handwritten = serializers.ListField(child=serializers.CharField())
    digit = serializers.CharField()
    reason = serializers.CharField()


class EvidenceSerializer(serializers.Serializer):
    """`rule` decided. Ink below `faint` is taken for rubbed out or accidental, from `mark` on for a mark."""

    rule = serializers.CharField()
    faint = serializers.FloatField()
    mark = serializers.FloatField()
    cells = CellEvidenceSerializer(many=True)
    places = PlaceEvidenceSerializer(many=True)


class ScoreChangeSerializer(serializers.Serializer):
    """A paper whose score changed."""

    paper = serializers.IntegerField()
    student = serializers.CharField()
    old_score = serializers.FloatField()
    new_score = serializers.FloatField()
    change = serializers.FloatField()


def score_change(paper: Paper, old: float, new: float) -> dict[str, Any]:
    """As ScoreChangeSerializer describes it."""
    return {
        "paper": paper.pk,
        "student": paper.number,
        "old_score": old,
        "new_score": new,
        "change": round(new - old, 2),
    }


class ScoreChangesSerializer(serializers.Serializer):
    """What another key would do: `old_total` and `new_total` are what a paper can reach, of the first version."""

    papers = serializers.IntegerField()
    old_total = serializers.FloatField()
    new_total = serializers.FloatField()
    changed = serializers.SerializerMethodField()

    @extend_schema_field(ScoreChangeSerializer(many=True))
    def get_changed(self, change: KeyChange) -> list[dict[str, Any]]:
        return [score_change(one.paper, float(one.before), float(one.after)) for one in change.scores]
