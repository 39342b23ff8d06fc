"""A layout as it is stored: JSON that later releases read, however they lay out new exams.

    {"form": 1, "paper": "A4", "fingerprint": "2KQ7", "pages": [
        {"number": 1, "width": 210.0, "height": 297.0, "qr_box": [x, y, width, height],
         "markers": [[id, box], ...],
         "fields": [[item, part, option, kind, box], ...],
         "frames": [[role, kind, first, last, box], ...]}, ...]}

Millimetres from the top left of the page. Another form gets another number, and `read` learns to read both.
"""

from collections.abc import Mapping
from typing import Any

from grading.sheet.boxes import Box, Field, Frame, Marker, Page
from grading.sheet.layout import Layout

FORM = 1


def write(layout: Layout) -> dict[str, Any]:
    pages = [_write_page(page) for page in layout.pages]
    return {"form": FORM, "paper": layout.paper, "fingerprint": layout.fingerprint, "pages": pages}


def read(stored: Mapping[str, Any]) -> Layout:
    """Exactly the layout that was written. ValueError for a form that this release does not know."""
    if stored["form"] != FORM:
        raise ValueError(f"This layout has form {stored['form']}; this release reads form {FORM}.")
    return Layout(stored["paper"], tuple(map(_read_page, stored["pages"])), stored["fingerprint"])


def _write_page(page: Page) -> dict[str, Any]:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "qr_box": list(page.qr_box),
        "markers": [[marker.id, list(marker.box)] for marker in page.markers],
        "fields": [
            [field.item, field.part, field.option, field.kind, list(field.box)] for field in page.fields
        ],
        "frames": [
            [frame.role, frame.kind, frame.first, frame.last, list(frame.box)] for frame in page.frames
        ],
    }


def _read_page(page: Mapping[str, Any]) -> Page:
    return Page(
        number=page["number"],
        width=float(page["width"]),
        height=float(page["height"]),
        markers=tuple(Marker(id, _box(box)) for id, box in page["markers"]),
        qr_box=_box(page["qr_box"]),
        fields=tuple(
            Field(item, part, option, kind, _box(box)) for item, part, option, kind, box in page["fields"]
        ),
        frames=tuple(
            Frame(role, _box(box), kind, first, last) for role, kind, first, last, box in page["frames"]
        ),
    )


def _box(sides: list[float]) -> Box:
    x, y, width, height = map(float, sides)
    return x, y, width, height
