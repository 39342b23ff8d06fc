"""The boxes of a page in millimetres from its top left, and the measures they share."""

from dataclasses import dataclass
from typing import Any

Box = tuple[float, float, float, float]  # x, y, width, height in mm

# mm; B4 is that of Korea and Japan (JIS). Two of A5 are printed on one sheet of A4
PAPERS = {"A4": (210.0, 297.0), "A5": (148.0, 210.0), "B4": (257.0, 364.0), "Letter": (215.9, 279.4)}
EDGE = 13.0  # page edge to the markers' outer edge, and to all content
MARKER = 9.0
QUIET = 2.0  # white around a marker
QR_SIDE = 20.0  # with its quiet zone

BUBBLE = 4.6
PITCH = 7.4  # between bubbles, both ways
BOX = 9.0  # a handwritten digit or letter
BOX_PITCH = 10.0
BOX_ROW = 11.0
RULE = 8.0  # between the lines of an open answer

UNITS = 12
GUTTER = 2.0
LABEL = 6.6  # room for an item's number, left of its bubbles
HEADING = 5.6  # a section's heading, above its columns
FIVE_GAP = 1.6  # after every fifth row of bubbles
PAD = 1.0
SHELF_GAP = 4.0
HEAD_TOP = EDGE + QR_SIDE + 4.0  # ID block and instructions start here
ID_HEADING = 5.6
ID_GROUP_GAP = 3.0
WHO_LINE = 12.0
WHO_LABEL = 16.0
BAND_HEIGHT = 34.0  # of name and instructions, on a sheet without a student number
GRID_LABEL = 6.0  # the number above a digits_grid
GRID_BOX = 6.6


@dataclass(frozen=True)
class Field:
    """One box that is read (or, for kind "text", only written in).

    ``item`` is an item's number, "id", or for text "name", "class" or "student"; ``part`` counts the boxes or
    columns of a number from the left, from 0; ``option`` is what a mark in a bubble means.
    """

    item: int | str
    part: int
    option: str | None
    kind: str
    box: Box


@dataclass(frozen=True)
class Frame:
    """Something that is drawn but never read: a panel, a heading, an item's number."""

    role: str
    box: Box
    kind: str = ""
    first: int = 0
    last: int = 0


@dataclass(frozen=True)
class Marker:
    id: int
    box: Box


@dataclass(frozen=True)
class Page:
    number: int
    width: float
    height: float
    markers: tuple[Marker, ...]
    qr_box: Box
    fields: tuple[Field, ...]
    frames: tuple[Frame, ...]

    def __hash__(self) -> int:
        """Of a few parts: what is worked out from pages is kept, and asked for often."""
        return hash((self.number, self.width, self.height, len(self.fields), self.fields[-1:]))

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "width": self.width,
            "height": self.height,
            "markers": [{"id": marker.id, "box": list(marker.box)} for marker in self.markers],
            "fields": [
                {"item": f.item, "part": f.part, "option": f.option, "kind": f.kind, "box": list(f.box)}
                for f in self.fields
            ],
        }


def bubble_column(item: int | str, part: int, centre: float, y: float) -> list[Field]:
    """Bubbles 0 to 9, one below the other."""
    return [bubble(item, part, str(digit), centre, y + (digit + 0.5) * PITCH) for digit in range(10)]


def bubble(item: int | str, part: int, option: str, cx: float, cy: float) -> Field:
    return Field(item, part, option, "bubble", box_at(cx - BUBBLE / 2, cy - BUBBLE / 2, BUBBLE, BUBBLE))


def box_at(x: float, y: float, width: float, height: float) -> Box:
    """Rounded to a micrometre, so that the same exam gives the same text everywhere."""
    return round(x, 3), round(y, 3), round(width, 3), round(height, 3)
