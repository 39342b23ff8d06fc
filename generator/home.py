"""What the first page shows of faces."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import User
from generator.models import Face, Order
from web.home import MOST_RECENT, Item, Shelf


def recent(user: User) -> Iterator[Shelf]:
    """The first face of each order, once it is drawn: an order that waits is among the jobs."""
    if not settings.FACES:
        return
    orders = Order.objects.for_user(user)
    faces = Face.objects.filter(order__in=orders, place=0).defer("png").select_related("order__model")
    items = [face_item(face) for face in faces.order_by("-order__created_at")[:MOST_RECENT]]
    yield Shelf(gettext_lazy("Faces"), "smile", reverse("generator:gallery"), items)


def face_item(face: Face) -> Item:
    order = face.order
    picture = reverse("generator:api-face", args=[order.pk, face.place])
    return Item(order.title, order.get_absolute_url(), picture=picture)
