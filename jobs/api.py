"""/api/jobs/: one history for all apps; and how the API of every app answers that a job has started."""

import re
from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status as http
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from jobs import services
from jobs.ended import Cursor, NotACursor, next_ended
from jobs.filters import JobFilter
from jobs.long_poll import LongPoll, Row, wait_until_ended
from jobs.models import Job, JobQuerySet
from jobs.serializers import EndedJobsSerializer, JobSerializer
from web.errors import Conflict
from web.schema import WAIT

LONGEST_WAIT = 30
AFTER = OpenApiParameter("after", str, description="The cursor of the last answer.")


class JobViewSet(ReadOnlyModelViewSet):
    queryset = Job.objects.none()
    serializer_class = JobSerializer
    filterset_class = JobFilter
    ordering_fields = ["created_at", "ended_at"]

    def get_queryset(self) -> JobQuerySet:
        jobs = Job.objects.for_user(self.request.user)
        return jobs.listed() if self.action == "list" else jobs

    @extend_schema(parameters=[WAIT])
    def retrieve(self, request: Request, pk: str) -> Response:
        job = self.get_object()
        if not job.has_ended and (seconds := seconds_to_wait(request)):
            wait_until_ended(job.pk, seconds)
            job = self.get_object()
        return Response(self.get_serializer(job).data)

    @extend_schema(parameters=[WAIT, AFTER], responses=EndedJobsSerializer, filters=False)
    @action(detail=False, pagination_class=None)
    def ended(self, request: Request) -> Response:
        """The next jobs that ended, the earliest first, a hundred at most, and the cursor to ask with next.

        Without `after` none, and a cursor that stands at this moment. With `Prefer: wait=30` the answer is held until
        there is one. A job is told of five seconds after its end, and again where it was tried again.
        """
        try:
            cursor = Cursor.parse(request.GET["after"]) if request.GET.get("after") else Cursor.now()
        except NotACursor as error:
            raise ValidationError({"after": [_("This is not a cursor that was answered here.")]}) from error
        jobs, cursor = next_ended(request.user, cursor, seconds_to_wait(request))
        return Response(
            EndedJobsSerializer({"jobs": jobs, "cursor": cursor}, context={"request": request}).data
        )

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """What is queued at once, what runs at its next report; 409 where it has ended."""
        job = self.get_object()
        if not services.cancel(job=job):
            raise Conflict(_("This job has already ended."))
        return Response(self.get_serializer(job).data)

    @extend_schema(parameters=[WAIT], request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """One that failed or was cancelled; 409 for any other."""
        job = self.get_object()
        if not services.retry(job=job):
            raise Conflict(_("Only a failed or cancelled job can be tried again."))
        wait_until_ended(job.pk, seconds_to_wait(request))
        return Response(self.get_serializer(self.get_object()).data, status=http.HTTP_202_ACCEPTED)


def seconds_to_wait(request: Request) -> int:
    """N of `Prefer: wait=N` (RFC 7240), 30 at most; 0 where it is not asked for."""
    found = re.search(r"\bwait=(\d{1,4})", request.headers.get("Prefer", ""))
    return min(int(found[1]), LONGEST_WAIT) if found else 0


def accepted_response(
    request: Request, row: Row, url: str, long_poll: LongPoll[Row], body: Callable[[Row], object]
) -> Response:
    """202 with `Location`, or 201 with the result where the client preferred to wait and the row's job has ended.

    `body(row)` gives the resource; it is called after the wait. NotFound where the row was deleted meanwhile.
    """
    try:
        row = long_poll.wait(row, seconds_to_wait(request))
    except ObjectDoesNotExist as gone:
        raise NotFound from gone
    code = http.HTTP_201_CREATED if row.job.has_ended else http.HTTP_202_ACCEPTED
    return Response(body(row), status=code, headers={"Location": url})
