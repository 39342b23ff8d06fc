"""/api/jobs/: one history for all apps; and how the API of every app answers that a job has started."""

import re
from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status as http
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from jobs import services
from jobs.filters import JobFilter
from jobs.long_poll import LongPoll, Row
from jobs.models import Job, JobQuerySet
from jobs.serializers import JobSerializer
from web.errors import Conflict

LONGEST_WAIT = 30


class JobViewSet(ReadOnlyModelViewSet):
    queryset = Job.objects.none()
    serializer_class = JobSerializer
    filterset_class = JobFilter
    ordering_fields = ["created_at", "ended_at"]

    def get_queryset(self) -> JobQuerySet:
        jobs = Job.objects.for_user(self.request.user)
        return jobs.listed() if self.action == "list" else jobs

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        job = self.get_object()
        if not services.cancel(job=job):
            raise Conflict(_("This job has already ended."))
        return Response(self.get_serializer(job).data)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        job = self.get_object()
        if not services.retry(job=job):
            raise Conflict(_("Only a failed or cancelled job can be tried again."))
        return Response(self.get_serializer(job).data, status=http.HTTP_202_ACCEPTED)


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
