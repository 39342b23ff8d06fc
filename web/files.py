"""Files that belong to rows: kept under harmless names, deleted with their rows, shown by browsers."""

import mimetypes
import re
from collections.abc import Iterable
from typing import BinaryIO, cast

from django.core.files import File
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from PIL import Image

from uploads.pictures import check_picture, encoded, open_rgb
from web.refusals import bad_file_refused

HEAT = (0xE6, 0x6A, 0x00)  # orange over grey is told apart by the colour-blind, too
SHARPEST = 1600  # px of the longer side of a picture on a page
PRIVATE = "private, max-age=86400, immutable"  # what was uploaded never changes


def extension(name: str | None) -> str:
    """A short harmless one of the name that a file came with; what the file is, is told by its content."""
    found = re.search(r"\.([a-z0-9]{1,5})$", (name or "").lower())
    return found[1] if found else "bin"


def validate_picture(file: File) -> None:
    """For fields of forms and serializers. Raises ValidationError where it is no picture, or not one alone."""
    with bad_file_refused():
        check_picture(cast(BinaryIO, file.file))


def remove_on_commit(files: Iterable[FieldFile]) -> None:
    """Once the deletion of their rows is committed, the files go, too."""
    stored = [(file.storage, file.name) for file in files if file.name]

    def remove() -> None:
        for storage, name in stored:
            storage.delete(name)

    transaction.on_commit(remove)


def image_answer(content: bytes) -> HttpResponse:
    """A PNG or JPEG for whoever asked, who may keep it."""
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": PRIVATE})


def download_of_upload(file: FieldFile, name: str = "") -> FileResponse:
    """The file as it was sent, `name` being what its owner called it. A browser is told of a plain picture or of bytes,
    and never of what it would run as a page of this site (HTML, SVG), whatever the file is called."""
    kind, _encoding = mimetypes.guess_type(name or str(file.name))
    is_plain = bool(kind) and str(kind).startswith("image/") and kind != "image/svg+xml"
    content_type = str(kind) if is_plain else "application/octet-stream"
    return FileResponse(file.open(), as_attachment=True, filename=name, content_type=content_type)


def open_to_show(file: FieldFile, longest: int) -> Image.Image:
    """The picture in it, upright, no larger than that. Raises Http404 where it is damaged, gone, or never stored."""
    try:
        with file.open() as stored:
            return Image.fromarray(open_rgb(stored.read(), longest))
    except (FileNotFoundError, ValueError):  # of which BadFile is one
        raise Http404 from None


def heat_map(spoke: Image.Image) -> bytes:
    """A PNG to lay over a picture: the more a place spoke for the answer (L), the less transparent."""
    heat = Image.new("RGBA", spoke.size, HEAT)
    heat.putalpha(spoke)
    return encoded(heat, "PNG")
