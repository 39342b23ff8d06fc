"""Drawn pictures of four things, as people send them."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

from classifier.things import THINGS, jpeg


def uploads(thing: str, count: int, first: int = 0) -> list[SimpleUploadedFile]:
    return [
        SimpleUploadedFile(f"{thing}-{number}.jpg", jpeg(thing, number))
        for number in range(first, first + count)
    ]


def zipped(members: dict[str, bytes]) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return SimpleUploadedFile("things.zip", out.getvalue())


def folders(count: int, things: tuple[str, ...] = THINGS) -> dict[str, bytes]:
    """A folder for each thing with so many pictures."""
    return {
        f"my things/{thing}/{number}.jpg": jpeg(thing, number) for thing in things for number in range(count)
    }
