"""POST /api/token/: a user's name and password for a token."""

from django.contrib.auth import authenticate
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.services import make_token
from web.api import validate


class Credentials(serializers.Serializer):
    username = serializers.CharField()
    password = serializers.CharField(trim_whitespace=False)
    name = serializers.CharField(default="api", max_length=100)


class TokenKey(serializers.Serializer):
    token = serializers.CharField()


class TokenView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=Credentials, responses=TokenKey, auth=[])
    def post(self, request: Request) -> Response:
        given = validate(Credentials, request.data)
        name = given.pop("name")
        user = authenticate(request._request, **given)
        if user is None:
            raise ValidationError(_("No user has this name and password."), code="wrong_credentials")
        _token, key = make_token(user=user, name=name)
        return Response({"token": key})
