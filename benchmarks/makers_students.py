"""Students on the sheets of other makers: what each marks, how, and what an eye reads there afterwards."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.makers_forms import Maker, Place, Point, labels_of, places_of, values_of
from grading.sheet.filling.ink import PENS, Hand, Page, Pen, Stroke, polyline, wander

Rng = np.random.Generator
Half = tuple[float, float]  # of a bubble, mm

# How a student marks nearly everywhere, and how often
WAYS = {"fill": 0.62, "spiral": 0.08, "light": 0.12, "cross": 0.1, "tick": 0.08}
OTHER_WAY = 0.02  # of the marks
BLANK, TWO, CHANGED = 0.04, 0.03, 0.05  # of the questions; the last by those who write with a pencil
NO_DIGIT = 0.01  # of the columns of a number
LIGHT = (0.32, 0.5)  # of a pen's strength
GHOST = (0.05, 0.14)  # of a pencil's strength, that an eraser leaves
GREASE = Pen("eraser", 2.2, (150, 150, 152), 0.06)


@dataclass(frozen=True)
class Student:
    pen: Pen
    hand: Hand
    way: str

    @property
    def has_pencil(self) -> bool:
        return self.pen.grain > 0


def any_student(rng: Rng) -> Student:
    pen = PENS[rng.integers(len(PENS))]
    aim = tuple(rng.normal(0, 0.15, 2).tolist())
    hand = Hand(rng.uniform(0.02, 0.07), rng.uniform(0.1, 0.25), (aim[0], aim[1]), rng.uniform(0.85, 1.15))
    return Student(pen, hand, str(rng.choice(list(WAYS), p=list(WAYS.values()))))


def fill_sheet(page: Page, maker: Maker, rng: Rng) -> dict[str, str]:
    """Marks a whole sheet and writes its head. The answers that an eye reads, by the names of the template."""
    student = any_student(rng)
    values: dict[str, str] = {}
    bubbles = bubbles_of(maker)
    for block in maker.blocks:
        is_number = values_of(block)[1] == "vertical"
        for label in labels_of(block.labels):
            choose = _mark_digit if is_number else _mark_question
            values[label] = choose(page, maker, student, bubbles[label], rng)
    if "name" in maker.extras:
        for x in (44, 124):
            _write(page, (x, 53.5), student, rng)
    return joined(maker, values)


def bubbles_of(maker: Maker) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for place in places_of(maker):
        found[place.label].append(place)
    return found


def joined(maker: Maker, values: dict[str, str]) -> dict[str, str]:
    """With the parts of a number together."""
    answers = dict(values)
    for name, labels in maker.joined.items():
        answers[name] = "".join(answers.pop(label) for label in labels_of(labels))
    return answers


def nothing(maker: Maker) -> dict[str, str]:
    """What an eye reads on a sheet on which nothing is marked."""
    return joined(maker, dict.fromkeys(bubbles_of(maker), ""))


def _mark_digit(page: Page, maker: Maker, student: Student, bubbles: Sequence[Place], rng: Rng) -> str:
    if rng.random() < NO_DIGIT:
        return ""
    bubble = bubbles[rng.integers(len(bubbles))]
    _mark(page, maker, student, bubble, rng)
    return bubble.value


def _mark_question(page: Page, maker: Maker, student: Student, bubbles: Sequence[Place], rng: Rng) -> str:
    first, second = (bubbles[place] for place in rng.permutation(len(bubbles))[:2])
    case = rng.random()
    if case < BLANK:
        return ""
    _mark(page, maker, student, first, rng)
    if case < BLANK + TWO:
        _mark(page, maker, student, second, rng)
        return "".join(bubble.value for bubble in bubbles if bubble in (first, second))
    if student.has_pencil and case < BLANK + TWO + CHANGED:
        _erase(page, maker, student, second, rng)
    return first.value


def _mark(page: Page, maker: Maker, student: Student, bubble: Place, rng: Rng) -> None:
    way = str(rng.choice(list(WAYS))) if rng.random() < OTHER_WAY else student.way
    half = (maker.bubble.size[0] / 2, maker.bubble.size[1] / 2)
    middle = (
        np.array(bubble.at) + student.hand.bias + rng.normal(0, student.hand.aim, 2) * min(1.0, half[0] / 2.5)
    )
    strokes = [stroke + middle for stroke in DRAWN[way](half, student.pen, rng)]
    page.draw(strokes, _pen(student, way, rng), student.hand, rng)


def _pen(student: Student, way: str, rng: Rng) -> Pen:
    return (
        replace(student.pen, strength=student.pen.strength * rng.uniform(*LIGHT))
        if way == "light"
        else student.pen
    )


def _erase(page: Page, maker: Maker, student: Student, bubble: Place, rng: Rng) -> None:
    """What is left of a filled bubble, and the grey that the eraser rubbed about."""
    half = (maker.bubble.size[0] / 2, maker.bubble.size[1] / 2)
    ghost = replace(student.pen, strength=student.pen.strength * rng.uniform(*GHOST))
    page.draw([stroke + bubble.at for stroke in hatch(half, student.pen, rng)], ghost, student.hand, rng)
    rubbed = polyline([(-half[0], -0.5), (half[0], 0.4), (-half[0], 0.6), (half[0] * 0.8, -0.4)])
    page.draw([rubbed + bubble.at], GREASE, student.hand, rng)


def _write(page: Page, at: Point, student: Student, rng: Rng) -> None:
    """A word that nobody has to read."""
    count = 60
    along = np.linspace(0, rng.uniform(18, 32), count)
    stroke = np.stack(
        [along + wander(count, 3, rng), -1.6 * np.abs(np.sin(along * 1.3)) + 0.6 * wander(count, 4, rng)], 1
    )
    page.draw([stroke + at], student.pen, student.hand, rng)


# --- ways to mark; around (0, 0), in mm


def hatch(half: Half, pen: Pen, rng: Rng) -> list[Stroke]:
    """To and fro, so close that hardly any paper shows."""
    gap = pen.width * rng.uniform(0.6, 0.95)
    count = max(4, round(2 * half[1] / gap))
    heights = np.linspace(-0.92, 0.92, count)
    reach = np.sqrt(1 - heights**2) * rng.uniform(0.78, 1.04, count)
    unit = np.stack([np.where(np.arange(count) % 2, 1, -1) * reach, heights], 1)
    angle = rng.uniform(-0.5, 0.5)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return [unit @ turn * half]


def coil(half: Half, pen: Pen, rng: Rng) -> list[Stroke]:
    """From the middle outwards."""
    turns = max(2.0, min(half) / (pen.width * rng.uniform(0.7, 1.0)))
    angles = np.linspace(0, 2 * np.pi * turns, int(16 * turns)) + rng.uniform(0, 6.3)
    radius = np.linspace(0.05, rng.uniform(0.8, 1.0), len(angles))
    return [np.stack([np.cos(angles), np.sin(angles)], 1) * radius[:, None] * half]


def cross(half: Half, pen: Pen, rng: Rng) -> list[Stroke]:
    size = np.array(half) * rng.uniform(0.75, 1.25)
    return [polyline([(-1, -1), (1, 1)]) * size, polyline([(1, -1), (-1, 1)]) * size * rng.uniform(0.9, 1.1)]


def tick(half: Half, pen: Pen, rng: Rng) -> list[Stroke]:
    size = max(half) * rng.uniform(0.8, 1.3)
    return [polyline([(-0.7, -0.1), (-0.15, 0.6), (0.9, -0.95)]) * size]


DRAWN: dict[str, Callable[[Half, Pen, Rng], list[Stroke]]] = {
    "fill": hatch,
    "spiral": coil,
    "light": hatch,
    "cross": cross,
    "tick": tick,
}
