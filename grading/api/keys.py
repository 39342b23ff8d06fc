"""The key over REST: what a text says that was typed or pasted, and scoring anew. It is saved with the exam's items."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import status as http
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.grants import Right
from grading import services
from grading.api.exams import ExamPartView
from grading.forms.blocks import LONGEST_KEY
from grading.forms.key import read_pasted
from grading.key.orders import as_places, orders_from
from grading.serializers.exams import KeyField
from grading.serializers.papers import ScoreChangeSerializer, score_change
from grading.serializers.scoring import OrdersSerializer
from web.api import validate
from web.parsers import MultiPartParser, SmallJSONParser
from web.refusals import refusals


class KeyTextSerializer(drf.Serializer):
    """`first`: the item that the text begins with."""

    text = drf.CharField(max_length=LONGEST_KEY, trim_whitespace=False)
    first = drf.IntegerField(min_value=1, max_value=999, default=1)


class CellReadSerializer(drf.Serializer):
    """What stands at an item in a version; `detail` says what is wrong, with all of it where `item` is null."""

    item = drf.IntegerField(allow_null=True)
    version = drf.IntegerField()
    typed = drf.CharField()
    answer = KeyField()
    any_of = drf.BooleanField()
    detail = drf.CharField()


class KeyReadSerializer(drf.Serializer):
    answers = CellReadSerializer(many=True)
    problems = CellReadSerializer(many=True)


class KeyView(ExamPartView):
    parser_classes = (SmallJSONParser, MultiPartParser)

    @extend_schema(request=KeyTextSerializer, responses={200: KeyReadSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """What a key says that was typed or pasted, for all items from `first` on. Nothing is stored."""
        exam = self.exam
        given = validate(KeyTextSerializer, request.data)
        cells = read_pasted(exam, given["text"], given["first"])
        answers = [cell for cell in cells if not cell.detail]
        problems = [cell for cell in cells if cell.detail]
        return Response(KeyReadSerializer({"answers": answers, "problems": problems}).data)


class OrdersView(ExamPartView):
    parser_classes = (SmallJSONParser,)

    @extend_schema(responses=OrdersSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """In which order the versions ask the items of the first; those that are not named have keys of their own."""
        return Response({"places": as_places(self.exam.orders)})

    @extend_schema(request=OrdersSerializer, responses=OrdersSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """All of it anew: papers of these versions are scored by the key of the first, at once."""
        exam, given = self.exam, validate(OrdersSerializer, request.data)
        with refusals("places"):
            orders = orders_from(given["places"], list(exam.items.all()), exam.versions)
            exam = services.update_exam(exam=exam, orders=orders, by=request.user)
        return Response({"places": as_places(exam.orders)})


class RegradeView(ExamPartView):
    right = Right.MARK

    @extend_schema(request=None, responses=ScoreChangeSerializer(many=True))
    def post(self, request: Request, pk: int) -> Response:
        """Score all papers anew; answers who changed since the scores were last told, and by how much."""
        exam = self.exam
        changed = [score_change(*one) for one in services.regrade(exam=exam)]
        return Response({"papers": exam.papers.count(), "changed": changed}, status=http.HTTP_200_OK)
