"""Items flow in reading order through shelves on a grid of twelve units.

Items that look alike form a *section*, a section is cut into columns, columns stand side by side on a
*shelf*, shelves follow each other down the page, and what does not fit goes to the next page.
"""

from collections.abc import Sequence
from math import ceil

from grading.sheet.boxes import HEADING, RULE, SHELF_GAP, UNITS, Field, Frame, box_at
from grading.sheet.head import Contents, SheetHead
from grading.sheet.sections import Section
from grading.sheet.spec import ItemSpec, LayoutError

HIGHER = 2.0  # times the height of a shelf, at most, that a section beside makes it


class Flow:
    """Places sections on shelves, shelves on pages. gap: mm above each shelf; most: columns of a section that stand
    side by side, so that another may stand beside them; higher: times that one beside others may be."""

    def __init__(
        self, head: SheetHead, gap: float = SHELF_GAP, most: int = UNITS, higher: float = HIGHER
    ) -> None:
        self.head, self.gap, self.most, self.higher = head, gap, most, higher
        self.top = head.top - SHELF_GAP + gap
        self.pages = [Contents()]
        self.y, self.unit, self.shelf = self.top, 0, 0.0  # shelf: height of what stands on it already

    @property
    def page(self) -> Contents:
        return self.pages[-1]

    def _next_shelf(self) -> None:
        if self.shelf:
            self.y += self.shelf + self.gap
        self.unit, self.shelf = 0, 0.0

    def _next_page(self) -> None:
        self.pages.append(Contents())
        self.y, self.unit, self.shelf = self.top, 0, 0.0

    def place(self, section: Section) -> None:
        if section.kind == "open":
            self._place_open(section.items[0])
            return
        span = self.head.span(section.label + section.content)
        items = section.items
        if span > UNITS or section.height(1) > self.head.bottom - self.top:
            number = items[0].number
            raise LayoutError("too_large", f"Item {number} is too large for this paper.", number)
        while items:
            items = items[self._place_some(Section(items), span) :]

    def _place_some(self, section: Section, span: int) -> int:
        """Put what fits on this shelf, else on the next, else on the next page; answers how many items."""
        if self.unit and not self._fits_beside(section, span):
            self._next_shelf()
        columns = self._columns(span)
        rows = self._rows(section, columns)
        if rows < min(5 if section.is_bubble_rows else 1, len(section.items)) and self.y > self.top:
            self._next_page()
            columns = self._columns(span)
            rows = self._rows(section, columns)
        return self._put(section, span, rows, min(len(section.items), rows * columns))

    def _fits_beside(self, section: Section, span: int) -> bool:
        """Whether all of it can stand right of what is on this shelf, without making it much higher."""
        columns = self._columns(span)
        rows = self._rows(section, columns) if columns else 0
        return 0 < len(section.items) <= rows * columns and section.height(rows) <= self.higher * self.shelf

    def _columns(self, span: int) -> int:
        """How many there is room for on this shelf."""
        return min((UNITS - self.unit) // span, self.most)

    def _rows(self, section: Section, columns: int) -> int:
        """How high the columns are: as the shelf is already, or as many as the items ask for, in fives."""
        count, room = len(section.items), section.rows_in(self.head.bottom - self.y)
        wanted = ceil(count / columns)
        if section.is_bubble_rows:
            wanted = ceil(wanted / 5) * 5
        return min(count, room, max(wanted, section.rows_in(self.shelf)))

    def _put(self, section: Section, span: int, rows: int, count: int) -> int:
        columns = [section.items[start : min(start + rows, count)] for start in range(0, count, rows)]
        heading = box_at(self.head.x(self.unit), self.y, self.head.wide(span * len(columns)), HEADING)
        first, last = section.items[0].number, section.items[count - 1].number
        self.page.frames.append(Frame("heading", heading, section.kind, first, last))
        for items in columns:
            self._put_column(section, items, span)
            self.unit += span
        self.shelf = max(self.shelf, section.height(rows))
        return count

    def _put_column(self, section: Section, items: Sequence[ItemSpec], span: int) -> None:
        x, y, width = self.head.x(self.unit), self.y + HEADING, self.head.wide(span)
        box = box_at(x, y, width, section.height(len(items)) - HEADING)
        self.page.frames.append(Frame("column", box, section.kind))
        content = x + section.label + (width - section.label - section.content) / 2
        for row, item in enumerate(items):
            top = y + section.offset(row)
            line = box_at(x, top, width, section.row)
            self.page.frames.append(Frame("item", line, section.kind, item.number, item.number))
            self.page.fields += section.fields(item, content, top)

    def _place_open(self, item: ItemSpec) -> None:
        """A ruled box as wide as the page; one that is higher than a page's room is cut to it."""
        self._next_shelf()
        height = min(item.lines, (self.head.bottom - self.top - HEADING) // RULE) * RULE
        if self.y + HEADING + height > self.head.bottom + 1e-6:
            self._next_page()
        x, width = self.head.left, self.head.inner
        heading = box_at(x, self.y, width, HEADING)
        self.page.frames.append(Frame("heading", heading, "open", item.number, item.number))
        box = box_at(x, self.y + HEADING, width, height)
        self.page.fields.append(Field(item.number, 0, None, "open", box))
        self.shelf = HEADING + height
        self._next_shelf()
