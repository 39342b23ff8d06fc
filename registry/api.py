"""/api/models/: which networks there are, what they were measured to be, which one answers."""

from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from registry.models import ModelVersion
from registry.serializers import ModelDetailSerializer, ModelSerializer


class ModelViewSet(ReadOnlyModelViewSet):
    queryset = ModelVersion.objects.public()
    filterset_fields = ("kind", "name", "state")
    ordering_fields = ("created_at", "name")

    def get_serializer_class(self) -> type[BaseSerializer]:
        return ModelDetailSerializer if self.detail else ModelSerializer
