"""/api/models/packaged/: networks that come in packages; and the weights of those and of versions."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.request import Request

from packaged.networks import NETWORKS
from registry.downloads import download_of_packaged, download_of_version, may_download
from registry.models import ModelVersion
from registry.presentation.packaged import PackagedRow, packaged_rows
from registry.serializers import PackagedNetworkSerializer
from web.api import PartView

ZIP = {(200, "application/zip"): OpenApiTypes.BINARY}


class PackagedNetworksView(ListAPIView):
    """Networks that speak here and have no version, for they come in packages."""

    serializer_class = PackagedNetworkSerializer
    filter_backends = ()
    queryset = ModelVersion.objects.none()  # for whoever asks what this is a list of

    def get_queryset(self) -> list[PackagedRow]:
        return packaged_rows()


class PackagedWeightsView(PartView):
    @extend_schema(responses=ZIP)
    def get(self, request: Request, key: str) -> StreamingHttpResponse:
        """A ZIP: its files as the package has them, and their licence. 404 with a sentence where they are not on this
        machine."""
        if key not in NETWORKS:
            raise NotFound
        return found(download_of_packaged, NETWORKS[key])


class WeightsView(PartView):
    queryset = ModelVersion.objects.public()

    @extend_schema(responses=ZIP)
    def get(self, request: Request, pk: int) -> StreamingHttpResponse:
        """A ZIP: the weights, their card and their licence. Of what was uploaded or trained here for admins."""
        version = self.get_object()
        if not may_download(version, request.user):
            raise PermissionDenied
        return found(download_of_version, version)


def found(download: Callable[[Any], StreamingHttpResponse], network: object) -> StreamingHttpResponse:
    try:
        return download(network)
    except ValidationError as gone:
        raise NotFound(gone.messages[0]) from gone
