"""What the search of the top line finds of faces, by the words that they were ordered with and what these mean."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import User
from generator.models import Order
from generator.networks import EDIT_NAMES, ends_of_edit, name_of_edit
from web.search import MOST, Group, Hit, Place


def has_faces(_user: Any) -> bool:
    return settings.FACES


PLACES = [
    Place(_("Draw faces"), "generator:faces", has_faces),
    Place(_("My faces"), "generator:gallery", has_faces),
]


def search(user: User, text: str) -> Iterator[Group]:
    if settings.FACES:
        orders = Order.objects.for_user(user).select_related("model").filter(said_of(text))[:MOST]
        hits = [
            Hit(order.prompt or order.model.name, order.get_absolute_url(), str(order.seed))
            for order in orders
        ]
        yield Group(_("Faces"), "smile", hits)


def said_of(text: str) -> Q:
    """The words of the order, or what was changed in its faces, by its name in any language of the site."""
    said = Q(prompt__icontains=text)
    for name in EDIT_NAMES:
        if text.casefold() in names_of(name):
            said |= Q(edits__has_key=name) | Q(words__edits__has_key=name)
    return said


def names_of(edit: str) -> str:
    """In all languages, small."""
    names = []
    for language in dict(settings.LANGUAGES):
        with override(language):
            names += [str(name_of_edit(edit)), *map(str, ends_of_edit(edit))]
    return " ".join(names).casefold()
