"""What students do to a bubble.

Each function draws with a hand; sizes are in units of the bubble's longer half side.
"""

from dataclasses import replace
from math import pi
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.simulation import shapes
from ml.simulation.conditions import CANVAS, jitter
from ml.simulation.hand import Draw, Hand, nudge
from ml.simulation.pens import blank_mask, draw_polyline
from ml.simulation.shapes import Path


def leave_empty(hand: Hand) -> None:
    """Nothing meant: bare, or with an erased mark, a neighbour's stroke passing by, a tail of handwriting."""
    accident = hand.random.choices((None, erase, pass_by, leave_tail), (0.7, 0.12, 0.1, 0.08))[0]
    if accident:
        accident(hand)


def erase(hand: Hand) -> None:
    """A mark rubbed out: its faint blurred rest and the eraser's smear."""
    rub_out(hand, hand.random.uniform(3, 17) / (255.0 - hand.pen.ink))


def rub_out(hand: Hand, left: float) -> None:
    """A mark of which this share of its darkness is left, more in some of the eraser's lanes than in others."""
    random = hand.random
    rest = np.full_like(hand.paper, 255.0)
    student = Hand(rest, hand.bubble, replace(hand.pen, tremor=hand.pen.tremor + 0.5), random)
    random.choice((fill_bubble, fill_bubble, cross, tick, encircle))(student)
    student.lift()
    ink = 255.0 - cv2.GaussianBlur(rest, (0, 0), random.uniform(0.5, 4.0))
    hand.paper -= ink * (left * (lanes(random) if random.random() < 0.6 else 1.0))
    if random.random() < 0.5:
        hand.paper -= smear(random) * random.uniform(3, 15 + 60 * left)
    np.maximum(hand.paper, 0, out=hand.paper)


def lanes(random: Random) -> NDArray[np.float32]:
    """How much an eraser that goes to and fro leaves, lane by lane, about 1 in the mean."""
    angle, pitch, start = random.uniform(0, pi), random.uniform(5, 22), random.uniform(0, 2 * pi)
    y, x = np.mgrid[:CANVAS, :CANVAS].astype(np.float32)
    wave = np.sin((np.cos(angle) * x + np.sin(angle) * y) * np.float32(2 * pi / pitch) + np.float32(start))
    return np.asarray(1 + np.float32(random.uniform(0.2, 0.9)) * wave, np.float32)


def smear(random: Random) -> NDArray[np.float32]:
    """The grey cloud that an eraser leaves, 0..1."""
    mask = blank_mask()
    start = np.array([random.uniform(25, 70), random.uniform(25, 70)])
    sweep = shapes.segment((0.0, 0.0), (jitter(random, 45), jitter(random, 30)), 0.1) + start
    draw_polyline(mask, sweep, random.randint(8, 26))
    return cv2.GaussianBlur(mask, (0, 0), random.uniform(2.5, 6.0)).astype(np.float32) / np.float32(255)


def pass_by(hand: Hand) -> None:
    """A stroke that belongs to a neighbour and only crosses this cell's margin."""
    random = hand.random
    angle = random.uniform(0, 2 * pi)
    clear = 1.22 + hand.pen.width / 2 / hand.half
    reach = random.uniform(clear, 1.9)
    across = random.uniform(0.5, 1.6)
    path = shapes.segment((-across, 0.0), (across, 0.0), random.uniform(0.0, 0.12))
    hand.stroke(shapes.rotate(path + (0.0, reach), angle))


def leave_tail(hand: Hand) -> None:
    """The end of a word written nearby, coming in from an edge and staying off the bubble."""
    random = hand.random
    clear = 1.2 + hand.pen.width / 2 / hand.half
    start, end = (jitter(random, 0.5), 2.2), (jitter(random, 0.7), random.uniform(clear, 1.7))
    path = shapes.segment(start, end, jitter(random, 0.2))
    hand.stroke(shapes.rotate(path, random.choice((0.0, pi / 2, pi, 3 * pi / 2)) + jitter(random, 0.3)))


def fill_bubble(hand: Hand) -> None:
    """Any of the ways in which people fill a bubble."""
    ways: tuple[Draw, ...] = (fill_solid, fill_hatched, fill_spiral, fill_partly, fill_line, fill_dot)
    hand.random.choices(ways, (0.3, 0.28, 0.1, 0.12, 0.12, 0.08))[0](hand)


def fill_solid(hand: Hand) -> None:
    """Blackened to the edge, round or with the bubble's corners."""
    size = hand.random.uniform(0.75, 1.2)
    is_round = hand.bubble.shape == "ellipse" or hand.random.random() < 0.5
    outline = (shapes.ring if is_round else shapes.uneven_box)(hand.rx, hand.ry, hand.random)
    hand.blacken(outline * size, *nudge(hand, 0.12))
    if hand.random.random() < 0.3:
        hand.stroke(shading(hand, 1.0, 0.5))


def shading(hand: Hand, size: float, gap: float) -> Path:
    """Strokes to and fro at any angle, a gap apart, over this much of the bubble."""
    return shapes.zigzag(hand.rx * size, hand.ry * size, gap, hand.random.uniform(0, pi), hand.random)


def fill_hatched(hand: Hand) -> None:
    size = hand.random.uniform(0.75, 1.12)
    gap = hand.pen.width / hand.half * hand.random.uniform(0.6, 1.9)
    hand.stroke(shading(hand, size, max(gap, 0.09)), *nudge(hand, 0.12))


def fill_spiral(hand: Hand) -> None:
    size = hand.random.uniform(0.65, 1.05)
    turns = min(6.0, 0.8 * hand.half / hand.pen.width / hand.random.uniform(0.7, 1.3))
    path = shapes.spiral(hand.rx * size, hand.ry * size, max(turns, 2.2), hand.random)
    hand.stroke(path, *nudge(hand, 0.12))


def fill_partly(hand: Hand) -> None:
    """About half of the bubble, off its middle."""
    size = hand.random.uniform(0.68, 0.82)
    offset = shapes.rotate(np.array([[0.3, 0.0]]), hand.random.uniform(0, 2 * pi))[0] * (hand.rx, hand.ry)
    gap = max(hand.pen.width / hand.half * hand.random.uniform(0.5, 1.0), 0.08)
    hand.stroke(shading(hand, size, gap), *offset)


def fill_line(hand: Hand) -> None:
    """One bold line through the bubble: a dash, a slash."""
    hand.pen = replace(hand.pen, width=max(hand.pen.width, 0.12 * hand.half))
    reach = hand.random.uniform(0.6, 1.25)
    angle = hand.random.choice((0.0, -pi / 4, -pi / 4, pi / 4, pi / 2)) + jitter(hand.random, 0.3)
    path = shapes.rotate(shapes.segment((-reach, 0.0), (reach, 0.0), jitter(hand.random, 0.08)), angle)
    for _ in range(hand.random.choice((1, 1, 2))):
        hand.stroke(path, *nudge(hand, 0.12))


def fill_dot(hand: Hand) -> None:
    size = hand.random.uniform(0.34, 0.6)
    hand.pen = replace(hand.pen, ink=min(hand.pen.ink, 120))
    outline = shapes.ring(size, size * hand.random.uniform(0.8, 1.2), hand.random, 0.15)
    hand.blacken(outline, *nudge(hand, 0.2))


def cross(hand: Hand) -> None:
    """An X in or over the bubble; big, thick and off its middle too."""
    size = hand.random.uniform(0.62, 1.55)
    squash = hand.random.uniform(0.65, 1.0) if hand.ry < hand.rx else hand.random.uniform(1.0, 1.3)
    strokes = shapes.saltire(size, hand.random)
    offset = nudge(hand, 0.22)
    hand.pen = replace(hand.pen, width=min(hand.pen.width, 0.42 * size * hand.half))
    for _ in range(hand.random.choice((1, 1, 1, 1, 2))):
        for path in strokes:
            hand.stroke(path * (1.0, squash), *offset)


def tick(hand: Hand) -> None:
    size = hand.random.uniform(0.75, 1.9)
    path = shapes.check_mark(size, hand.random)
    hand.pen = replace(hand.pen, width=min(hand.pen.width, 0.3 * size * hand.half))
    if hand.random.random() < 0.03:
        path = path * (-1.0, 1.0)
    hand.stroke(shapes.rotate(path, jitter(hand.random, 0.25)), *nudge(hand, 0.3))


def encircle(hand: Hand) -> None:
    """A ring inside or outside the printed outline, or traced over it with a pen far bolder than the print."""
    if hand.random.random() < 0.15:
        trace_outline(hand)
        return
    hand.pen = replace(hand.pen, width=min(hand.pen.width, 0.3 * hand.half))
    line = hand.pen.width / hand.half
    if hand.is_bubble_large or hand.random.random() < 0.4:
        grown = hand.random.uniform(0.5, 0.82 - line / 2)
        hand.stroke(shapes.ring(hand.rx * grown, hand.ry * grown, hand.random, 0.06), *nudge(hand, 0.06))
        return
    grown = hand.random.uniform(1.12 + line / 2, 1.55)
    rounder = hand.random.uniform(0.0, 0.5) * (1 - hand.ry)
    hand.stroke(shapes.ring(hand.rx * grown, hand.ry * grown + rounder, hand.random, 0.06), *nudge(hand, 0.1))


def trace_outline(hand: Hand) -> None:
    bold = max(hand.pen.width, 3.5 * hand.bubble.width, 0.26 * hand.half)
    hand.pen = replace(hand.pen, width=bold, ink=min(hand.pen.ink, hand.bubble.ink, 110))
    grown = hand.random.uniform(0.95, 1.15)
    hand.stroke(shapes.ring(hand.rx * grown, hand.ry * grown, hand.random, 0.05), *nudge(hand, 0.06))


def strike(hand: Hand) -> None:
    """A big X or several lines that clearly leave the bubble."""
    random = hand.random
    corner = 1.45 if hand.bubble.shape == "ellipse" else 1.75
    if random.random() < 0.55:
        for path in shapes.saltire(1.0, random):
            reach = random.uniform(corner, 2.25) * hand.outreach
            hand.stroke(path / np.hypot(*path[0]) * reach, *nudge(hand, 0.1))
        return
    angle = random.choice((0.0, 0.0, -pi / 4, pi / 4)) + jitter(random, 0.25)
    count = random.randint(2, 4)
    for number in range(count):
        reach = random.uniform(1.4, 1.9) * hand.outreach
        path = shapes.segment((-reach, 0.0), (reach, 0.0), jitter(random, 0.06))
        apart = (number - (count - 1) / 2) * random.uniform(0.3, 0.5)
        hand.stroke(shapes.rotate(path + (0.0, apart), angle), *nudge(hand, 0.1))


def cancel_mark(hand: Hand) -> None:
    """A mark, then the strokes that take it back."""
    marks: tuple[Draw, ...] = (fill_solid, fill_hatched, tick, cross)
    mark = hand.random.choices(marks, (0.44, 0.36, 0.1, 0.1))[0]
    hand.pen = replace(hand.pen, ink=min(hand.pen.ink, 145), width=max(hand.pen.width, 0.12 * hand.half))
    mark(hand)
    if mark in (tick, cross):
        several_lines(hand)
        return
    if hand.random.random() < 0.5:  # with another pen
        hand.lift()
        width = hand.half * hand.random.uniform(0.12, 0.4)
        hand.pen = replace(hand.pen, width=width, ink=hand.random.uniform(15, 130), grain=0.1)
    strike(hand)


def several_lines(hand: Hand) -> None:
    """Two to four lines across, well longer than the bubble."""
    angle = jitter(hand.random, 0.3)
    for number in range(hand.random.randint(2, 4)):
        reach = hand.random.uniform(1.4, 1.8) * hand.outreach
        path = shapes.segment((-reach, 0.0), (reach, 0.0), jitter(hand.random, 0.06))
        hand.stroke(shapes.rotate(path, angle), 0.0, (number - 1) * hand.random.uniform(0.35, 0.5))


def obliterate(hand: Hand) -> None:
    """A big mess over the bubble and well beyond it, with or without a mark below."""
    random = hand.random
    if random.random() < 0.4:
        random.choice((fill_hatched, cross, tick))(hand)
    hand.pen = replace(hand.pen, width=max(hand.pen.width, 0.1 * hand.half), ink=min(hand.pen.ink, 140))
    rx, ry = random.uniform(1.65, 2.1) * hand.outreach, random.uniform(1.65, 2.1) * hand.outreach
    thickness = hand.pen.width / hand.half
    if random.random() < 0.8:
        path = shapes.scribble(rx, ry, int(random.uniform(1.6, 3.2) / thickness) + 9, random)
    else:
        path = shapes.loops(rx, ry, int(random.uniform(0.35, 0.7) / thickness) + 4, random)
    hand.stroke(path, *nudge(hand, 0.15))


DRAWINGS: dict[str, Draw] = {
    "empty": leave_empty,
    "filled": fill_bubble,
    "cross": cross,
    "tick": tick,
    "circle": encircle,
    "cancelled": cancel_mark,
    "scribbled": obliterate,
}
