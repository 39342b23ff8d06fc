"""/api/models/: which networks there are, what they were measured to be, which one answers, which did; new ones."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status as http
from rest_framework.decorators import action
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.mixins import CreateModelMixin
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
    Disagreement,
    Measurement,
    ModelVersion,
    Shadow,
    TrainingRun,
    Upload,
)
from registry.presentation.runs import side_by_side
from registry.serializers import (
    CanaryRequestSerializer,
    ChangeSerializer,
    CompareSerializer,
    DisagreementSerializer,
    GoOnSerializer,
    MeasurementSerializer,
    ModelDetailSerializer,
    ModelSerializer,
    MomentSerializer,
    OptionalWhySerializer,
    ShadowRequestSerializer,
    ShadowSerializer,
    SideBySideSerializer,
    TrainingRequestSerializer,
    TrainingRunSerializer,
    UploadRequestSerializer,
    UploadSerializer,
    WhySerializer,
)
from web.api import PartView, idempotency_key, validate
from web.files import image_answer
from web.refusals import refusals

MEASUREMENTS = LongPoll(Measurement.objects.select_related("job", "version"))
TRAININGS = LongPoll(TrainingRun.objects.select_related("job", "version"))
UPLOADS = LongPoll(Upload.objects.select_related("job", "version"))


class ModelViewSet(ReadOnlyModelViewSet):
    queryset = ModelVersion.objects.public()
    filterset_fields = ("kind", "name", "state")
    ordering_fields = ("created_at", "name")

    def get_serializer_class(self) -> type[BaseSerializer]:
        return ModelDetailSerializer if self.detail else ModelSerializer

    def get_permissions(self) -> list[BasePermission]:
        return [IsAdmin()] if self.action == "create" else super().get_permissions()

    @extend_schema(request=UploadRequestSerializer, responses={201: UploadSerializer, 202: UploadSerializer})
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

    @extend_schema(request=None, responses={201: MeasurementSerializer, 202: MeasurementSerializer})
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


class TrainingViewSet(CreateModelMixin, ReadOnlyModelViewSet):
    """Trainings: that of a network from the pages or by a program is a job, which ends as a candidate."""

    permission_classes = (IsAdmin,)
    serializer_class = TrainingRunSerializer
    queryset = TrainingRun.objects.select_related("job", "version")
    filterset_fields = ("kind", "architecture")

    @extend_schema(
        request=TrainingRequestSerializer, responses={201: TrainingRunSerializer, 202: TrainingRunSerializer}
    )
    def create(self, request: Request) -> Response:
        """{kind, architecture, source: simulation, collections or corrections, epochs, seed}."""
        wanted = validate(TrainingRequestSerializer, request.data)
        with refusals():
            run = services.train(owner=request.user, key=idempotency_key(request), **wanted)
        return self.accepted(request, run)

    @extend_schema(request=None, responses=TrainingRunSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str) -> Response:
        """It ends at its next report; what it has learned by then becomes a candidate."""
        run = self.get_object()
        with refusals():
            services.stop_training(run=run)
        return Response(self.get_serializer(run).data)

    @extend_schema(request=GoOnSerializer, responses={201: TrainingRunSerializer, 202: TrainingRunSerializer})
    @action(detail=True, methods=["post"], url_path="go-on")
    def go_on(self, request: Request, pk: str) -> Response:
        """So many epochs more, as a training of its own: from its checkpoint where that is still there, else from its
        weights; `begins_from` says which."""
        former, wanted = self.get_object(), validate(GoOnSerializer, request.data)
        with refusals():
            run = services.go_on(run=former, owner=request.user, key=idempotency_key(request), **wanted)
        return self.accepted(request, run)

    @extend_schema(parameters=[CompareSerializer], responses=SideBySideSerializer)
    @action(detail=False, pagination_class=None, filterset_fields=())
    def compare(self, request: Request) -> Response:
        """Two to four of one kind side by side: ?run=3&run=4."""
        asked = validate(CompareSerializer, request.query_params)
        body = {"runs": asked["run"]} | side_by_side(asked["run"])
        return Response(SideBySideSerializer(body, context=self.get_serializer_context()).data)

    def accepted(self, request: Request, run: TrainingRun) -> Response:
        url = reverse("registry:api-training-detail", args=[run.pk], request=request)
        return accepted_response(request, run, url, TRAININGS, lambda run: self.get_serializer(run).data)


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


class ShadowView(PartView):
    """How a version does in the shadow of the one that answers: how often it says the same, and where it does not."""

    permission_classes = (IsAdmin,)
    serializer_class = ShadowSerializer
    queryset = ModelVersion.objects.public()
    is_canary = False

    def get(self, request: Request, pk: int) -> Response:
        """The last time, or now."""
        rows = Shadow.objects.filter(version=pk, is_canary=self.is_canary)
        return Response(self.get_serializer(get_object_or_404(rows[:1])).data)

    @extend_schema(request=ShadowRequestSerializer, responses={201: ShadowSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """From now on it sees `percent` of the requests; nobody is shown what it says."""
        wanted = validate(ShadowRequestSerializer, request.data)
        with refusals():
            shadow = services.begin_shadow(version=self.get_object(), by=request.user, **wanted)
        return Response(self.get_serializer(shadow).data, http.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """From now on it sees nothing more; what was found stays."""
        services.end_shadow(version=self.get_object(), by=request.user)
        return Response(status=http.HTTP_204_NO_CONTENT)


class CanaryView(ShadowView):
    """How a version does that gives a share of the answers really."""

    is_canary = True

    @extend_schema(request=CanaryRequestSerializer, responses={201: ShadowSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """From now on it gives `percent` of the answers, 1 to 50; the same request always gets the same version."""
        wanted = validate(CanaryRequestSerializer, request.data)
        with refusals():
            canary = services.begin_canary(version=self.get_object(), by=request.user, **wanted)
        return Response(self.get_serializer(canary).data, http.HTTP_201_CREATED)


class DisagreementView(PartView):
    permission_classes = (IsAdmin,)
    serializer_class = DisagreementSerializer
    queryset = Disagreement.objects.defer("crop")

    def patch(self, request: Request, pk: int) -> Response:
        """Which of the two is right: own, live or neither; empty where nobody knows."""
        row = self.get_object()
        judged = self.get_serializer(row, data=request.data)
        judged.is_valid(raise_exception=True)
        services.judge_disagreement(disagreement=row, **judged.validated_data)
        return Response(judged.data)


class DisagreementCropView(PartView):
    """What the two saw."""

    permission_classes = (IsAdmin,)
    queryset = Disagreement.objects.all()

    @extend_schema(responses={(200, kind): OpenApiTypes.BINARY for kind in ("image/png", "image/jpeg")})
    def get(self, request: Request, pk: int) -> HttpResponse:
        return image_answer(bytes(self.get_object().crop))


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
