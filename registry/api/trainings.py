"""/api/trainings/: a network that a worker trains, which ends as a candidate."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import CreateModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.permissions import IsAdmin
from jobs.api import accepted_response
from jobs.long_poll import LongPoll
from registry import services
from registry.models import (
    TrainingRun,
)
from registry.presentation.runs import side_by_side
from registry.serializers import (
    CompareSerializer,
    GoOnSerializer,
    SideBySideSerializer,
    TrainingRequestSerializer,
    TrainingRunSerializer,
)
from web.api import idempotency_key, validate
from web.refusals import refusals
from web.schema import IDEMPOTENCY_KEY

TRAININGS = LongPoll(TrainingRun.objects.select_related("job", "version"))


class TrainingViewSet(CreateModelMixin, ReadOnlyModelViewSet):
    """Trainings: that of a network from the pages or by a program is a job, which ends as a candidate."""

    permission_classes = (IsAdmin,)
    serializer_class = TrainingRunSerializer
    queryset = TrainingRun.objects.select_related("job", "version")
    filterset_fields = ("kind", "architecture")

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=TrainingRequestSerializer,
        responses={201: TrainingRunSerializer, 202: TrainingRunSerializer},
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

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=GoOnSerializer,
        responses={201: TrainingRunSerializer, 202: TrainingRunSerializer},
    )
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
