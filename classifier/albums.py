"""How pictures come into an album: from the files of a folder at once, from a ZIP while the worker unpacks it."""

from collections.abc import Iterator
from typing import BinaryIO, cast

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile

from classifier.models import Album, Picture
from uploads import archive
from uploads.pictures import check
from uploads.problems import BadFile
from web.files import extension

MOST_PICTURES = 2_000
MOST_BYTES = 1_000_000_000  # of a ZIP: pictures hardly become smaller by packing
ZIP = b"PK\x03\x04", b"PK\x05\x06"  # the second is an empty one


def is_zip(file: UploadedFile) -> bool:
    head = file.read(4)
    file.seek(0)
    return head in ZIP


def count_packed(file: UploadedFile) -> int:
    """How many files a ZIP holds. Raises BadFile where it should not be opened."""
    if (file.size or 0) > MOST_BYTES:
        raise BadFile("zip_too_big")
    found = archive.entries(cast(BinaryIO, file.file), MOST_PICTURES)
    file.seek(0)
    return len(found)


def new_picture(album: Album, place: int, name: str, file: File | BadFile) -> Picture:
    """Unsaved, with its file stored, or with what is wrong with it."""
    picture = Picture(owner_id=album.owner_id, album=album, place=place, name=name[-200:])
    picture.job_id, picture.created_at = album.job_id, album.created_at
    picture.model_id, picture.wants_labels_only = album.model_id, album.wants_labels_only
    picture.taught_id = album.taught_id
    try:
        if isinstance(file, BadFile):
            raise file
        check(cast(BinaryIO, file.file))
        picture.file.save(f"{picture.pk}.{extension(name)}", file, save=False)
    except BadFile as problem:
        picture.problem = str(problem)
    return picture


def unpack(album: Album) -> Iterator[int]:
    """A row for every file in its ZIP, one after another; counts them. What an earlier attempt made stays."""
    there = set(album.pictures.values_list("place", flat=True))
    with album.archive.open() as stream:
        for place, (name, content) in enumerate(archive.read(stream, MOST_PICTURES)):
            if place not in there:
                file = content if isinstance(content, BadFile) else ContentFile(content)
                new_picture(album, place, name, file).save(force_insert=True)
            yield place + 1
