"""Review over the wire: many answers put right at once, and rubrics."""

from rest_framework import serializers

from grading.review.rubrics import LONGEST_NOTE
from grading.serializers.papers import ValueSerializer

MOST_CHANGES = 500


class AnswerChangeSerializer(ValueSerializer):
    paper = serializers.IntegerField()
    item = serializers.IntegerField()


class AnswerChangesSerializer(serializers.Serializer):
    answers = serializers.ListField(
        child=AnswerChangeSerializer(), max_length=MOST_CHANGES, allow_empty=False
    )


class SavedAnswerSerializer(serializers.Serializer):
    paper = serializers.IntegerField(source="paper_id")
    item = serializers.IntegerField(source="item.number")
    value = serializers.CharField()
    state = serializers.CharField()
    points = serializers.FloatField()


class RefusedAnswerSerializer(serializers.Serializer):
    paper = serializers.IntegerField(source="change.paper")
    item = serializers.IntegerField(source="change.item")
    detail = serializers.CharField()


class CorrectedSerializer(serializers.Serializer):
    """`corrections` can be undone together; `left`: how many answers of the exam still wait for a person."""

    saved = SavedAnswerSerializer(many=True)
    refused = RefusedAnswerSerializer(many=True)
    corrections = serializers.ListField(child=serializers.IntegerField())
    left = serializers.IntegerField()


class UndoSerializer(serializers.Serializer):
    corrections = serializers.ListField(child=serializers.IntegerField(), max_length=MOST_CHANGES)


class UndoneSerializer(serializers.Serializer):
    answers = SavedAnswerSerializer(many=True)
    left = serializers.IntegerField()


class RubricRowSerializer(serializers.Serializer):
    """`mark` is the letter by which answers name the row; a new row gets the next free one."""

    mark = serializers.CharField(max_length=1, required=False)
    points = serializers.DecimalField(max_digits=6, decimal_places=2)
    note = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, default="")


class RubricSerializer(serializers.Serializer):
    rows = RubricRowSerializer(many=True)
