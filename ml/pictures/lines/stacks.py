"""Letters that stand one above the other, each upright: signs of hotels, spines of Korean books."""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np

from ml.core.arrays import Picture
from ml.pictures.lines.detector import Quad
from ml.pictures.lines.runs import stretches
from ml.pictures.lines.strips import HEIGHT, Strip, dark_on_light

FEWEST = 3  # letters in a row downwards
NARROWEST, WIDEST = 0.1, 1.8  # of a letter's box, by its height
WIDEST_BESIDE = 1.2  # of one that others stand beside: two letters are no wider
LONG = 1.8  # times as high as wide: several letters that the detector took for one line
ASIDE = 0.35  # widths by which the middles of two letters may differ
FARTHEST = 1.0  # heights between two letters, with nothing there
CLOSE = 0.35  # of them where others stand beside: rows of a table are farther apart
PAGE = 1.2  # widths between columns of running text, which are read from the right; signs are farther apart
INK = 128  # of a strip that is dark on light
TALLEST = 1.3  # widths of the stack: parts of one Hangul syllable lie closer together than that
LEAST_PART = 0.12  # widths: less is dirt


def split_stacks(
    quads: Sequence[Quad], shape: tuple[int, ...]
) -> tuple[list[tuple[Quad, list[Quad]]], list[Quad]]:
    """(box around a stack with room for one letter more at its ends, the letters' boxes) of every stack, from left
    to right; and all other boxes. What others stand beside is a stack where they are stacks, too, and their letters lie
    close: a column of a table is none."""
    stacks: list[list[Quad]] = []
    for quad in sorted(quads, key=lambda quad: float(quad[:, 1].mean())):
        home = next((stack for stack in stacks if is_below(stack[-1], quad)), None)
        if home is None:
            stacks.append([quad])
        else:
            home.append(quad)
    long = [stack for stack in stacks if letters_of(stack) >= FEWEST]
    alone = [stack for stack in long if not beside(stack, stacks)]
    close = [stack for stack in long if is_close(stack)]
    together = [
        stack for stack in close if all(any(one is other for other in close) for one in beside(stack, stacks))
    ]
    found = [stack for stack in stacks if any(stack is one for one in [*alone, *together])]
    found = [stack for stack in sorted(found, key=left_of) if len(stack) > 1 or beside(stack, found)]
    kept = {id(quad) for stack in found for quad in stack}
    return [(around(stack, shape), stack) for stack in found], [
        quad for quad in quads if id(quad) not in kept
    ]


def is_below(upper: Quad, lower: Quad) -> bool:
    (left, top, right, bottom), (other_left, other_top, other_right, other_bottom) = (
        box_of(upper),
        box_of(lower),
    )
    width, height, other_height = right - left, bottom - top, other_bottom - other_top
    other_width = other_right - other_left
    are_letters = all(
        NARROWEST <= wide / max(high, 1) <= WIDEST
        for wide, high in ((width, height), (other_width, other_height))
    )
    is_under = abs(left + right - other_left - other_right) / 2 <= ASIDE * max(width, other_width)
    has_run = max(height, other_height) > LONG * max(width, other_width)
    high, other_high = (width, other_width) if has_run else (height, other_height)
    is_near = -0.7 * high <= other_top - bottom <= FARTHEST * high
    return are_letters and is_under and is_near and 0.5 <= other_high / max(high, 1) <= 2


def left_of(stack: list[Quad]) -> float:
    return box_of(stack[0])[0]


def letters_of(stack: list[Quad]) -> int:
    """How many there are about: a box that is much higher than wide holds several."""
    wide = width_of(stack)
    highs = [bottom - top for _left, top, _right, bottom in map(box_of, stack)]
    return sum(round(high / wide) if high > LONG * wide else 1 for high in highs)


def width_of(stack: list[Quad]) -> float:
    return max(1.0, *(right - left for left, _top, right, _bottom in map(box_of, stack)))


def beside(stack: list[Quad], stacks: list[list[Quad]]) -> list[list[Quad]]:
    """Those of which boxes stand in its rows."""
    top, bottom = box_of(stack[0])[1], box_of(stack[-1])[3]
    return [
        other
        for other in stacks
        if other is not stack
        and any(min(bottom, box[3]) - max(top, box[1]) > 0 for box in map(box_of, other))
    ]


def is_close(stack: list[Quad]) -> bool:
    """Whether its letters can be told from the rows of a table. In text that runs down there are spaces, too."""
    boxes, farthest = [box_of(quad) for quad in stack], CLOSE if letters_of(stack) == len(stack) else FARTHEST
    gaps = [lower[1] - upper[3] for upper, lower in pairwise(boxes)]
    are_letters = all(right - left <= WIDEST_BESIDE * (bottom - top) for left, top, right, bottom in boxes)
    return are_letters and max(gaps, default=0) <= farthest * width_of(stack)


def are_columns(boxes: Sequence[Quad]) -> bool:
    """Whether stacks, from left to right, lie as close as columns of running text."""
    gaps = [box_of(right)[0] - box_of(left)[2] for left, right in pairwise(boxes)]
    return bool(gaps) and max(gaps) <= PAGE * width_of([*boxes])


def is_long(quad: Quad) -> bool:
    left, top, right, bottom = box_of(quad)
    return bottom - top > LONG * (right - left)


def around(stack: list[Quad], shape: tuple[int, ...]) -> Quad:
    boxes = np.array([box_of(quad) for quad in stack])
    pitch = min([float(np.median(boxes[:, 2] - boxes[:, 0])) * TALLEST, *np.diff(boxes[:, 1]).tolist()])
    left, right = max(0.0, boxes[:, 0].min()), min(float(shape[1]), boxes[:, 2].max())
    top, bottom = max(0.0, boxes[:, 1].min() - pitch), min(float(shape[0]), boxes[:, 3].max() + pitch)
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def box_of(quad: Quad) -> tuple[float, float, float, float]:
    (left, top), (right, bottom) = quad.min(0).tolist(), quad.max(0).tolist()
    return left, top, right, bottom


def stacked_strip(picture: Picture, quad: Quad) -> Strip | None:
    """The letters within the box beside each other, as a line is read; None where there are not two."""
    left, top, right, bottom = (round(edge) for edge in box_of(quad))
    part = picture[max(0, top) : bottom, max(0, left) : right]
    if not part.size:
        return None
    letters = [part[start:end] for start, end in letters_in(part)]
    if len(letters) < 2:
        return None
    return np.concatenate([at_height(letter) for letter in letters], axis=1)


def at_height(letter: Picture) -> Strip:
    high, wide = letter.shape[:2]
    return cv2.resize(letter, (max(1, round(wide * HEIGHT / high)), HEIGHT))


def letters_in(part: Picture) -> list[tuple[int, int]]:
    """Rows from and to of each letter, with a little room; what lies close together is one."""
    ink = dark_on_light(part) < INK
    columns = np.flatnonzero(ink.any(0))
    width = int(np.ptp(columns)) + 1 if columns.size else 1
    has_ink = ink.sum(1) > 0.02 * width
    found: list[list[int]] = []
    for start, end in stretches(has_ink.tolist()):
        if end - start < LEAST_PART * width:
            continue
        if found and end - found[-1][0] <= TALLEST * width and start - found[-1][1] < 0.3 * width:
            found[-1][1] = end
        else:
            found.append([start, end])
    room = round(0.1 * width)
    return [(max(0, start - room), end + room) for start, end in found]
