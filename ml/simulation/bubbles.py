"""Bubble cells: a printed bubble among its neighbours, what a student did to it, and a photograph of both.

Each comes with its reference: the typical empty cell of the same label on the same page, as a reader estimates it.
"""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import cv2
import numpy as np

from ml.core.arrays import Numbers, Picture
from ml.simulation import shapes
from ml.simulation.camera import dirty, drop_out, photograph
from ml.simulation.conditions import CELL, Conditions
from ml.simulation.doubts import DOUBTS
from ml.simulation.hand import HALF, MIDDLE, Hand, nudge
from ml.simulation.pens import Paper, any_pen, area, blank_mask, soak
from ml.simulation.printing import (
    Bubble,
    any_bubble,
    any_label,
    any_paper,
    print_bubble,
    print_label,
    print_rules,
    toner,
)
from ml.simulation.students import DRAWINGS, cross, encircle, fill_hatched, fill_solid, tick

MARKS = tuple(DRAWINGS)
SHARES = (0.44, 0.17, 0.10, 0.09, 0.08, 0.07, 0.05)
Place = tuple[int, int]
BESIDE: tuple[Place, ...] = ((1, 0), (-1, 0))
ABOVE: tuple[Place, ...] = ((0, 1), (0, -1))
NEIGHBOURS: tuple[tuple[Place, ...], ...] = (BESIDE, ABOVE, BESIDE[:1], ABOVE + BESIDE, ())


def draw_bubbles(count: int, random: Random, conditions: Conditions) -> tuple[Picture, Numbers]:
    """Cells with their references (n, 2, 32, 32) and targets (n, 7); a share of chance_odd has soft targets."""
    cells = np.empty((count, 2, CELL, CELL), np.uint8)
    targets = np.zeros((count, len(MARKS)), np.float32)
    kinds = random.choices(range(len(MARKS)), SHARES, k=count)
    for number, kind in enumerate(kinds):
        if random.random() < conditions.chance_odd:
            cells[number], targets[number] = draw_odd(random, conditions)
        else:
            cells[number] = draw_bubble(MARKS[kind], random, conditions)
            targets[number, kind] = 1.0
    return cells, targets


def draw_bubble(mark: str, random: Random, conditions: Conditions) -> Picture:
    """One cell whose bubble carries the mark, and its reference: (2, 32, 32)."""
    hand = take_sheet(random, conditions)
    while is_mark_lost(mark, hand):
        hand = take_sheet(random, conditions)
    DRAWINGS[mark](hand)
    return scan(hand, conditions)


def scan(hand: Hand, conditions: Conditions) -> Picture:
    """The cell with what the hand drew, and its reference: (2, 32, 32)."""
    hand.lift()
    dirty(hand.paper, hand.random, conditions)
    seed = hand.random.random()
    cell = photograph(hand.paper, hand.pen.ink, hand.random, conditions, Random(seed))
    return np.stack([cell, reference(hand, conditions, Random(seed))])


def reference(hand: Hand, conditions: Conditions, page: Random) -> Picture:
    """What a reader takes for an empty cell of this label here, (32, 32): mostly that, sometimes what bubbles of all
    labels have in common, sometimes nothing, where a page has too few of them."""
    known = hand.random.choices(("label", "outline", "nothing"), (0.8, 0.1, 0.1))[0]
    if known == "nothing":
        return np.full((CELL, CELL), 255, np.uint8)
    form = hand.form
    if known == "outline" and hand.is_printed:
        form = any_paper(hand.random, replace(conditions, paper=(float(form.max()),) * 2))
        faint = 255 - (255 - hand.bubble.label_ink) * hand.random.uniform(0.2, 0.5)
        common = replace(hand.bubble, label=any_label(hand.random), label_ink=faint)
        print_form(form, common, (), hand.random, conditions)
    return photograph(form, hand.pen.ink, hand.random, typical(conditions), page)


def typical(conditions: Conditions) -> Conditions:
    """How the median of many cells looks: steadier than each."""
    return replace(
        conditions,
        shift=conditions.shift / 3,
        turn=conditions.turn / 3,
        scale=conditions.scale / 2,
        noise=(0.0, conditions.noise[1] / 4),
        chance_jpeg=0.0,
        chance_shadow=0.0,
    )


def is_mark_lost(mark: str, hand: Hand) -> bool:
    """Whether nobody could tell the mark on this sheet: a ring where no outline is, strokes beyond the cell's edge."""
    if mark == "circle":
        return not hand.is_printed
    return hand.is_bubble_large and mark in ("cancelled", "scribbled")


def take_sheet(random: Random, conditions: Conditions) -> Hand:
    """A printed bubble with its neighbours (marked or not) and a pen above it."""
    paper = any_paper(random, conditions)
    bubble = any_bubble(random, conditions, HALF)
    beside = random.choice(NEIGHBOURS)
    form = paper.copy()
    print_form(form, bubble, beside, random, conditions)
    # The bubble's true width decides how thick a pen looks: 3.5 to 6 mm cover the sheets in use.
    pen = any_pen(random, conditions, 2 * HALF / random.uniform(3.5, 6.0))
    is_printed = random.random() >= conditions.chance_unprinted
    if is_printed:
        paper = form.copy()
    if random.random() < conditions.chance_ghost:
        shine_through(paper, bubble, random, conditions)
    if is_printed and random.random() < conditions.chance_dropout:
        drop_out(paper, random)
    hand = Hand(paper, bubble, pen, random, is_printed=is_printed, form=form)
    for centre in places_beside(bubble, beside):
        if random.random() < 0.2:
            mark_neighbour(hand, centre)
    return hand


def print_form(
    paper: Paper, bubble: Bubble, beside: Sequence[Place], random: Random, conditions: Conditions
) -> None:
    """The bubble, those beside it, and the rules around them, in place."""
    mask, tint = blank_mask(), blank_mask()
    for centre in (*places_beside(bubble, beside), (MIDDLE, MIDDLE)):
        print_bubble(mask, bubble, centre)
        area(tint, shapes.oval(bubble.rx, bubble.ry) + centre)
    if random.random() < 0.06:
        soak(paper, tint, toner(random.uniform(205, 245)), random)
    soak(paper, mask, toner(bubble.ink), random)
    print_label(paper, bubble, (MIDDLE, MIDDLE), random, conditions.fonts)
    if random.random() < 0.08:
        print_rules(paper, random)


def places_beside(bubble: Bubble, beside: Sequence[Place]) -> list[tuple[float, float]]:
    """Middles of the bubbles beside the one in the middle, in pixels of the canvas."""
    return [(MIDDLE + dx * bubble.pitch_x, MIDDLE + dy * bubble.pitch_y) for dx, dy in beside]


def mark_neighbour(hand: Hand, centre: tuple[float, float]) -> None:
    """A mark that belongs to the bubble beside this one, as far as it stays off this one."""
    neighbour = Hand(hand.paper, hand.bubble, hand.pen, hand.random, centre)
    hand.random.choice((fill_solid, fill_solid, fill_hatched, fill_hatched, cross, tick, encircle))(neighbour)
    inside = blank_mask()
    area(inside, shapes.oval(0.95 * hand.bubble.rx, 0.95 * hand.bubble.ry) + (MIDDLE, MIDDLE))
    neighbour.mask[inside > 0] = 0
    neighbour.lift()


def shine_through(paper: Paper, bubble: Bubble, random: Random, conditions: Conditions) -> None:
    """What was written on the other side of the page, seen faintly through it."""
    ghost = np.full_like(paper, 255.0)
    hand = Hand(ghost, bubble, any_pen(random, conditions, 12.0, 0.5), random)
    offset = nudge(hand, 1.2)
    paths = shapes.scribble(1.0, 1.0, 8, random), shapes.check_mark(1.2, random)
    hand.stroke(random.choice(paths), *offset)
    hand.lift()
    depth = random.uniform(4, 18) / (255.0 - hand.pen.ink)
    paper -= (255.0 - cv2.GaussianBlur(ghost, (0, 0), random.uniform(1.3, 4.0))) * depth


def draw_odd(random: Random, conditions: Conditions) -> tuple[Picture, Numbers]:
    hand = take_sheet(random, conditions)
    shares = random.choice(DOUBTS)(hand)
    return scan(hand, conditions), np.array([shares.get(mark, 0.0) for mark in MARKS], np.float32)
