"""The REST side of the trash, and how the API of every app deletes."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework import status as http
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from trash import services
from trash.models import Item, ItemQuerySet, Trashable
from trash.serializers import ItemSerializer
from web.refusals import refusals

FOR_GOOD = OpenApiParameter("for_good", bool, description="Past the trash: it cannot be had back.")


class TrashMixin(mixins.DestroyModelMixin):
    """DELETE puts a row into the trash; with `?for_good=true` it is gone at once."""

    @extend_schema(parameters=[FOR_GOOD])
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Into the trash, from where it can be had back for thirty days."""
        return super().destroy(request, *args, **kwargs)

    def perform_destroy(self, row: Trashable) -> None:
        item = self.delete_row(row)
        if item is None:
            raise NotFound
        purge_if_asked(self.request, item)  # type: ignore[attr-defined]

    def delete_row(self, row: Any) -> Item | None:
        """What else its deletion means is done by the view's own."""
        return services.delete(rows=[row], by=self.request.user)  # type: ignore[attr-defined]


def purge_if_asked(request: Request, item: Item) -> None:
    """Of what was just deleted; where that was somebody else's, it stays in their trash."""
    if item.owner_id == request.user.pk and request.query_params.get("for_good", "").lower() in ("true", "1"):
        services.purge(item=item, by=request.user)


class TrashViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.DestroyModelMixin, GenericViewSet[Item]
):
    """What one deleted and can have back; DELETE ends it for good."""

    serializer_class = ItemSerializer
    queryset = Item.objects.none()  # for the schema
    filterset_fields = ("kind",)
    ordering_fields = ("deleted_at",)

    def get_queryset(self) -> ItemQuerySet:
        items = Item.objects.all()
        return getattr(items, "endable_by" if self.action == "destroy" else "for_user")(self.request.user)

    def perform_destroy(self, item: Item) -> None:
        services.purge(item=item, by=self.request.user)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """As it was, at the address that it had."""
        try:
            with refusals():
                services.restore(item=self.get_object(), by=request.user)
        except Item.DoesNotExist as gone:
            raise NotFound from gone
        return Response(status=http.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"])
    def empty(self, request: Request) -> Response:
        """Ends all of it for good."""
        services.empty(owner=request.user)
        return Response(status=http.HTTP_204_NO_CONTENT)
