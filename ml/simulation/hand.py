"""One student's pen over one bubble."""

from collections.abc import Callable
from random import Random

from ml.simulation.conditions import CANVAS, SIDE, jitter
from ml.simulation.pens import Mask, Paper, Pen, area, blank_mask, draw_path, soak
from ml.simulation.printing import Bubble
from ml.simulation.shapes import Path

HALF = SIDE / 1.6 / 2  # half of the longer side of a bubble's box, in canvas pixels
MIDDLE = CANVAS / 2

Draw = Callable[["Hand"], None]


class Hand:
    """Paths in units of the bubble's half sides become ink."""

    def __init__(
        self,
        paper: Paper,
        bubble: Bubble,
        pen: Pen,
        random: Random,
        centre: tuple[float, float] = (MIDDLE, MIDDLE),
        is_printed: bool = True,
        form: Paper | None = None,
    ) -> None:
        """form: the paper as it was printed, before anything was done to it; by default as it is now."""
        self.form = paper.copy() if form is None else form
        self.is_printed = is_printed
        self.paper, self.bubble, self.pen, self.random, self.centre = paper, bubble, pen, random, centre
        self.half = max(bubble.rx, bubble.ry)
        self.rx, self.ry = bubble.rx / self.half, bubble.ry / self.half
        self.mask: Mask = blank_mask()
        # So large in its cell that what leaves the bubble cannot be seen.
        self.is_bubble_large = self.half > 1.12 * HALF
        # How much further than a bubble's size withdrawing strokes go where the bubble is small in its cell.
        self.outreach = max(1.0, 0.85 * HALF / self.half)

    def place(self, path: Path, x: float = 0.0, y: float = 0.0) -> Path:
        """From bubble units (1 = the longer half side) to canvas pixels."""
        return path * self.half + (self.centre[0] + x * self.half, self.centre[1] + y * self.half)

    def stroke(self, path: Path, x: float = 0.0, y: float = 0.0) -> None:
        draw_path(self.mask, self.place(path, x, y), self.pen, self.random)

    def blacken(self, path: Path, x: float = 0.0, y: float = 0.0) -> None:
        area(self.mask, self.place(path, x, y))

    def lift(self) -> None:
        """Puts what was drawn on the paper."""
        soak(self.paper, self.mask, self.pen, self.random)
        self.mask = blank_mask()


def nudge(hand: Hand, limit: float) -> tuple[float, float]:
    return jitter(hand.random, limit), jitter(hand.random, limit)
