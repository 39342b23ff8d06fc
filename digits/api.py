"""The REST side of digits: find, call one service, answer."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import status as http
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ModelViewSet

from accounts.api import PermittedView, ShareView
from accounts.grants import Right
from digits import services
from digits.models import Inside, Reading
from digits.presentation import layers
from digits.presentation.readings import frame_answer
from digits.serializers import CorrectionSerializer, ReadingSerializer, ReadRequestSerializer
from jobs.api import accepted_response
from jobs.long_poll import LongPoll
from jobs.serializers import JobSerializer
from trash.api import TrashMixin
from web.api import DatesFilter, PartView, idempotency_key, validate
from web.files import download_of_upload
from web.refusals import refusals
from web.schema import ANY_FILE, IDEMPOTENCY_KEY

# One for all requests: it keeps nothing of what it is asked to validate
READ_REQUEST = ReadRequestSerializer()
READINGS = LongPoll(Reading.objects.select_related("job", "model").defer("pixels", "model__card"))
INSIDES = LongPoll(Inside.objects.select_related("job", "reading__model"))
LONGEST_WAIT = 10  # seconds that a request for the layers waits for them


class ReadingFilter(DatesFilter):
    corrected = filters.BooleanFilter(method="is_corrected")
    text = filters.CharFilter(method="has_text")

    class Meta:
        model = Reading
        fields = ["is_certain", "source", "model"]

    def is_corrected(self, readings: QuerySet[Reading], _name: str, wanted: bool) -> QuerySet[Reading]:
        return readings.exclude(right_text="") if wanted else readings.filter(right_text="")

    def has_text(self, readings: QuerySet[Reading], _name: str, text: str) -> QuerySet[Reading]:
        """What stands there by the correction, else by the network."""
        return readings.filter(right_text__contains=text) | readings.filter(
            right_text="", text__contains=text
        )


class ReadingViewSet(TrashMixin, ModelViewSet):
    queryset = Reading.objects.none()
    serializer_class = ReadingSerializer
    filterset_class = ReadingFilter
    ordering_fields = ("created_at", "is_certain")
    http_method_names = ("get", "post", "patch", "delete", "head", "options")

    def get_queryset(self) -> QuerySet[Reading]:
        return Reading.objects.for_user(self.request.user).select_related("job", "model")

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=ReadRequestSerializer,
        responses={201: ReadingSerializer, 202: ReadingSerializer},
    )
    def create(self, request: Request) -> Response:
        """Read a picture or 784 numbers; several digits are read left to right, row by row."""
        wanted: dict[str, Any] = dict(READ_REQUEST.run_validation(request.data))
        reading = services.read(
            owner=request.user,
            picture=wanted.pop("image", None),
            key=idempotency_key(request),
            **wanted,
        )
        url = reverse("digits:api-detail", args=[reading.pk], request=request)
        return accepted_response(
            request, reading, url, READINGS, lambda reading: self.get_serializer(reading).data
        )

    @extend_schema(request=CorrectionSerializer, responses=ReadingSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Say what really stands there: {"text": "314"}; an empty text takes it back."""
        reading, right = self.get_object(), validate(CorrectionSerializer, request.data)
        with refusals("text"):
            services.correct(reading=reading, text=right["text"])
        return Response(self.get_serializer(reading).data)


class ReadingPartView(PermittedView, PartView):
    """A part of one reading: 404 for whoever may not see it."""

    queryset = Reading.objects.none()

    def get_rows(self) -> QuerySet[Reading]:
        return Reading.objects.select_related("job", "model")


class ReadingShareView(ShareView, ReadingPartView):
    """A link under which anyone sees the picture and its answer."""

    right = Right.OWN
    serializer_class = ReadingSerializer


class PictureView(ReadingPartView):
    @extend_schema(responses=ANY_FILE)
    def get(self, request: Request, pk: str) -> FileResponse:
        reading = self.get_object()
        if not reading.picture:
            raise NotFound
        return download_of_upload(reading.picture)


class FrameView(ReadingPartView):
    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: str, place: int) -> HttpResponse:
        return frame_answer(self.get_object(), place)


class LayersQuery(drf.Serializer):
    digit = drf.IntegerField(default=0, min_value=0, max_value=999)
    label = drf.IntegerField(default=None, min_value=0, max_value=9, allow_null=True)


class LayersPartView(ReadingPartView):
    """Steps of the network on one digit; made by the worker when they are first asked for."""

    def inside(self) -> Inside:
        wanted = validate(LayersQuery, self.request.query_params)
        with refusals("digit"):
            inside = services.look_inside(
                reading=self.get_object(), place=wanted["digit"], label=wanted["label"]
            )
        return INSIDES.wait(inside, LONGEST_WAIT)

    def not_yet(self, inside: Inside) -> Response:
        job = JobSerializer(inside.job, context=self.get_serializer_context()).data
        return Response({"job": job}, status=http.HTTP_202_ACCEPTED, headers={"Retry-After": "1"})


class LayersView(LayersPartView):
    @extend_schema(parameters=[LayersQuery], responses={200: OpenApiTypes.ANY, 202: OpenApiTypes.OBJECT})
    def get(self, request: Request, pk: str) -> Response:
        """Every step of the network on this digit: [{name, kind, shape, explanation, maps_url or values}]."""
        inside = self.inside()
        if not inside.file:
            return self.not_yet(inside)

        def link(name: str) -> str:
            url = reverse("digits:api-layer", args=[pk, name], request=request)
            return f"{url}?{request.query_params.urlencode()}".rstrip("?")

        return Response(layers.explain_steps(inside, link))


class LayerView(LayersPartView):
    @extend_schema(
        parameters=[LayersQuery],
        responses={
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            202: OpenApiTypes.OBJECT,
        },
    )
    def get(self, request: Request, pk: str, name: str) -> HttpResponse:
        """One array: JSON {shape, values}, or float32 little-endian in C order for Accept: application/octet-stream."""
        inside = self.inside()
        if not inside.file:
            return self.not_yet(inside)
        found = layers.array(inside, name)
        if found is None:
            raise NotFound
        if "application/octet-stream" in request.headers.get("Accept", ""):
            return HttpResponse(found.tobytes(), content_type="application/octet-stream")
        return Response({"shape": found.shape, "values": found.tolist()})
