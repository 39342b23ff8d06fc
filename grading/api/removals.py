"""The REST side of taking scans and papers out of an exam, having them back, and reading a scan again."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status as http
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.grants import Right, first_of
from grading.access import find_paper, find_scan
from grading.api.exams import SCANS, TeacherPartView
from grading.models import Paper, Scan
from grading.reading.again import read_scan_again
from grading.review.undoing import undo_correction
from grading.serializers.exams import ScanSerializer
from grading.serializers.papers import PaperSerializer
from jobs.api import accepted_response
from trash import services as trash
from trash.models import Item
from web.refusals import refusals


class RestoreView(TeacherPartView):
    """Of one model: what was deleted by itself, not with its exam."""

    model: Any

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Out of the trash, as it was."""
        row = first_of(self.model.with_trashed.select_related("trashed"), pk=pk)
        items = Item.objects.for_user(request.user).filter(kind=self.model._meta.label_lower)
        try:
            with refusals():
                trash.restore(item=items.get(pk=row.trashed_id), by=request.user)
        except Item.DoesNotExist as gone:
            raise NotFound from gone
        return Response(status=http.HTTP_204_NO_CONTENT)


class RestoreScanView(RestoreView):
    model = Scan


class RestorePaperView(RestoreView):
    model = Paper


class UndoView(TeacherPartView):
    serializer_class = PaperSerializer

    @extend_schema(request=None, responses={200: PaperSerializer, 204: None})
    def post(self, request: Request, pk: int, correction: int) -> Response:
        """Take a correction back. 204 where it gave a page its place, and the paper has no other page."""
        paper = find_paper(request.user, Right.MARK, pk=pk)
        found = get_object_or_404(paper.corrections.select_related("paper__exam"), pk=correction)
        with refusals():
            shown = undo_correction(correction=found, by=request.user)
        after = Paper.objects.whole().filter(pk=shown.pk if isinstance(shown, Paper) else paper.pk).first()
        if after is None:
            return Response(status=http.HTTP_204_NO_CONTENT)
        return Response(self.get_serializer(after).data)


class ReadAgainView(TeacherPartView):
    serializer_class = ScanSerializer

    @extend_schema(request=None, responses={201: ScanSerializer, 202: ScanSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """From its files, with the networks that are active now. What a person corrected or placed stays."""
        scan = find_scan(request.user, Right.MARK, pk=pk)
        with refusals():
            read_scan_again(scan=scan, by=request.user)
        url = reverse("grading:api-scan-detail", args=[pk], request=request)
        return accepted_response(request, scan, url, SCANS, lambda row: self.get_serializer(row).data)
