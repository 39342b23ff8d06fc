"""The REST side of pictures and albums: find, call one service, answer."""

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ModelViewSet

from accounts.api import PermittedView, ShareView
from accounts.grants import Right, find_permitted
from audit.models import Verb
from audit.services import record
from classifier.datasets import corrections_of, download_of
from classifier.exports import album_table
from classifier.models import Album, Picture
from classifier.models.pictures import PictureQuerySet
from classifier.presentation.pictures import heat_answer
from classifier.serializers.pictures import (
    AlbumRequestSerializer,
    AlbumSerializer,
    PictureCorrectionSerializer,
    PictureRequestSerializer,
    PictureSerializer,
)
from classifier.services import pictures as services
from jobs.api import accepted_response
from jobs.long_poll import LongPoll
from trash.api import TrashMixin
from web.api import FILE, FILES, TEXT, DatesFilter, PartView, form_schema, idempotency_key, validate
from web.files import download_of_upload
from web.refusals import refusals
from web.schema import ANY_FILE, CSV_FILE, IDEMPOTENCY_KEY, XLSX_FILE
from web.tables import as_download

PICTURES = LongPoll(Picture.objects.in_list())
ALBUMS = LongPoll(Album.objects.select_related("job", "model"))
METHODS = ("get", "post", "patch", "delete", "head", "options")


class PictureFilter(DatesFilter):
    corrected = filters.BooleanFilter(method="is_corrected")
    text = filters.CharFilter(method="has_text")
    album = filters.UUIDFilter("album")

    class Meta:
        model = Picture
        fields = ["is_certain", "model"]

    def is_corrected(self, pictures: PictureQuerySet, _name: str, wanted: bool) -> PictureQuerySet:
        return pictures.exclude(right_label="") if wanted else pictures.filter(right_label="")

    def has_text(self, pictures: PictureQuerySet, _name: str, text: str) -> PictureQuerySet:
        return pictures.having(text, self.request.user.pk)


class PictureViewSet(TrashMixin, PermittedView, ModelViewSet):
    queryset = Picture.objects.none()
    serializer_class = PictureSerializer
    filterset_class = PictureFilter
    ordering_fields = ("created_at", "is_certain")
    http_method_names = METHODS

    def get_queryset(self) -> QuerySet[Picture]:
        return Picture.objects.for_user(self.request.user).in_list()

    def get_rows(self) -> QuerySet[Picture]:
        return Picture.objects.in_list()

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=PictureRequestSerializer,
        responses={201: PictureSerializer, 202: PictureSerializer},
    )
    def create(self, request: Request) -> Response:
        """What is in this picture? All that can be told, or with only=labels its labels alone, sooner."""
        ask = validate(PictureRequestSerializer, request.data, request=request)
        picture = services.submit_picture(owner=request.user, key=idempotency_key(request), **ask)
        url = reverse("classifier:api-detail", args=[picture.pk], request=request)
        return accepted_response(
            request, picture, url, PICTURES, lambda picture: self.get_serializer(picture).data
        )

    @extend_schema(request=PictureCorrectionSerializer, responses=PictureSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Say what it really shows: {"label": "tabby"}; an empty label takes it back."""
        picture, right = self.get_object(), validate(PictureCorrectionSerializer, request.data)
        with refusals("label"):
            services.correct(picture=picture, label=right["label"])
        return Response(self.get_serializer(picture).data)


class PicturePartView(PermittedView, PartView):
    """A part of one picture: 404 for whoever may not see it."""

    queryset = Picture.objects.none()

    def get_rows(self) -> QuerySet[Picture]:
        return Picture.objects.select_related("job", "model")


class PictureShareView(ShareView, PicturePartView):
    """A link under which anyone sees the picture and its card, without where it was taken."""

    right = Right.OWN
    serializer_class = PictureSerializer


class CorrectionsView(PartView):
    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request) -> StreamingHttpResponse:
        """All of one's own pictures that were corrected, as a ZIP: a folder for each thing that they really show, and
        the same as tasks of Label Studio."""
        record(actor=request.user, verb=Verb.EXPORTED, row=request.user, owner=request.user)
        return download_of(gettext("Corrected pictures"), corrections_of(request.user))


class FileView(PicturePartView):
    @extend_schema(responses=ANY_FILE)
    def get(self, request: Request, pk: str) -> FileResponse:
        """The file as it was sent."""
        picture = self.get_object()
        if not picture.file:
            raise NotFound
        return download_of_upload(picture.file, picture.name)


class SaliencyView(PicturePartView):
    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: str) -> HttpResponse:
        """A small PNG to stretch over the picture: the less transparent, the more it spoke for the answer."""
        return heat_answer(self.get_object())


class AlbumViewSet(TrashMixin, PermittedView, ModelViewSet):
    queryset = Album.objects.none()
    serializer_class = AlbumSerializer
    ordering_fields = ("created_at", "name")
    http_method_names = ("get", "post", "delete", "head", "options")

    def get_queryset(self) -> QuerySet[Album]:
        return Album.objects.for_user(self.request.user, Right.VIEW).select_related("job", "model")

    def get_rows(self) -> QuerySet[Album]:
        return Album.objects.select_related("job", "model")

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=form_schema(
            {"images[]": FILES, "file": FILE | {"description": "a ZIP of pictures"}, "name": TEXT}
            | {"only": {"enum": ["labels"]}, "model": TEXT}
        ),
        responses={201: AlbumSerializer, 202: AlbumSerializer},
    )
    def create(self, request: Request) -> Response:
        """Look through many pictures, or a ZIP of them; a table of what was found grows meanwhile."""
        ask = validate(AlbumRequestSerializer, request.data, request=request)
        files = [file for name in ("images[]", "images", "file") for file in request.FILES.getlist(name)]
        with refusals("images[]"):
            album = services.submit_album(
                owner=request.user, files=files, key=idempotency_key(request), **ask
            )
        url = reverse("classifier:api-album-detail", args=[album.pk], request=request)
        return accepted_response(request, album, url, ALBUMS, lambda album: self.get_serializer(album).data)


class TableView(PartView):
    @extend_schema(responses=CSV_FILE | XLSX_FILE)
    def get(self, request: Request, pk: str, kind: str) -> FileResponse:
        """table.csv, table.xlsx: a row for each picture of the album."""
        album = find_permitted(Album.objects.all(), request.user, pk=pk)
        return as_download(album_table(album), album.name or str(album.pk), kind)
