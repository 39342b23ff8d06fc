"""Exams whose sheets were printed elsewhere, by their template."""

from django.http import Http404
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status as http
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from grading import template_exams
from grading.api.exams import ExamPartView, TeacherPartView
from grading.serializers.exams import BlocksSerializer, ExamSerializer, TemplateUploadSerializer
from web.api import validate
from web.parsers import MultiPartParser, SmallJSONParser
from web.refusals import refusals


class TemplatesView(TeacherPartView):
    parser_classes = (MultiPartParser,)
    serializer_class = ExamSerializer

    @extend_schema(request={"multipart/form-data": TemplateUploadSerializer}, responses={201: ExamSerializer})
    def post(self, request: Request) -> Response:
        """An exam of an OMRChecker template: its sheets are then graded as they are."""
        uploads = request.FILES.getlist("files[]") + request.FILES.getlist("files")
        fields = validate(TemplateUploadSerializer, {"language": get_language(), **request.POST.dict()})
        with refusals("files"):
            exam = template_exams.create_exam(
                owner=request.user, uploads=uploads, title=fields["title"], language=fields["language"]
            )
        url = reverse("grading:api-exam-detail", args=[exam.pk], request=request)
        body = self.get_serializer(exam).data
        return Response(body, status=http.HTTP_201_CREATED, headers={"Location": url})


class TemplateView(ExamPartView):
    parser_classes = (SmallJSONParser,)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: int) -> Response:
        """The template.json of this exam, as it is now."""
        exam = self.exam
        if not exam.template:
            raise Http404
        return Response(exam.template["values"])

    @extend_schema(request=BlocksSerializer, responses=OpenApiTypes.OBJECT)
    def patch(self, request: Request, pk: int) -> Response:
        """Put blocks of bubbles where they are printed."""
        exam = self.exam
        if not exam.template:
            raise Http404
        blocks = validate(BlocksSerializer, request.data)["blocks"]
        with refusals("blocks"):
            exam = template_exams.move_blocks(exam=exam, blocks=blocks)
        return Response(exam.template["values"])
