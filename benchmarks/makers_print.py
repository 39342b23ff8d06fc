"""The sheets of other makers as their printers leave them, and the template.json that describes each."""

import re
from typing import Any

import numpy as np

from benchmarks.makers_extras import EXTRAS, INSET, MARKER, print_markers
from benchmarks.makers_forms import Block, Bubble, Maker, Place, labels_of, places_of, values_of
from benchmarks.makers_press import Press
from grading.sheet.filling.ink import MM_PER_INCH, Picture
from grading.sheet.omrchecker.template import FIELD_TYPES

TEMPLATE_PX = 150 / MM_PER_INCH  # px per mm in a template: as from a scan of 150 dpi


def template_of(maker: Maker) -> dict[str, Any]:
    """As its author would write it: whole pixels, but for gaps."""
    inset = INSET if maker.placing == "markers" else 0.0
    width, height = (round((side - 2 * inset) * TEMPLATE_PX) for side in maker.paper)
    box = [round(side * maker.box * TEMPLATE_PX) for side in maker.bubble.size]
    made = {
        "pageDimensions": [width, height],
        "bubbleDimensions": box,
        "preProcessors": _steps(maker),
        "fieldBlocks": {
            f"Block{number}": _block(block, inset, box) for number, block in enumerate(maker.blocks, 1)
        },
    }
    if maker.joined:
        made["customLabels"] = {name: [labels] for name, labels in maker.joined.items()}
    return {**made, "emptyValue": maker.empty_value} if maker.empty_value else made


def _steps(maker: Maker) -> list[dict[str, Any]]:
    if maker.placing == "page":
        return [{"name": "CropPage", "options": {"morphKernel": [10, 10]}}]
    if maker.placing == "markers":
        ratio = round((maker.paper[0] - 2 * INSET) / MARKER, 1)
        return [
            {
                "name": "CropOnMarkers",
                "options": {"relativePath": "marker.png", "sheetToMarkerWidthRatio": ratio},
            }
        ]
    return []


def _block(block: Block, inset: float, box: list[int]) -> dict[str, Any]:
    values, direction = values_of(block)
    is_named = block.kind in FIELD_TYPES
    return {
        **({"fieldType": block.kind} if is_named else {"bubbleValues": list(values), "direction": direction}),
        "fieldLabels": [block.labels],
        "origin": [
            round((middle - inset) * TEMPLATE_PX - side / 2)
            for middle, side in zip(block.at, box, strict=True)
        ],
        "bubblesGap": round(block.step * TEMPLATE_PX, 1),
        "labelsGap": round(block.row * TEMPLATE_PX, 1),
    }


# --- the print


def blank_sheet(maker: Maker) -> Picture:
    """RGB of DPI, with nothing marked."""
    press = Press(maker.paper)
    for extra in maker.extras:
        EXTRAS[extra](press, maker)
    for block in maker.blocks:
        _number_fields(press, maker, block)
    for place in places_of(maker):
        print_bubble(press, maker.bubble, place)
    if maker.placing == "markers":
        print_markers(press, maker.marker)
    sheet = press.finished()
    if maker.contrast == 1.0:
        return sheet
    return (225 - (255 - sheet.astype(np.float32)) * maker.contrast).astype(np.uint8)  # a grey copy of a copy


def _number_fields(press: Press, maker: Maker, block: Block) -> None:
    """The numbers of questions, left of their rows; columns of digits need none."""
    if values_of(block)[1] == "vertical":
        return
    for row, label in enumerate(labels_of(block.labels)):
        place = block.at[0] - maker.bubble.size[0] / 2 - 2.0, block.at[1] + row * block.row
        press.text(place, re.sub(r"\D", "", label), maker.font, min(2.4, 0.5 * block.row), anchor="rm")


def print_bubble(press: Press, bubble: Bubble, place: Place) -> None:
    kind, _, frame = bubble.shape.partition(":")
    at, (width, height) = place.at, bubble.size
    if kind == "text":
        _print_text(press, bubble, place, frame)
        return
    if kind == "glyph":
        press.text(at, chr(0x2460 + int(place.value) - 1), bubble.font, bubble.label, bubble.colour)
        return
    if kind == "diamond":
        x, y = at
        corners = [(x, y - height / 2), (x + width / 2, y), (x, y + height / 2), (x - width / 2, y)]
        for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
            press.line(start, end, bubble.line, bubble.colour)
    elif kind == "dotted":
        for angle in np.arange(0, 2 * np.pi, np.pi / 10):
            dot = at[0] + width / 2 * np.cos(angle), at[1] + height / 2 * np.sin(angle)
            press.oval(dot, (bubble.line, bubble.line), 0, bubble.colour, bubble.colour)
    else:
        draw = {"oval": press.oval, "double": press.oval, "box": press.box, "stadium": press.stadium}[kind]
        draw(at, bubble.size, bubble.line, bubble.colour, bubble.tint)
        if kind == "double":
            draw(at, (width - 1.0, height - 1.0), bubble.line, bubble.colour)
    press.text(at, place.value, bubble.font, bubble.label, bubble.label_colour)


def _print_text(press: Press, bubble: Bubble, place: Place, frame: str) -> None:
    """A letter between typed brackets, or above a line."""
    (x, y), (width, height) = place.at, bubble.size
    press.text(place.at, place.value, bubble.font, bubble.label, bubble.colour)
    if frame == "_":
        low = y + height / 2 - bubble.line
        press.line((x - width / 2, low), (x + width / 2, low), bubble.line, bubble.colour)
    else:
        for side, sign in zip((-1, 1), frame.split(), strict=True):
            press.text((x + side * 0.42 * width, y), sign, bubble.font, 1.15 * bubble.label, bubble.colour)
