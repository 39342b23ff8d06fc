"""From the probabilities of cells to what a student answered, with "not sure" as an answer.

Values: choice and ox: the marked options, joined by "," where there are several; number: what was written, without
blanks ("-12.5"); digits_grid: the digits column by column; letter: one capital; "" = nothing marked or written.

An answer is certain only where every one of its cells is: one cell that may or may not be marked leaves it open.
Its confidence is the product over its cells, as if they erred independently.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from uploads.problems import gettext_noop

Numbers: TypeAlias = NDArray[np.floating[Any]]

MARKS = ("empty", "filled", "cross", "tick", "circle", "cancelled", "scribbled")
NUMERALS = (*"0123456789", "-", ".", "blank", "other", ",")  # the comma came last: rows were stored without
LETTERS = (*"ABCDE", "blank", "other")
EMPTY, MARK, WITHDRAWN = range(3)  # what a cell with a bubble means
# Enough for an empty bubble beside a lone mark: asking more is review for hardly any second mark
LEAST_BESIDE = 0.95
# How much rarer a withdrawn mark is where no other bubble of the row is marked: whoever strikes one out marks another.
# Rarer means less review, and more withdrawn marks that are taken for answers.
RARE = 1 / 30

PLAIN = r"-?(\d+\.?\d*|\.\d+)"  # numbers as they are kept
THOUSANDS = r"-?\d{1,3}(,\d{3})+(\.\d*)?"

CERTAIN, REVIEW = "certain", "review"
UNSEEN = np.float32(0)  # every probability of a cell that is not in the picture

DOUBTS: dict[str, str] = {
    "two_marks": gettext_noop("More than one option is marked."),
    "cancelled_mark": gettext_noop("A mark was crossed out."),
    "scribbled": gettext_noop("A bubble was scribbled over."),
    "faint_mark": gettext_noop("It is not clear whether a bubble is marked."),
    "gap": gettext_noop("There is a gap between the digits."),
    "not_a_digit": gettext_noop("Something that is not a digit is written here."),
    "comma": gettext_noop("There is a comma: it may stand for a decimal point or part thousands."),
    "not_a_number": gettext_noop("What is written here is not a number."),
    "not_a_letter": gettext_noop("Something that is not one of the letters is written here."),
    "unsure_digit": gettext_noop("A digit cannot be read with certainty."),
    "unsure_letter": gettext_noop("The letter cannot be read with certainty."),
    "beside": gettext_noop("Something is written beside the row."),
    "not_in_picture": gettext_noop("This part of the page is not in the picture."),
    "open_answer": gettext_noop("A written answer: please give it points."),
    "nothing_written": gettext_noop("Nothing is written in the box of this answer."),
}


@dataclass(frozen=True)
class Thresholds:
    """From which probability on a cell of each kind may be called certain."""

    marks: float = 0.99
    numerals: float = 0.99
    letters: float = 0.99


@dataclass(frozen=True)
class ItemReading:
    """What an item's cells say. `reason` is a key of `DOUBTS`, "" where the state is certain."""

    value: str
    confidence: float
    reason: str = ""

    @property
    def state(self) -> str:
        return REVIEW if self.reason else CERTAIN


@dataclass(frozen=True)
class Identity:
    """The student number that a page's channels agree on; `reason` (a code) where they do not, or cannot be read.

    `number` is then the best that can be offered to a person, never to be acted on.
    """

    number: str
    reason: str = ""


def meanings(marks: Numbers) -> Numbers:
    """(..., 7) probabilities of MARKS -> (..., 3): empty, mark, withdrawn."""
    parts = [marks[..., 0], marks[..., 1:5].sum(-1), marks[..., 5:].sum(-1)]
    return np.stack(parts, -1)


def undecided(classes: Sequence[str], *first: str) -> Numbers:
    """What a cell says that cannot be known: `first` is what a person is offered, anything may be true."""
    row = np.full(len(classes), 0.5 / (len(classes) - 1), np.float32)
    row[[name in first for name in classes]] = 0.5
    return row


def read_item(
    kind: str, cells: Numbers, labels: Sequence[str], several: bool, thresholds: Thresholds
) -> ItemReading:
    """The reading of one item of any kind.

    cells: (n, classes) in the order of the layout's fields; labels: the options of choice and ox; several: whether
    the item asks for more than one mark.
    """
    if kind == "open":
        return ItemReading("", 0.0, "open_answer")
    if not cells.any(axis=-1).all():
        return ItemReading("", 0.0, "not_in_picture")
    if kind == "number":
        return read_number(cells, thresholds.numerals)
    if kind == "letter":
        return read_letter(cells[0], thresholds.letters)
    if kind == "digits_grid":
        return read_grid(cells.reshape(-1, 10, len(MARKS)), thresholds.marks)
    return read_options(cells, labels, several, thresholds.marks)


def with_beside(reading: ItemReading, is_beside: bool) -> ItemReading:
    """Nothing is marked in a row, but something is written beside it: perhaps that is the answer."""
    return (
        replace(reading, reason="beside") if is_beside and not (reading.value or reading.reason) else reading
    )


def with_look(reading: ItemReading, look: Sequence[int] | None) -> ItemReading:
    """look: of a written answer; where nothing is written a person is offered no points."""
    is_empty = reading.reason == "open_answer" and look is not None and not any(look)
    return ItemReading("0", reading.confidence, "nothing_written") if is_empty else reading


def read_options(cells: Numbers, labels: Sequence[str], several: bool, certain: float) -> ItemReading:
    """One row of bubbles, cells (n, 7): which options are marked."""
    meant = meanings(cells)
    what, sure = meant.argmax(-1), meant.max(-1)
    chosen = [label for label, meaning in zip(labels, what, strict=True) if meaning == MARK]
    return ItemReading(
        ",".join(chosen), float(sure.prod()), doubt_of_row(cells, meant, len(chosen), several, certain)
    )


def doubt_of_row(cells: Numbers, meant: Numbers, chosen: int, several: bool, certain: float) -> str:
    is_withdrawn = meant.argmax(-1) == WITHDRAWN
    if is_withdrawn.any():
        withdrawn = cells[is_withdrawn]
        is_scribble = withdrawn[:, 6] > withdrawn[:, 5]
        return "cancelled_mark" if not is_scribble.all() else "scribbled"
    if chosen > 1 and not several:
        return "two_marks"
    return "" if is_clear(meant, several, certain) else "faint_mark"


def is_clear(meant: Numbers, several: bool, certain: float) -> Any:
    """Whether every cell of a row is sure, (..., n, 3) -> (...).

    A network judges each cell by itself; the row knows more. Where one answer is asked for and one bubble alone holds
    a mark, hardly anyone marked a second one, and hardly anyone withdrew it: whoever does marks another.
    """
    what, sure = meant.argmax(-1), meant.max(-1)
    if several:
        return (sure >= certain).all(-1)
    is_alone = ((what == MARK).sum(-1) == 1) & ((what == EMPTY).sum(-1) == what.shape[-1] - 1)
    not_withdrawn = meant[..., MARK] / (1 - (1 - RARE) * meant[..., WITHDRAWN])
    sure = np.where(is_alone[..., None] & (what == MARK), not_withdrawn, sure)
    enough = np.where(is_alone[..., None] & (what == EMPTY), min(LEAST_BESIDE, certain), certain)
    return (sure >= enough).all(-1)


def read_grid(columns: Numbers, certain: float) -> ItemReading:
    """A bubbled number, columns (n, 10, 7)."""
    readings = [read_options(column, NUMERALS[:10], False, certain) for column in columns]
    doubts = [reading.reason for reading in readings if reading.reason]
    digits = [reading.value for reading in readings]
    confidence = float(np.prod([reading.confidence for reading in readings]))
    value = "".join(digit if len(digit) < 2 else "?" for digit in digits)
    return ItemReading(value, confidence, doubts[0] if doubts else gap_in(digits))


def gap_in(digits: Sequence[str]) -> str:
    """ "gap" where an empty place stands between filled ones."""
    filled = "".join("x" if digit else " " for digit in digits).strip()
    return "gap" if " " in filled else ""


def read_number(boxes: Numbers, certain: float) -> ItemReading:
    """A handwritten number, boxes (n, 15), one character a box; commas between thousands are left out."""
    best = boxes.argmax(-1)
    written = ["" if NUMERALS[index] in ("blank", "other") else NUMERALS[index] for index in best]
    value = "".join(written)
    doubt = doubt_of_number(boxes, written, certain)
    plain = value.replace(",", "" if re.fullmatch(THOUSANDS, value) else ".")
    return ItemReading(plain, float(boxes.max(-1).prod()), doubt)


def doubt_of_number(boxes: Numbers, written: Sequence[str], certain: float) -> str:
    best = boxes.argmax(-1)
    if (best == NUMERALS.index("other")).any():
        return "not_a_digit"
    if boxes.max(-1).min() < certain:
        return "unsure_digit"
    if gap_in(written):
        return "gap"
    value = "".join(written)
    if re.fullmatch(rf"|{PLAIN}|{THOUSANDS}", value):
        return ""
    return "comma" if re.fullmatch(PLAIN, value.replace(",", ".")) else "not_a_number"


def read_letter(box: Numbers, certain: float) -> ItemReading:
    """One handwritten letter, box (7,)."""
    best = LETTERS[int(box.argmax())]
    if best == "other":
        return ItemReading("", float(box.max()), "not_a_letter")
    value = "" if best == "blank" else best
    return ItemReading(value, float(box.max()), "" if box.max() >= certain else "unsure_letter")
