"""/api/example/: something to look around in, loaded and removed as one."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status as http
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from example import services
from example.models import Example
from example.serializers import LoadedExampleSerializer
from jobs.api import accepted_response
from jobs.long_poll import LongPoll

EXAMPLES = LongPoll(Example.objects.select_related("job"))


class ExampleView(GenericAPIView):
    queryset = Example.objects.none()
    serializer_class = LoadedExampleSerializer
    filter_backends = ()
    pagination_class = None

    def get_queryset(self) -> QuerySet[Example]:
        return Example.objects.for_user(self.request.user).select_related("job")

    def get_object(self) -> Example:
        example = self.get_queryset().first()
        if example is None:
            raise NotFound
        return example

    def get(self, request: Request) -> Response:
        """The caller's example, where one is loaded."""
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses={201: LoadedExampleSerializer, 202: LoadedExampleSerializer})
    def post(self, request: Request) -> Response:
        """An exam with sheets to read, pictures, a classifier that learns, faces: what the caller's role may have. The
        one that is loaded, where one is."""
        example = services.load(owner=request.user)
        url = reverse("example:api", request=request)
        return accepted_response(
            request, example, url, EXAMPLES, lambda example: self.get_serializer(example).data
        )

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Into the trash as one thing, with all that was made in it."""
        if services.remove(example=self.get_object(), by=request.user) is None:
            raise NotFound
        return Response(status=http.HTTP_204_NO_CONTENT)
