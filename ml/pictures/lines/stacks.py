"""Letters that stand one above the other, each upright: signs of hotels, spines of Korean books."""

from collections.abc import Sequence

import cv2
import numpy as np

from ml.core.arrays import Picture
from ml.pictures.lines.detector import Quad
from ml.pictures.lines.runs import stretches
from ml.pictures.lines.strips import HEIGHT, Strip, dark_on_light

FEWEST = 3  # boxes of single letters in a row downwards
NARROWEST, WIDEST = 0.1, 1.8  # of a letter's box, by its height
ASIDE = 0.35  # widths by which the middles of two letters may differ
FARTHEST = 1.0  # heights between two letters, with nothing there
INK = 128  # of a strip that is dark on light
TALLEST = 1.3  # widths of the stack: parts of one Hangul syllable lie closer together than that
LEAST_PART = 0.12  # widths: less is dirt


def split_stacks(
    quads: Sequence[Quad], shape: tuple[int, ...]
) -> tuple[list[tuple[Quad, list[Quad]]], list[Quad]]:
    """(box around a stack with room for one letter more at its ends, the letters' boxes) of every stack that nothing
    stands beside, since a column of a table is none; and all other boxes."""
    stacks: list[list[Quad]] = []
    for quad in sorted(quads, key=lambda quad: float(quad[:, 1].mean())):
        home = next((stack for stack in stacks if is_below(stack[-1], quad)), None)
        if home is None:
            stacks.append([quad])
        else:
            home.append(quad)
    alone = [stack for stack in stacks if len(stack) >= FEWEST and not has_neighbours(stack, stacks)]
    kept = {id(quad) for stack in alone for quad in stack}
    return [(around(stack, shape), stack) for stack in alone], [
        quad for quad in quads if id(quad) not in kept
    ]


def is_below(upper: Quad, lower: Quad) -> bool:
    (left, top, right, bottom), (other_left, other_top, other_right, other_bottom) = (
        box_of(upper),
        box_of(lower),
    )
    width, height, other_height = right - left, bottom - top, other_bottom - other_top
    are_letters = all(
        NARROWEST <= wide / max(high, 1) <= WIDEST
        for wide, high in ((width, height), (other_right - other_left, other_height))
    )
    is_under = abs(left + right - other_left - other_right) / 2 <= ASIDE * width
    is_near = -0.3 * height <= other_top - bottom <= FARTHEST * height
    return are_letters and is_under and is_near and 0.5 <= other_height / max(height, 1) <= 2


def has_neighbours(stack: list[Quad], stacks: list[list[Quad]]) -> bool:
    """Whether other boxes stand in its rows."""
    top, bottom = box_of(stack[0])[1], box_of(stack[-1])[3]
    others = (box_of(quad) for other in stacks if other is not stack for quad in other)
    return any(min(bottom, other[3]) - max(top, other[1]) > 0 for other in others)


def around(stack: list[Quad], shape: tuple[int, ...]) -> Quad:
    boxes = np.array([box_of(quad) for quad in stack])
    pitch = float(np.median(np.diff(boxes[:, 1])))
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
