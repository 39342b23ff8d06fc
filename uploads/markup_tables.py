"""Tables in HTML and in Excel's XML of 2003: school systems write them into files that they call .xls.

Python's parser of HTML expands no entities of a document's own and asks for nothing from elsewhere.
"""

import re
from html.parser import HTMLParser

from .problems import BadFile

BEGINS = re.compile(
    rb"\s*(\xef\xbb\xbf)?\s*<(!doctype html|html|head|meta|body|table|\?xml|!--)", re.IGNORECASE
)
TABLES, ROWS, CELLS = ("table", "worksheet"), ("tr", "row"), ("td", "th", "cell")
MOST_SPAN = 100  # columns that a merged cell takes up
NOT_SHOWN = ("style", "script", "title")

Tables = list[tuple[str, list[list[str]]]]


def is_markup(head: bytes) -> bool:
    return bool(BEGINS.match(head.replace(b"\0", b"").lstrip(b"\xff\xfe")))


def tables_in(text: str, most_rows: int) -> Tables:
    """The rows of each, with its name where it has one. A merged cell has its text in its first place alone.

    Raises BadFile."""
    reader = TableReader(most_rows)
    try:
        reader.feed(text)
        reader.close()
    except AssertionError as error:  # so the parser of Python says that it is no markup: <![<![
        raise BadFile("no_table") from error
    return reader.tables


class TableReader(HTMLParser):
    def __init__(self, most_rows: int) -> None:
        super().__init__()
        self.most_rows = most_rows
        self.tables: Tables = []
        self.below: dict[int, int] = {}  # column → rows that a merged cell above still takes up
        self.is_in_cell = self.is_hidden = False

    @property
    def rows(self) -> list[list[str]]:
        if not self.tables:
            self.tables.append(("", []))
        return self.tables[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag, said = tag.split(":")[-1], {name.split(":")[-1]: value or "" for name, value in attrs}
        if tag in TABLES and not (tag == "table" and self.tables and self.tables[-1][0]):
            self.tables.append((said.get("name", ""), []))
            self.below = {}
        elif tag in ROWS and len(self.rows) < self.most_rows:
            self.rows.append([])
            self.below = {column: left - 1 for column, left in self.below.items() if left > 1}
        elif tag in CELLS and self.rows:
            self.begin_cell(said)
        self.is_hidden = self.is_hidden or tag in NOT_SHOWN
        if tag == "br" and self.is_in_cell:
            self.handle_data(" ")

    def begin_cell(self, said: dict[str, str]) -> None:
        row, skipped = self.rows[-1], number(said.get("index"), 0) - 1
        while (len(row) in self.below or len(row) < skipped) and len(row) < 2 * MOST_SPAN:
            row.append("")
        place, deep = len(row), number(said.get("rowspan"), 1) - 1
        wide = max(number(said.get("colspan"), 1), number(said.get("mergeacross"), 0) + 1)
        if place < 2 * MOST_SPAN:
            row += [""] * wide
            # those of this row begin to count with the next one
            self.below |= {column: deep + 1 for column in range(place, place + wide) if deep > 0}
            self.place = place
            self.is_in_cell = True

    def handle_endtag(self, tag: str) -> None:
        tag = tag.split(":")[-1]
        if tag in CELLS + ROWS:
            self.is_in_cell = False
        if tag in NOT_SHOWN:
            self.is_hidden = False

    def handle_data(self, data: str) -> None:
        if self.is_in_cell and not self.is_hidden and self.rows:
            row = self.rows[-1]
            row[self.place] = f"{row[self.place]} {' '.join(data.split())}".strip()


def number(text: str | None, otherwise: int) -> int:
    return min(int(text), MOST_SPAN) if text and text.isascii() and text.isdigit() else otherwise
