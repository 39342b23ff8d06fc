"""The REST side of papers: find, correct, show."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import status as http
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.grants import Right, right_for
from accounts.permissions import IsTeacher
from grading import removals, services
from grading.access import find_exam, find_page, find_paper
from grading.api.exams import TeacherPartView
from grading.models import Answer, Paper, ScanPage
from grading.papers.versions import correct_version
from grading.reading import page_images, rejected_pages
from grading.reading.evidence import evidence_of_answer, evidence_of_student
from grading.serializers.pages import TypedPaperSerializer
from grading.serializers.papers import (
    AnswerSerializer,
    EvidenceSerializer,
    PaperSerializer,
    StudentOfPaperSerializer,
    ValueSerializer,
)
from trash.api import TrashMixin
from trash.models import Item
from web.api import validate
from web.refusals import refusals


class PaperFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=Paper.Status.choices)
    student = filters.CharFilter(field_name="number")
    # As the bars of the results have it: from the one on, below the other
    score_from = filters.NumberFilter(field_name="score", lookup_expr="gte")
    score_to = filters.NumberFilter(field_name="score", lookup_expr="lt")


class PapersView(ListAPIView):
    queryset = Paper.objects.none()
    serializer_class = PaperSerializer
    permission_classes = (IsTeacher,)
    filterset_class = PaperFilter
    ordering_fields = ("number", "score")

    def get_queryset(self) -> QuerySet[Paper]:
        return find_exam(self.request.user, self.kwargs["pk"]).papers.whole()

    @extend_schema(request=TypedPaperSerializer, responses={201: PaperSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """The answers of a rejected page, typed in: it becomes a page of this student's paper."""
        find_exam(request.user, pk, Right.MARK)
        given = validate(TypedPaperSerializer, request.data)
        which = {name: given.pop(name) for name in ("scan", "page")}
        page = find_page(request.user, Right.MARK, scan__exam=pk, **which)
        with refusals():
            paper = rejected_pages.type_in_page(page=page, by=request.user, **given)
        body = self.get_serializer(Paper.objects.whole().get(pk=paper.pk)).data
        return Response(body, status=http.HTTP_201_CREATED, headers={"Location": body["url"]})


class PaperViewSet(TrashMixin, RetrieveModelMixin, GenericViewSet):
    queryset = Paper.objects.none()
    serializer_class = PaperSerializer
    permission_classes = (IsTeacher,)

    def get_queryset(self) -> QuerySet[Paper]:
        return Paper.objects.for_user(self.request.user, Right.VIEW).whole()

    def get_object(self) -> Paper:
        right = right_for(self.request, Right.MARK)
        return Paper.objects.whole().get(pk=find_paper(self.request.user, right, pk=self.kwargs["pk"]).pk)

    def delete_row(self, row: Paper) -> Item | None:
        return removals.remove_paper(paper=row, by=self.request.user)

    @extend_schema(request=StudentOfPaperSerializer, responses=PaperSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Whose paper it is, or of which version; or `accepted`: all that is open about it as a whole has been seen."""
        paper, given = self.get_object(), validate(StudentOfPaperSerializer, request.data)
        with refusals("student"):
            if "student" in given:
                paper = services.correct_student(paper=paper, number=given["student"], by=request.user)
            if "version" in given:
                paper = correct_version(paper=paper, version=given["version"], by=request.user)
            if given.get("accepted"):
                paper = services.accept_paper(paper=paper, by=request.user)
        return Response(self.get_serializer(Paper.objects.whole().get(pk=paper.pk)).data)


class PaperPartView(TeacherPartView):
    @property
    def paper(self) -> Paper:
        return find_paper(self.request.user, right_for(self.request, Right.MARK), pk=self.kwargs["pk"])

    def page(self, number: int) -> ScanPage:
        pages = self.paper.pages.filed().select_related("scan__exam")
        return get_object_or_404(pages, sheet_page=number)


class AnswerView(PaperPartView):
    @extend_schema(request=ValueSerializer, responses=AnswerSerializer)
    def patch(self, request: Request, pk: int, number: int) -> Response:
        """What the student really answered; scores the paper anew at once."""
        paper, given = self.paper, validate(ValueSerializer, request.data)
        with refusals("value"):
            try:
                answer = services.correct_answer(paper=paper, number=number, by=request.user, **given)
            except Answer.DoesNotExist:
                raise NotFound from None
        paper.refresh_from_db()
        score = {"score": float(paper.score), "max_score": float(paper.max_score), "status": paper.status}
        return Response(
            {**AnswerSerializer(answer, context=self.get_serializer_context()).data, "paper": score}
        )


JPEG_ANSWER = extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})


class CropQuery(drf.Serializer):
    """`wide`: with what is beside it."""

    wide = drf.BooleanField(default=False)


class AnswerCropView(PaperPartView):
    @extend_schema(parameters=[CropQuery], responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, number: int) -> HttpResponse:
        is_wide = validate(CropQuery, request.query_params)["wide"]
        margin = page_images.SURROUNDINGS if is_wide else page_images.MARGIN
        answers = Answer.objects.select_related("page__scan__exam")
        answer = get_object_or_404(answers, paper=self.paper, item__number=number)
        return private_jpeg(lambda: page_images.crop(answer.page, number, margin))


class StudentCropView(PaperPartView):
    @JPEG_ANSWER
    def get(self, request: Request, pk: int) -> HttpResponse:
        """What the first page says of the student: name and number."""
        page = page_images.first_page(self.paper)
        if page is None:
            raise NotFound
        return private_jpeg(lambda: page_images.crop(page, "id"))


class EvidenceView(PaperPartView):
    @extend_schema(responses=EvidenceSerializer)
    def get(self, request: Request, pk: int, number: int) -> Response:
        """Why an item was read as it was: its cells, what each reader said of them, and the rule that decided."""
        answer = get_object_or_404(Answer.objects.with_page(), paper=self.paper, item__number=number)
        return Response(EvidenceSerializer(evidence_of_answer(answer)).data)


class StudentEvidenceView(PaperPartView):
    @extend_schema(responses=EvidenceSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Why this number was taken for the student's: by its channels, digit by digit."""
        return Response(EvidenceSerializer(evidence_of_student(self.paper)).data)


class ImageView(PaperPartView):
    @JPEG_ANSWER
    def get(self, request: Request, pk: int, page: int) -> HttpResponse:
        row = self.page(page)
        return private_jpeg(lambda: page_images.read_page_image(row))


class OverlayView(PaperPartView):
    @JPEG_ANSWER
    def get(self, request: Request, pk: int, page: int) -> HttpResponse:
        """The page with every reading and its points drawn on it."""
        row = self.page(page)
        return private_jpeg(lambda: page_images.overlay(row, row.answers.select_related("item")))


def private_jpeg(make: Callable[[], bytes]) -> HttpResponse:
    try:
        data = make()
    except FileNotFoundError:
        raise NotFound from None
    return HttpResponse(data, content_type="image/jpeg", headers={"Cache-Control": "private, no-cache"})
