"""The REST side of the pages of an upload: look at one, and give a rejected one its place."""

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status as http
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.grants import Right, right_for
from grading.access import find_page
from grading.api.exams import TeacherPartView
from grading.api.papers import JPEG_ANSWER, private_jpeg
from grading.models import PageAssignment, ScanPage
from grading.reading import page_images, rejected_pages
from grading.serializers.pages import AssignSerializer, PageSerializer
from jobs.api import accepted_response
from jobs.long_poll import LongPoll
from web.api import idempotency_key, validate
from web.parsers import parsed_number
from web.refusals import refusals
from web.schema import IDEMPOTENCY_KEY

ASSIGNMENTS = LongPoll(PageAssignment.objects.select_related("job"))


class PagePartView(TeacherPartView):
    """A part of one page: `self.page` is one that the caller may see, or change; else 404."""

    serializer_class = PageSerializer

    @property
    def page(self) -> ScanPage:
        which = {"scan": self.kwargs["pk"], "page": self.kwargs["page"], "part": self.part}
        return find_page(self.request.user, right_for(self.request, Right.MARK), **which)

    @property
    def part(self) -> int:
        """Of the sheets in one picture, `?part=`; 0 where there is one."""
        return parsed_number(self.request.query_params.get("part", "0")) or 0

    def body(self, page: ScanPage) -> dict:
        return self.get_serializer(page).data


class PageView(PagePartView):
    @extend_schema(responses=PageSerializer)
    def get(self, request: Request, pk: int, page: int) -> Response:
        """One page of an upload; `job` is that of who last said what it is."""
        return Response(self.body(self.page))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, page: int) -> Response:
        """A rejected page into the trash."""
        with refusals():
            rejected_pages.discard_page(page=self.page, by=request.user)
        return Response(status=http.HTTP_204_NO_CONTENT)


class AssignView(PagePartView):
    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=AssignSerializer,
        responses={201: PageSerializer, 202: PageSerializer},
    )
    def post(self, request: Request, pk: int, page: int) -> Response:
        """What a rejected page is: a worker reads it again as that."""
        row = self.page
        given = validate(AssignSerializer, request.data, papers=self.papers(row))
        with refusals():
            asked = rejected_pages.assign_page(
                page=row, by=request.user, key=idempotency_key(request), **given
            )
        url = self.body(row)["url"]
        return accepted_response(request, asked, url, ASSIGNMENTS, lambda _asked: self.body(self.page))

    def papers(self, row: ScanPage) -> QuerySet:
        return row.scan.exam.papers.exclude(number="")


class PictureView(PagePartView):
    @JPEG_ANSWER
    def get(self, request: Request, pk: int, page: int) -> HttpResponse:
        """Straight where it was read, else as it came."""
        row = self.page
        return private_jpeg(lambda: page_images.read_page_image(row))


class SmallPictureView(PagePartView):
    @JPEG_ANSWER
    def get(self, request: Request, pk: int, page: int) -> HttpResponse:
        """The same for a list."""
        row = self.page
        return private_jpeg(lambda: page_images.small_image(row))
