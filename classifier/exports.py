"""An album as a table: one row a picture."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from classifier.models import Album, Picture
from classifier.presentation.pictures import Found, caption_text, in_language, label_of
from web.tables import Row


def album_table(album: Album) -> Iterator[Row]:
    """The header in the language of the moment, then a row a picture, in the order of the album."""
    yield [
        *(_("File"), _("What it shows"), _("Probability"), _("Corrected"), _("Caption")),
        *(_("Objects"), _("Faces"), _("Text"), _("Colours"), _("Taken"), _("Camera")),
        *(_("Latitude"), _("Longitude"), _("Width"), _("Height"), _("Problem")),
    ]
    for picture in album.pictures.in_list().order_by("place"):
        yield album_row(picture)


def album_row(picture: Picture) -> Row:
    found = in_language(picture.card)
    photo = found.get("photo") or {}
    gps = photo.get("gps") or {}
    return [
        *(picture.name, label_of(picture), probability_of(found), picture.right_label, caption_text(found)),
        *(names_of(found, "objects"), count(found, "faces"), lines_text(found), names_of(found, "colors")),
        *(photo.get("taken_at"), photo.get("camera"), gps.get("latitude"), gps.get("longitude")),
        *(picture.width, picture.height, _(picture.problem) if picture.problem else ""),
    ]


def probability_of(found: Found) -> float | None:
    return round(found["answer"]["probability"], 4) if found.get("answer") else None


def names_of(found: Found, kind: str) -> str:
    return ", ".join(thing["name"] for thing in found.get(kind) or ())


def count(found: Found, kind: str) -> int | None:
    """None where they were not looked for."""
    return None if found.get(kind) is None else len(found[kind])


def lines_text(found: Found) -> str:
    return "\n".join(line["text"] for line in found.get("text") or ())
