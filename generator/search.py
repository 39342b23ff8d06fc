"""What the search of the top line finds of faces, by the words that they were ordered with."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from generator.models import Order
from web.search import MOST, Group, Hit, Place


def has_faces(_user: Any) -> bool:
    return settings.FACES


PLACES = [
    Place(_("Draw faces"), "generator:faces", has_faces),
    Place(_("My faces"), "generator:gallery", has_faces),
]


def search(user: User, text: str) -> Iterator[Group]:
    if settings.FACES:
        orders = Order.objects.for_user(user).filter(prompt__icontains=text).only("prompt", "seed")[:MOST]
        hits = [Hit(order.prompt, order.get_absolute_url(), str(order.seed)) for order in orders]
        yield Group(_("Faces"), "smile", hits)
