"""A sheet as OMRChecker's users have them: its template files, its print, and pictures of it with the truth kept."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.decoding import Grey
from grading.sheet.omrchecker.template import Template
from grading.sheet.omrchecker.template_reading import read_template

from .photographs import Photograph

ZOOM = 2  # px of the print per template pixel
MARGIN = 140  # template pixels of paper around the markers' centres
WIDTH, HEIGHT = 1000, 1400
PRINTED = 0.86  # of a bubble to its box
QUESTIONS = 20

MARKERS = {"name": "CropOnMarkers", "options": {"relativePath": "marker.png", "sheetToMarkerWidthRatio": 16}}
PAGE = {"name": "CropPage", "options": {"morphKernel": [10, 10]}}
BLANK = {"name": "FeatureBasedAlignment", "options": {"reference": "blank.png"}}


def values(*steps: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A template.json of twenty questions, a roll number and a page code, as a mapping."""
    return {
        "pageDimensions": [WIDTH, HEIGHT],
        "bubbleDimensions": [36, 36],
        "preProcessors": list(steps),
        "customLabels": {"Roll": ["medium", "roll1..5"]},
        "fieldBlocks": {
            "medium": {
                "origin": [120, 180],
                "bubblesGap": 48,
                "labelsGap": 0,
                "fieldLabels": ["medium"],
                "bubbleValues": ["E", "H"],
                "direction": "vertical",
            },
            "roll": {
                "origin": [180.5, 180],
                "bubblesGap": 46,
                "labelsGap": 58.5,
                "fieldLabels": ["roll1..5"],
                "fieldType": "QTYPE_INT",
            },
            "left": {
                "origin": [150, 760],
                "bubblesGap": 62,
                "labelsGap": 55,
                "fieldLabels": ["q1..10"],
                "fieldType": "QTYPE_MCQ5",
            },
            "right": {
                "origin": [600, 760],
                "bubblesGap": 62,
                "labelsGap": 55,
                "fieldLabels": ["q11...20"],
                "fieldType": "QTYPE_MCQ4",
            },
        },
        **changes,
    }


def moved(**origins: list[float]) -> Template:
    """The template with other origins of some of its blocks, which the print does not follow."""
    changed = values(PAGE)
    for name, origin in origins.items():
        changed["fieldBlocks"][name]["origin"] = origin
    return read_template({"template.json": json.dumps(changed).encode()})


def files(*steps: dict[str, Any], **changes: Any) -> dict[str, bytes]:
    """The files of an upload."""
    blank = {"blank.png": encoded(printed(has_markers=False))} if BLANK in steps else {}
    made = json.dumps(values(*steps, **changes)).encode()
    return {"template.json": made, "marker.png": encoded(marker(96)), **blank}


@lru_cache(maxsize=8)
def template(kind: str) -> Template:
    """By how the page is found: "markers", "page" or "blank"."""
    return read_template(files({"markers": MARKERS, "page": PAGE, "blank": BLANK}[kind]))


def encoded(grey: Grey) -> bytes:
    return cv2.imencode(".png", grey)[1].tobytes()


def marker(side: int) -> Grey:
    """A ring with a bar: it has a top and a bottom."""
    picture = np.full((side, side), 255, np.uint8)
    cv2.circle(picture, (side // 2, side // 2), round(side * 0.42), 0, round(side * 0.12), cv2.LINE_AA)
    cv2.rectangle(
        picture, (round(side * 0.42), round(side * 0.2)), (round(side * 0.58), round(side * 0.55)), 0, -1
    )
    return picture


@lru_cache(maxsize=8)
def printed(has_markers: bool, is_square: bool = False) -> Grey:
    """The blank form; with paper around the markers, or else ending where the template's page ends."""
    margin = MARGIN if has_markers else 0
    page = np.full(((HEIGHT + 2 * margin) * ZOOM, (WIDTH + 2 * margin) * ZOOM), 255, np.uint8)
    inner = page[margin * ZOOM : (margin + HEIGHT) * ZOOM, margin * ZOOM : (margin + WIDTH) * ZOOM]
    _print_words(inner)
    for one in read_template(files()).fields:
        for bubble in one.bubbles:
            _print_bubble(inner, bubble.box, bubble.value, is_square)
    if has_markers:
        side = round(WIDTH * ZOOM / 16)
        for x, y in ((0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)):
            left, top = (x + margin) * ZOOM - side // 2, (y + margin) * ZOOM - side // 2
            page[top : top + side, left : left + side] = marker(side)
    return page


def _print_words(page: Grey) -> None:
    for text, (x, y), size in (
        ("Answer Sheet", (420, 60), 2.2),
        ("Write nothing outside of the boxes.", (520, 200), 1.0),
        ("Use a dark pen and fill each bubble.", (520, 240), 1.0),
        ("Roll number", (150, 140), 1.2),
        ("School of the Northern Harbour", (80, 1380), 1.0),
    ):
        cv2.putText(page, text, (x * ZOOM, y * ZOOM), cv2.FONT_HERSHEY_SIMPLEX, size, 40, 2, cv2.LINE_AA)
    cv2.rectangle(page, (60 * ZOOM, 720 * ZOOM), (940 * ZOOM, 1330 * ZOOM), 60, 3)
    for number in range(QUESTIONS):
        x, y = (100, 545)[number // 10], 760 + 55 * (number % 10) + 28
        place = (x * ZOOM, y * ZOOM)
        cv2.putText(page, str(number + 1), place, cv2.FONT_HERSHEY_SIMPLEX, 0.9, 60, 2, cv2.LINE_AA)


def _print_bubble(page: Grey, box: tuple[float, ...], label: str, is_square: bool) -> None:
    x, y, w, h = (value * ZOOM for value in box)
    centre = round(x + w / 2 - 0.5), round(y + h / 2 - 0.5)
    reach = round(w / 2 * PRINTED), round(h / 2 * PRINTED)
    if is_square:
        corners = (centre[0] - reach[0], centre[1] - reach[1]), (centre[0] + reach[0], centre[1] + reach[1])
        cv2.rectangle(page, *corners, 110, 3, cv2.LINE_AA)
    else:
        cv2.ellipse(page, centre, reach, 0, 0, 360, 110, 3, cv2.LINE_AA)
    place = centre[0] - 10, centre[1] + 10
    cv2.putText(page, label, place, cv2.FONT_HERSHEY_SIMPLEX, 0.9, 150, 2, cv2.LINE_AA)


def filled(kind: str, answers: Mapping[str, str], is_square: bool = False) -> Photograph:
    """The sheet with the bubbles of `answers` (field -> values) filled; `where` takes template pixels to px."""
    margin = MARGIN if kind == "markers" else 0
    page = printed(kind == "markers", is_square).copy()
    for one in template(kind).fields:
        for bubble in one.bubbles:
            if bubble.value in answers.get(one.label, ""):
                x, y, w, h = bubble.box
                centre = round((x + w / 2 + margin) * ZOOM), round((y + h / 2 + margin) * ZOOM)
                cv2.circle(page, centre, round(w / 2 * ZOOM * 0.8), 50, -1, cv2.LINE_AA)
    return Photograph(page, lambda places: (places + margin) * ZOOM - 0.5)


def on_desk(photograph: Photograph, share: float = 0.12, outside: int = 70) -> Photograph:
    """With a dark desk around the paper."""
    height, width = photograph.grey.shape
    edge = round(share * width)
    matrix = np.array([[1.0, 0, edge], [0, 1.0, edge], [0, 0, 1.0]])
    return photograph.warped(matrix, (width + 2 * edge, height + 2 * edge), outside=outside)


def centres(kind: str) -> NDArray[np.float64]:
    """Of all bubbles in the order of the form, (n, 2) template pixels."""
    made = template(kind)
    boxes = [bubble.box for answer in made.answers for one in answer.fields for bubble in one.bubbles]
    return np.array([(x + w / 2, y + h / 2) for x, y, w, h in boxes])
