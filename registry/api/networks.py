"""/api/models/: which networks there are, what they were measured to be, which one answers, which did; new ones."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.permissions import IsAdmin
from jobs.api import accepted_response
from jobs.long_poll import LongPoll
from registry import services
from registry.models import (
    Change,
    ChangeQuerySet,
    Measurement,
    ModelVersion,
    Upload,
)
from registry.serializers import (
    ChangeSerializer,
    MeasurementSerializer,
    ModelDetailSerializer,
    ModelSerializer,
    MomentSerializer,
    OptionalWhySerializer,
    UploadRequestSerializer,
    UploadSerializer,
    WhySerializer,
)
from web.api import PartView, idempotency_key, validate
from web.refusals import refusals
from web.schema import IDEMPOTENCY_KEY

MEASUREMENTS = LongPoll(Measurement.objects.select_related("job", "version"))
UPLOADS = LongPoll(Upload.objects.select_related("job", "version"))


class ModelViewSet(ReadOnlyModelViewSet):
    queryset = ModelVersion.objects.public()
    filterset_fields = ("kind", "name", "state")
    ordering_fields = ("created_at", "name")

    def get_serializer_class(self) -> type[BaseSerializer]:
        return ModelDetailSerializer if self.detail else ModelSerializer

    def get_permissions(self) -> list[BasePermission]:
        return [IsAdmin()] if self.action == "create" else super().get_permissions()

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=UploadRequestSerializer,
        responses={201: UploadSerializer, 202: UploadSerializer},
    )
    def create(self, request: Request) -> Response:
        """Weights (safetensors) and their card (JSON): once they are looked at, a candidate."""
        sent = validate(UploadRequestSerializer, request.data)
        with refusals("weights"):
            row = services.upload(owner=request.user, key=idempotency_key(request), **sent)
        url = reverse("registry:api-upload", args=[row.pk], request=request)
        context = self.get_serializer_context()
        return accepted_response(
            request, row, url, UPLOADS, lambda row: UploadSerializer(row, context=context).data
        )

    @extend_schema(request=WhySerializer, responses=ModelDetailSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAdmin])
    def activate(self, request: Request, pk: str) -> Response:
        """From now on it answers for its kind; `why` is kept in the log. What was not measured here yet is measured
        first: 400, ask again. What is far worse than the one that answers, or could not be measured: 400 with both
        figures, until `confirm` is true."""
        version, reason = self.get_object(), validate(WhySerializer, request.data)
        with refusals():
            services.activate_measured(version=version, by=request.user, **reason)
            version.refresh_from_db()
        return Response(self.get_serializer(version).data)

    @extend_schema(request=None, responses=ModelDetailSerializer)
    @action(detail=True, methods=["post"], permission_classes=[IsAdmin])
    def archive(self, request: Request, pk: str) -> Response:
        """Nobody is offered it any more; it can answer again."""
        version = self.get_object()
        with refusals():
            services.archive(version=version)
        return Response(self.get_serializer(version).data)


class MeasurementView(PartView):
    """How a worker finds out how good it is, on the probe set of its kind beside the version that answers."""

    permission_classes = (IsAdmin,)
    serializer_class = MeasurementSerializer
    queryset = ModelVersion.objects.public()

    def get(self, request: Request, pk: int) -> Response:
        """The last time, or now."""
        rows = Measurement.objects.filter(version=pk).select_related("job", "version")
        return Response(self.get_serializer(get_object_or_404(rows[:1])).data)

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={201: MeasurementSerializer, 202: MeasurementSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Measure it, again where it was measured before."""
        with refusals():
            row = services.measure(
                version=self.get_object(), owner=request.user, key=idempotency_key(request)
            )
        url = reverse("registry:api-measurement", args=[pk], request=request)
        return accepted_response(request, row, url, MEASUREMENTS, lambda row: self.get_serializer(row).data)


class UploadView(RetrieveAPIView):
    """How the look at uploaded weights stands, and what they became."""

    permission_classes = (IsAdmin,)
    serializer_class = UploadSerializer
    queryset = Upload.objects.select_related("job", "version")


class RollBackView(PartView):
    permission_classes = (IsAdmin,)
    serializer_class = ModelDetailSerializer

    @extend_schema(request=OptionalWhySerializer, responses=ModelDetailSerializer)
    def post(self, request: Request, kind: str) -> Response:
        """The version that was live before answers again; asked again, the one before that."""
        get_object_or_404(ModelVersion.objects.public().answering(kind))
        reason = validate(OptionalWhySerializer, request.data)
        with refusals():
            version = services.roll_back(kind=kind, by=request.user, **reason)
        return Response(self.get_serializer(version).data)


class LogView(ListAPIView):
    """What answered from when on, and who changed it, the newest first. `at`: of each kind what was live then."""

    permission_classes = (IsAdmin,)
    serializer_class = ChangeSerializer
    filterset_fields = ("kind",)
    queryset = Change.objects.none()

    def get_queryset(self) -> ChangeQuerySet:
        asked = validate(MomentSerializer, self.request.query_params)
        changes = Change.objects.public().select_related("before", "after")
        return changes.in_force(asked["at"]) if asked else changes

    @extend_schema(parameters=[MomentSerializer])
    def get(self, request: Request) -> Response:
        return self.list(request)
