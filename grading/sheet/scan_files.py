"""Uploaded files become pages: PDF, JPEG, PNG, TIFF, HEIC, WebP and a ZIP of these, one page in memory at a time.

What a file is, is told by its content. Whatever is wrong with a file or a page is a value (`PageImage.problem`, a
key of `problems.PROBLEMS`): a bad page never stops the pages after it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import BinaryIO

import filetype
import pillow_heif

from grading.sheet import decoding, pdf_pages
from grading.sheet.decoding import Grey
from uploads import archive
from uploads.problems import BadFile

MOST_BYTES = 100_000_000
MOST_PAGES = 500

KINDS = {
    "application/pdf": "pdf",
    "application/zip": "zip",
    "image/jpeg": "jpeg",
    "image/png": "png",
    "image/apng": "png",
    "image/tiff": "tiff",
    "image/webp": "webp",
    "image/heic": "heic",
}


@dataclass(frozen=True)
class PageImage:
    """One page of an upload: `grey` (h, w) uint8, or why there is none. `number` counts the upload's pages from 1."""

    number: int
    name: str
    grey: Grey | None = None
    problem: str | None = None


def check_scan_file(stream: BinaryIO) -> tuple[str, int]:
    """What kind of file this is and how many pages it has, after the cheap checks of an upload; nothing is decoded.

    Raises BadFile for an empty, too large, unknown, encrypted or obviously unusable file.
    """
    kind, pages = _kind(stream), 1
    if kind == "pdf":
        pages = pdf_pages.count_pages(stream)
    elif kind == "zip":
        pages = len(archive.entries(stream))
    else:
        decoding.size_of(stream.read())
    if pages > MOST_PAGES:
        raise BadFile("too_many_pages")
    return kind, pages


def open_pages(stream: BinaryIO, name: str) -> Iterator[PageImage]:
    """The pages of a file in reading order, lazily. Never raises for bad content: that is a page with a problem.

    `name` is the upload's own; a page from a ZIP bears the name of the file inside.
    """
    pages = _pages(stream, name)
    number = 0
    for number, (inner, page) in enumerate(islice(pages, MOST_PAGES), start=1):
        if isinstance(page, BadFile):
            yield PageImage(number, inner, problem=page.reason)
        else:
            yield PageImage(number, inner, grey=page)
    if not number:
        yield PageImage(1, name, problem="no_pages")
    elif next(pages, None) is not None:
        yield PageImage(number + 1, name, problem="too_many_pages")


def _kind(stream: BinaryIO) -> str:
    size = stream.seek(0, 2)
    stream.seek(0)
    if size == 0:
        raise BadFile("empty_file")
    if size > MOST_BYTES:
        raise BadFile("too_big")
    head = stream.read(8192)
    stream.seek(0)
    mime = filetype.guess_mime(head) or ""
    if mime in KINDS:
        return KINDS[mime]
    if b"%PDF-" in head[:1024]:  # readers allow some rubbish before it
        return "pdf"
    if pillow_heif.is_supported(head):
        return "heic"
    raise BadFile("unknown_kind")


def _pages(stream: BinaryIO, name: str) -> Iterator[tuple[str, Grey | BadFile]]:
    """(name, page) of every page. What is wrong with a file is a page of its own, the last of this file."""
    try:
        kind = _kind(stream)
        if kind == "zip":
            yield from _zip_pages(stream)
        elif kind == "pdf":
            if pdf_pages.count_pages(stream) > MOST_PAGES:
                raise BadFile("too_many_pages")
            yield from ((name, page) for page in pdf_pages.decode(stream))
        else:
            yield from ((name, page) for page in decoding.decode(stream.read()))
    except BadFile as problem:
        yield name, problem


def _zip_pages(stream: BinaryIO) -> Iterator[tuple[str, Grey | BadFile]]:
    for name, data in archive.read_files(stream):
        if isinstance(data, BadFile):
            yield name, data
        elif not data:
            yield name, BadFile("empty_file")
        elif data.startswith(b"PK\x03\x04"):
            yield name, BadFile("zip_in_zip")
        else:
            yield from _pages(BytesIO(data), name)
