"""POST /api/token/: a user's name and password for a token. And the links that apps give to what is shared."""

from django.contrib.auth import authenticate
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework import status as http
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.services import make_token
from accounts.sharing import share
from web.api import PartView, validate


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


class ShareView(PartView):
    """A link under which anyone sees a row: POST gives it, DELETE takes it back. Apps say which rows are whose."""

    @extend_schema(request=None)
    def post(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        share(row=row)
        return Response(self.get_serializer(row).data)

    def delete(self, request: Request, pk: str) -> Response:
        share(row=self.get_object(), is_shared=False)
        return Response(status=http.HTTP_204_NO_CONTENT)
