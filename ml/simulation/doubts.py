"""Bubbles that people would argue about: their targets are shared, so that the network learns to be in doubt."""

from collections.abc import Callable
from dataclasses import replace
from math import pi

from ml.simulation import shapes
from ml.simulation.conditions import jitter
from ml.simulation.hand import Hand, nudge
from ml.simulation.students import DRAWINGS, fill_solid, rub_out


def odd_faint(hand: Hand) -> dict[str, float]:
    """Between a very light pencil and a badly erased mark."""
    mark = hand.random.choice(("filled", "cross", "tick", "circle"))
    hand.pen = replace(hand.pen, ink=hand.random.uniform(203, 226))
    DRAWINGS[mark](hand)
    return {mark: 0.5, "empty": 0.5}


def odd_erased(hand: Hand) -> dict[str, float]:
    """A mark that somebody rubbed out, though not well: hardly ever one that is meant."""
    left = hand.random.uniform(0.08, 0.55)
    hand.pen = replace(hand.pen, ink=min(hand.pen.ink, 130))
    rub_out(hand, left)
    return {"filled": 0.15 + 0.5 * left, "empty": 0.85 - 0.5 * left}


def odd_speck(hand: Hand) -> dict[str, float]:
    """Too big for dust, too small for a mark."""
    size = hand.random.uniform(0.13, 0.27)
    hand.blacken(shapes.ring(size, size, hand.random), *nudge(hand, 0.6))
    return {"filled": 0.4, "empty": 0.6}


def odd_outline_traced(hand: Hand) -> dict[str, float]:
    grown = hand.random.uniform(0.88, 1.1)
    hand.stroke(shapes.ring(hand.rx * grown, hand.ry * grown, hand.random, 0.04))
    return {"circle": 0.65, "empty": 0.35}


def odd_overshoot(hand: Hand) -> dict[str, float]:
    grown = hand.random.uniform(1.28, 1.42)
    hand.stroke(shapes.zigzag(grown, grown, 0.18, hand.random.uniform(0, pi), hand.random))
    return {"filled": 0.5, "scribbled": 0.35, "cancelled": 0.15}


def odd_short_strike(hand: Hand) -> dict[str, float]:
    fill_solid(hand)
    for path in shapes.saltire(hand.random.uniform(1.0, 1.35), hand.random):
        hand.stroke(path)
    return {"filled": 0.5, "cancelled": 0.5}


def odd_junk(hand: Hand) -> dict[str, float]:
    """Writing that is no mark at all: several strokes anywhere."""
    for _ in range(hand.random.randint(2, 5)):
        start, end = nudge(hand, 1.6), nudge(hand, 1.6)
        hand.stroke(shapes.segment(start, end, jitter(hand.random, 0.6)))
    return {
        "filled": 0.2,
        "cross": 0.15,
        "tick": 0.15,
        "circle": 0.1,
        "cancelled": 0.2,
        "scribbled": 0.15,
        "empty": 0.05,
    }


DOUBTS: tuple[Callable[[Hand], dict[str, float]], ...] = (
    *(odd_erased,) * 5,
    odd_faint,
    odd_speck,
    odd_outline_traced,
    odd_overshoot,
    odd_short_strike,
    odd_junk,
)
