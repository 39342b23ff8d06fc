"""What the first page shows of digits."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import User
from digits.models import Reading
from web.home import MOST_RECENT, Item, Shelf


def recent(user: User) -> Iterator[Shelf]:
    readings = Reading.objects.for_user(user).in_list()[:MOST_RECENT]
    items = [reading_item(one) for one in readings]
    yield Shelf(gettext_lazy("Digits"), "pencil-line", reverse("digits:history"), items)


def reading_item(reading: Reading) -> Item:
    picture = reverse("digits:picture", args=[reading.pk])
    return Item(reading.title, reading.get_absolute_url(), picture=f"{picture}?small")
