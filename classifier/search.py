"""What the search of the top line finds of pictures, albums and classifiers."""

from collections.abc import Iterator

from django.db.models import Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.grants import Right
from accounts.models import User
from classifier.models import Album, Classifier, Picture
from classifier.presentation.pictures import title_of
from web.search import MOST, Group, Hit, Place

PLACES = [
    Place(_("Ask about a picture"), "classifier:pictures"),
    Place(_("My pictures"), "classifier:history"),
    Place(_("Teach your own classes"), "classifier:classifiers"),
]


def search(user: User, text: str) -> Iterator[Group]:
    few = Picture.objects.having(text, user.pk).in_list()[:MOST]
    hits = [Hit(title_of(one), one.get_absolute_url(), one.name) for one in few]
    yield Group(_("Pictures"), "image", hits)
    albums, classifiers = albums_and_classifiers(user, text)
    yield Group(_("Albums"), "images", albums)
    yield Group(_("Classifiers"), "shapes", classifiers)


def albums_and_classifiers(user: User, text: str) -> tuple[list[Hit], list[Hit]]:
    """In one query: there are few of either."""
    albums = Album.objects.for_user(user, Right.VIEW).filter(name__icontains=text).order_by()
    classifiers = Classifier.objects.usable_by(user).filter(name__icontains=text).order_by()
    both = albums.values_list(Value("album"), "pk", "name")
    found = both.union(classifiers.values_list(Value("classifier"), "pk", "name"))[: 2 * MOST]
    hits: dict[str, list[Hit]] = {"album": [], "classifier": []}
    for page, pk, name in found:
        hits[page].append(Hit(name, reverse(f"classifier:{page}", args=[pk])))
    return hits["album"], hits["classifier"]
