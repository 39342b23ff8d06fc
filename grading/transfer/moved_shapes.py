"""Whether layouts and cells of another site can be those of a sheet: nothing of them is believed unseen."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grading.reading.cells import CLASSES, name_of
from grading.sheet import layout_json
from grading.sheet.boxes import PAPERS, Page
from grading.sheet.cutting import NETWORK_OF, fields_read
from grading.sheet.written_answers import COLUMNS, ROWS, is_written
from grading.transfer.exam_import import BROKEN
from jobs.claims import Rejected

KINDS = {*NETWORK_OF, "open", "text"}
LARGEST = 2_000.0  # mm that any box may lie from the corner of its page
MOST_BOXES = 5_000  # of a page


def refuse(part: str, is_wrong: bool) -> None:
    """Raises Rejected."""
    if is_wrong:
        raise Rejected(BROKEN[part])


def check_layout(content: Any) -> None:
    """Raises Rejected where it is none of a sheet. One that is older may ask for other items."""
    try:
        layout = layout_json.read(content)
        boxes = [box for page in layout.pages for box in boxes_in(page)]
        is_good = (
            all(math.isfinite(side) and abs(side) <= LARGEST for box in boxes for side in box)
            and all(is_good_field(one) for page in layout.pages for one in page.fields)
            and [page.number for page in layout.pages] == list(range(1, len(layout.pages) + 1))
            and all(0 < page.width <= LARGEST and 0 < page.height <= LARGEST for page in layout.pages)
            and all(len(page.fields) <= MOST_BOXES for page in layout.pages)
            and 1 <= len(layout.pages) <= 100
            and layout.paper in ("", *PAPERS)
            and isinstance(layout.fingerprint, str)
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
        raise Rejected(BROKEN["exam"]) from problem
    refuse("exam", not is_good)


def boxes_in(page: Page) -> list[Any]:
    parts: list[Any] = [*page.fields, *page.markers, *page.frames]
    return [page.qr_box, *(part.box for part in parts)]


def is_good_field(one: Any) -> bool:
    is_item = type(one.item) is int and 0 <= one.item <= 32767
    is_named = one.item in ("id", "name", "class", "student")
    is_place = type(one.part) is int and 0 <= one.part <= 100
    is_option = one.option is None or isinstance(one.option, str)
    return (is_item or is_named) and is_place and is_option and one.kind in KINDS


def fits(cells: Mapping[str, Any], page: Page) -> bool:
    """Whether there is a row of probabilities for each box, and nothing else."""
    boxes: dict[str, list[str]] = {}
    for box in fields_read(page):
        boxes.setdefault(name_of(box), []).append(NETWORK_OF[box.kind])
    items = {name: kinds for name, kinds in boxes.items() if not name.startswith("id_")}
    said, identity, looks = cells["networks"], dict(cells["identity"]), cells["looks"] or {}
    printed = identity.pop("printed", "")
    channels = {"bubbled": boxes.get("id_bubble", []), "handwritten": boxes.get("id_digit", [])}
    return (
        set(cells["items"]) <= set(items)
        and all(are_rows(rows, items[name]) for name, rows in cells["items"].items())
        and isinstance(printed, str)
        and len(printed) <= 20
        and set(identity) <= set(channels)
        and all(are_rows(rows, channels[name]) for name, rows in identity.items())
        and (said is None or are_said(said, boxes))
        and set(map(str, cells["beside"] or [])) <= set(items)
        and all(len(look) in (0, ROWS * COLUMNS) for look in looks.values())
        and set(looks) <= {str(box.item) for box in page.fields if is_written(box)}
    )


def are_rows(rows: Any, networks: Sequence[str]) -> bool:
    """Shares, as many as classes, of each box; those of a column of bubbles may lie together."""
    try:
        numbers = np.array(rows, np.float64)
    except (TypeError, ValueError):
        return False
    if not numbers.size:
        return not networks
    classes = {len(CLASSES[network]) for network in networks}
    is_shape = {numbers.shape[-1]} == classes and numbers.size == len(networks) * max(classes)
    return is_shape and numbers.ndim in (2, 3) and bool(((numbers >= 0) & (numbers <= 1.001)).all())


def are_said(said: Any, boxes: Mapping[str, Sequence[str]]) -> bool:
    """What networks said alone: whole numbers, without zeros at the end."""
    if not isinstance(said, dict) or not set(said) <= set(boxes):
        return False
    for name, rows in said.items():
        if not isinstance(rows, list) or len(rows) != len(boxes[name]):
            return False
        for row, network in zip(rows, boxes[name], strict=True):
            if not isinstance(row, list) or len(row) > len(CLASSES[network]):
                return False
            if not all(type(part) is int and 0 <= part <= 20_000 for part in row):
                return False
    return True
