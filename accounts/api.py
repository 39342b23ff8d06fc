"""Tokens: a user's name and password for one, those that there are, revoking. And the links of what is shared."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import authenticate
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework import status as http
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts import second_factor
from accounts.grants import Right, find_permitted, right_for
from accounts.lockout import takes_code
from accounts.models import Scope, Token, TokenQuerySet
from accounts.services import LIFETIME, LONGEST, SHORTEST, make_token, revoke_token
from accounts.sharing import share
from web.api import PartView, validate

SECOND_FACTOR = _(
    "This account needs the code of its second factor, and it is missing or wrong. Tokens are made on its page, too."
)


class Credentials(serializers.Serializer):
    username = serializers.CharField()
    password = serializers.CharField(trim_whitespace=False)
    code = serializers.CharField(
        default="", allow_blank=True, max_length=30, help_text="Of the second factor, where one is set up."
    )
    name = serializers.CharField(default="api", max_length=100)
    scope = serializers.ChoiceField(Scope.choices, default=Scope.WRITE)
    expires_in = serializers.IntegerField(
        default=int(LIFETIME.total_seconds()),
        min_value=int(SHORTEST.total_seconds()),
        max_value=int(LONGEST.total_seconds()),
        help_text="Seconds from now.",
    )


class TokenSerializer(serializers.ModelSerializer):
    """`hint` is how its key begins; `expires_at` is null where it never does, which is so of old ones."""

    class Meta:
        model = Token
        fields = read_only_fields = ["id", "name", "hint", "scope", "created_at", "used_at", "expires_at"]


class NewTokenSerializer(TokenSerializer):
    token = serializers.CharField()

    class Meta(TokenSerializer.Meta):
        fields = read_only_fields = ["token", *TokenSerializer.Meta.fields]


class TokenView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=Credentials, responses=NewTokenSerializer, auth=[])
    def post(self, request: Request) -> Response:
        given = validate(Credentials, request.data)
        user = authenticate(request._request, username=given["username"], password=given["password"])
        if user is None:
            raise ValidationError(_("No user has this name and password."), code="wrong_credentials")
        if second_factor.is_asked(user) and not (
            given["code"] and takes_code(request._request, user, given["code"])
        ):
            raise ValidationError(SECOND_FACTOR, code="wrong_code")
        lifetime = timedelta(seconds=given["expires_in"])
        token, key = make_token(user=user, name=given["name"], scope=given["scope"], lifetime=lifetime)
        return Response({"token": key, **TokenSerializer(token).data})


class TokenViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, GenericViewSet[Token]
):
    """One's own tokens, without their keys; DELETE revokes one."""

    serializer_class = TokenSerializer
    queryset = Token.objects.none()  # for the schema
    filter_backends = ()

    def get_queryset(self) -> TokenQuerySet:
        return Token.objects.for_user(self.request.user)

    def perform_destroy(self, token: Token) -> None:
        revoke_token(token=token)


class PermittedView(GenericAPIView):
    """Of one row: who may see it reads it, who has `right` changes it, an owner deletes it; others get 404."""

    right = Right.MARK

    def get_rows(self) -> QuerySet:
        """Everybody's: who may do what with one is asked of it."""
        raise NotImplementedError

    def get_object(self) -> Any:
        right = Right.OWN if self.request.method == "DELETE" else right_for(self.request, self.right)
        return find_permitted(self.get_rows(), self.request.user, right, pk=self.kwargs["pk"])


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
