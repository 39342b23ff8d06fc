"""What the first page shows of pictures and classifiers."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from accounts.models import User
from classifier.models import Classifier, Picture
from classifier.presentation.pictures import title_of
from web.home import MOST_RECENT, Item, Shelf


def recent(user: User) -> Iterator[Shelf]:
    pictures = Picture.objects.for_user(user).in_list()[:MOST_RECENT]
    yield Shelf(
        gettext_lazy("Pictures"),
        "image",
        reverse("classifier:history"),
        [picture_item(one) for one in pictures],
    )
    classifiers = Classifier.objects.usable_by(user).order_by("-created_at")[:MOST_RECENT]
    items = [
        Item(one.name, one.get_absolute_url(), date_format(one.created_at, "SHORT_DATE_FORMAT"))
        for one in classifiers
    ]
    yield Shelf(gettext_lazy("Classifiers"), "shapes", reverse("classifier:classifiers"), items)


def picture_item(picture: Picture) -> Item:
    small = reverse("classifier:image", args=[picture.pk]) + "?small" if picture.has_small else ""
    return Item(title_of(picture), picture.get_absolute_url(), picture=small)
