"""Networks that come in packages as the REST contract has them."""

from rest_framework import serializers
from rest_framework.reverse import reverse

from registry.presentation.packaged import PackagedRow


class PackagedNetworkSerializer(serializers.Serializer):
    """purpose: what it is for; version: of the package, empty where that is not installed; files, bytes: its weights;
    milliseconds: of one `unit`, null where no worker has timed it; weights_url: null where there is nothing to load."""

    key = serializers.CharField(source="network.key")
    name = serializers.CharField(source="network.name")
    purpose = serializers.CharField()
    package = serializers.CharField(source="network.package.name")
    version = serializers.CharField(source="network.package.version")
    licence = serializers.CharField(source="network.package.licence")
    licence_url = serializers.CharField(source="network.package.licence_url")
    remark = serializers.CharField()
    files = serializers.ListField(child=serializers.CharField())
    bytes = serializers.IntegerField(source="size", allow_null=True)
    milliseconds = serializers.FloatField(allow_null=True)
    unit = serializers.CharField()
    measured_at = serializers.DateTimeField(allow_null=True)
    weights_url = serializers.SerializerMethodField()

    def get_weights_url(self, row: PackagedRow) -> str | None:
        if not row.may_be_downloaded:
            return None
        return reverse(
            "registry:api-packaged-weights", args=[row.network.key], request=self.context["request"]
        )
