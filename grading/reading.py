"""From the files of an upload to what their pages say: images into the storage, probabilities into memory.

A bad page is a page with a reason, never an end. Cells of many pages go through each network together.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from numpy.typing import NDArray

from grading.models import AGAIN, Exam, PageAssignment, Scan
from grading.sheet.boxes import Field
from grading.sheet.code import PageCode
from grading.sheet.cutting import (
    NETWORK_OF,
    AssignedForm,
    Cells,
    CutPage,
    PrintedForm,
    Seen,
    SheetForm,
    fields_read,
    pickled,
)
from grading.sheet.empty_cells import UNKNOWN, empty_cells, kinds_of
from grading.sheet.identity import identify
from grading.sheet.ink import weigh
from grading.sheet.interpret import LETTERS, MARKS, NUMERALS, UNSEEN, Identity, Thresholds, undecided
from grading.sheet.layout import Layout
from grading.sheet.omrchecker.reading import read_answers, read_student
from grading.sheet.omrchecker.stored import TemplateForm
from grading.sheet.scan_files import PageImage, bad_page, count_pages, open_pages
from grading.sheet.visibility import BESIDE, HIDDEN, OUTSIDE
from grading.template_files import template_files
from uploads.problems import BadFile
from uploads.sandbox import Sandbox

PAGES_TOGETHER = 8  # through the networks in one pass: more fill them better, and keep more pages in memory
SECONDS_TOGETHER = 3  # good ones take one
CLASSES = {"marks": MARKS, "numerals": NUMERALS, "letters": LETTERS}
NOTHING = ("empty", "blank")
PARTS = 10_000
Numbers = NDArray[np.float32]


class CellClassifier(Protocol):
    """A network that reads cells, each with how it looks when empty, both (n, side, side) uint8, to probabilities
    (n, classes) in the order of `CLASSES`."""

    certain: float

    def read(self, cells: Cells, references: Cells) -> Numbers: ...


CellClassifiers = Mapping[str, CellClassifier]


@dataclass
class PageReading:
    """One page of an upload and what was read there; `reason` says why it was turned away or is in doubt. `part`: which
    of the sheets in one picture, from 1; 0 where it shows one."""

    page: int
    file_name: str
    file_page: int
    reason: str = ""
    is_rejected: bool = False
    is_forced: bool = False  # no print confirms where its cells are
    code: PageCode | None = None
    sheet_page: int = 0
    image: str = ""
    identity: Identity = field(default_factory=lambda: Identity(""))
    channels: dict[str, Any] = field(default_factory=dict)
    cells: dict[int, Numbers] = field(default_factory=dict)
    beside: list[int] = field(default_factory=list)
    networks: dict[str, list] = field(default_factory=dict)  # as `PageCells.networks`
    part: int = 0

    def reject(self, reason: str) -> None:
        self.reason, self.is_rejected = reason, True


@dataclass
class StraightPage:
    """A page that was rectified, its cells cut out and not read yet."""

    reading: PageReading
    fields: tuple[Field, ...]
    cells: Mapping[str, Cells]
    seen: Mapping[str, Seen]  # of each of these cells: see `grading.sheet.visibility`
    rows: dict[int, Numbers] = field(default_factory=dict)  # by the field's place: what is believed of it
    said: dict[int, Numbers] = field(default_factory=dict)  # and what its network says alone

    def places(self, network: str) -> list[int]:
        """Which fields a network reads."""
        return [place for place, box in enumerate(self.fields) if NETWORK_OF[box.kind] == network]

    def empty_cells(self, network: str) -> Cells:
        """How each of them looks when nothing is marked; written boxes are read without."""
        if network != "marks":
            return np.full_like(self.cells[network], UNKNOWN)
        return empty_cells(
            self.cells[network], kinds_of(self.fields[place] for place in self.places(network))
        )

    def take(self, network: str, said: Numbers, rows: Numbers) -> None:
        self.said |= zip(self.places(network), said, strict=True)
        self.rows |= zip(self.places(network), rows, strict=True)


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
    if cut.is_rejected and kept_as == AGAIN:  # what is kept of it stays
        return reading
    reading.image = scan.image_name(reading.page, reading.part, kept_as)
    store_image(reading.image, cut.image)
    if cut.is_rejected:
        return reading
    reading.beside = list(cut.beside)
    return StraightPage(reading, fields_read(scan.exam.layout.pages[cut.sheet_page - 1]), cut.cells, cut.seen)


def printable(name: str) -> str:
    """A file's name without what databases refuse; names inside a ZIP can be anything."""
    return "".join(letter for letter in name if letter.isprintable())


def store_image(name: str, image: bytes) -> None:
    """A second attempt at the same scan writes the same file again."""
    default_storage.delete(name)
    default_storage.save(name, ContentFile(image))


# --- through the networks


def read_cells(pages: Sequence[StraightPage], readers: CellClassifiers, exam: Exam) -> None:
    """Fill in the readings of pages: one forward pass of each network for the cells of all of them."""
    for network, reader in readers.items():
        parts = [page.cells[network] for page in pages]
        if not sum(map(len, parts)):
            continue
        empty = [page.empty_cells(network) for page in pages]
        probabilities = reader.read(np.concatenate(parts), np.concatenate(empty))
        by_page = np.split(probabilities, np.cumsum([len(part) for part in parts])[:-1])
        for page, cells, references, rows in zip(pages, parts, empty, by_page, strict=True):
            page.take(
                network, rows, checked_against_page(network, cells, references, rows, page.seen[network])
            )
    thresholds = Thresholds(**{kind: reader.certain for kind, reader in readers.items()})
    roster = list(exam.candidates.values_list("number", flat=True))
    for page in pages:
        fill_in(page, thresholds, exam, roster)


def checked_against_page(
    network: str, cells: Cells, references: Cells, rows: Numbers, seen: NDArray[np.int8]
) -> Numbers:
    """What the network says of one page's cells, where the page itself does not speak against it."""
    if network == "marks":
        rows = weigh(rows, cells, references)
    names = CLASSES[network]
    says_nothing = np.isin(rows.argmax(axis=1), [names.index(name) for name in NOTHING if name in names])
    is_open = (seen == HIDDEN) | ((seen == BESIDE) & says_nothing)
    rows = np.where(is_open[:, None], undecided(names, *NOTHING), rows)
    return np.where(seen[:, None] == OUTSIDE, UNSEEN, rows)


def fill_in(straight: StraightPage, thresholds: Thresholds, exam: Exam, roster: Sequence[str]) -> None:
    """Sort a page's probabilities by item; those of the student number are read here."""
    reading = straight.reading
    by_item: dict[str, list[Numbers]] = {}
    for place, box in enumerate(straight.fields):
        name = name_of(box)
        by_item.setdefault(name, []).append(straight.rows[place])
        reading.networks.setdefault(name, []).append(as_parts(straight.said[place]))
    bubbles = without_unseen(by_item.pop("id_bubble", []), "marks")
    digits = without_unseen(by_item.pop("id_digit", []), "numerals")
    reading.cells = {int(number): np.stack(cells) for number, cells in by_item.items()}
    if exam.template:
        marks = np.stack([straight.rows[place] for place in range(len(straight.fields))])
        answers = read_answers(exam.read_by, marks, thresholds.marks)
        reading.identity = read_student(exam.read_by, answers)
        reading.channels = {"bubbled": as_list(np.array(bubbles, np.float32))}
        return
    columns = np.array(bubbles, np.float32).reshape(-1, 10, 7)
    boxes = np.array(digits, np.float32).reshape(-1, len(NUMERALS))
    printed = reading.code.student if reading.code else ""
    groups = [size for _label, size in exam.spec.id_groups]
    reading.identity = identify(columns, boxes, printed, thresholds, groups, roster)
    reading.channels = {"printed": printed, "bubbled": as_list(columns), "handwritten": as_list(boxes)}


def without_unseen(rows: Sequence[Numbers], network: str) -> list[Numbers]:
    """What is not in the picture may be anything."""
    return [row if row.any() else undecided(CLASSES[network], *NOTHING) for row in rows]


def name_of(box: Field) -> str:
    """Under which the rows of a field's item are kept."""
    return f"id_{box.kind}" if box.item == "id" else str(box.item)


def as_parts(row: Numbers) -> list[int]:
    """Of ten thousand, without the zeros at the end: for people to look at, and short."""
    return np.trim_zeros(np.round(PARTS * row).astype(int), "b").tolist()


def as_list(numbers: Numbers) -> list:
    """Rounded for storing, finer than any threshold."""
    return np.round(numbers.astype(float), 6).tolist()
