"""How the site is set."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import IsAdmin
from administration.serializers import SiteSettingsSerializer
from siteconfig.services import change_site, site_settings
from web.refusals import refusals


class SiteSettingsView(APIView):
    """What administrators set on the pages of the settings."""

    permission_classes = (IsAdmin,)

    @extend_schema(responses=SiteSettingsSerializer)
    def get(self, request: Request) -> Response:
        return self.answer(request)

    @extend_schema(request=SiteSettingsSerializer, responses=SiteSettingsSerializer)
    def patch(self, request: Request) -> Response:
        given = SiteSettingsSerializer(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        with refusals():
            change_site(by=request.user, **given.validated_data)
        return self.answer(request)

    def answer(self, request: Request) -> Response:
        return Response(SiteSettingsSerializer(site_settings(), context={"request": request}).data)
