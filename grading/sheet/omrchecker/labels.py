"""Which side of a form is up by what is printed in its bubbles: an A that stands is likelier than a D on its head."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from grading.sheet.boxes import Field
from grading.sheet.empty_cells import Cells, empty_cells, kinds_of

FONT = Path(__file__).resolve().parents[1] / "fonts" / "NunbitSans-Bold.ttf"
HEIGHTS = (7, 9, 11, 13, 15)  # px of a letter in a cell of 32
INSIDE = 5  # px at each side of a cell where no label is


def label_likeness(cells: Cells, fields: Sequence[Field]) -> float:
    """How much the bubbles' labels look like what the template calls them, -1 to 1; 0 where they have no labels."""
    kinds = kinds_of(fields)
    looks = empty_cells(cells, kinds)
    first = {kind: place for place, kind in reversed(list(enumerate(kinds)))}
    likenesses = [
        _likeness(255 - looks[place], fields[place].option or "")
        for place in first.values()
        if (fields[place].option or "").isalnum()
    ]
    return float(np.mean(likenesses)) if likenesses else 0.0


def _likeness(ink: Cells, label: str) -> float:
    inside = np.ascontiguousarray(ink[INSIDE:-INSIDE, INSIDE:-INSIDE], np.float32)
    maps = (cv2.matchTemplate(inside, _glyph(label, height), cv2.TM_CCOEFF_NORMED) for height in HEIGHTS)
    return max(float(np.nan_to_num(map_).max()) for map_ in maps)


@cache
def _glyph(label: str, height: int) -> NDArray[np.float32]:
    """Its ink, `height` px high, with a margin."""
    font = ImageFont.truetype(str(FONT), 64)
    picture = Image.new("L", (64 * len(label) + 64, 128))
    ImageDraw.Draw(picture).text((32, 24), label, fill=255, font=font)
    drawn = np.asarray(picture.crop(picture.getbbox()), np.float32)
    width = max(2, min(20, round(drawn.shape[1] * height / drawn.shape[0])))
    small = cv2.resize(drawn, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.copyMakeBorder(small, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0), np.float32)
