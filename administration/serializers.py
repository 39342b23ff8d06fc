"""How the site is set, for programs of administrators."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from siteconfig.models import SiteSettings


class SiteSettingsSerializer(serializers.ModelSerializer):
    """`logo` is sent as a file, or as null to have none; it is answered as its address."""

    logo = serializers.FileField(required=False, allow_null=True)

    class Meta:
        model = SiteSettings
        exclude = ["id", "changed_by"]
        read_only_fields = ["changed_at"]

    def to_representation(self, site: SiteSettings) -> dict[str, Any]:
        told = super().to_representation(site)
        address = self.context["request"].build_absolute_uri(reverse("siteconfig:logo"))
        return told | {"logo": f"{address}?{site.logo_version}" if site.logo else None}
