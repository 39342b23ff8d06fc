"""The REST side of grading: find, call one service, answer."""

import io
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers as drf
from rest_framework import status as http
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet, ModelViewSet

from accounts.grants import Right, right_for
from accounts.permissions import IsTeacher
from grading import removals, services
from grading.access import find_exam, find_scan
from grading.archive import archive_exam
from grading.duplicates import duplicate_exam
from grading.exam_list import with_state
from grading.models import Answer, Exam, Scan
from grading.presentation import review_queue
from grading.results import exports
from grading.results.item_analysis import counted_papers, item_analysis
from grading.results.matrix import ITEMS, STUDENTS, as_json, in_order, lines_of
from grading.results.result_book import result_book
from grading.serializers.exams import (
    ExamSerializer,
    ScanOptionsSerializer,
    ScanSerializer,
    ScanUploadSerializer,
)
from grading.serializers.papers import ReviewSerializer, ScoreChangesSerializer
from jobs.api import accepted_response
from jobs.long_poll import LongPoll
from trash.api import TrashMixin
from trash.models import Item
from web.api import PartView, idempotency_key, validate
from web.parsers import MultiPartParser, parsed_number
from web.refusals import refusals
from web.schema import CSV_FILE, IDEMPOTENCY_KEY, XLSX_FILE
from web.tables import as_download, as_file

SCANS = LongPoll(Scan.objects.select_related("job").prefetch_related("pages"))


class PreviewQuery(drf.Serializer):
    preview = drf.BooleanField(default=False)


class ExamFilter(filters.FilterSet):
    """Without `is_archived` archived ones are left out."""

    title = filters.CharFilter()
    search = filters.CharFilter(field_name="title", lookup_expr="icontains")
    is_archived = filters.ChoiceFilter(
        choices=[("true", "true"), ("false", "false"), ("all", "all")], method="by_archive"
    )

    def by_archive(self, rows: QuerySet[Exam], name: str, value: str) -> QuerySet[Exam]:
        return rows if value == "all" else rows.filter(archived_at__isnull=value == "false")


class ExamViewSet(TrashMixin, ModelViewSet):
    queryset = Exam.objects.none()
    serializer_class = ExamSerializer
    permission_classes = (IsTeacher,)
    http_method_names = ("get", "post", "patch", "delete", "head", "options")
    ordering_fields = ("created_at", "title", "state")
    filterset_class = ExamFilter

    def get_queryset(self) -> QuerySet[Exam]:
        rows = with_state(Exam.objects.for_user(self.request.user, Right.VIEW)).prefetch_related("items")
        return rows if "is_archived" in self.request.query_params else rows.filter(archived_at=None)

    def get_object(self) -> Exam:
        return find_exam(self.request.user, self.kwargs["pk"], right_for(self.request, Right.OWN))

    def perform_create(self, serializer) -> None:
        serializer.validated_data.pop("is_archived", None)
        with refusals("items"):
            serializer.instance = services.create_exam(owner=self.request.user, **serializer.validated_data)

    @extend_schema(
        parameters=[OpenApiParameter("preview", bool, description="Only say whose score would change.")],
        responses={
            200: PolymorphicProxySerializer(
                component_name="ExamOrScores",
                serializers=[ExamSerializer, ScoreChangesSerializer],
                resource_type_field_name=None,
            )
        },
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if not validate(PreviewQuery, request.query_params)["preview"]:
            return super().partial_update(request, *args, **kwargs)
        exam = self.get_object()
        serializer = self.get_serializer(exam, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.validated_data.pop("is_archived", None)
        with refusals("items"):
            change = services.preview_exam(exam=exam, **serializer.validated_data)
        return Response(ScoreChangesSerializer(change).data)

    def perform_update(self, serializer) -> None:
        given, by = serializer.validated_data, self.request.user
        is_archived = given.pop("is_archived", None)
        if given:
            with refusals("items"):
                serializer.instance = services.update_exam(exam=serializer.instance, by=by, **given)
        if is_archived is not None:
            serializer.instance = archive_exam(exam=serializer.instance, is_archived=is_archived, by=by)


class TeacherPartView(PartView):
    """A part of something a teacher owns."""

    permission_classes = (IsTeacher,)


class ExamPartView(TeacherPartView):
    """A part of one exam: `self.exam` is one that the caller may see, or change in the way of `right`; else 404."""

    right = Right.OWN

    @property
    def exam(self) -> Exam:
        return find_exam(self.request.user, self.kwargs["pk"], right_for(self.request, self.right))


class DuplicateView(ExamPartView):
    right = Right.VIEW

    @extend_schema(request=None, responses={201: ExamSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Another exam that asks the same, without students, scans and papers: of the caller, whoever's this one is."""
        copy = duplicate_exam(exam=self.exam, owner=request.user)
        data = ExamSerializer(copy, context={"request": request}).data
        location = reverse("grading:api-exam-detail", args=[copy.pk], request=request)
        return Response(data, status=http.HTTP_201_CREATED, headers={"Location": location})


class LayoutView(ExamPartView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: int) -> Response:
        """Where everything is, in mm from the top left of each page."""
        layout = self.exam.layout
        return Response({**layout.as_json(), "fingerprint": layout.fingerprint})


class SheetQuery(drf.Serializer):
    copies = drf.IntegerField(default=1, min_value=1, max_value=services.MOST_COPIES)
    version = drf.IntegerField(default=1, min_value=1)
    roster = drf.BooleanField(default=False)


class SheetView(ExamPartView):
    @extend_schema(parameters=[SheetQuery], responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse:
        exam, out = self.exam, io.BytesIO()
        wanted = validate(SheetQuery, request.query_params)
        with refusals():
            services.write_sheets(
                exam=exam,
                out=out,
                copies=wanted["copies"],
                version=wanted["version"],
                for_roster=wanted["roster"],
            )
        out.seek(0)
        return FileResponse(out, content_type="application/pdf", filename=f"{exam.title}.pdf")


class ScansView(ExamPartView):
    right = Right.MARK
    parser_classes = (MultiPartParser,)
    serializer_class = ScanSerializer

    @extend_schema(responses=ScanSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(self.exam.scans.select_related("job"), many=True).data)

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request={"multipart/form-data": ScanUploadSerializer},
        responses={201: ScanSerializer, 202: ScanSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        uploads = request.FILES.getlist("files[]") + request.FILES.getlist("files")
        exam, wanted = self.exam, validate(ScanOptionsSerializer, request.data)
        with refusals("files"):
            scan = services.submit_scans(
                exam=exam, uploads=uploads, owner=request.user, key=idempotency_key(request), **wanted
            )
        url = reverse("grading:api-scan-detail", args=[scan.pk], request=request)
        return accepted_response(request, scan, url, SCANS, lambda scan: self.get_serializer(scan).data)


class ScanViewSet(TrashMixin, RetrieveModelMixin, GenericViewSet):
    queryset = Scan.objects.none()
    serializer_class = ScanSerializer
    permission_classes = (IsTeacher,)

    def get_queryset(self) -> QuerySet[Scan]:
        return Scan.objects.for_user(self.request.user, Right.VIEW).select_related("job")

    def get_object(self) -> Scan:
        return find_scan(self.request.user, right_for(self.request, Right.MARK), pk=self.kwargs["pk"])

    def delete_row(self, row: Scan) -> Item | None:
        """With its pages, and the papers that have no page of another scan."""
        return removals.remove_scan(scan=row, by=self.request.user)


class ReviewView(ListAPIView):
    queryset = Answer.objects.none()
    serializer_class = ReviewSerializer
    permission_classes = (IsTeacher,)
    filter_backends = ()

    @extend_schema(parameters=[OpenApiParameter("item", int), OpenApiParameter("class_name", str)])
    def get(self, request: Request, *args, **kwargs) -> Response:
        """Uncertain answers of all papers, grouped by item and look, the most doubtful first."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> list[Answer]:
        exam = find_exam(self.request.user, self.kwargs["pk"])
        text = self.request.query_params.get("item", "")
        item = parsed_number(text)
        if text and item is None:
            raise ValidationError({"item": ["?item= takes the number of an item."]})
        return review_queue(exam, item, self.request.query_params.get("class_name", ""))


class ResultsView(ExamPartView):
    """results.json, results.csv, results.xlsx."""

    @extend_schema(responses={(200, "application/json"): OpenApiTypes.ANY} | CSV_FILE | XLSX_FILE)
    def get(self, request: Request, pk: int, kind: str) -> HttpResponse:
        exam = self.exam
        if kind == "json":
            return Response(exports.results(exam))
        if kind == "xlsx":
            return as_file(result_book(exam), exam.title, kind)
        return as_download(exports.results_table(exam), exam.title, kind)


class MatrixQuery(drf.Serializer):
    students = drf.ChoiceField(STUDENTS, default=STUDENTS[0])
    items = drf.ChoiceField(ITEMS, default=ITEMS[0])


class MatrixView(ExamPartView):
    @extend_schema(parameters=[MatrixQuery], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: int) -> Response:
        """What each student who counts has of each item."""
        exam, wanted = self.exam, validate(MatrixQuery, request.query_params)
        papers, columns, _why = counted_papers(exam)
        columns = in_order(columns, wanted["items"])
        return Response(as_json(lines_of(papers, columns, wanted["students"]), columns))


class StatisticsView(ExamPartView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: int) -> Response:
        return Response(item_analysis(self.exam))
