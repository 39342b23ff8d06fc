"""Box cells: a character written into a printed square, and what else ends up in such a square."""

from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Picture
from ml.core.characters import CHARACTER_SIDE, MARGIN, Characters
from ml.simulation import shapes
from ml.simulation.camera import dirty, drop_out, photograph
from ml.simulation.conditions import BOX_CELL, CANVAS, SIDE, Conditions, jitter
from ml.simulation.pens import Mask, Paper, Pen, any_pen, blank_mask, draw_path, soak
from ml.simulation.printing import any_paper, print_box, print_rules
from ml.simulation.shapes import Path
from ml.simulation.students import smear

BOX = SIDE / 1.1  # side of the printed box in canvas pixels
BOX_MM = 9.0
MIDDLE = CANVAS / 2
KNOTS = 5  # characters are bent at 5 x 5 points, and smoothly between them
CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


class Writer:
    """One student's pen over one box; paths are in units of half the box's side."""

    def __init__(self, random: Random, conditions: Conditions) -> None:
        self.random, self.conditions = random, conditions
        self.paper: Paper = any_paper(random, conditions)
        if random.random() < conditions.chance_ghost:
            self.paper -= smear(random) * random.uniform(3, 20)
        if random.random() < 0.94:
            print_box(self.paper, BOX / 2, random, conditions)
        if random.random() < 0.04:
            print_rules(self.paper, random)
        if random.random() < conditions.chance_dropout:
            drop_out(self.paper, random)
        self.pen: Pen = any_pen(random, conditions, BOX / BOX_MM)
        self.mask: Mask = blank_mask()

    def stroke(self, path: Path, x: float = 0.0, y: float = 0.0) -> None:
        place = path * (BOX / 2) + (MIDDLE + x * BOX / 2, MIDDLE + y * BOX / 2)
        draw_path(self.mask, place, self.pen, self.random)

    def write(self, glyph: Picture, size: float, x: float, y: float) -> None:
        """Puts a glyph (36, 36) so that its longer side is `size` of the box, its middle at x, y half boxes off."""
        self.mask |= inked(glyph, size, x, y, self.random)

    def photograph(self) -> Picture:
        soak(self.paper, self.mask, self.pen, self.random)
        dirty(self.paper, self.random, self.conditions)
        return photograph(self.paper, self.pen.ink, self.random, self.conditions, side=BOX_CELL)


def inked(glyph: Picture, size: float, x: float, y: float, random: Random) -> Mask:
    """The glyph slanted, stretched, turned, bent and in another stroke width, as coverage of the canvas."""
    scale = size * BOX / (CHARACTER_SIDE - 2 * MARGIN)
    angle, slant = jitter(random, 0.16), jitter(random, 0.22)
    wide, high = random.uniform(0.85, 1.15), random.uniform(0.9, 1.1)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = scale * turn @ np.array([[wide, slant], [0.0, high]])
    middle = np.array([MIDDLE + x * BOX / 2, MIDDLE + y * BOX / 2])
    shift = middle - matrix @ np.array([CHARACTER_SIDE / 2, CHARACTER_SIDE / 2])
    matrix = np.concatenate([matrix, shift[:, None]], 1)
    drawn = cv2.warpAffine(bent(glyph, random), matrix, (CANVAS, CANVAS), flags=cv2.INTER_CUBIC)
    return rethickened(drawn, size * BOX, random)


def bent(glyph: Picture, random: Random) -> Picture:
    """As another hand might have written it (elastic distortion; Simard, Steinkraus, Platt, 2003): half of them."""
    if random.random() < 0.5:
        return glyph
    generator = np.random.default_rng(random.getrandbits(32))
    knots = generator.normal(0.0, random.uniform(0.3, 0.9), (KNOTS, KNOTS, 2)).astype(np.float32)
    places = cv2.resize(knots, (CHARACTER_SIDE, CHARACTER_SIDE), interpolation=cv2.INTER_CUBIC) + _places()
    no_map: Any = None  # the stub does not know that one map may hold both coordinates
    return cv2.remap(glyph, places, no_map, cv2.INTER_LINEAR)


@cache
def _places() -> NDArray[np.float32]:
    """Every pixel's own place x, y: (side, side, 2)."""
    along = np.arange(CHARACTER_SIDE, dtype=np.float32)
    return np.stack(np.meshgrid(along, along), 2)


def rethickened(mask: Mask, room: float, random: Random) -> Mask:
    """Crisp edges and another stroke width, yet a character of `room` pixels stays readable."""
    soft = cv2.GaussianBlur(mask, (0, 0), 1.2)
    peak = max(float(soft.max()), 1.0)
    edge, gain = random.uniform(0.2, 0.42) * peak, random.uniform(2.5, 6.0) * 255 / peak
    crisp = cv2.convertScaleAbs(np.maximum(soft - np.float32(edge), 0), alpha=gain)
    change = random.random()
    is_thin = cv2.countNonZero(crisp) < 0.22 * room * room
    if change < 0.3 and is_thin:
        return cv2.dilate(crisp, np.ones((3, 3), np.uint8), iterations=random.choice((1, 1, 2)))
    for _ in range(2 if change > 0.7 else 1 if change > 0.45 else 0):
        thinner = cv2.erode(crisp, CROSS)
        if cv2.countNonZero(thinner) < 0.72 * cv2.countNonZero(crisp):
            return crisp
        crisp = thinner
    return crisp


def random_place(random: Random, size: float) -> tuple[float, float]:
    """Somewhere in the box, further from its middle the smaller the character."""
    room = max(0.0, 0.8 * (1 - size)) + 0.08
    return jitter(random, room), jitter(random, room)


def character(writer: Writer, glyph: Picture) -> None:
    """One character, between half and slightly more than the box."""
    size = min(writer.random.uniform(0.45, 1.05), writer.random.uniform(0.5, 1.3))
    writer.write(glyph, size, *random_place(writer.random, size))


def leave_blank(writer: Writer) -> None:
    """Nothing; sometimes an eraser's smear or a stroke of the next box."""
    random = writer.random
    chance = random.random()
    if chance < 0.15:
        writer.paper -= smear(random) * random.uniform(4, 24)
    elif chance < 0.25:
        side = random.choice((-1, 1))
        start, end = (side * 1.4, jitter(random, 0.9)), (side * 0.97, jitter(random, 0.9))
        writer.stroke(shapes.segment(start, end, 0.1))
    elif chance < 0.35:  # some strokes, seen faintly: rubbed out, or from the page's other side
        rest = Writer(random, writer.conditions)
        rest.stroke(shapes.scribble(0.6, 0.6, 5, random), jitter(random, 0.3))
        soak(writer.paper, cv2.GaussianBlur(rest.mask, (0, 0), 2.0) // 9, writer.pen, random)


def dash(writer: Writer) -> None:
    """A minus."""
    random = writer.random
    reach = random.uniform(0.22, 0.75)
    path = shapes.segment((-reach, 0.0), (reach, 0.0), jitter(random, 0.1))
    writer.stroke(shapes.rotate(path, jitter(random, 0.22)), jitter(random, 0.2), jitter(random, 0.35))


def point(writer: Writer) -> None:
    """A decimal point, in the lower part: a dot, or a small patch that was filled."""
    size, reach = writer.random.uniform(0.07, 0.15), jitter(writer.random, 0.05)
    dot(writer, shapes.segment((0.0, 0.0), (reach, abs(reach) * 0.7), 0.1, 6), size)


def comma(writer: Writer) -> None:
    """A comma, in the lower part: a short stroke that leans to the left, now and then with a head."""
    random = writer.random
    tail = -random.uniform(0.06, 0.3), random.uniform(0.22, 0.45)
    dot(writer, shapes.segment((0.0, 0.0), tail, -random.uniform(0.0, 0.25), 8), random.uniform(0.03, 0.1))


def dot(writer: Writer, path: Path, size: float) -> None:
    """size: least width of the stroke, in boxes."""
    x, y = jitter(writer.random, 0.6), writer.random.uniform(0.05, 0.75)
    pen = writer.pen
    writer.pen = replace(pen, width=max(pen.width, size * BOX), tremor=min(pen.tremor, 0.5))
    writer.stroke(path, x, y)


def flagged_one(writer: Writer) -> None:
    """1 with a flag, and often a foot."""
    size = writer.random.uniform(0.45, 0.85)
    reach = writer.random.uniform(0.25, 0.6)
    drop = writer.random.uniform(0.8, 1.3) * max(reach, 0.35)  # flatter it would pass for a seven
    parts = [
        shapes.segment((-reach, -1 + drop), (0.0, -1.0), 0.05, 7),
        shapes.segment((0.0, -1.0), (jitter(writer.random, 0.15), 1.0)),
    ]
    where = jitter(writer.random, 0.25), jitter(writer.random, 0.12)
    writer.stroke(np.concatenate(parts) * size, *where)
    if writer.random.random() < 0.4:
        foot = writer.random.uniform(0.25, 0.5)
        writer.stroke(shapes.segment((-foot, 1.0), (foot, 1.0)) * size, *where)


def plain_one(writer: Writer) -> None:
    """1 as one stroke, upright or slanting."""
    size = writer.random.uniform(0.4, 0.9)
    lean = writer.random.uniform(-0.1, 0.45)
    path = shapes.segment((lean, -1.0), (-lean, 1.0), jitter(writer.random, 0.06))
    writer.stroke(path * size, *random_place(writer.random, size))


def hooked_seven(writer: Writer) -> None:
    """7 with a down-stroke at its left, as Korean schools teach, or with a bar, as European ones do."""
    random = writer.random
    size, width = random.uniform(0.45, 0.85), random.uniform(0.4, 0.7)
    hook = random.uniform(0.25, 0.7) if random.random() < 0.7 else 0.0
    knee, lean = (width, -1.0 + jitter(random, 0.1)), random.uniform(-0.6, 0.35)
    path = [
        shapes.segment((-width, -1.0), knee, 0.02, 8),
        shapes.segment(knee, (lean, 1.0), jitter(random, 0.12)),
    ]
    if hook:
        path.insert(0, shapes.segment((-width - 0.05, -1.0 + hook), (-width, -1.0), 0.0, 6))
    where = jitter(random, 0.25), jitter(random, 0.12)
    writer.stroke(np.concatenate(path) * size, *where)
    if not hook or random.random() < 0.15:
        middle = (knee[0] + lean) / 2
        bar = shapes.segment((middle - 0.4, 0.05), (middle + 0.4, jitter(random, 0.1)))
        writer.stroke(bar * size, *where)


def strike_out(writer: Writer) -> None:
    """Lines, an X or a scribble through what was written."""
    way = writer.random.random()
    if way < 0.35:
        for path in shapes.saltire(writer.random.uniform(0.8, 1.2), writer.random):
            writer.stroke(path)
    elif way < 0.7:
        angle = writer.random.choice((0.0, -0.7, 0.7)) + jitter(writer.random, 0.2)
        for number in range(writer.random.randint(2, 4)):
            line = shapes.segment((-0.9, 0.0), (0.9, 0.0), 0.04) + (0.0, (number - 1.2) * 0.25)
            writer.stroke(shapes.rotate(line, angle))
    else:
        blacken(writer)


def blacken(writer: Writer) -> None:
    rx, ry = writer.random.uniform(0.5, 1.0), writer.random.uniform(0.5, 1.0)
    path = shapes.scribble(rx, ry, writer.random.randint(9, 24), writer.random)
    writer.stroke(path, jitter(writer.random, 0.2), jitter(writer.random, 0.2))


def no_character(writer: Writer, characters: Characters) -> None:
    """A tick, an X of a mark, a scribble, a ring with a line: signs, not characters."""
    way = writer.random.random()
    if way < 0.35:
        tick = shapes.check_mark(writer.random.uniform(0.7, 1.1), writer.random)
        writer.stroke(tick, jitter(writer.random, 0.2))
    elif way < 0.7:
        blacken(writer)
    else:
        character(writer, any_character(characters, writer.random))
        strike_out(writer)


def two_characters(writer: Writer, characters: Characters) -> None:
    """Two characters squeezed into one box."""
    size = writer.random.uniform(0.4, 0.62)
    apart = writer.random.uniform(0.36, 0.5)
    for side in (-1, 1):
        glyph = any_character(characters, writer.random)
        writer.write(glyph, size, side * apart, jitter(writer.random, 0.25))


def overwritten(writer: Writer, characters: Characters) -> dict[str, float]:
    """One character written over another; which is meant nobody can say. Returns how much it is of which."""
    numbers = [writer.random.randrange(len(characters)) for _ in range(2)]
    size = writer.random.uniform(0.6, 0.9)
    for number in numbers:
        x, y = jitter(writer.random, 0.12), jitter(writer.random, 0.12)
        writer.write(characters.pictures[number], size, x, y)
    first, second = (str(characters.labels[number]) for number in numbers)
    return {first: 1.0} if first == second else {first: 0.3, second: 0.3, "other": 0.4}


def any_character(characters: Characters, random: Random) -> Picture:
    return characters.pictures[random.randrange(len(characters))]  # type: ignore[no-any-return]


def write_each(characters: Characters, random: Random, conditions: Conditions) -> NDArray[np.uint8]:
    """Every glyph once, in its order, each in a box of its own: (n, 64, 64)."""
    cells = []
    for glyph in characters.pictures:
        writer = Writer(random, conditions)
        character(writer, glyph)
        cells.append(writer.photograph())
    return np.stack(cells)
