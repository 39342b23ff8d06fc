"""The REST side of exports: all that is the caller's own, in one file."""

from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.mixins import CreateModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ReadOnlyModelViewSet

from dataexport import services
from dataexport.models import Export
from dataexport.presentation import download_of
from dataexport.serializers import ExportSerializer
from jobs.api import accepted_response
from jobs.long_poll import LongPoll
from web.api import PartView, idempotency_key
from web.schema import IDEMPOTENCY_KEY

EXPORTS = LongPoll(Export.objects.select_related("job"))


class ExportViewSet(CreateModelMixin, ReadOnlyModelViewSet):
    queryset = Export.objects.none()
    serializer_class = ExportSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Export]:
        return Export.objects.for_user(self.request.user).select_related("job")

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY], request=None, responses={201: ExportSerializer, 202: ExportSerializer}
    )
    def create(self, request: Request) -> Response:
        """All rows and files that are one's own, as a ZIP; the one that is being made, where one is."""
        row = services.ask(owner=request.user, key=idempotency_key(request))
        url = reverse("dataexport:api-detail", args=[row.pk], request=request)
        return accepted_response(request, row, url, EXPORTS, lambda row: self.get_serializer(row).data)


class ExportFileView(PartView):
    queryset = Export.objects.none()

    def get_queryset(self) -> QuerySet[Export]:
        return Export.objects.for_user(self.request.user)

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: str) -> FileResponse:
        row = self.get_object()
        if not row.file:
            raise NotFound
        return download_of(row)
