"""Uploaded pictures become rows of an album or of a classifier: files at once, a ZIP while the worker unpacks it."""

import hashlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast
from unicodedata import category

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_noop

from classifier.models import Album, Classifier, Delivery, Example, Label, Picture, index_new
from uploads import archive, label_studio
from uploads.pictures import MOST_BYTES as PICTURE_BYTES
from uploads.pictures import check_picture
from uploads.problems import BadFile
from uploads.sandbox import Sandbox
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


MOST_EXAMPLES, MOST_LABELS = 10_000, 200  # of a classifier
NO_FOLDER = gettext_noop("It lies in no folder of the ZIP, so its class is not known.")
NOT_LISTED = gettext_noop("The list of Label Studio in this ZIP names no class for it.")
NOT_THERE = gettext_noop("The list of Label Studio in this ZIP names it, but it is not in the ZIP.")
SEVERAL_LISTED = gettext_noop("The list of Label Studio in this ZIP names several classes for it.")
CLASS_GONE = gettext_noop("Its class was deleted before this picture was taken in.")
FULL = gettext_noop("A classifier learns from at most 10,000 pictures; this one was left out.")
TOO_MANY_LABELS = gettext_noop("A classifier has at most 200 classes.")


class NoClass(Exception):
    """Why the class of a packed picture is not known, in English."""


def new_example(delivery: Delivery, label: Label, place: int, name: str, file: File) -> Example:
    """Unsaved, with its file stored; `check_picture` has looked at it."""
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
    path = Path(delivery.archive.path)
    classes = PackedClasses(delivery, path)
    for place, (name, content) in enumerate(archive.read_files(path, MOST_EXAMPLES)):
        if place not in there and not classes.is_list(name):
            problem = add_packed_file(delivery, place, name, content, classes) if place < room else FULL
            delivery.skipped += [{"name": name[-200:], "problem": problem}] if problem else []
        yield place + 1
    delivery.skipped += [{"name": one_line(name[-100:]), "problem": NOT_THERE} for name in classes.missing]


def add_packed_file(
    delivery: Delivery, place: int, name: str, content: bytes | BadFile, classes: "PackedClasses"
) -> str:
    """One file of a ZIP; answers what is wrong with it, in English, or nothing. What is no picture makes no class."""
    try:
        if isinstance(content, BadFile):
            raise content
        check_picture(BytesIO(content))
        label = classes.label_of(name)
        example = new_example(delivery, label, place, name, ContentFile(content))
    except (BadFile, NoClass) as problem:
        return str(problem)
    return "" if insert(example, label) else CLASS_GONE


class PackedClasses:
    """Whose pictures are in a ZIP: the class that was named with the upload, or joined with that meanwhile; else the
    one that a list of Label Studio names, else the folder that a file lies in. Each is made once: one that is deleted
    does not come back with its next picture."""

    def __init__(self, delivery: Delivery, path: Path) -> None:
        self.delivery = delivery
        self.made: dict[str, Label] = {}
        try:
            self.listed, lists, self.missing = Sandbox().run(
                label_studio.classes_in_archive, path, MOST_EXAMPLES
            )
        except BadFile:  # which breaks the limits: it is no picture, either
            self.listed, lists, self.missing = {}, [], []
        self.lists = {*lists, label_studio.CONFIG} if lists else set()
        self.known = {one_line(name) for names in self.listed.values() for name in names}

    def is_list(self, name: str) -> bool:
        return name in self.lists

    def label_of(self, name: str) -> Label:
        """Raises NoClass."""
        if self.delivery.label_id:
            named = Delivery.objects.filter(pk=self.delivery.pk).values("label")
            label = Label.with_trashed.filter(pk__in=named).first()
            if label is None:
                raise NoClass(CLASS_GONE)
            return label
        named = self.name_of(name)
        if named not in self.made:
            self.made[named] = class_named(named, self.delivery)
        return self.made[named]

    def name_of(self, name: str) -> str:
        """Raises NoClass."""
        listed = list(dict.fromkeys(filter(None, map(one_line, self.listed.get(name, [])))))
        if len(listed) > 1:
            raise NoClass(SEVERAL_LISTED)
        if listed:
            return listed[0]
        folder = one_line(PurePosixPath(name.replace("\\", "/")).parent.name)
        if self.lists and folder not in self.known:  # a folder of all pictures is no class
            raise NoClass(NOT_LISTED)
        if not folder:
            raise NoClass(NO_FOLDER)
        return folder


@transaction.atomic
def class_named(name: str, delivery: Delivery) -> Label:
    """Into the trash where its classifier lies there. Raises NoClass where there are too many."""
    classifier = Classifier.with_trashed.select_for_update().get(pk=delivery.classifier_id)
    labels = Label.with_trashed.filter(classifier=classifier, trashed_id=classifier.trashed_id)
    known = labels.filter(name=name).first()
    if known is None and labels.count() >= MOST_LABELS:
        raise NoClass(TOO_MANY_LABELS)
    return known or Label.objects.create(classifier=classifier, name=name, trashed_id=classifier.trashed_id)


def one_line(name: str) -> str:
    """The name of a class: one line of at most 100 letters, none of which is a control character or half of one."""
    kept = "".join(letter for letter in " ".join(name.split()) if category(letter) not in ("Cc", "Cs"))
    return " ".join(kept.split())[:100]
