"""What the client of a well-known tutorial asks for, unchanged: its canvas sends 784 numbers, its form a file.

Its page brings no token of this site and may come from anywhere, so here the Origin of a request is checked in place of
the token that pages of this site bring. Who is not signed in may upload where the site says as whom.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework import status as http
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated, NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.authentication import BearerToken
from accounts.models import User
from digits import services
from digits.api import READINGS
from digits.models import Reading
from digits.serializers import PixelsField
from web.api import validate
from web.quotas import count_visit
from web.serializers import PictureField

LONGEST_WAIT = 30  # seconds


class SessionOfOrigin(SessionAuthentication):
    """Someone signed in, whose browser says with `Origin` that no other site made it ask."""

    def enforce_csrf(self, request: Request) -> None:
        """`check_origin` has looked."""


class NumbersSerializer(serializers.Serializer):
    image = PixelsField()


class FileSerializer(serializers.Serializer):
    file = PictureField()


@extend_schema(exclude=True)  # the tutorial's own, beside the API
class TutorialView(APIView):
    authentication_classes = (BearerToken, SessionOfOrigin)
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        check_origin(request)
        super().initial(request, *args, **kwargs)
        self.owner = owner_of(request)

    def answer(self, request: Request, **wanted: Any) -> Response:
        """Once it is read: one digit as a number, as the tutorial has it, several as they stand, null for none."""
        reading = services.read(owner=self.owner, **wanted)
        try:
            reading = READINGS.wait(reading, LONGEST_WAIT)
        except Reading.DoesNotExist as gone:
            raise NotFound from gone
        if reading.job.status != "done":
            url = reverse("digits:api-detail", args=[reading.pk], request=request)
            return Response({"status": reading.job.status, "url": url}, status=http.HTTP_202_ACCEPTED)
        return Response({"status": "success", "processed_data": processed(reading.text)})


class NumbersView(TutorialView):
    def post(self, request: Request) -> Response:
        """{"image": "0,1,…"}: 28 rows of 28 numbers, ink high."""
        pixels = validate(NumbersSerializer, request.data)["image"]
        return self.answer(request, pixels=pixels, source=Reading.Source.PIXELS)


class FileView(TutorialView):
    def post(self, request: Request) -> Response:
        """A form with a picture as `file`."""
        picture = validate(FileSerializer, request.data)["file"]
        return self.answer(request, picture=picture, source=Reading.Source.UPLOAD)


def check_origin(request: Request) -> None:
    """Browsers say where a page comes from that sends something; programs say nothing. Raises PermissionDenied."""
    origin = request.headers.get("Origin")
    own = urlsplit(request.build_absolute_uri())
    allowed = {f"{own.scheme}://{own.netloc}", *settings.CSRF_TRUSTED_ORIGINS}
    is_strange = origin not in allowed if origin else request.headers.get("Sec-Fetch-Site") == "cross-site"
    if is_strange:
        raise PermissionDenied(
            _("This page belongs to another site, which may send nothing here."), code="strange_origin"
        )


def owner_of(request: Request) -> User:
    """Who asks, else whose account takes what anybody sends. Raises NotAuthenticated."""
    if request.user.is_authenticated:
        return request.user
    name = settings.UPLOADS_OF_ANYBODY
    anybody = User.objects.filter(username=name).first() if name else None
    if anybody is None:
        raise NotAuthenticated
    count_visit(request.META.get("REMOTE_ADDR", ""))
    return anybody


def processed(text: str) -> int | str | None:
    return int(text) if len(text) == 1 and text.isdigit() else text or None
