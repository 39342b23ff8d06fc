"""Results that are given out, over the wire, and what students ask about them."""

from typing import Any

from rest_framework import serializers
from rest_framework.reverse import reverse

from grading.models import RegradeRequest, Release, ReleasedPaper
from grading.models.releases import DAYS, MOST_DAYS
from grading.results.regrade_requests import LONGEST
from grading.results.releases import token_of
from web.middleware import LARGEST_ID


class ReleaseSerializer(serializers.Serializer):
    """What is given out: `score` alone, with `answers` and key, or with the `scan`, too; `days` that links work."""

    shows = serializers.ChoiceField(Release.Shows.choices, default=Release.Shows.ANSWERS)
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, default=DAYS)


class ChangedScoreSerializer(serializers.Serializer):
    paper = serializers.IntegerField(source="paper_id")
    student = serializers.CharField(source="number")
    told = serializers.FloatField(source="score")
    score = serializers.FloatField(source="paper.score")


class ReleaseStateSerializer(serializers.Serializer):
    """`papers`: given out; `waiting`: there, and not given out; `changed`: whose score changed since."""

    is_released = serializers.BooleanField()
    shows = serializers.CharField(allow_blank=True)
    released_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    papers = serializers.IntegerField()
    waiting = serializers.IntegerField()
    changed = ChangedScoreSerializer(many=True)


class SharedAnswerSerializer(serializers.Serializer):
    item = serializers.IntegerField()
    name = serializers.CharField()
    value = serializers.CharField(allow_blank=True)
    key = serializers.CharField(allow_blank=True)
    points = serializers.FloatField()
    max_points = serializers.FloatField()
    sign = serializers.CharField(allow_blank=True)
    is_in_review = serializers.BooleanField()


class SharedRequestSerializer(serializers.Serializer):
    item = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    state = serializers.ChoiceField(RegradeRequest.State.choices)
    reply = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class SharedResultSerializer(serializers.Serializer):
    """What a student sees of her own paper. `told_score`: what it was when it was given out. `state_text`: why none of
    these counts, of who does not sit the exam; empty else."""

    exam = serializers.CharField()
    student = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    state_text = serializers.CharField(allow_blank=True)
    score = serializers.FloatField()
    max_score = serializers.FloatField()
    told_score = serializers.FloatField()
    told_max_score = serializers.FloatField()
    has_changed = serializers.BooleanField()
    is_in_review = serializers.BooleanField()
    released_at = serializers.DateTimeField()
    answers = SharedAnswerSerializer(many=True)
    pages = serializers.ListField(child=serializers.IntegerField())
    requests = SharedRequestSerializer(many=True)


class AskSerializer(serializers.Serializer):
    """`item`: its number; left out, it is about the paper as a whole."""

    item = serializers.IntegerField(required=False, allow_null=True, max_value=LARGEST_ID)
    text = serializers.CharField(max_length=LONGEST)


class OwnResultSerializer(serializers.ModelSerializer):
    """`token` names it in other addresses."""

    exam = serializers.CharField(source="paper.exam.title")
    score = serializers.FloatField(source="paper.score")
    max_score = serializers.FloatField(source="paper.max_score")
    has_changed = serializers.BooleanField()
    token = serializers.SerializerMethodField()

    class Meta:
        model = ReleasedPaper
        fields = ["exam", "score", "max_score", "has_changed", "at", "token"]

    def get_token(self, released: ReleasedPaper) -> str:
        return token_of(released)


class RegradeRequestSerializer(serializers.ModelSerializer):
    item = serializers.IntegerField(source="item.number", allow_null=True, default=None)
    student = serializers.CharField(source="paper.number")
    url = serializers.SerializerMethodField()

    class Meta:
        model = RegradeRequest
        fields = [
            "id",
            "url",
            "paper",
            "student",
            "item",
            "text",
            "state",
            "reply",
            "old_score",
            "new_score",
            "created_at",
            "answered_at",
        ]

    def get_url(self, asked: RegradeRequest) -> str:
        url: str = reverse("grading:api-request", args=[asked.pk], request=self.context.get("request"))
        return url


class ReplySerializer(serializers.Serializer):
    """`value`: what the item is corrected to, if it is."""

    reply = serializers.CharField(max_length=LONGEST)
    value = serializers.CharField(required=False, allow_blank=True, max_length=100)


def release_state(release: Release | None, waiting: int, changed: Any) -> dict[str, Any]:
    return {
        "is_released": release is not None,
        "shows": release.shows if release else "",
        "released_at": release.at if release else None,
        "expires_at": release.expires_at if release else None,
        "papers": release.papers.count() if release else 0,
        "waiting": waiting,
        "changed": changed,
    }
