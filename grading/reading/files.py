"""From the files of an upload to what their pages say: images into the storage, probabilities into memory.

A bad page is a page with a reason, never an end. Cells of many pages go through each network together.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from grading.models import AGAIN, Exam, PageAssignment, Scan
from grading.reading.again import has_its_place
from grading.reading.cells import CellClassifiers, PageReading, StraightPage, read_cells
from grading.reading.template_files import template_files
from grading.sheet.cutting import (
    NETWORK_OF,
    AssignedForm,
    CutPage,
    PrintedForm,
    SheetForm,
    fields_read,
    pickled,
)
from grading.sheet.layout import Layout
from grading.sheet.omrchecker.stored import TemplateForm
from grading.sheet.scan_files import PageImage, bad_page, count_pages, open_pages
from uploads.problems import BadFile
from uploads.sandbox import Sandbox

PAGES_TOGETHER = 8  # through the networks in one pass: more fill them better, and keep more pages in memory
SECONDS_TOGETHER = 3  # good ones take one


def networks_for(layout: Layout) -> set[str]:
    """Which networks read a sheet."""
    return {NETWORK_OF[field.kind] for page in layout.pages for field in fields_read(page)}


def read_upload(
    scan: Scan, readers: CellClassifiers, sandbox: Sandbox, done: int = 0
) -> Iterator[list[PageReading]]:
    """The pages of an upload in order, some at a time, as soon as they are read, without the first ones that were
    `done` before, whatever sheets they show. The first time it notes how many there are."""
    if not done:
        note_page_counts(sandbox, scan)
    pages = islice(enumerate(pages_of(sandbox, scan, form_of(scan.exam)), start=1), done, None)
    while batch := [sheet for number, image in together(pages) for sheet in store_page(scan, number, image)]:
        straight = [page for page in batch if isinstance(page, StraightPage)]
        read_cells(straight, readers, scan.exam)
        yield [page.reading if isinstance(page, StraightPage) else page for page in batch]


def read_assigned(asked: PageAssignment, readers: CellClassifiers, sandbox: Sandbox) -> PageReading:
    """One page again, as what a person says that it is; beside the picture of it as it came."""
    page, scan = asked.page, asked.page.scan
    form = AssignedForm(form_of(scan.exam), asked.sheet_page, tuple(map(tuple, asked.corners)), page.part)
    (image,) = islice(pages_of(sandbox, scan, form), page.page - 1, page.page)
    (straight,) = store_page(scan, page.page, image, kept_as=AGAIN, part=page.part)
    if not isinstance(straight, StraightPage):
        return straight
    read_cells([straight], readers, scan.exam)
    return straight.reading


def together(pages: Iterator[tuple[int, PageImage]]) -> Iterator[tuple[int, PageImage]]:
    """The next few; fewer where they are slow, for the work can be stopped or give way only after them."""
    end = time.monotonic() + SECONDS_TOGETHER
    for page in islice(pages, PAGES_TOGETHER):
        yield page
        if time.monotonic() > end:
            return


def pages_of(sandbox: Sandbox, scan: Scan, form: SheetForm) -> Iterator[PageImage]:
    kept = pickled(form)
    for file in scan.files:
        if "problem" in file:
            yield bad_page(1, file["name"], file["problem"])
        else:
            yield from open_pages(sandbox, stored_path(file), file["name"], kept)


def form_of(exam: Exam) -> SheetForm:
    if exam.template:
        return TemplateForm(template_files(exam))
    return PrintedForm(exam.code, exam.versions, exam.layout)


def note_page_counts(sandbox: Sandbox, scan: Scan) -> None:
    """Note how many pages its files have, now that they may be opened: for the progress of the work."""
    for file in scan.files:
        if file.get("kind") == "pdf":
            with suppress(BadFile):  # said of it when it is read
                file["pages"] = count_pages(sandbox, stored_path(file))
    scan.save(update_fields=["files"])


def stored_path(file: dict[str, Any]) -> Path:
    return Path(default_storage.path(file["path"]))


def store_page(
    scan: Scan, number: int, image: PageImage, kept_as: str = "page", part: int = 0
) -> list[StraightPage | PageReading]:
    """Keep the picture of one page, or of each sheet in it; its cells are read together with those of others. part:
    which one it is, where one alone was cut."""
    if not image.cuts:
        reading = reading_of(image, number, part)
        reading.reject(image.problem or "broken_page")
        return [reading]
    is_one = len(image.cuts) == 1
    return [
        store_sheet(scan, reading_of(image, number, part if is_one else place), cut, kept_as)
        for place, cut in enumerate(image.cuts, start=1)
    ]


def reading_of(image: PageImage, number: int, part: int = 0) -> PageReading:
    return PageReading(number, printable(image.name)[:255], image.number, part=part)


def store_sheet(scan: Scan, reading: PageReading, cut: CutPage, kept_as: str) -> StraightPage | PageReading:
    reading.code, reading.sheet_page = cut.code, cut.sheet_page
    reading.reason, reading.is_rejected, reading.is_forced = cut.reason, cut.is_rejected, cut.is_forced
    if cut.is_rejected and (kept_as == AGAIN or has_its_place(scan, reading.page, reading.part)):
        return reading  # what is kept of it stays
    reading.image = scan.image_name(reading.page, reading.part, kept_as)
    store_image(reading.image, cut.image)
    if cut.is_rejected:
        return reading
    reading.beside, reading.looks = list(cut.beside), dict(cut.looks)
    return StraightPage(reading, fields_read(scan.exam.layout.pages[cut.sheet_page - 1]), cut.cells, cut.seen)


def printable(name: str) -> str:
    """A file's name without what databases refuse; names inside a ZIP can be anything."""
    return "".join(letter for letter in name if letter.isprintable())


def store_image(name: str, image: bytes) -> None:
    """A second attempt at the same scan writes the same file again."""
    default_storage.delete(name)
    default_storage.save(name, ContentFile(image))
