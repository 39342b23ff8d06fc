"""The REST side of faces: find, call one service, answer."""

from typing import BinaryIO, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status as http
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ModelViewSet

from accounts.api import PermittedView, ShareView
from accounts.grants import Right
from generator import services
from generator.models import Order
from generator.pngs import NoSettings
from generator.presentation import face_answer, film_answer, photo_answer, restored, sheet_answer, zip_answer
from generator.serializers import (
    DeletionSerializer,
    MarkSerializer,
    OrderRequestSerializer,
    OrderSerializer,
    SettingsFileSerializer,
)
from jobs.api import accepted_response
from jobs.long_poll import LongPoll
from trash.api import TrashMixin
from web.api import DatesFilter, PartView, idempotency_key, validate
from web.refusals import refusals
from web.schema import IDEMPOTENCY_KEY

ORDERS = LongPoll(Order.objects.in_list())


class OrderFilter(DatesFilter):
    model = filters.CharFilter("model__name")
    favourite = filters.BooleanFilter(method="is_liked")

    class Meta:
        model = Order
        fields = ["seed", "is_favourite"]

    def is_liked(self, orders: QuerySet[Order], _name: str, wanted: bool) -> QuerySet[Order]:
        """The order itself, or one of its faces."""
        liked = Order.objects.liked().values("pk")
        return orders.filter(pk__in=liked) if wanted else orders.exclude(pk__in=liked)


class OrderViewSet(TrashMixin, ModelViewSet):
    queryset = Order.objects.none()
    serializer_class = OrderSerializer
    filterset_class = OrderFilter
    ordering_fields = ("created_at", "count")
    http_method_names = ("get", "post", "patch", "delete", "head", "options")

    def get_queryset(self) -> QuerySet[Order]:
        return Order.objects.for_user(self.request.user).in_list()

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=OrderRequestSerializer,
        responses={201: OrderSerializer, 202: OrderSerializer},
    )
    def create(self, request: Request) -> Response:
        """Draw up to 64 faces: from a seed, from words, like another face, or from a photo."""
        wanted = validate(OrderRequestSerializer, request.data)
        order = services.draw(owner=request.user, key=idempotency_key(request), **wanted)
        url = reverse("generator:api-detail", args=[order.pk], request=request)
        return accepted_response(request, order, url, ORDERS, lambda order: self.get_serializer(order).data)

    @extend_schema(request=MarkSerializer, responses=OrderSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Make it a favourite, or with `place` one of its faces: {"is_favourite": true, "place": 3}."""
        order, mark = self.get_object(), validate(MarkSerializer, request.data)
        with refusals("place"):
            services.mark(order=order, **mark)
        return Response(self.get_serializer(self.get_object()).data)


class SettingsView(PartView):
    serializer_class = SettingsFileSerializer

    @extend_schema(request=SettingsFileSerializer, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        """What a PNG that was drawn here says of how it was made: send it back to /api/faces/ for the same face."""
        given = validate(SettingsFileSerializer, request.data)
        file = cast(BinaryIO, given["image"].file)
        try:
            found, is_same_version = restored(file)
        except NoSettings as problem:
            raise ValidationError({"image": _(str(problem))}) from problem
        return Response(found | {"is_same_version": is_same_version})


class DeletionView(PartView):
    serializer_class = DeletionSerializer

    @extend_schema(request=DeletionSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Up to 200 of one's own at once, into the trash as one thing; those that are not there are passed over."""
        given = validate(DeletionSerializer, request.data)
        if services.delete_chosen(owner=request.user, ids=given["ids"]) is None:
            raise NotFound
        return Response(status=http.HTTP_204_NO_CONTENT)


class OrderPartView(PermittedView, PartView):
    """A part of one order: 404 for whoever may not see it."""

    queryset = Order.objects.none()

    def get_rows(self) -> QuerySet[Order]:
        return Order.objects.select_related("job", "model")


class OrderShareView(ShareView, OrderPartView):
    """A link under which anyone sees the faces, without a photo that they came from."""

    right = Right.OWN
    serializer_class = OrderSerializer


class FaceView(OrderPartView):
    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: str, place: int) -> HttpResponse:
        """One face; in the file stands how it was made."""
        return face_answer(self.get_object(), place)


class GridView(OrderPartView):
    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: str) -> HttpResponse:
        return sheet_answer(self.get_object())


class FilmView(OrderPartView):
    @extend_schema(responses={(200, "image/webp"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: str) -> HttpResponse:
        """The way from one seed to the other and back."""
        return film_answer(self.get_object())


class ZipView(OrderPartView):
    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: str) -> HttpResponse:
        """Every face that is there, as PNG."""
        return zip_answer(self.get_object())


class PhotoView(OrderPartView):
    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: str, part: str) -> HttpResponse:
        """`file`: what was uploaded; `aligned`: the face in it; `drawn`: what the network makes of it."""
        return photo_answer(self.get_object(), part)

    def delete(self, request: Request, pk: str, part: str) -> Response:
        """Delete the photo now; what the network made of it stays."""
        photo = getattr(self.get_object(), "photo", None)
        if photo is None or part != "file":
            raise NotFound
        services.forget_photo(photo=photo)
        return Response(status=http.HTTP_204_NO_CONTENT)
