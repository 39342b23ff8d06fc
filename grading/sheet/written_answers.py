"""What stands in the boxes of written answers: whether anything does, and how it looks, so that like ones are side by
side when a person gives them points.

No character is read. The print there is lines of light grey, which no threshold for ink takes for a pen's.
"""

import cv2
import numpy as np

from grading.sheet.decoding import Grey

from .boxes import Box, Field, Page
from .rectification import downscale

SCALE = 4  # px per mm, of the page that is looked at here
INK = 175  # of an evened page, whose paper is 245
EDGE = 1.2  # mm of the box's own line, and of how far it may lie beside where it is printed
OUTLINE, MOST = 215, 0.7  # how dark a box's line is at least, and on how much of its length
SPECK = 2.0  # mm: what is smaller both ways is dust, a full stop at most
LEAST_INK = 0.4  # mm² of a stroke
ROWS, COLUMNS = 6, 24  # of the picture by which answers are compared
Look = list[int]


def looks_of(page: Grey, scale: int, form: Page) -> dict[int, Look]:
    """Of the written answers of a page, evened at `scale` px/mm: per cent of ink in ROWS times COLUMNS parts of what is
    written, row by row; empty where nothing is. Boxes whose outline is not seen are left out: they may be covered, or
    lie outside the picture."""
    boxes = {field.item: field.box for field in form.fields if is_written(field)}
    if not boxes:
        return {}
    small = downscale(page, scale // SCALE)
    return {int(item): look_of(small, box) for item, box in boxes.items() if is_seen(small, box)}


def is_written(field: Field) -> bool:
    return field.kind == "open" and isinstance(field.item, int)


def is_seen(page: Grey, box: Box) -> bool:
    """Whether all four sides of a box are there, each dark along most of its length."""
    x, y, width, height = (side * SCALE for side in box)
    reach = round(EDGE * SCALE)
    for side in (x, x + width):
        strip = page[round(y) : round(y + height), max(round(side) - reach, 0) : round(side) + reach]
        if not strip.size or (strip.min(axis=1) < OUTLINE).mean() < MOST:
            return False
    for side in (y, y + height):
        strip = page[max(round(side) - reach, 0) : round(side) + reach, round(x) : round(x + width)]
        if not strip.size or (strip.min(axis=0) < OUTLINE).mean() < MOST:
            return False
    return True


def look_of(page: Grey, box: Box) -> Look:
    """page: at SCALE; box: in mm."""
    x, y, width, height = box
    left, top = round((x + EDGE) * SCALE), round((y + EDGE) * SCALE)
    right, bottom = round((x + width - EDGE) * SCALE), round((y + height - EDGE) * SCALE)
    ink = strokes(cv2.threshold(page[top:bottom, left:right], INK, 255, cv2.THRESH_BINARY_INV)[1])
    if not ink.any():
        return []
    across, down, wide, high = cv2.boundingRect(ink)
    shown = ink[down : down + high, across : across + wide]
    parts = cv2.resize(shown, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    return [round(int(level) / 2.55) for level in parts.ravel()]


def strokes(ink: Grey) -> Grey:
    """Without specks."""
    count, labels, stats, _middles = cv2.connectedComponentsWithStats(ink, connectivity=8)
    size = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) / SCALE
    is_stroke = (size >= SPECK) & (stats[:, cv2.CC_STAT_AREA] / SCALE**2 >= LEAST_INK)
    is_stroke[0] = False  # the paper
    kept: Grey = np.where(is_stroke[labels], 255, 0).astype(np.uint8)
    return kept if count > 1 else np.zeros_like(ink)
