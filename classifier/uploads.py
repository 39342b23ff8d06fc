"""Uploaded pictures become rows of an album or of a classifier: files at once, a ZIP while the worker unpacks it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_noop

from classifier.models import Album, Classifier, Delivery, Example, Label, Picture, index_new
from uploads import archive
from uploads.pictures import MOST_BYTES as PICTURE_BYTES
from uploads.pictures import check_picture
from uploads.problems import BadFile
from web.files import extension

MOST_PICTURES = 2_000
MOST_BYTES = 1_000_000_000  # of a ZIP: pictures hardly become smaller by packing
UPLOAD_LIMITS = {
    "most_bytes": PICTURE_BYTES,
    "most_zip_bytes": MOST_BYTES,
}  # what pages check before they send
ZIP = b"PK\x03\x04", b"PK\x05\x06"  # the second is an empty one


def is_zip(file: UploadedFile) -> bool:
    head = file.read(4)
    file.seek(0)
    return head in ZIP


def count_packed(file: UploadedFile, most: int) -> int:
    """How many files a ZIP holds. Raises BadFile where it should not be opened, or they are more than `most`."""
    if (file.size or 0) > MOST_BYTES:
        raise BadFile("zip_too_big")
    count = len(archive.Archive(cast(BinaryIO, file.file), most))
    file.seek(0)
    return count


def new_picture(album: Album, place: int, name: str, file: File | BadFile) -> Picture:
    """Unsaved, with its file stored, or with what is wrong with it."""
    picture = Picture(owner_id=album.owner_id, album=album, place=place, name=name[-200:])
    picture.job_id, picture.created_at = album.job_id, album.created_at
    picture.model_id, picture.wants_labels_only = album.model_id, album.wants_labels_only
    picture.taught_id = album.taught_id
    try:
        if isinstance(file, BadFile):
            raise file
        check_picture(cast(BinaryIO, file.file), may_move=True)
        picture.file.save(f"{picture.pk}.{extension(name)}", file, save=False)
    except BadFile as problem:
        picture.problem = str(problem)
    return picture


def unpack_album(album: Album) -> Iterator[int]:
    """A row for every file in its ZIP, one after another; counts them. What an earlier attempt made stays."""
    there = set(Picture.with_trashed.filter(album=album).values_list("place", flat=True))
    files = archive.read_files(Path(album.archive.path), MOST_PICTURES)
    for place, (name, content) in enumerate(files):
        if place not in there:
            file = content if isinstance(content, BadFile) else ContentFile(content)
            picture = new_picture(album, place, name, file)
            if insert(picture, album):
                index_new([picture])
        yield place + 1


@transaction.atomic
def insert(row: Picture | Example, parent: Album | Label) -> bool:
    """Into the trash where what it belongs to lies there; where that is gone, its file goes, too."""
    there = type(parent).with_trashed.select_for_update().filter(pk=parent.pk).first()
    if there is not None:
        row.trashed_id = there.trashed_id
        row.save(force_insert=True)
    elif row.file:
        row.file.delete(save=False)
    return there is not None


MOST_EXAMPLES = 10_000  # of a classifier
NO_FOLDER = gettext_noop("It lies in no folder of the ZIP, so its class is not known.")
CLASS_GONE = gettext_noop("Its class was deleted before this picture was taken in.")
FULL = gettext_noop("A classifier learns from at most 10,000 pictures; this one was left out.")


def new_example(delivery: Delivery, label: Label, place: int, name: str, file: File) -> Example:
    """Unsaved, with its file stored. Raises BadFile where it is no picture."""
    check_picture(cast(BinaryIO, file.file))
    example = Example(classifier_id=delivery.classifier_id, label=label, delivery=delivery, place=place)
    example.name = PurePosixPath(name).name[-200:]
    example.created_at = delivery.created_at
    example.sha256 = hashlib.file_digest(cast(BinaryIO, file.file), "sha256").hexdigest()
    file.seek(0)
    example.file.save(f"{example.pk}.{extension(name)}", file, save=False)
    return example


def unpack_delivery(delivery: Delivery) -> Iterator[int]:
    """A row for every picture in its ZIP, one after another; counts the files. What an earlier attempt made stays."""
    there = set(Example.with_trashed.filter(delivery=delivery).values_list("place", flat=True))
    room = MOST_EXAMPLES - delivery.classifier.examples.count() + len(there)
    delivery.skipped = []
    classes: dict[str, Label] = {}
    files = archive.read_files(Path(delivery.archive.path), MOST_EXAMPLES)
    for place, (name, content) in enumerate(files):
        if place not in there:
            problem = add_packed_file(delivery, place, name, content, classes) if place < room else FULL
            delivery.skipped += [{"name": name[-200:], "problem": problem}] if problem else []
        yield place + 1


def add_packed_file(
    delivery: Delivery, place: int, name: str, content: bytes | BadFile, classes: dict[str, Label]
) -> str:
    """One file of a ZIP; answers what is wrong with it, in English, or nothing."""
    if isinstance(content, BadFile):
        return str(content)
    label = class_of(delivery, name, classes)
    if label is None:
        return CLASS_GONE if delivery.label_id else NO_FOLDER
    try:
        example = new_example(delivery, label, place, name, ContentFile(content))
    except BadFile as problem:
        return str(problem)
    return "" if insert(example, label) else CLASS_GONE


def class_of(delivery: Delivery, name: str, classes: dict[str, Label]) -> Label | None:
    """The class that was named with the upload, or joined with that meanwhile, else the folder that the file lies in.
    classes: those of folders, each made once: one that is deleted does not come back with its next picture."""
    if delivery.label_id:
        named = Delivery.objects.filter(pk=delivery.pk).values("label")
        return Label.with_trashed.filter(pk__in=named).first()
    folder = one_line(PurePosixPath(name.replace("\\", "/")).parent.name)
    if folder and folder not in classes:
        classes[folder] = class_named(folder, delivery)
    return classes.get(folder)


@transaction.atomic
def class_named(name: str, delivery: Delivery) -> Label:
    """Into the trash where its classifier lies there."""
    classifier = Classifier.with_trashed.select_for_update().get(pk=delivery.classifier_id)
    label, _is_new = Label.with_trashed.get_or_create(
        classifier=classifier, name=name, trashed_id=classifier.trashed_id
    )
    return label


def one_line(name: str) -> str:
    """The name of a class: one line of at most 100 letters."""
    return " ".join(name.replace("\x00", "").split())[:100]
