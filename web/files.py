"""Files that belong to rows: kept under harmless names, deleted with their rows, shown by browsers."""

import mimetypes
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import cv2
from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from PIL import Image

from uploads.headers import is_light
from uploads.pictures import Rgb, check_picture, encoded, open_rgb
from uploads.sandbox import Sandbox
from web.refusals import bad_file_refused

HEAT = (0xE6, 0x6A, 0x00)  # orange over grey is told apart by the colour-blind, too
SHARPEST = 1600  # px of the longer side of a picture on a page
PRIVATE = "private, max-age=86400, immutable"  # what was uploaded never changes
SHOWN = ".shown.jpg"
PATIENCE = 3.0  # seconds that a request waits for its turn to keep a missing copy
keeping = threading.Lock()


@dataclass(frozen=True)
class Folders:
    """Said by a model whose rows have a folder each, named by their keys, which holds files that no field names: where
    one is and its row is not, it is removed (jobs.leftovers)."""

    place: str  # where they lie; * is any name
    is_stored: bool = True  # in the storage, else in DATA_DIR
    is_first: bool = False  # files come before their row is committed

    def of(self, *keys: object) -> str:
        return f"{self.place.replace('*', '{}')}/{{}}".format(*keys)

    @property
    def storage(self) -> Storage:
        return default_storage if self.is_stored else FileSystemStorage(settings.DATA_DIR)


def extension(name: str | None) -> str:
    """A short harmless one of the name that a file came with; what the file is, is told by its content."""
    found = re.search(r"\.([a-z0-9]{1,5})$", (name or "").lower())
    return found[1] if found else "bin"


def validate_picture(file: File, *, may_move: bool = False) -> None:
    """For fields of forms and serializers. Raises ValidationError where it is no picture, or not one alone unless it
    may_move."""
    with bad_file_refused():
        check_picture(cast(BinaryIO, file.file), may_move=may_move)


def remove_on_commit(files: Iterable[FieldFile]) -> None:
    """Once the deletion of their rows is committed, the files go, too, and what was kept to show them."""
    stored = [(file.storage, file.name) for file in files if file.name]

    def remove() -> None:
        for storage, name in stored:
            storage.delete(name)
            storage.delete(copy_of(name))

    transaction.on_commit(remove)


def delete_folder(folder: str, storage: Storage = default_storage) -> None:
    """With all that is in it. A worker may still write there, which then puts that away itself."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        storage.delete(f"{folder}/{name}")
    for name in folders:
        delete_folder(f"{folder}/{name}", storage)
    with suppress(OSError):  # it is no longer empty
        storage.delete(folder)


@contextmanager
def folder_goes_with_row(folder: str) -> Iterator[None]:
    """Within the transaction that makes a row: where that fails the row goes, and here its files do."""
    try:
        yield
    except Exception:  # whatever it is, say a full disk
        delete_folder(folder)
        raise


def image_answer(content: bytes) -> HttpResponse:
    """A PNG or JPEG for whoever asked, who may keep it."""
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": PRIVATE})


def pdf_answer(out: BinaryIO, title: str) -> FileResponse:
    """Shown by browsers, which know it under this title when it is kept."""
    out.seek(0)
    headers = {"Cache-Control": "private, no-cache"}
    return FileResponse(out, content_type="application/pdf", filename=f"{title}.pdf", headers=headers)


def download_of_upload(file: FieldFile, name: str = "") -> FileResponse:
    """The file as it was sent, `name` being what its owner called it. A browser is told of a plain picture or of bytes,
    and never of what it would run as a page of this site (HTML, SVG), whatever the file is called."""
    kind, _encoding = mimetypes.guess_type(name or str(file.name))
    is_plain = bool(kind) and str(kind).startswith("image/") and kind != "image/svg+xml"
    content_type = str(kind) if is_plain else "application/octet-stream"
    return FileResponse(file.open(), as_attachment=True, filename=name, content_type=content_type)


def copy_of(name: str | None) -> str:
    """The name of the JPEG that is shown instead of a file."""
    return f"{name}{SHOWN}"


def original_of(name: str) -> str:
    """The name of the file that a copy is shown instead of; of any other file its own."""
    return name.removesuffix(SHOWN)


def keep_to_show(file: FieldFile, picture: Rgb) -> None:
    """Workers keep a copy of what web processes shall show but not open: all that is not small. Written anew by each
    attempt at its job. Raises FileNotFoundError where the file is gone; of one that goes meanwhile no copy stays."""
    with file.open() as stored:
        if is_light(cast(BinaryIO, stored)):
            return
    while max(picture.shape) > 2 * SHARPEST:  # halving takes a tenth of what any other size does
        height, width = (max(side // 2, 1) for side in picture.shape[:2])
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    file.storage.delete(copy_of(file.name))
    file.storage.save(copy_of(file.name), ContentFile(encoded(Image.fromarray(picture))))
    if not file.storage.exists(str(file.name)):  # who deletes it takes the copy second
        file.storage.delete(copy_of(file.name))
        raise FileNotFoundError(file.name)


def open_to_show(file: FieldFile, longest: int, *, is_read: bool) -> Image.Image:
    """The (first) picture in it, upright, no larger than that: a small one itself, else the copy that a worker kept.

    is_read: a worker has opened it. Raises Http404 where it is damaged, gone, or not yet to be shown.
    """
    try:
        return Image.fromarray(open_rgb(content_to_show(file, is_read), longest, may_move=True))
    except (FileNotFoundError, ValueError):  # of which BadFile is one
        raise Http404 from None


def can_be_shown(file: FieldFile, is_read: bool) -> bool:
    """Whether `open_to_show` has something to open; nothing is opened for that."""
    try:
        with file.open() as stored:
            return is_read or is_light(cast(BinaryIO, stored))
    except (FileNotFoundError, ValueError):
        return False


def content_to_show(file: FieldFile, is_read: bool) -> bytes:
    with file.open() as stored:
        if is_light(cast(BinaryIO, stored)):
            content: bytes = stored.read()
            return content
    if is_read and not file.storage.exists(copy_of(file.name)):
        keep_missing_copy(file)
    with file.storage.open(copy_of(file.name)) as copy:
        return bytes(copy.read())


def keep_missing_copy(file: FieldFile) -> None:
    """Of a picture that was read before copies were kept. Raises FileNotFoundError where others keep this process at it
    for too long."""
    if not keeping.acquire(timeout=PATIENCE):
        raise FileNotFoundError(file.name)
    try:
        keep_to_show(file, Sandbox().open(Path(file.path), open_rgb, may_move=True))
    finally:
        keeping.release()


def heat_map(spoke: Image.Image) -> bytes:
    """A PNG to lay over a picture: the more a place spoke for the answer (L), the less transparent."""
    heat = Image.new("RGBA", spoke.size, HEAT)
    heat.putalpha(spoke)
    return encoded(heat, "PNG")
