"""Bubble cells: a printed bubble among its neighbours, what a student did to it, and a photograph of both."""

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
    any_paper,
    print_bubble,
    print_label,
    print_rules,
    toner,
)
from ml.simulation.students import DRAWINGS, cross, encircle, fill_hatched, fill_solid, tick

MARKS = tuple(DRAWINGS)
SHARES = (0.44, 0.17, 0.10, 0.09, 0.08, 0.07, 0.05)
NEIGHBOURS = (((1, 0), (-1, 0)), ((0, 1), (0, -1)), ((1, 0),), ((0, 1), (0, -1), (1, 0), (-1, 0)), ())


def draw_bubbles(count: int, random: Random, conditions: Conditions) -> tuple[Picture, Numbers]:
    """Cells (n, 32, 32) and targets (n, 7); a share of chance_odd has soft targets."""
    cells = np.empty((count, CELL, CELL), np.uint8)
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
    """One cell (32, 32) whose bubble carries the mark."""
    hand = take_sheet(random, conditions)
    while is_mark_lost(mark, hand):
        hand = take_sheet(random, conditions)
    DRAWINGS[mark](hand)
    return scan(hand, conditions)


def scan(hand: Hand, conditions: Conditions) -> Picture:
    """The cell (32, 32) with what the hand drew."""
    hand.lift()
    dirty(hand.paper, hand.random, conditions)
    return photograph(hand.paper, hand.pen.ink, hand.random, conditions)


def is_mark_lost(mark: str, hand: Hand) -> bool:
    """Whether nobody could tell the mark on this sheet: a ring where no outline is, strokes beyond the cell's edge."""
    if mark == "circle":
        return not hand.is_printed
    return hand.is_bubble_large and mark in ("cancelled", "scribbled")


def take_sheet(random: Random, conditions: Conditions) -> Hand:
    """A printed bubble with its neighbours (marked or not) and a pen above it."""
    paper = any_paper(random, conditions)
    bubble = any_bubble(random, conditions, HALF)
    # The bubble's true width decides how thick a pen looks: 3.5 to 6 mm cover the sheets in use.
    pen = any_pen(random, conditions, 2 * HALF / random.uniform(3.5, 6.0))
    if random.random() < conditions.chance_ghost:
        shine_through(paper, bubble, random, conditions)
    is_printed = random.random() >= conditions.chance_unprinted
    if is_printed:
        print_neighbourhood(paper, Hand(paper, bubble, pen, random), conditions)
    return Hand(paper, bubble, pen, random, is_printed=is_printed)


def print_neighbourhood(paper: Paper, hand: Hand, conditions: Conditions) -> None:
    """The bubble, those beside it with the marks they may carry, and the rules around them."""
    random, bubble, mask = hand.random, hand.bubble, blank_mask()
    for dx, dy in random.choice(NEIGHBOURS):
        centre = (MIDDLE + dx * bubble.pitch_x, MIDDLE + dy * bubble.pitch_y)
        print_bubble(mask, bubble, centre)
        if random.random() < 0.2:
            mark_neighbour(hand, centre)
    print_bubble(mask, bubble, (MIDDLE, MIDDLE))
    soak(paper, mask, toner(bubble.ink), random)
    print_label(paper, bubble, (MIDDLE, MIDDLE), random, conditions.fonts)
    if random.random() < 0.08:
        print_rules(paper, random)
    if random.random() < conditions.chance_dropout:
        drop_out(paper, random)


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
