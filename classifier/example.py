"""The part that pictures and teaching have in an example: an album, and a classifier that learns four things."""

import io
from zipfile import ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classifier.samples import SAMPLES, sample_file
from classifier.services import teaching
from classifier.services.pictures import submit_album
from classifier.things import jpeg
from example.models import Example
from trash.models import Trashable

NAMES = {
    "leaf": gettext_lazy("leaves"),
    "brick": gettext_lazy("bricks"),
    "sky": gettext_lazy("sky"),
    "coin": gettext_lazy("coins"),
}
OF_EACH = 12  # pictures


def make(example: Example) -> list[Trashable]:
    album = submit_album(
        owner=example.owner, files=[sample_file(name) for name in SAMPLES], name=_("Example: four pictures")
    )
    classifier = teaching.create(owner=example.owner, name=_("Example: four things"))
    teaching.add_examples(classifier=classifier, files=[drawn_things()], then_trains=True)
    return [album, classifier]


def drawn_things() -> SimpleUploadedFile:
    """A ZIP with a folder for each."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for thing, name in NAMES.items():
            for number in range(OF_EACH):
                archive.writestr(f"{name}/{number}.jpg", jpeg(thing, number))
    return SimpleUploadedFile("things.zip", out.getvalue())
