"""From the probabilities of cells to what a student answered, with "not sure" as an answer.

Values: choice and ox: the marked options, joined by "," where there are several; number: what was written, without
blanks ("-12.5"); digits_grid: the digits column by column; letter: one capital; "" = nothing marked or written.

An answer is certain only where every one of its cells is: one cell that may or may not be marked leaves it open.
Its confidence is the product over its cells, as if they erred independently.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.floating[Any]]

MARKS = ("empty", "filled", "cross", "tick", "circle", "cancelled", "scribbled")
DIGITS = (*"0123456789", "-", ".", "blank", "other")
LETTERS = (*"ABCDE", "blank", "other")
EMPTY, MARK, WITHDRAWN = range(3)  # what a cell with a bubble means
TINY = 0.02  # below it a digit is ruled out
BESIDE, LEAST_BESIDE = (
    20,
    0.95,
)  # beside a sure mark a second one is rare: so many times more doubt is let pass

CERTAIN, REVIEW = "certain", "review"


def gettext_noop(message: str) -> str:
    """The message itself: a mark for `makemessages`; this package knows no Django."""
    return message


DOUBTS: dict[str, str] = {
    "two_marks": gettext_noop("More than one option is marked."),
    "cancelled_mark": gettext_noop("A mark was crossed out."),
    "scribbled": gettext_noop("A bubble was scribbled over."),
    "faint_mark": gettext_noop("It is not clear whether a bubble is marked."),
    "gap": gettext_noop("There is a gap between the digits."),
    "not_a_digit": gettext_noop("Something that is not a digit is written here."),
    "not_a_number": gettext_noop("What is written here is not a number."),
    "not_a_letter": gettext_noop("Something that is not one of the letters is written here."),
    "unsure_digit": gettext_noop("A digit cannot be read with certainty."),
    "unsure_letter": gettext_noop("The letter cannot be read with certainty."),
    "open_answer": gettext_noop("A written answer: please give it points."),
}


@dataclass(frozen=True)
class Thresholds:
    """From which probability on a cell of each kind may be called certain."""

    marks: float = 0.99
    digits: float = 0.99
    letters: float = 0.99


@dataclass(frozen=True)
class Reading:
    """What an item's cells say. `reason` is a key of `DOUBTS`, "" where the state is certain."""

    value: str
    confidence: float
    reason: str = ""

    @property
    def state(self) -> str:
        return REVIEW if self.reason else CERTAIN


def meanings(marks: Numbers) -> Numbers:
    """(..., 7) probabilities of MARKS -> (..., 3): empty, mark, withdrawn."""
    parts = [marks[..., 0], marks[..., 1:5].sum(-1), marks[..., 5:].sum(-1)]
    return np.stack(parts, -1)


def read_item(
    kind: str, cells: Numbers, labels: Sequence[str], several: bool, thresholds: Thresholds
) -> Reading:
    """The reading of one item of any kind.

    cells: (n, classes) in the order of the layout's fields; labels: the options of choice and ox; several: whether
    the item asks for more than one mark.
    """
    if kind == "open":
        return Reading("", 0.0, "open_answer")
    if kind == "number":
        return read_number(cells, thresholds.digits)
    if kind == "letter":
        return read_letter(cells[0], thresholds.letters)
    if kind == "digits_grid":
        return read_grid(cells.reshape(-1, 10, len(MARKS)), thresholds.marks)
    return read_options(cells, labels, several, thresholds.marks)


def read_options(cells: Numbers, labels: Sequence[str], several: bool, certain: float) -> Reading:
    """One row of bubbles, cells (n, 7): which options are marked."""
    meant = meanings(cells)
    what, sure = meant.argmax(-1), meant.max(-1)
    chosen = [label for label, meaning in zip(labels, what, strict=True) if meaning == MARK]
    return Reading(",".join(chosen), float(sure.prod()), doubt_of_row(cells, len(chosen), several, certain))


def doubt_of_row(cells: Numbers, chosen: int, several: bool, certain: float) -> str:
    meant = meanings(cells)
    withdrawn = cells[meant.argmax(-1) == WITHDRAWN]
    if len(withdrawn):
        is_scribble = withdrawn[:, 6] > withdrawn[:, 5]
        return "cancelled_mark" if not is_scribble.all() else "scribbled"
    if chosen > 1 and not several:
        return "two_marks"
    return "" if is_clear(meant, several, certain) else "faint_mark"


def is_clear(meant: Numbers, several: bool, certain: float) -> Any:
    """Whether every cell of a row is sure, (..., n, 3) -> (...).

    Where one answer is asked for and one cell is surely marked, the others need less to count as empty: networks
    learn from as many marks as empty cells, but hardly anyone marks twice.
    """
    what, sure = meant.argmax(-1), meant.max(-1)
    beside = max(LEAST_BESIDE, 1 - BESIDE * (1 - certain))
    has_one = (what == MARK).sum(-1, keepdims=True) == 1
    enough = np.where(has_one & (what == EMPTY) & (not several), min(beside, certain), certain)
    return (sure >= enough).all(-1)


def read_grid(columns: Numbers, certain: float) -> Reading:
    """A bubbled number, columns (n, 10, 7)."""
    readings = [read_options(column, DIGITS[:10], False, certain) for column in columns]
    doubts = [reading.reason for reading in readings if reading.reason]
    digits = [reading.value for reading in readings]
    confidence = float(np.prod([reading.confidence for reading in readings]))
    value = "".join(digit if len(digit) < 2 else "?" for digit in digits)
    return Reading(value, confidence, doubts[0] if doubts else gap_in(digits))


def gap_in(digits: Sequence[str]) -> str:
    """ "gap" where an empty place stands between filled ones."""
    filled = "".join("x" if digit else " " for digit in digits).strip()
    return "gap" if " " in filled else ""


def read_number(boxes: Numbers, certain: float) -> Reading:
    """A handwritten number, boxes (n, 14), one character a box."""
    best = boxes.argmax(-1)
    written = ["" if DIGITS[index] in ("blank", "other") else DIGITS[index] for index in best]
    value = "".join(written)
    return Reading(value, float(boxes.max(-1).prod()), doubt_of_number(boxes, written, certain))


def doubt_of_number(boxes: Numbers, written: Sequence[str], certain: float) -> str:
    best = boxes.argmax(-1)
    if (best == DIGITS.index("other")).any():
        return "not_a_digit"
    if boxes.max(-1).min() < certain:
        return "unsure_digit"
    if gap_in(written):
        return "gap"
    value = "".join(written)
    return "" if not value or re.fullmatch(r"-?(\d+\.?\d*|\.\d+)", value) else "not_a_number"


def read_letter(box: Numbers, certain: float) -> Reading:
    """One handwritten letter, box (7,)."""
    best = LETTERS[int(box.argmax())]
    if best == "other":
        return Reading("", float(box.max()), "not_a_letter")
    value = "" if best == "blank" else best
    return Reading(value, float(box.max()), "" if box.max() >= certain else "unsure_letter")


# --- whose paper is it


@dataclass(frozen=True)
class Identity:
    """The student number that a page's channels agree on; `reason` (a code) where they do not, or cannot be read.

    `number` is then the best that can be offered to a person, never to be acted on.
    """

    number: str
    reason: str = ""


SURE, BLANK, OPEN = range(3)


@dataclass(frozen=True)
class Channel:
    """One way of giving the number. For each of its places: a sure digit, surely blank, or open."""

    states: Sequence[int]
    digits: Sequence[int]  # the most likely one
    chances: Numbers  # (n, 10)


def bubbled(columns: Numbers, certain: float) -> Channel:
    """Columns (n, 10, 7) of bubbles as a channel."""
    meant = meanings(columns)  # n, 10, 3
    marks = meant[..., MARK]
    is_sure = is_clear(meant, False, certain)
    count = (meant.argmax(-1) == MARK).sum(-1)
    is_withdrawn = (meant.argmax(-1) == WITHDRAWN).any(-1)
    states = np.select([~is_sure | is_withdrawn, count == 0, count == 1], [OPEN, BLANK, SURE], OPEN)
    return Channel(states.tolist(), marks.argmax(-1).tolist(), marks)


def handwritten(boxes: Numbers, certain: float) -> Channel:
    """Boxes (n, 14) of digits as a channel."""
    best, top = boxes.argmax(-1), boxes.max(-1)
    blank = DIGITS.index("blank")
    states = np.select([top < certain, best == blank, best < 10], [OPEN, BLANK, SURE], OPEN)
    return Channel(states.tolist(), boxes[:, :10].argmax(-1).tolist(), boxes[:, :10])


def identify(
    columns: Numbers, boxes: Numbers, printed: str, thresholds: Thresholds, groups: Sequence[int] = ()
) -> Identity:
    """Cross-check the printed, the bubbled and the handwritten number of one page.

    columns: (n, 10, 7) bubbles, boxes: (n, 14) digits, printed: what the page's code says ("" on a blank sheet),
    groups: how many places belong together, where a group that is partly blank is filled up with zeros: 7 is 07.
    """
    channels = [bubbled(columns, thresholds.marks), handwritten(boxes, thresholds.digits)]
    if printed:
        return against_print(printed, channels)
    places = [place_of(index, *channels) for index in range(len(columns))]
    digits = filled_up([place.digit for place in places], groups)
    number = "".join(digits)
    reason = next((place.reason for place in places if place.reason == "student_disagrees"), "")
    reason = reason or next((place.reason for place in places if place.reason), "")
    if not reason and not number:
        return Identity("", "student_missing")
    return Identity(number, reason or ("student_unreadable" if gap_in(digits) else ""))


def filled_up(digits: Sequence[str], groups: Sequence[int]) -> list[str]:
    """Each group with its zeros; a group that is wholly blank stays so."""
    filled, start = list(digits), 0
    for size in groups:
        written = "".join(digits[start : start + size])
        filled[start : start + size] = list(written.zfill(size)) if written else [""] * size
        start += size
    return filled


def against_print(printed: str, channels: Sequence[Channel]) -> Identity:
    """A printed number stands unless a sure digit that the student gave says otherwise."""
    if not printed.isdecimal():
        return Identity(printed)
    for channel in channels:
        if len(printed) != len(channel.states):
            continue
        for state, digit, right in zip(channel.states, channel.digits, printed, strict=True):
            if state == SURE and digit != int(right):
                return Identity(printed, "student_disagrees")
    return Identity(printed)


@dataclass(frozen=True)
class Place:
    digit: str
    reason: str = ""


def place_of(index: int, first: Channel, second: Channel) -> Place:
    """One digit of the number from both channels; a blank one has no say, an unsure one may not object."""
    states = first.states[index], second.states[index]
    digits = first.digits[index], second.digits[index]
    if states == (SURE, SURE):
        return Place(str(digits[0]), "" if digits[0] == digits[1] else "student_disagrees")
    if SURE not in states:
        is_blank = states == (BLANK, BLANK)
        return Place("" if is_blank else str(digits[0]), "" if is_blank else "student_unreadable")
    sure, other = (first, second) if states[0] == SURE else (second, first)
    digit = sure.digits[index]
    objects = other.states[index] == OPEN and other.chances[index, digit] < TINY
    return Place(str(digit), "student_unreadable" if objects else "")
