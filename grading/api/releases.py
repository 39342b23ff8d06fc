"""The REST side of giving results out, and of what students see and ask."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status as http
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.grants import Right
from accounts.permissions import IsTeacher
from grading.access import find_exam
from grading.api.exams import ExamPartView, TeacherPartView
from grading.models import Exam, RegradeRequest, ReleasedPaper
from grading.results import regrade_requests, releases
from grading.results.gradebooks import links_table
from grading.results.shared_results import request_body, shared_result
from grading.serializers.releases import (
    AskSerializer,
    OwnResultSerializer,
    RegradeRequestSerializer,
    ReleaseSerializer,
    ReleaseStateSerializer,
    ReplySerializer,
    SharedRequestSerializer,
    SharedResultSerializer,
    release_state,
)
from web.api import PartView, validate
from web.quotas import count_visit
from web.refusals import refusals
from web.schema import CSV_FILE
from web.tables import as_download


class ReleaseView(ExamPartView):
    @extend_schema(responses=ReleaseStateSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Whether and how results are given out, and whose score changed since."""
        return self.state(self.exam)

    @extend_schema(request=ReleaseSerializer, responses=ReleaseStateSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Give them out; once more, what is shown changes and papers that were graded since are added."""
        exam, given = self.exam, validate(ReleaseSerializer, request.data)
        with refusals():
            releases.release_results(exam=exam, by=request.user, **given)
        return self.state(exam)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take them back: no student sees them, and no link of this release works again."""
        releases.take_back(exam=self.exam, by=request.user)
        return Response(status=http.HTTP_204_NO_CONTENT)

    def state(self, exam: Exam) -> Response:
        found, waiting = releases.release_of(exam), releases.waiting_count(exam)
        return Response(
            ReleaseStateSerializer(release_state(found, waiting, releases.changes_since(exam))).data
        )


class LinksView(TeacherPartView):
    @extend_schema(responses=CSV_FILE)
    def get(self, request: Request, pk: int) -> FileResponse:
        """The links to hand out: number, name, class, link. For the owner alone."""
        exam = find_exam(request.user, pk, Right.OWN)
        return as_download(links_table(exam, request.build_absolute_uri), f"{exam.title} links", "csv")


class RegradeRequestsView(ListAPIView):
    queryset = RegradeRequest.objects.none()
    serializer_class = RegradeRequestSerializer
    permission_classes = (IsTeacher,)
    filter_backends = ()

    def get_queryset(self) -> QuerySet[RegradeRequest]:
        """What students ask about their results; what waits first."""
        return RegradeRequest.objects.of_exam(find_exam(self.request.user, self.kwargs["pk"]))


class RegradeRequestView(TeacherPartView):
    @extend_schema(request=ReplySerializer, responses=RegradeRequestSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Answer it, and correct the item with it where `value` is sent."""
        rows = RegradeRequest.objects.for_user(request.user, Right.MARK).filter(
            paper__exam__trashed=None, paper__trashed=None
        )
        asked, given = get_object_or_404(rows, pk=pk), validate(ReplySerializer, request.data)
        with refusals():
            asked = regrade_requests.answer(request=asked, by=request.user, **given)
        return Response(RegradeRequestSerializer(asked, context=self.get_serializer_context()).data)


class OwnResultsView(ListAPIView):
    queryset = ReleasedPaper.objects.none()
    serializer_class = OwnResultSerializer
    permission_classes = (IsAuthenticated,)
    filter_backends = ()

    def get_queryset(self) -> QuerySet[ReleasedPaper]:
        """What was given out to the student whose account this is."""
        return ReleasedPaper.objects.of_student(self.request.user).order_by("-at", "-pk")


class SharedPartView(PartView):
    """Whoever has the link, by which nobody else's is found."""

    permission_classes = (AllowAny,)

    @property
    def released(self) -> ReleasedPaper:
        count_visit(self.request.META.get("REMOTE_ADDR", ""))
        found = releases.find_released(self.kwargs["token"], self.request.user)
        if found is None:
            raise NotFound
        return found

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().finalize_response(request, response, *args, **kwargs)
        answer["X-Robots-Tag"], answer["Cache-Control"] = "noindex, nofollow", "no-store, private"
        return answer


class SharedResultView(SharedPartView):
    @extend_schema(responses=SharedResultSerializer)
    def get(self, request: Request, token: str) -> Response:
        """One's own result, as much of it as was given out."""
        return Response(SharedResultSerializer(shared_result(self.released)).data)


class AskView(SharedPartView):
    @extend_schema(request=AskSerializer, responses={201: SharedRequestSerializer})
    def post(self, request: Request, token: str) -> Response:
        """Ask the teacher to look at an item again, or at the paper as a whole."""
        released, given = self.released, validate(AskSerializer, request.data)
        with refusals("text"):
            asked = regrade_requests.ask(released=released, text=given["text"], number=given.get("item"))
        body = SharedRequestSerializer(request_body(asked)).data
        return Response(body, status=http.HTTP_201_CREATED)
