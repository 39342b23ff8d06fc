"""From the cells of pages to what their items say: one forward pass of each network for the cells of many pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from grading.models import Exam
from grading.sheet.boxes import Field
from grading.sheet.code import PageCode
from grading.sheet.cutting import NETWORK_OF, Cells, Seen
from grading.sheet.empty_cells import UNKNOWN, empty_cells, kinds_of
from grading.sheet.identity import identify
from grading.sheet.ink import weigh
from grading.sheet.interpret import LETTERS, MARKS, NUMERALS, UNSEEN, Identity, Thresholds, undecided
from grading.sheet.marks import rows_of
from grading.sheet.omrchecker.reading import read_answers, read_student
from grading.sheet.visibility import BESIDE, HIDDEN, OUTSIDE

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
    looks: dict[int, list[int]] = field(default_factory=dict)  # as `PageCells.looks`
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
    said: dict[int, list[int]] = field(default_factory=dict)  # and what its network says alone, `as_parts`

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

    def are_printed(self, network: str) -> NDArray[np.bool_]:
        """Which of them the printer filled in: the number of a student, on a sheet that was printed for one."""
        has_number = bool(self.reading.code and self.reading.code.student)
        return np.array(
            [has_number and self.fields[place].item == "id" for place in self.places(network)], np.bool_
        )

    def take(self, network: str, said: Numbers, rows: Numbers) -> None:
        self.said |= zip(self.places(network), as_parts(said), strict=True)
        self.rows |= zip(self.places(network), rows, strict=True)


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
            page.take(network, rows, checked_against_page(network, cells, references, rows, page))
    thresholds = Thresholds(**{kind: reader.certain for kind, reader in readers.items()})
    roster = list(exam.candidates.values_list("number", flat=True))
    for page in pages:
        fill_in(page, thresholds, exam, roster)


def checked_against_page(
    network: str, cells: Cells, references: Cells, rows: Numbers, page: StraightPage
) -> Numbers:
    """What the network says of one page's cells, where the page itself does not speak against it. Marks of a printer
    say nothing of a student's: beside them, pencil would be faint."""
    if network == "marks":
        rows, together = np.array(rows), rows_of(page.fields[place] for place in page.places(network))
        are_printed = page.are_printed(network)
        for hand in (are_printed, ~are_printed):
            rows[hand] = weigh(rows[hand], cells[hand], references[hand], together[hand])
    names, seen = CLASSES[network], page.seen[network]
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
        reading.networks.setdefault(name, []).append(straight.said[place])
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


def as_parts(rows: Numbers) -> list[list[int]]:
    """Of ten thousand, each without the zeros at its end: for people to look at, and short."""
    parts: list[list[int]] = np.round(PARTS * rows).astype(int).tolist()
    for row in parts:
        while row and not row[-1]:
            row.pop()
    return parts


def as_list(numbers: Numbers) -> list:
    """Rounded for storing, finer than any threshold."""
    return np.round(numbers.astype(float), 6).tolist()
