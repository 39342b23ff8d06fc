"""A template that nobody wrote: of a picture of a blank form, on which people draw boxes over its blocks of bubbles.

What comes out is a template.json like any other, whose page is the picture itself.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from grading.sheet.boxes import Box
from grading.sheet.cutting import CutPage, PageClaim, page_jpeg
from grading.sheet.decoding import Grey
from grading.sheet.markers import Points
from grading.sheet.omrchecker.page_outlines import page_outlines
from grading.sheet.omrchecker.problems import WrongTemplate
from grading.sheet.omrchecker.template import DIGITS
from grading.sheet.omrchecker.values import expand

LONG_SIDE = 1800  # px of the page
LEAST_SHARE = 0.3  # of the picture that a page fills; what is smaller is a frame on it
SMALL = 600  # px of the picture in which a sheet's edge is looked for
SIDE = 400  # px of a sheet straightened for that
MARGIN, EDGE = 12, 3  # px at each side of its outline that are compared, and next to it that are not
LEAST_EDGE = 0.5  # of a sheet's outline that is seen
DARKER = 0.9  # of the paper's grey
BUBBLE = 0.62  # of a bubble to the way to the next one, as most are printed
REFERENCE = "form.jpg"
STUDENT = "Roll"  # by this name a template's answer says whose sheet it is
NUMBER = re.compile(r"q(\d+)")

Values = dict[str, Any]


class BlankForm:
    """Pages of a form that nothing is known of: the sheet in the picture that has most of an edge, straight."""

    def cut(self, grey: Grey, claim: PageClaim) -> CutPage:
        height, width = grey.shape
        whole = np.array([[0.0, 0.0], [width, 0], [width, height], [0, height]]) - 0.5
        return CutPage("", False, None, 1, page_jpeg(_straight(grey, _sheet_in(grey, whole))))


def _sheet_in(grey: Grey, whole: Points) -> Points:
    """Its corners. Of sheets whose edge is seen alike the largest, since frames may be printed on them."""
    scale = min(1.0, SMALL / max(grey.shape))
    small = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    rated = [
        (round(_edge_share(small, (corners + 0.5) * scale - 0.5), 1), _area(corners), corners)
        for corners in page_outlines(grey)
        if _area(corners) >= LEAST_SHARE * grey.size
    ]
    share, _, corners = max(rated, key=lambda one: one[:2], default=(0.0, 0.0, whole))
    return corners if share >= LEAST_EDGE else whole


def _edge_share(grey: Grey, corners: Points) -> float:
    """Of the outline (0 to 1), where it is darker just outside than just inside: place by place, since shadows lie
    across pages. Frames on paper have paper around them, and nothing is around the picture."""
    ends = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * SIDE + MARGIN
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), ends.astype(np.float32))
    length = SIDE + 2 * MARGIN
    square = cv2.warpPerspective(grey, matrix, (length, length), flags=cv2.INTER_LINEAR, borderValue=255)
    shares = []
    for turn in range(4):
        strip = np.rot90(square, turn)[:, MARGIN:-MARGIN]
        outside, inside = strip[: MARGIN - EDGE], strip[MARGIN + EDGE : 2 * MARGIN]
        shares.append(np.mean(np.median(outside, axis=0) < DARKER * np.median(inside, axis=0)))
    return float(np.mean(shares))


def _area(corners: Points) -> float:
    return float(cv2.contourArea(corners.astype(np.float32)))


def _straight(grey: Grey, corners: Points) -> Grey:
    sides = np.linalg.norm(corners - corners[[1, 2, 3, 0]], axis=1)
    size = np.array([sides[0] + sides[2], sides[1] + sides[3]]) / 2
    width, height = (round(side) for side in size * min(1.0, LONG_SIDE / size.max()))
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), frame)
    return np.asarray(cv2.warpPerspective(grey, matrix, (width, height), flags=cv2.INTER_AREA), np.uint8)


def new_form(width: int, height: int) -> Values:
    """A template whose reference is this page, without blocks."""
    side = max(2, round(max(width, height) / 60))
    return {
        "pageDimensions": [width, height],
        "bubbleDimensions": [side, side],
        "preProcessors": [{"name": "FeatureBasedAlignment", "options": {"reference": REFERENCE}}],
        "fieldBlocks": {},
    }


@dataclass(frozen=True)
class NewBlock:
    """Rows of `options`, or without options columns of 0 to 9, in a box that touches the outermost bubbles. A number
    is the student's where `is_student`, else an item."""

    box: Box
    count: int
    options: Sequence[str] = ()
    is_student: bool = False

    @property
    def is_number(self) -> bool:
        return not self.options


def with_block(values: Mapping[str, Any], block: NewBlock) -> Values:
    """Its fields get the next free numbers."""
    across, down = (block.count, 10) if block.is_number else (len(block.options), block.count)
    x, y, width, height = block.box
    pitches = width / (across - 1 + BUBBLE), height / (down - 1 + BUBBLE)
    side = round(BUBBLE * min(pitches), 1)
    gaps = [
        round((length - side) / (count - 1), 2) if count > 1 else 0
        for length, count in ((width, across), (height, down))
    ]
    first = next_number(values)
    shape: Values = {"origin": [round(x, 1), round(y, 1)], "bubbleDimensions": [side, side]}
    if not block.is_number:
        shape |= {"bubblesGap": gaps[0], "labelsGap": gaps[1], "direction": "horizontal"}
        shape |= {"bubbleValues": list(block.options), "fieldLabels": labels(first, block.count)}
        return _added(values, f"q{first}", shape)
    name = STUDENT if block.is_student else f"q{first}"
    shape |= {"bubblesGap": gaps[1], "labelsGap": gaps[0], "direction": "vertical"}
    shape |= {"bubbleValues": list(DIGITS), "fieldLabels": digit_labels(name, block.count)}
    return _added(values, name, shape, {name: shape["fieldLabels"]})


def copied(values: Mapping[str, Any], name: str) -> Values:
    """The same block once more, with the next free numbers, where there is room around it."""
    block = values["fieldBlocks"][name]
    first, count = next_number(values), len(expand(block["fieldLabels"], name))
    copy, label = {**block, "origin": _free_place(values, block)}, f"q{first}"
    if block["direction"] == "horizontal":
        return _added(values, label, {**copy, "fieldLabels": labels(first, count)})
    copy["fieldLabels"] = digit_labels(label, count)
    return _added(values, label, copy, {label: copy["fieldLabels"]})


def _free_place(values: Mapping[str, Any], block: Mapping[str, Any]) -> list[float]:
    """For the same block again: to the right, below, to the left or above; where it is if there is no room."""
    x, y, width, height = _room_of(block)
    others = [_room_of(other) for other in values["fieldBlocks"].values()]
    for across, down in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        left, top = x + across * width, y + down * height
        is_on_page = left >= 0 and top >= 0
        is_on_page &= (
            left + width <= values["pageDimensions"][0] and top + height <= values["pageDimensions"][1]
        )
        if is_on_page and not any(_meet((left, top, width, height), other) for other in others):
            return [round(left, 1), round(top, 1)]
    return [x, y]


def _room_of(block: Mapping[str, Any]) -> Box:
    """The block with the way to the next one."""
    fields = block["labelsGap"] * len(expand(block["fieldLabels"], ""))
    bubbles = block["bubblesGap"] * len(block["bubbleValues"])
    across, down = (fields, bubbles) if block["direction"] == "vertical" else (bubbles, fields)
    x, y = block["origin"]
    width, height = block["bubbleDimensions"]
    return x, y, max(across, 1.5 * width), max(down, 1.5 * height)


def _meet(one: Box, other: Box) -> bool:
    return all(
        one[side] < other[side] + other[side + 2] and other[side] < one[side] + one[side + 2]
        for side in (0, 1)
    )


def without_block(values: Mapping[str, Any], name: str) -> Values:
    blocks = {key: block for key, block in values["fieldBlocks"].items() if key != name}
    joined = {key: parts for key, parts in values.get("customLabels", {}).items() if key != name}
    return {**values, "fieldBlocks": blocks, "customLabels": joined}


def labels(first: int, count: int) -> list[str]:
    return [f"q{first}..{first + count - 1}"] if count > 1 else [f"q{first}"]


def digit_labels(name: str, count: int) -> list[str]:
    """Of the columns of a number. What is before a range's number may hold no digit."""
    prefix = "".join(chr(ord("a") + int(sign)) if sign.isdecimal() else sign for sign in name)
    return [f"{prefix}digit1..{count}"] if count > 1 else [f"{prefix}digit1"]


def next_number(values: Mapping[str, Any]) -> int:
    """Of questions."""
    names = [
        label
        for name, block in values["fieldBlocks"].items()
        for label in (*expand(block["fieldLabels"], name), name)
    ]
    found = [int(match[1]) for name in names if (match := NUMBER.fullmatch(name)) and len(match[1]) < 6]
    return max(found, default=0) + 1


def _added(
    values: Mapping[str, Any], name: str, block: Values, joined: Mapping[str, Any] | None = None
) -> Values:
    if name in values["fieldBlocks"]:
        raise WrongTemplate("same_label", name)
    custom = {**values.get("customLabels", {}), **(joined or {})}
    return {**values, "fieldBlocks": {**values["fieldBlocks"], name: block}, "customLabels": custom}
