"""/api/models/<id>/shadow/ and canary/: how a version does beside the one that answers."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status as http
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import IsAdmin
from registry import services
from registry.models import (
    Disagreement,
    ModelVersion,
    Shadow,
)
from registry.serializers import (
    CanaryRequestSerializer,
    DisagreementSerializer,
    ShadowRequestSerializer,
    ShadowSerializer,
)
from web.api import PartView, validate
from web.files import image_answer
from web.refusals import refusals


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
