"""Where a strip has ink: stretches of columns between gaps, the smallest things that one reader or the other names."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.pictures.lines.strips import Grey

DARK = 190  # of 255: hairlines of small print are no darker
NOISE = 4.5  # mean deviations of the ground: it is no ink
DARKEST = 120  # blurred ink is no darker
WIDEST = 44  # px: wider stretches are several glyphs that touch
EDGE = 8  # px: none of them is narrower


@dataclass(frozen=True)
class InkSpan:
    left: int
    right: int

    @property
    def wide(self) -> int:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def ink_spans(strip: Grey) -> list[InkSpan]:
    """From left to right."""
    ground = float(np.median(strip))
    deviation = float(np.median(strip[strip >= ground] - ground))
    dark = strip < np.clip(ground - NOISE * deviation, DARKEST, DARK)
    columns = dark.sum(0)
    columns[1:-1] += (columns[1:-1] == 0) & (columns[:-2] > 0) & (columns[2:] > 0)  # one column is no gap
    ends = np.flatnonzero(np.diff(np.concatenate([[0], columns > 0, [0]]).astype(int))).tolist()
    stretches = zip(ends[::2], ends[1::2], strict=True)
    parts = [part for left, right in stretches for part in split_wide_span(columns, left, right)]
    return [InkSpan(left, right) for left, right in parts if right - left > 1]


def split_wide_span(columns: NDArray[Any], left: int, right: int) -> list[tuple[int, int]]:
    """Where there is least ink, until no part is too wide."""
    if right - left <= WIDEST:
        return [(left, right)]
    middle = left + EDGE + int(columns[left + EDGE : right - EDGE].argmin())
    return split_wide_span(columns, left, middle) + split_wide_span(columns, middle, right)
