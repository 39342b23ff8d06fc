"""The part that every page has: markers, QR code, student number, name and instructions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from grading.sheet.boxes import (
    BAND_HEIGHT,
    BOX,
    BOX_PITCH,
    EDGE,
    GUTTER,
    HEAD_TOP,
    ID_GROUP_GAP,
    ID_HEADING,
    MARKER,
    PITCH,
    QR_SIDE,
    QUIET,
    SHELF_GAP,
    UNITS,
    WHO_LABEL,
    WHO_LINE,
    Field,
    Frame,
    Marker,
    Page,
    box_at,
    bubble_column,
)
from grading.sheet.spec import LayoutError, SheetSpec

LEAST_BESIDE = 3  # of the UNITS, for a name and how to mark beside the student number


@dataclass
class Contents:
    """What stands on one page below the head."""

    fields: list[Field] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)


class SheetHead:
    """The page without its items: markers, QR code, student number, instructions, and room for the items."""

    def __init__(self, spec: SheetSpec, width: float, height: float):
        self.width, self.height = width, height
        self.left, self.inner = EDGE, width - 2 * EDGE
        self.unit = (self.inner + GUTTER) / UNITS
        self.contents = Contents()
        self.bottom = height - EDGE - MARKER - QUIET - 1.0
        self.top = SHELF_GAP + (self._with_id(spec) if spec.id_parts else self._without_id())

    def span(self, width: float) -> int:
        """How many grid units something ``width`` mm wide takes."""
        return ceil(round((width + GUTTER) / self.unit, 6))

    def x(self, unit: int) -> float:
        return self.left + unit * self.unit

    def wide(self, units: int) -> float:
        return units * self.unit - GUTTER

    def _with_id(self, spec: SheetSpec) -> float:
        parts = spec.id_parts
        inner = sum(digits for _, digits in parts) * BOX_PITCH + (len(parts) - 1) * ID_GROUP_GAP
        units = self.span(inner)
        if UNITS - units < LEAST_BESIDE:
            raise LayoutError("id_too_wide", "The student number is too long for this paper.")
        height = ID_HEADING + BOX + 2.5 + 10 * PITCH
        self.contents.frames.append(Frame("id", box_at(self.left, HEAD_TOP, self.wide(units), height)))
        self._id_columns(parts, self.left + (self.wide(units) - inner) / 2)
        rest_x, rest_w = self.x(units), self.wide(UNITS - units)
        who = 2 * WHO_LINE
        self._who(("name", "class"), rest_x, rest_w, who)
        how = box_at(rest_x, HEAD_TOP + who + GUTTER, rest_w, height - who - GUTTER)
        self.contents.frames.append(Frame("how", how))
        return HEAD_TOP + height

    def _id_columns(self, parts: Sequence[tuple[str, int]], x: float) -> None:
        boxes_y = HEAD_TOP + ID_HEADING
        part = 0
        for group, (_, digits) in enumerate(parts):
            label = box_at(x, HEAD_TOP, digits * BOX_PITCH, ID_HEADING)
            self.contents.frames.append(Frame("id_group", label, first=group))
            for _ in range(digits):
                box = box_at(x + (BOX_PITCH - BOX) / 2, boxes_y, BOX, BOX)
                self.contents.fields.append(Field("id", part, None, "digit", box))
                self.contents.fields += bubble_column("id", part, x + BOX_PITCH / 2, boxes_y + BOX + 1.5)
                x, part = x + BOX_PITCH, part + 1
            x += ID_GROUP_GAP

    def _without_id(self) -> float:
        self._who(("name", "class", "student"), self.left, self.wide(UNITS // 2), BAND_HEIGHT)
        how = box_at(self.x(UNITS // 2), HEAD_TOP, self.wide(UNITS // 2), BAND_HEIGHT)
        self.contents.frames.append(Frame("how", how))
        return HEAD_TOP + BAND_HEIGHT

    def _who(self, names: Sequence[str], x: float, width: float, height: float) -> None:
        """Lines to write on; nobody reads them but people."""
        line = height / len(names)
        for row, name in enumerate(names):
            y = HEAD_TOP + row * line
            self.contents.frames.append(Frame("who", box_at(x, y, width, line), name))
            box = box_at(x + WHO_LABEL, y + 1.5, width - WHO_LABEL - 1.5, line - 3)
            self.contents.fields.append(Field(name, 0, None, "text", box))

    def page(self, number: int, contents: Contents) -> Page:
        return Page(
            number=number,
            width=self.width,
            height=self.height,
            markers=self._markers(),
            qr_box=box_at(self.width - EDGE - MARKER - QUIET - QR_SIDE, EDGE, QR_SIDE, QR_SIDE),
            fields=tuple(self.contents.fields + contents.fields),
            frames=tuple(self.contents.frames + contents.frames),
        )

    def _markers(self) -> tuple[Marker, ...]:
        right, bottom = self.width - EDGE - MARKER, self.height - EDGE - MARKER
        corners = ((EDGE, EDGE), (right, EDGE), (right, bottom), (EDGE, bottom))
        return tuple(Marker(id, box_at(x, y, MARKER, MARKER)) for id, (x, y) in enumerate(corners))
