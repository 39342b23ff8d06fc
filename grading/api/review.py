"""Review over REST: many answers put right at once, and taken back; what written answers get their points for."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.grants import Right
from grading.api.exams import ExamPartView
from grading.models import ItemKind
from grading.papers.corrections import Change, correct_answers
from grading.review.groups import uncertain
from grading.review.rubrics import save_rubric
from grading.review.undoing import undo_corrections
from grading.serializers.review import (
    AnswerChangesSerializer,
    CorrectedSerializer,
    RubricSerializer,
    UndoneSerializer,
    UndoSerializer,
)
from web.api import validate
from web.refusals import refusals


class AnswersView(ExamPartView):
    right = Right.MARK

    @extend_schema(request=AnswerChangesSerializer, responses=CorrectedSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """What students really answered. Each that can be is saved, each of the others named with a sentence."""
        exam = self.exam
        given = validate(AnswerChangesSerializer, request.data)["answers"]
        done = correct_answers(exam=exam, changes=[Change(**one) for one in given], by=request.user)
        left = uncertain(exam).count()
        body = {
            "saved": done.answers,
            "refused": done.refused,
            "corrections": done.corrections,
            "left": left,
        }
        return Response(CorrectedSerializer(body).data)


class UndoView(ExamPartView):
    right = Right.MARK

    @extend_schema(request=UndoSerializer, responses=UndoneSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Answers become what they were before these corrections."""
        exam = self.exam
        given = validate(UndoSerializer, request.data)
        answers = undo_corrections(exam=exam, by=request.user, **given)
        return Response(UndoneSerializer({"answers": answers, "left": uncertain(exam).count()}).data)


class RubricView(ExamPartView):
    right = Right.MARK

    @extend_schema(request=RubricSerializer, responses=RubricSerializer)
    def put(self, request: Request, pk: int, number: int) -> Response:
        """All rows of a written item's rubric; answers that were given some of them are scored anew."""
        exam = self.exam
        get_object_or_404(exam.items, number=number, kind=ItemKind.OPEN)
        rows = validate(RubricSerializer, request.data)["rows"]
        with refusals("rows"):
            save_rubric(exam=exam, number=number, rows=rows, by=request.user)
        return Response(RubricSerializer({"rows": exam.items.get(number=number).rubric}).data)
