"""The REST side of what is printed and handed out: reports, papers with their readings drawn on them."""

import io
import tempfile
from collections.abc import Sequence
from typing import BinaryIO, cast

from django.conf import settings
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from grading.api.exams import ExamPartView
from grading.api.papers import PaperPartView
from grading.gradebooks import gradebook
from grading.models import Exam
from grading.overlays import write_overlays
from grading.reports import write_class_report, write_student_reports
from web.api import validate
from web.refusals import refusals
from web.schema import CSV_FILE
from web.tables import as_download

PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}


class ReportQuery(drf.Serializer):
    student = drf.CharField(default="", help_text="The number of one student, or `all`: a page for each.")
    class_name = drf.CharField(default="", help_text="Of this class alone.")


class ReportView(ExamPartView):
    @extend_schema(parameters=[ReportQuery], responses=PDF)
    def get(self, request: Request, pk: int) -> FileResponse:
        """The list of scores with ranks, distribution and difficulties; or what one student did, or each."""
        exam, wanted, out = self.exam, validate(ReportQuery, request.query_params), io.BytesIO()
        with refusals():
            if not wanted["student"]:
                write_class_report(exam=exam, out=out, class_name=wanted["class_name"])
            elif wanted["student"] == "all":
                write_student_reports(exam=exam, out=out, class_name=wanted["class_name"])
            else:
                papers = list(exam.papers.filter(number=wanted["student"]).values_list("pk", flat=True))
                if not papers:
                    raise NotFound
                write_student_reports(exam=exam, out=out, papers=papers)
        return as_pdf(out, f"{exam.title} {wanted['student']}{wanted['class_name']}".strip())


class PaperReportView(PaperPartView):
    @extend_schema(responses=PDF)
    def get(self, request: Request, pk: int) -> FileResponse:
        """What the student of this paper did, on a page to hand out."""
        paper, out = self.paper, io.BytesIO()
        with refusals():
            write_student_reports(exam=paper.exam, out=out, papers=[paper.pk])
        return as_pdf(out, f"{paper.exam.title} {paper.number}".strip())


class GradebookView(ExamPartView):
    """moodle.csv, canvas.csv."""

    @extend_schema(responses=CSV_FILE)
    def get(self, request: Request, pk: int, kind: str) -> FileResponse:
        """Settled scores in the columns that the gradebook of that program takes."""
        exam = self.exam
        return as_download(gradebook(exam, kind), f"{exam.title} {kind}", "csv")


class OverlayQuery(drf.Serializer):
    class_name = drf.CharField(default="", help_text="Of this class alone.")


class OverlaysView(ExamPartView):
    @extend_schema(parameters=[OverlayQuery], responses=PDF)
    def get(self, request: Request, pk: int) -> FileResponse:
        """All papers as they were scanned, with readings, ticks, right answers and scores drawn on them."""
        exam, class_name = self.exam, validate(OverlayQuery, request.query_params)["class_name"]
        return overlays_of(exam, f"{exam.title} {class_name}".strip(), class_name=class_name)


class PaperOverlayView(PaperPartView):
    @extend_schema(responses=PDF)
    def get(self, request: Request, pk: int) -> FileResponse:
        """The same of one paper."""
        paper = self.paper
        return overlays_of(paper.exam, f"{paper.exam.title} {paper.number}".strip(), papers=[paper.pk])


def overlays_of(
    exam: Exam, title: str, papers: Sequence[int] | None = None, class_name: str = ""
) -> FileResponse:
    """Of a year's papers these are hundreds of megabytes: they wait on the disk."""
    out = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 (the answer closes it)
    with refusals():
        write_overlays(exam=exam, out=cast(BinaryIO, out), papers=papers, class_name=class_name)
    return as_pdf(cast(BinaryIO, out), title)


def as_pdf(out: BinaryIO, title: str) -> FileResponse:
    """Shown by browsers, which know it under this title when it is kept."""
    out.seek(0)
    headers = {"Cache-Control": "private, no-cache"}
    return FileResponse(out, content_type="application/pdf", filename=f"{title}.pdf", headers=headers)
