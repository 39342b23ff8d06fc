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

LARGE = 500  # px of the longer side: a page, which may be tilted
LONG = 0.3  # of the picture's side: shorter is no rule
EDGE = 0.1  # of the shorter side: lines of a box lie this near to the edges of its crop and are no thicker
MOST_OF_EDGE = 0.95  # of the columns have ink there
MOST_SHORT = 0.85  # of the columns have no more than that: the others are strokes that touch it
SHORTEST_RUN = 8  # px of a line in one row of pixels: two pixels wide, it may climb by 10 degrees
STEEPEST = 8.0  # degrees that a whole page is tilted
STEP = 0.5  # of them
LINED = 1.6  # times as even as at the usual tilt: then lines are what makes it so
MANY = 4  # lines are those of the paper, and go from edge to edge
MARGIN_LINE = 0.6  # of the height: what stands upright on lined paper and is so long is its margin
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
    """mask: 255 on ink. Returns 255 on the pixels that belong to printed lines alone, else 0; of a page that was
    photographed a little turned, too."""
    tilt = usual_tilt(mask)
    if not tilt:
        return lines_of(mask)
    high, wide = mask.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), tilt, 1)
    sine = abs(float(np.sin(np.radians(tilt))))
    size = (round(wide + sine * high), round(high + sine * wide))
    turn[:, 2] += (size[0] - wide) / 2, (size[1] - high) / 2
    straight = cv2.warpAffine(mask, turn, size, flags=cv2.INTER_NEAREST)
    found = cv2.warpAffine(
        lines_of(straight), turn, (wide, high), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    )
    # what the turning rounded off: pixels of the line at its rim
    return cv2.bitwise_and(cv2.dilate(found, np.ones((3, 3), np.uint8)), mask) if found.any() else found


def usual_tilt(mask: Picture) -> float:
    """Degrees by which long lines of the page rise to the right; 0 where there are none, or they lie straight."""
    if max(mask.shape) < LARGE:
        return 0.0
    thin = cv2.subtract(mask, _opened(mask, 7, 7))
    rows, columns = np.nonzero(thin[::2, ::2])
    if len(rows) < 200:
        return 0.0
    tilts = np.arange(-STEEPEST, STEEPEST + STEP, STEP)
    slopes = np.tan(np.radians(tilts))
    peaks = np.array([evenness(rows + columns * slope) for slope in slopes])
    peaks += np.array([evenness(columns - rows * slope) for slope in slopes])
    best = int(peaks.argmax())
    if peaks[best] < LINED * float(np.median(peaks)) or abs(tilts[best]) < STEP:
        return 0.0
    return -float(tilts[best])


def evenness(levels: NDArray[np.float64]) -> float:
    """How much of the ink lies in few rows: the sum of the squares of their shares."""
    counts = np.bincount((levels - levels.min()).astype(np.int64)).astype(np.float64)
    return float((counts**2).sum() / counts.sum() ** 2)


def lines_of(mask: Picture) -> Picture:
    flat, upright = find_rules(mask), find_rules(mask.T)
    high, wide = mask.shape
    is_grid = len(flat) >= 2 and len(upright) >= 2
    rules = [rule for rule in flat if is_grid or len(flat) >= 3 or reaches_across(rule, wide)]
    is_lined = len(rules) >= MANY and max(mask.shape) >= LARGE
    bars = [
        bar
        for bar in upright
        if is_grid or reaches_across(bar, high) or (is_lined and len(bar.ys) > MARGIN_LINE * high)
    ]
    if is_lined:
        rules = [extended(rule, wide) for rule in rules]
        bars = [extended(bar, high) for bar in bars]
    if rules:
        bars += posts(mask, rules, bars)
    flat_ink = cv2.subtract(mask, np.ascontiguousarray(_bands(mask.T, bars).T))
    upright_ink = np.ascontiguousarray(cv2.subtract(mask, _bands(mask, rules)).T)
    lines = cv2.bitwise_or(
        _drawn(mask, rules, flat_ink), np.ascontiguousarray(_drawn(mask.T, bars, upright_ink).T)
    )
    return cv2.bitwise_or(lines, frame_of_crop(mask))


def extended(line: RuledLine, wide: int) -> RuledLine:
    """From edge to edge, straight on: writing that touches a line hides where it goes on."""
    slope, level = np.polyfit(np.arange(len(line.ys)), line.ys, 1)
    before = level - slope * np.arange(line.left, 0, -1)
    after = level + slope * (len(line.ys) + np.arange(max(0, wide - line.right)))
    return RuledLine(0, np.concatenate([before, line.ys, after]), line.thickness)


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
    runs = _opened(flat, max(4, min(least // 12, max(SHORTEST_RUN, least // 40))), 1)
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


def _bands(mask: Picture, lines: list[RuledLine]) -> Picture:
    """Where these lines run, whatever crosses them."""
    bands = np.zeros_like(mask, order="C")
    for line in lines:
        bands |= _band(bands, line, round(line.thickness) + 1)
    return bands


def _band(like: Picture, line: RuledLine, thickness: int) -> Picture:
    band = np.zeros_like(like, order="C")
    points = np.stack([np.arange(line.left, line.right), np.round(line.ys)], 1).astype(np.int32)
    cv2.polylines(band, [points], False, 255, thickness)
    return band


def _drawn(mask: Picture, lines: list[RuledLine], strokes: Picture) -> Picture:
    """The pixels of these lines, without those of strokes that cross them; strokes: ink without the other lines."""
    removed = np.zeros_like(mask, order="C")
    mask = np.ascontiguousarray(mask)
    for line in lines:
        crossing = _opened(strokes, 1, round(1.6 * line.thickness) + 2)
        removed |= _band(removed, line, round(line.thickness) + 3) & mask & ~crossing
    return removed
