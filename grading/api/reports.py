"""The REST side of what is printed and handed out: reports, papers with their readings drawn on them."""

import io

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from grading.api.exams import ExamPartView
from grading.api.papers import PaperPartView
from grading.models import Exam
from grading.results.gradebooks import gradebook
from grading.results.overlays import overlay_file
from grading.results.releases import links_of
from grading.results.reports import NO_LINKS, Links, write_class_report, write_student_reports
from web.api import validate
from web.files import pdf_answer
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
        student, class_name = wanted["student"], wanted["class_name"]
        with refusals():
            if not student:
                write_class_report(exam=exam, out=out, class_name=class_name)
            else:
                papers = papers_of(exam, student)
                links = links_for(exam, request)
                write_student_reports(exam=exam, out=out, papers=papers, class_name=class_name, links=links)
        return pdf_answer(out, f"{exam.title} {student}{class_name}".strip())


def papers_of(exam: Exam, student: str) -> list[int] | None:
    """None is all. Raises NotFound."""
    if student == "all":
        return None
    papers = list(exam.papers.filter(number=student).values_list("pk", flat=True))
    if not papers:
        raise NotFound
    return papers


def links_for(exam: Exam, request: Request) -> Links:
    """Where students see their results, for who may hand that out."""
    return links_of(exam, request.build_absolute_uri) if exam.may_own else NO_LINKS


class PaperReportView(PaperPartView):
    @extend_schema(responses=PDF)
    def get(self, request: Request, pk: int) -> FileResponse:
        """What the student of this paper did, on a page to hand out."""
        paper, out = self.paper, io.BytesIO()
        with refusals():
            links = links_for(paper.exam, request)
            write_student_reports(exam=paper.exam, out=out, papers=[paper.pk], links=links)
        return pdf_answer(out, f"{paper.exam.title} {paper.number}".strip())


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
        with refusals():
            file = overlay_file(exam=exam, class_name=class_name)
        return pdf_answer(file, f"{exam.title} {class_name}".strip())


class PaperOverlayView(PaperPartView):
    @extend_schema(responses=PDF)
    def get(self, request: Request, pk: int) -> FileResponse:
        """The same of one paper."""
        paper = self.paper
        with refusals():
            file = overlay_file(exam=paper.exam, papers=[paper.pk])
        return pdf_answer(file, f"{paper.exam.title} {paper.number}".strip())
