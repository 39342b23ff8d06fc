"""Printed lines under and around writing: rules, squares, tables and what a crop shows of its box.

Lines are found and removed by the lengths of runs, as the lines of a staff are from music: a pixel goes where the run
across the line is as short as the line is thick, so strokes that cross stay whole (Dalitz, Droettboom, Pranzas,
Fujinaga, A comparative study of staff removal algorithms, 2008).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Picture

LONG = 0.3  # of the picture's side: shorter is no rule
EDGE = 0.1  # of the shorter side: lines of a box lie this near to the edges of its crop and are no thicker
MOST_OF_EDGE = 0.95  # of the columns have ink there
MOST_SHORT = 0.85  # of the columns have no more than that: the others are strokes that touch it
BEND = 2  # degree of the curve that a line may follow on bent paper


@dataclass(frozen=True)
class RuledLine:
    """A nearly horizontal line: y at each of its columns, and how thick it is."""

    left: int
    ys: NDArray[np.float64]
    thickness: float

    @property
    def right(self) -> int:
        return self.left + len(self.ys)


def line_mask(mask: Picture) -> Picture:
    """mask: 255 on ink. Returns 255 on the pixels that belong to printed lines alone, else 0."""
    flat, upright = find_rules(mask), find_rules(mask.T)
    high, wide = mask.shape
    is_grid = len(flat) >= 2 and len(upright) >= 2
    rules = [rule for rule in flat if is_grid or len(flat) >= 3 or reaches_across(rule, wide)]
    bars = [bar for bar in upright if is_grid or reaches_across(bar, high)]
    if rules:
        bars += posts(mask, rules, bars)
    lines = cv2.bitwise_or(_drawn(mask, rules), np.ascontiguousarray(_drawn(mask.T, bars).T))
    return cv2.bitwise_or(lines, frame_of_crop(mask))


def frame_of_crop(mask: Picture) -> Picture:
    """255 on the lines of a box, or its shadow, that run along the edges of a picture cut out of a page."""
    found = np.zeros_like(mask)
    for turn in range(4):
        view, seen = np.rot90(found, turn), np.rot90(mask, turn)
        view[:] |= _along_top(seen)
    return found


def _along_top(mask: Picture) -> Picture:
    """In nearly every column a short run of ink near the top: those runs; else nothing. Longer runs are strokes."""
    found = np.zeros_like(mask)
    band = max(3, round(EDGE * min(mask.shape)))
    top = mask[: 2 * band] > 0
    starts = top.argmax(0)
    rows = np.arange(len(top))[:, None]
    ends = np.where((rows > starts) & ~top, rows, len(top)).min(0)
    is_near = top.any(0) & (starts <= band)
    is_short = is_near & (ends - starts <= band)
    if is_near.mean() >= MOST_OF_EDGE and is_short.mean() >= MOST_SHORT:
        found[: 2 * band][(rows >= starts) & (rows < ends) & is_short] = 255
    return found


def reaches_across(line: RuledLine, wide: int) -> bool:
    margin = max(3, round(0.03 * wide))
    return line.left <= margin and line.right >= wide - margin


def posts(mask: Picture, rules: list[RuledLine], known: list[RuledLine]) -> list[RuledLine]:
    """Upright lines that stand between two rules: the sides of a row of boxes."""
    if len(rules) < 2:
        return []
    found = find_rules(mask.T, least=max(12, mask.shape[0] // 20))
    return [post for post in found if _is_post(post, rules)]


def _is_post(post: RuledLine, rules: list[RuledLine]) -> bool:
    x = round(float(post.ys.mean()))
    heights = [rule.ys[np.clip(x - rule.left, 0, len(rule.ys) - 1)] for rule in rules]
    slack = 4 + 0.05 * len(post.ys)

    def meets(y: float) -> bool:
        return any(abs(y - height) <= slack for height in heights)

    return meets(post.left) and meets(post.right)


def find_rules(mask: Picture, least: int | None = None) -> list[RuledLine]:
    """Thin, long and straight, within some 15 degrees of horizontal."""
    high, wide = mask.shape
    least = least or max(12, round(LONG * wide))
    thickest = max(4, round(0.007 * max(high, wide)))
    flat = cv2.subtract(mask, _opened(mask, 1, thickest + 1))
    runs = _opened(flat, max(4, least // 12), 1)
    if not runs.any():
        return []
    bridged = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((3, max(9, least // 6) | 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bridged, connectivity=8)
    found = []
    for label in np.flatnonzero(stats[1:, cv2.CC_STAT_WIDTH] >= least) + 1:
        left, top, width, height = stats[label, :4]
        part = (slice(top, top + height), slice(left, left + width))
        line = _fitted((labels[part] == label) & (runs[part] > 0), left, top, thickest)
        if line:
            found.append(line)
    return found


def _opened(mask: Picture, wide: int, high: int) -> Picture:
    return cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((high, wide), np.uint8))


def _fitted(runs: NDArray[np.bool_], left: int, top: int, thickest: int) -> RuledLine | None:
    """The curve through the runs, or None where they do not lie along one."""
    thick = runs.sum(0)
    columns = np.flatnonzero(thick)
    if len(columns) < 0.45 * runs.shape[1]:
        return None
    rows = np.arange(len(runs))[:, None]
    middles = (runs * rows).sum(0)[columns] / thick[columns]
    curve = np.polynomial.Polynomial.fit(columns, middles, BEND)
    residuals = np.abs(middles - curve(columns))
    if float(np.quantile(residuals, 0.9)) > max(1.0, 0.4 * thickest):
        return None
    ys = curve(np.arange(runs.shape[1]))
    if np.ptp(ys) > 0.27 * len(ys):
        return None
    return RuledLine(int(left), ys + top, float(np.median(thick[columns])))


def _drawn(mask: Picture, lines: list[RuledLine]) -> Picture:
    """The pixels of these lines, without those of strokes that cross them."""
    removed = np.zeros_like(mask, order="C")
    mask = np.ascontiguousarray(mask)
    for line in lines:
        band = np.zeros_like(removed)
        points = np.stack([np.arange(line.left, line.right), np.round(line.ys)], 1).astype(np.int32)
        cv2.polylines(band, [points], False, 255, round(line.thickness) + 3)
        crossing = _opened(mask, 1, round(1.6 * line.thickness) + 2)
        removed |= band & mask & ~crossing
    return removed
