"""How pictures to learn from come in: as files of one class, or as a ZIP with a folder for each."""

import hashlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_noop

from classifier.models import Delivery, Example, Label
from uploads import archive
from uploads.pictures import check
from uploads.problems import BadFile
from web.files import extension

MOST_EXAMPLES = 10_000  # of a classifier
NO_FOLDER = gettext_noop("It lies in no folder of the ZIP, so its class is not known.")
FULL = gettext_noop("A classifier learns from at most 10,000 pictures; this one was left out.")


def new_example(delivery: Delivery, label: Label, place: int, name: str, file: File) -> Example:
    """Unsaved, with its file stored. Raises BadFile where it is no picture."""
    check(cast(BinaryIO, file.file))
    example = Example(classifier_id=delivery.classifier_id, label=label, delivery=delivery, place=place)
    example.name = PurePosixPath(name).name[-200:]
    example.created_at = delivery.created_at
    example.sha256 = hashlib.file_digest(cast(BinaryIO, file.file), "sha256").hexdigest()
    file.seek(0)
    example.file.save(f"{example.pk}.{extension(name)}", file, save=False)
    return example


def unpack(delivery: Delivery) -> Iterator[int]:
    """A row for every picture in its ZIP, one after another; counts the files. What an earlier attempt made stays."""
    there = set(delivery.examples.values_list("place", flat=True))
    room = MOST_EXAMPLES - delivery.classifier.examples.count() + len(there)
    delivery.skipped = []
    with delivery.archive.open() as stream:
        for place, (name, content) in enumerate(archive.read(stream, MOST_EXAMPLES)):
            if place not in there:
                problem = take(delivery, place, name, content) if place < room else FULL
                delivery.skipped += [{"name": name[-200:], "problem": problem}] if problem else []
            yield place + 1


def take(delivery: Delivery, place: int, name: str, content: bytes | BadFile) -> str:
    """One file of a ZIP; answers what is wrong with it, in English, or nothing."""
    if isinstance(content, BadFile):
        return str(content)
    label = label_of(delivery, name)
    if label is None:
        return NO_FOLDER
    try:
        new_example(delivery, label, place, name, ContentFile(content)).save(force_insert=True)
    except BadFile as problem:
        return str(problem)
    return ""


def label_of(delivery: Delivery, name: str) -> Label | None:
    """The class that was named with the upload, else the folder that the file lies in."""
    if delivery.label:
        return delivery.label
    folder = clean(PurePosixPath(name.replace("\\", "/")).parent.name)
    if not folder:
        return None
    return Label.objects.get_or_create(classifier_id=delivery.classifier_id, name=folder)[0]


def clean(name: str) -> str:
    """The name of a class: one line of at most 100 letters."""
    return " ".join(name.replace("\x00", "").split())[:100]
