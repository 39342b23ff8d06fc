"""The REST side of exams that travel."""

from typing import Any

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.grants import Right
from audit.models import Verb
from audit.services import record
from grading.access import find_exam
from grading.api.exams import TeacherPartView
from grading.models import ExamImport
from grading.serializers.transfer import ExamImportSerializer
from grading.transfer.exam_export import check_exportable, export_exam
from grading.transfer.imports import submit_import
from jobs.api import accepted_response
from jobs.long_poll import LongPoll
from web.api import FILE, form_schema, idempotency_key
from web.parsers import MultiPartParser
from web.refusals import refusals
from web.schema import IDEMPOTENCY_KEY

IMPORTS = LongPoll(ExamImport.objects.select_related("job"))


class ExportView(TeacherPartView):
    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> StreamingHttpResponse:
        """The whole exam as one ZIP, for whoever may do everything with it; another site takes that in."""
        exam = find_exam(request.user, pk, Right.OWN)
        with refusals():
            check_exportable(exam)
        record(actor=request.user, verb=Verb.EXPORTED, row=exam)
        answer = StreamingHttpResponse(export_exam(exam), content_type="application/zip")
        answer["Content-Disposition"] = content_disposition_header(True, f"{exam.title}.zip")
        return answer


class ImportsView(TeacherPartView):
    parser_classes = (MultiPartParser,)
    serializer_class = ExamImportSerializer

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=form_schema({"file": FILE}),
        responses={201: ExamImportSerializer, 202: ExamImportSerializer},
    )
    def post(self, request: Request) -> Response:
        """An exam that was exported, as one's own."""
        with refusals("file"):
            asked = submit_import(
                owner=request.user, file=request.FILES.get("file"), key=idempotency_key(request)
            )
        url = reverse("grading:api-import", args=[asked.pk], request=request)
        return accepted_response(request, asked, url, IMPORTS, self.body)

    def body(self, asked: ExamImport) -> Any:
        return self.get_serializer(asked).data


class ImportView(TeacherPartView):
    serializer_class = ExamImportSerializer

    @extend_schema(responses=ExamImportSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How it stands, and in the end which exam it is."""
        rows = ExamImport.objects.for_user(request.user).select_related("job")
        return Response(self.get_serializer(get_object_or_404(rows, pk=pk)).data)
