"""What the cells of an item show and what their network said of them, one by one."""

from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.models import PageCells, ScanPage
from grading.papers.scores import thresholds_of
from grading.reading.cells import CLASSES, PARTS, name_of
from grading.reading.page_images import kept_sheet
from grading.sheet.boxes import Field
from grading.sheet.cutting import NETWORK_OF, SIDES, Cells, fields_read
from grading.sheet.empty_cells import empty_cells, kinds_of
from grading.sheet.ink import page_ink
from grading.sheet.interpret import MARK, MARKS, meanings, undecided
from grading.sheet.scan import Sheet, are_visible, cut_cells

LEAST_SHOWN = 0.001  # of a probability
CLASS_NAMES: dict[str, str | Promise] = {
    "empty": gettext_lazy("empty"),
    "filled": gettext_lazy("filled"),
    "cross": gettext_lazy("a cross"),
    "tick": gettext_lazy("a tick"),
    "circle": gettext_lazy("a ring"),
    "cancelled": gettext_lazy("crossed out"),
    "scribbled": gettext_lazy("scribbled over"),
    "blank": gettext_lazy("nothing"),
    "other": gettext_lazy("something else"),
}


@dataclass(frozen=True)
class CellEvidence:
    """Of one bubble or box. `picture` and `empty` are data: addresses, "" where there is nothing to show. `ink` is 0
    for empty bubbles of this page and 1 for the student's usual mark, None where the page does not tell. `network` is
    what the network said alone (None: not kept), `page` what was believed once the page's ink was asked."""

    box: Field
    label: str
    certain: float
    picture: str = ""
    empty: str = ""
    ink: float | None = None
    network: dict[str, float] | None = None
    page: dict[str, float] | None = None
    note: str = ""

    @property
    def ink_percent(self) -> float | None:
        return None if self.ink is None else 100 * self.ink

    @property
    def certain_percent(self) -> float:
        return 100 * self.certain

    @property
    def network_words(self) -> list[tuple[str | Promise, float]]:
        return words_of(self.network)

    @property
    def page_words(self) -> list[tuple[str | Promise, float]]:
        return words_of(self.page)


def words_of(shares: Mapping[str, float] | None) -> list[tuple[str | Promise, float]]:
    """What is worth showing, likeliest first: names and per cent."""
    ordered = sorted((shares or {}).items(), key=lambda one: -one[1])
    return [
        (CLASS_NAMES.get(name, name), round(100 * share, 2))
        for name, share in ordered
        if share >= LEAST_SHOWN
    ]


def cells_of(page: ScanPage, item: int | str) -> list[CellEvidence]:
    """Of all bubbles and boxes of an item of a page."""
    fields = fields_read(page.scan.exam.layout.pages[page.sheet_page - 1])
    kept = cells_row(page)
    believed = rows_of(kept.items | rows_of_number(kept.identity), fields)
    said = rows_of(kept.networks or {}, fields)
    thresholds = thresholds_of(page.scan.readers.all())
    found = [
        with_words(
            CellEvidence(box, label_of(box, fields), getattr(thresholds, NETWORK_OF[box.kind])), alone, after
        )
        for box, alone, after in zip(fields, said, believed, strict=True)
    ]
    is_asked = [box.item == item for box in fields]
    if any(is_asked):
        with suppress(OSError):  # its picture is lost
            found = with_pictures(found, *kept_sheet(page, fields), is_asked)
    return [cell for cell, is_of_item in zip(found, is_asked, strict=True) if is_of_item]


def label_of(box: Field, among: Sequence[Field]) -> str:
    """What it means, and of which place where its item has several."""
    has_places = any(other.part != box.part for other in among if other.item == box.item)
    places = [str(box.part + 1)] if has_places or box.option is None else []
    return " · ".join([*places, *([box.option] if box.option else [])])


def cells_row(page: ScanPage) -> PageCells:
    """Empty where nothing was kept."""
    return page.cells if hasattr(page, "cells") else PageCells(page=page)  # read once for a page


def rows_of(kept: Mapping[str, Sequence], fields: Sequence[Field]) -> list[Sequence[float] | None]:
    """The row of each field of a page: they are kept by item, in the order of fields."""
    taken: Counter[str] = Counter()
    rows = []
    for box in fields:
        some, place = kept.get(name_of(box), []), taken[name_of(box)]
        rows.append(some[place] if place < len(some) else None)
        taken[name_of(box)] += 1
    return rows


def rows_of_number(identity: Mapping[str, Any]) -> dict[str, list]:
    bubbles = np.reshape(identity.get("bubbled", []), (-1, len(MARKS))).tolist()
    return {"id_bubble": bubbles, "id_digit": identity.get("handwritten", [])}


def with_words(
    cell: CellEvidence, said: Sequence[float] | None, believed: Sequence[float] | None
) -> CellEvidence:
    classes = CLASSES[NETWORK_OF[cell.box.kind]]
    network = shares_of(classes, [part / PARTS for part in said]) if said else None
    return replace(cell, network=network, page=shares_of(classes, believed) if believed else None)


def shares_of(classes: Sequence[str], row: Sequence[float]) -> dict[str, float]:
    return {name: row[place] if place < len(row) else 0.0 for place, name in enumerate(classes)}


def with_pictures(
    found: Sequence[CellEvidence], sheet: Sheet, fields: Sequence[Field], is_asked: Sequence[bool]
) -> list[CellEvidence]:
    """All of a page's bubbles say what is typical of it; pictures are made of those that are asked for."""
    cells = cut_cells(sheet, fields)
    empty, ink = typical(cells, found)
    visible = are_visible(cells)
    return [
        replace(
            cell,
            picture=as_address(
                cut_cells(sheet, fields[place : place + 1], SIDES[NETWORK_OF[cell.box.kind]])[0]
            ),
            empty=as_address(empty[place]) if place in empty else "",
            ink=ink.get(place),
            note=note_of(cell, bool(visible[place])),
        )
        if is_asked[place]
        else cell
        for place, cell in enumerate(found)
    ]


def typical(cells: Cells, found: Sequence[CellEvidence]) -> tuple[dict[int, Cells], dict[int, float]]:
    """How each bubble looks when empty and its share of ink, by its place."""
    places = [place for place, cell in enumerate(found) if NETWORK_OF[cell.box.kind] == "marks"]
    if not places:
        return {}, {}
    bubbles = cells[places]
    references = empty_cells(bubbles, kinds_of(found[place].box for place in places))
    said = [found[place].network or found[place].page or {} for place in places]
    rows = np.array([[shares.get(name, 0.0) for name in MARKS] for shares in said], np.float32)
    share = page_ink(bubbles, references, meanings(rows)[:, MARK]).share
    ink = {place: float(one) for place, one in zip(places, share, strict=True) if np.isfinite(one)}
    return dict(zip(places, references, strict=True)), ink


def note_of(cell: CellEvidence, is_visible: bool) -> str:
    is_open = not cell.page or is_undecided(cell.page)
    if is_open and not is_visible:
        return _("Nothing is to be seen here, not even its outline.")
    if cell.page and is_open:
        return _("Its ink and the network contradict each other, so that either may be true.")
    return ""


def is_undecided(shares: Mapping[str, float]) -> bool:
    """Whether the page spoke against the network (`undecided`): no network says exactly this."""
    row = undecided(tuple(shares), max(shares, key=lambda name: shares[name]))
    return np.allclose(sorted(shares.values()), np.sort(row), atol=1e-5)


def as_address(cell: Cells) -> str:
    """As a PNG in the page itself: some hundred bytes each, and there may be a hundred of them."""
    _is_done, data = cv2.imencode(".png", cell)
    return f"data:image/png;base64,{b64encode(data).decode()}"
