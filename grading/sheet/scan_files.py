"""Uploaded files become pages: those of `NAMES` and a ZIP of these, one page in memory at a time.

What a file is, is told by its content. All of it is opened by a child with limits (`uploads.sandbox`), page by page.
Whatever is wrong with a file or a page is a value (`PageImage.problem`, a key of `problems.PROBLEMS`): a bad page never
stops the pages after it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import filetype
import numpy as np
import pillow_heif

from grading.sheet.cutting import CutPage, cut_pages, refused_page
from grading.sheet.decoding import Grey, PictureFile, check_page_size
from grading.sheet.pdf_pages import Pdf
from uploads import archive
from uploads.headers import size_in
from uploads.problems import BadFile
from uploads.sandbox import Sandbox

Opened = Grey | tuple[CutPage, ...]

MOST_BYTES = 100_000_000
MOST_PAGES = 500
JPEG2000_STREAM = b"\xff\x4f\xff\x51"  # without the boxes around it (ITU-T T.800, A.4)
MOST_SLENDER = 10  # long sides to a short one: of paper it is the strip that a till prints on

# What people may upload, for pages, sentences and file choosers; a test compares the sentences that cannot name it
NAMES = "PDF, JPEG, PNG, TIFF, HEIC, WebP, AVIF, BMP, GIF, JPEG 2000"
SUFFIXES = [
    ".pdf",
    ".jpg",
    ".jpeg",
    ".png",
    ".tif",
    ".tiff",
    ".heic",
    ".heif",
    ".webp",
    ".avif",
    ".bmp",
    ".gif",
]
SUFFIXES += [".jp2", ".jpx", ".j2k"]
ACCEPT = ",".join(["image/*", *SUFFIXES, ".zip"])

KINDS = {
    "application/pdf": "pdf",
    "application/zip": "zip",
    "image/jpeg": "jpeg",
    "image/png": "png",
    "image/apng": "png",
    "image/tiff": "tiff",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/avif": "heic",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/jpx": "jp2",
}


@dataclass(frozen=True)
class PageImage:
    """One page of an upload, opened when it is first asked for: `grey` (h, w) uint8, or `cuts` by a form, one of
    each sheet in it, or why there is none. `number` counts from 1."""

    number: int
    name: str
    open: Callable[[], Opened]

    @cached_property
    def opened(self) -> Opened | BadFile:
        try:
            return self.open()
        except BadFile as problem:
            return problem

    @property
    def grey(self) -> Grey | None:
        return self.opened if isinstance(self.opened, np.ndarray) else None

    @property
    def cuts(self) -> tuple[CutPage, ...]:
        return self.opened if isinstance(self.opened, tuple) else ()

    @property
    def problem(self) -> str | None:
        return self.opened.reason if isinstance(self.opened, BadFile) else None


def bad_page(number: int, name: str, reason: str) -> PageImage:
    return PageImage(number, name, partial(refuse, BadFile(reason)))


def refuse(problem: BadFile) -> Opened:
    raise problem


def check_scan_file(stream: BinaryIO) -> tuple[str, int]:
    """What kind of file this is and how many files are in it, by its bytes and the directory of a ZIP alone.

    Raises BadFile for an empty, too large, unknown or obviously unusable file.
    """
    kind, count = kind_of(stream), 1
    if kind == "zip":
        count = len(archive.Archive(stream))
    elif size := size_in(stream):
        check_page_size(size)
    if count > MOST_PAGES:
        raise BadFile("too_many_pages")
    return kind, count


def open_pages(sandbox: Sandbox, path: Path, name: str, form: bytes = b"") -> Iterator[PageImage]:
    """The pages of a file in reading order, lazily. Never raises for bad content: that is a page with a problem.

    `name` is the upload's own; a page from a ZIP bears the name of the file inside. form: a pickled `SheetForm`, by
    which they come cut.
    """
    pages = _pages(sandbox, path, name, form)
    number = 0
    for number, (inner, open_page) in enumerate(islice(pages, MOST_PAGES), start=1):
        yield PageImage(number, inner, open_page)
    if not number:
        yield bad_page(1, name, "no_pages")
    elif next(pages, None) is not None:
        yield bad_page(number + 1, name, "too_many_pages")


def count_pages(sandbox: Sandbox, path: Path) -> int:
    """Of a file, or how many files a ZIP holds. Raises BadFile where it cannot be opened."""
    return sandbox.run(_count, path)


def kind_of(stream: BinaryIO) -> str:
    """By its first bytes. Raises BadFile where it is none of them, empty or too large. Leaves the stream at 0."""
    size = stream.seek(0, 2)
    stream.seek(0)
    if size == 0:
        raise BadFile("empty_file")
    if size > MOST_BYTES:
        raise BadFile("too_big")
    head = stream.read(8192)
    stream.seek(0)
    return _kind_by(head)


def _kind_by(head: bytes) -> str:
    mime = filetype.guess_mime(head) or ""
    if mime in KINDS:
        return KINDS[mime]
    if b"%PDF-" in head[:1024]:  # readers allow some rubbish before it
        return "pdf"
    if pillow_heif.is_supported(head):
        return "heic"
    if head.startswith(JPEG2000_STREAM):
        return "jp2"
    raise BadFile("unknown_kind")


def _pages(
    sandbox: Sandbox, path: Path, name: str, form: bytes
) -> Iterator[tuple[str, Callable[[], Opened]]]:
    """Of every page its name and what opens it. What is wrong with a file is a page of its own, its last."""
    try:
        with path.open("rb") as stream:
            is_zip = kind_of(stream) == "zip"
        files = (
            enumerate(sandbox.run(archive.names_in_archive, path, archive.MOST_FILES))
            if is_zip
            else [(None, name)]
        )
        for place, inner in files:
            yield from _file_pages(sandbox, path, place, inner, form)
    except BadFile as problem:
        yield name, partial(refuse, problem)


def _file_pages(
    sandbox: Sandbox, path: Path, place: int | None, name: str, form: bytes
) -> Iterator[tuple[str, Callable[[], Opened]]]:
    """Of the file itself, or of the one at this place of the ZIP that it is."""
    try:
        count = sandbox.run(_count, path, place)
        if count > MOST_PAGES:
            raise BadFile("too_many_pages")
    except BadFile as problem:
        yield name, partial(refuse, problem)
        return
    for index in range(count):
        yield name, partial(sandbox.run, _read_page, path, place, index, form)


# --- in the child


def _count(path: Path, place: int | None = None) -> int:
    with path.open("rb") as stream:
        if place is None and kind_of(stream) == "zip":
            return len(archive.opened(path))
    return _document(path, path.stat().st_mtime_ns, place).count


def _read_page(path: Path, place: int | None, index: int, form: bytes = b"") -> Opened:
    grey = _document(path, path.stat().st_mtime_ns, place).page(index)
    if max(grey.shape) > MOST_SLENDER * min(grey.shape):
        if form:
            return (refused_page("odd_page", grey),)
        raise BadFile("odd_page")
    return cut_pages(grey, form) if form else grey


@lru_cache(maxsize=1)
def _document(path: Path, changed: int, place: int | None) -> Pdf | PictureFile:
    """Kept open between its pages."""
    data = path.read_bytes() if place is None else archive.opened(path).read(place)
    if not data:
        raise BadFile("empty_file")
    kind = _kind_by(data[:8192])
    if kind == "zip":
        raise BadFile("zip_in_zip")
    return Pdf(data) if kind == "pdf" else PictureFile(data)
