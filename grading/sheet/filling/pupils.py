"""Who fills in a sheet, with which pen and how steady a hand; and the sheet as they hand it in."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grading.sheet.filling.digits import Writer
from grading.sheet.filling.ink import Hand, Page, Pen
from grading.sheet.filling.marks import STYLES, hatching, struck_out

ERASES = 0.02  # of the bubbled items of pencil pupils: a ghost of another mark stays


@dataclass(frozen=True)
class Pupil:
    number: str
    pen: Pen
    hand: Hand
    style: str  # of marks
    answers: dict[int, str]  # by item; of several options with commas between them, of none ""
    name: str = ""
    fills_number: bool = True
    changed: frozenset[int] = field(default_factory=frozenset)


def fill_page(
    page: Page, layout: Mapping[str, Any], pupil: Pupil, write: Writer, rng: np.random.Generator
) -> None:
    """Fill one page (of `layout`, as the API gives it) with the pupil's answers and number."""
    bubbles: dict[tuple[Any, int], list[dict[str, Any]]] = {}
    boxes = Counter(field["item"] for field in layout["fields"] if field["kind"] == "digit")
    for box in layout["fields"]:
        if box["kind"] == "bubble":
            bubbles.setdefault((box["item"], box["part"]), []).append(box)
        elif box["kind"] == "digit":
            digit = written(pupil, box, boxes[box["item"]])
            if digit != " ":
                write(page, digit, box["box"], pupil.pen, pupil.hand, rng)
    for (item, part), row in bubbles.items():
        mark_row(page, row, wanted(pupil, item, part), pupil, item in pupil.changed, rng)


def wanted(pupil: Pupil, item: int | str, part: int) -> str:
    """What the pupil bubbles in this row or column; empty for nothing."""
    if item == "id":
        return pupil.number[part] if pupil.fills_number else ""
    return pupil.answers[int(item)]


def written(pupil: Pupil, box: Mapping[str, Any], boxes: int) -> str:
    """The digit in this box; a short number starts in the first box or ends in the last."""
    if box["item"] == "id":
        return pupil.number[box["part"]] if pupil.fills_number else " "
    text = pupil.answers[box["item"]]
    text = text.rjust(boxes) if int(pupil.number) % 2 else text.ljust(boxes)
    return text[box["part"]]


def mark_row(
    page: Page, row: list[dict[str, Any]], answer: str, pupil: Pupil, changes: bool, rng: np.random.Generator
) -> None:
    options = answer.split(",")
    others = [box for box in row if box["option"] not in options]
    for box in row:
        if box["option"] in options:
            mark(page, box["box"], pupil, rng)
    if answer and changes:
        withdraw(page, others[rng.integers(len(others))]["box"], pupil, rng)
    elif answer and "pencil" in pupil.pen.name and rng.random() < ERASES:
        ghost(page, others[rng.integers(len(others))]["box"], pupil, rng)


def mark(page: Page, box: list[float], pupil: Pupil, rng: np.random.Generator) -> None:
    x, y, r = aimed(box, pupil.hand, rng)
    page.draw(STYLES[pupil.style](x, y, r, pupil.pen.width, rng), pupil.pen, pupil.hand, rng)


def withdraw(page: Page, box: list[float], pupil: Pupil, rng: np.random.Generator) -> None:
    """A mark, and the large cross over it."""
    x, y, r = aimed(box, pupil.hand, rng)
    page.draw(STYLES["full"](x, y, r, pupil.pen.width, rng), pupil.pen, pupil.hand, rng)
    page.draw(struck_out(x, y, r, pupil.pen.width, rng), pupil.pen, pupil.hand, rng)


def ghost(page: Page, box: list[float], pupil: Pupil, rng: np.random.Generator) -> None:
    """What a rubber leaves of a mark."""
    x, y, r = aimed(box, pupil.hand, rng)
    faint = Pen("rubbed out", 0.6, (120, 120, 120), rng.uniform(0.08, 0.2), grain=0.5)
    page.draw([hatching(x, y, r * 0.9, 0.6, rng)], faint, pupil.hand, rng)


def aimed(box: list[float], hand: Hand, rng: np.random.Generator) -> tuple[float, float, float]:
    x, y, width, height = box
    dx, dy = np.array(hand.bias) + rng.normal(0, hand.aim, 2)
    return x + width / 2 + dx, y + height / 2 + dy, max(width, height) / 2
