"""A class of pupils: what they know, and how they write."""

from typing import Any

import numpy as np

from grading.sheet.filling.ink import PENS, Hand
from grading.sheet.filling.marks import STYLES
from grading.sheet.filling.pupils import Pupil

Item = dict[str, Any]  # as the API has it
FAMILY = "김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허남심"
GIVEN = (  # two syllables each
    "하늘서연민준지우도윤서준하은예준지호수아주원다은은우채원시우"
    "유진건우소율우진지안선우나은연우가온현우아린정우보람승현슬기"
)

LEAVES_EMPTY = 0.02  # of the items, by pupils who skip some
CHANGES = 0.004  # of the bubbled items: one marked, struck out, another marked
SHORT_NUMBER = 0.2  # of the number answers have a digit less than boxes


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
