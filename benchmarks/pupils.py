"""A class of pupils: what they know, how they write, and their sheets filled in."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.handwriting import Writer
from benchmarks.ink import PENS, Hand, Page, Pen
from benchmarks.marks import STYLES, hatching, struck_out

Item = dict[str, Any]  # as the API has it
FAMILY = "김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허남심"
GIVEN = (  # two syllables each
    "하늘서연민준지우도윤서준하은예준지호수아주원다은은우채원시우"
    "유진건우소율우진지안선우나은연우가온현우아린정우보람승현슬기"
)

LEAVES_EMPTY = 0.02  # of the items, by pupils who skip some
CHANGES = 0.004  # of the bubbled items: one marked, struck out, another marked
ERASES = 0.02  # of the bubbled items of pencil pupils: a ghost of another mark stays
SHORT_NUMBER = 0.2  # of the number answers have a digit less than boxes


@dataclass(frozen=True)
class Pupil:
    number: str
    name: str
    pen: Pen
    hand: Hand
    style: str
    answers: dict[int, str]
    fills_number: bool = True
    changed: frozenset[int] = field(default_factory=frozenset)


def first_exam() -> list[Item]:
    """20 choice, 5 O/X and 5 number items of 3 digits, without their key."""
    items: list[Item] = [{"kind": "choice", "options": list("12345"), "points": 3} for _ in range(20)]
    items += [{"kind": "ox", "points": 2} for _ in range(5)]
    items += [{"kind": "number", "digits": 3, "points": 6} for _ in range(5)]
    return [{"number": number, **item} for number, item in enumerate(items, 1)]


def any_answer(item: Item, rng: np.random.Generator) -> str:
    if item["kind"] == "number":
        digits = item["digits"] - int(rng.random() < SHORT_NUMBER)
        return str(rng.integers(10 ** (digits - 1), 10**digits))
    return str(rng.choice(item["options"] if item["kind"] == "choice" else ["O", "X"]))


def with_key(items: list[Item], rng: np.random.Generator) -> list[Item]:
    return [{**item, "answer": any_answer(item, rng)} for item in items]


def make_class(items: list[Item], size: int, rng: np.random.Generator) -> list[Pupil]:
    """`size` pupils with numbers like 20260117: year, class, place in the class."""
    given = rng.permutation([GIVEN[at : at + 2] for at in range(0, len(GIVEN), 2)])
    names = [f"{rng.choice(list(FAMILY))}{name}" for name in given]
    return [
        make_pupil(f"2026{1 + place // 40:02}{1 + place % 40:02}", names[place % len(names)], items, rng)
        for place in range(size)
    ]


def make_pupil(number: str, name: str, items: list[Item], rng: np.random.Generator) -> Pupil:
    ability, skips = rng.uniform(0.45, 0.97), rng.random() < 0.4
    answers = {item["number"]: answer(item, ability, skips, rng) for item in items}
    bubbled = [item["number"] for item in items if item["kind"] != "number" and answers[item["number"]]]
    return Pupil(
        number=number,
        name=name,
        pen=PENS[rng.integers(len(PENS))],
        hand=Hand(
            tremor=rng.uniform(0.02, 0.1),
            aim=rng.uniform(0.1, 0.4),
            bias=(rng.normal(0, 0.2), rng.normal(0, 0.2)),
            pressure=rng.uniform(0.8, 1.2),
        ),
        style=str(rng.choice(list(STYLES), p=[0.35, 0.3, 0.15, 0.12, 0.08])),
        answers=answers,
        changed=frozenset(number for number in bubbled if rng.random() < CHANGES),
    )


def answer(item: Item, ability: float, skips: bool, rng: np.random.Generator) -> str:
    if skips and rng.random() < LEAVES_EMPTY / 0.4:
        return ""
    return item["answer"] if rng.random() < ability else any_answer(item, rng)


def fill(
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
    page: Page, row: list[dict[str, Any]], option: str, pupil: Pupil, changes: bool, rng: np.random.Generator
) -> None:
    others = [box for box in row if box["option"] != option]
    for box in row:
        if box["option"] == option:
            mark(page, box["box"], pupil, rng)
    if option and changes:
        withdraw(page, others[rng.integers(len(others))]["box"], pupil, rng)
    elif option and "pencil" in pupil.pen.name and rng.random() < ERASES:
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
