"""The printable sheets: vector PDF, one or more pages a copy, in the language of the exam.

What all copies of a page share is drawn once, as a form XObject; a copy adds its QR code, names and version.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from reportlab.pdfgen.canvas import Canvas

from grading.sheet.black_squares import marker_blocks, qr_blocks
from grading.sheet.boxes import (
    EDGE,
    GRID_LABEL,
    LABEL,
    MARKER,
    QR_SIDE,
    QUIET,
    WHO_LABEL,
    Box,
    Frame,
    Page,
)
from grading.sheet.code import PageCode
from grading.sheet.fields import draw_field
from grading.sheet.instructions import RULE_GREY, TINT, draw_how
from grading.sheet.layout import Layout
from grading.sheet.pen import MM, PdfPen, Pen, clean, text_width, wrap
from grading.sheet.spec import ItemSpec, SheetSpec
from grading.sheet.words import WORDS

TITLE_SIZE, TITLE_SMALLEST = 17.0, 12.0  # on one line; a longer title takes more
TITLE_WRAPPED = ((11.5, 2), (10.5, 2), (9.5, 2), (7.5, 3), (6.5, 3))  # of a size, and lines of it at most
TEXT_LEFT = EDGE + MARKER + QUIET + 2.0
HEADING_TINT = 0.87
CARRIERS = {"A5": (297.0, 210.0)}  # mm of the paper on which two of these are printed
CUT = 6.0  # mm of a line to cut along


@dataclass(frozen=True)
class Copy:
    """One sheet to print. Without a student it is a blank sheet that anyone may fill in."""

    exam: str
    version: int = 1
    student: str = ""
    name: str = ""
    class_name: str = ""


def draw_sheets(
    layout: Layout, spec: SheetSpec, copies: Sequence[Copy], out: BinaryIO, is_for_printer: bool = True
) -> None:
    """Write a PDF with all pages of every copy, copy by copy, to ``out``. For the printer two small ones share a sheet
    of larger paper, side by side, to be cut apart.

    ValueError for a copy whose exam or student cannot stand in a page code (see `PageCode`).
    """
    canvas = Canvas(out, pageCompression=1, invariant=1)
    canvas.setTitle(clean(spec.title))
    canvas.setCreator("Nunbit")
    sheet = Sheet(layout, spec)
    for page in layout.pages:
        canvas.beginForm(f"page{page.number}", 0, 0, page.width * MM, page.height * MM)
        sheet.draw_common(PdfPen(canvas, page.height), page)
        canvas.endForm()
    carrier = CARRIERS.get(layout.paper) if is_for_printer else None
    pages = [(copy, page) for copy in copies for page in layout.pages]
    if carrier and len(pages) == 1 and not copies[0].student:
        pages *= 2  # a blank sheet to be copied
    across = 2 if carrier else 1
    for start in range(0, len(pages), across):
        together = pages[start : start + across]
        canvas.setPageSize([side * MM for side in carrier or (together[0][1].width, together[0][1].height)])
        for place, (copy, page) in enumerate(together):
            canvas.saveState()
            if carrier:
                canvas.translate(place * (carrier[0] - page.width) * MM, 0)
            canvas.doForm(f"page{page.number}")
            sheet.draw_own(PdfPen(canvas, page.height), page, copy)
            canvas.restoreState()
        if carrier:
            _cutting_line(PdfPen(canvas, carrier[1]), carrier)
        canvas.showPage()
    canvas.save()


def _cutting_line(pen: Pen, carrier: tuple[float, float]) -> None:
    """Where to cut, at both ends: nothing that is read lies near."""
    middle, height = carrier[0] / 2, carrier[1]
    for start, end in ((0.0, CUT), (height - CUT, height)):
        pen.line((middle, start), (middle, end), grey=0.5, line=0.15)


class Sheet:
    """Draws the pages of one exam."""

    def __init__(self, layout: Layout, spec: SheetSpec):
        self.layout, self.spec = layout, spec
        self.words = WORDS.get(spec.language, WORDS["en"])
        self.items = {item.number: item for item in spec.items}
        self.shows_points = len({item.points for item in spec.items}) > 1
        self.telling = self._tell_their_points()

    def draw_common(self, pen: Pen, page: Page) -> None:
        """Everything but what belongs to one copy."""
        pen.blocks(marker_blocks(page))
        self._title(pen, page)
        for frame in page.frames:
            self._FRAMES[frame.role](self, pen, frame)
        for box in page.fields:
            draw_field(pen, box)
        right = page.width - TEXT_LEFT
        pen.text(
            (TEXT_LEFT, page.height - EDGE - MARKER, right - TEXT_LEFT, MARKER),
            f"{page.number} / {len(self.layout.pages)}",
            10,
            bold=True,
            align="center",
        )

    def draw_own(self, pen: Pen, page: Page, copy: Copy) -> None:
        """The QR code, the roster's names and the version."""
        code = PageCode(copy.exam, copy.version, page.number, copy.student, self.layout.fingerprint)
        pen.blocks(qr_blocks(code.text(), page.qr_box))
        texts = {"name": copy.name, "class": copy.class_name, "student": copy.student}
        boxes = {box.item: box.box for box in page.fields if box.kind == "text"}
        for item in texts.keys() & boxes.keys():
            aside = copy.student if item == "name" and "student" not in boxes else ""
            self._written(pen, boxes[item], texts[item], aside)
        for box in _bubbles_of(copy.student, page):
            pen.oval(box, fill=0.0)
        y, width = page.height - EDGE - MARKER, page.width - 2 * TEXT_LEFT
        if max(self.spec.versions, copy.version) > 1:
            version = self.words["version"].format(version=copy.version)
            pen.text((TEXT_LEFT, y, width, MARKER), version, 9, bold=True)
        pen.text(
            (TEXT_LEFT, y, width, MARKER), f"{copy.exam}·{code.fingerprint}", 7, align="right", grey=0.45
        )

    def _written(self, pen: Pen, box: Box, text: str, number: str) -> None:
        """A name on its line, and the student number at the line's end."""
        x, y, width, height = box
        aside = min(text_width(number, 8) + 2, width / 2) if number else 0.0
        pen.text((x + 1, y, width - aside - 1, height), text, 12, bold=True, smallest=6)
        pen.text((x + width - aside, y, aside, height), number, 8, align="right", grey=0.3)

    def _title(self, pen: Pen, page: Page) -> None:
        width = page.qr_box[0] - 3 - TEXT_LEFT
        title = " ".join(clean(self.spec.title).split())
        if text_width(title, TITLE_SMALLEST, bold=True) <= width:
            pen.text((TEXT_LEFT, EDGE, width, MARKER), title, TITLE_SIZE, bold=True)
        else:
            self._lines(pen, (TEXT_LEFT, EDGE - 0.5, width, MARKER + 1), title)
        points = _plain(sum(item.points for item in self.spec.items))
        total = self.words["total"].format(count=len(self.spec.items), points=points)
        pen.text((TEXT_LEFT, EDGE + 12.5, width, 5), f"{self.words['sheet']} · {total}", 8.5, grey=0.3)
        line = EDGE + QR_SIDE + 1.5
        pen.line((EDGE, line), (page.width - EDGE, line), grey=0.1, line=0.5)

    def _lines(self, pen: Pen, box: Box, title: str) -> None:
        x, y, width, height = box
        fitting = (
            (size, most) for size, most in TITLE_WRAPPED if len(wrap(title, width, size, bold=True)) <= most
        )
        size, most = next(fitting, TITLE_WRAPPED[-1])
        lines = wrap(title, width, size, bold=True)
        shown = [*lines[: most - 1], " ".join(lines[most - 1 :])]
        step = height / len(shown)
        for row, line in enumerate(shown):
            pen.text((x, y + row * step, width, step), line, size, bold=True, smallest=size)

    # frames

    def _id(self, pen: Pen, frame: Frame) -> None:
        pen.rect(frame.box, stroke=RULE_GREY, line=0.25)

    def _id_group(self, pen: Pen, frame: Frame) -> None:
        label = self.spec.id_parts[frame.first][0]
        pen.text(frame.box, label or self.words["id"], 8.5, bold=True, align="center")

    def _who(self, pen: Pen, frame: Frame) -> None:
        x, y, width, height = frame.box
        pen.rect(frame.box, stroke=RULE_GREY, line=0.25)
        pen.text((x + 2, y, WHO_LABEL - 3, height), self.words[frame.kind], 8.5, bold=True, smallest=5)

    def _how(self, pen: Pen, frame: Frame) -> None:
        draw_how(pen, frame.box, self.words, has_id=bool(self.spec.id_parts))

    def _heading(self, pen: Pen, frame: Frame) -> None:
        x, y, width, height = frame.box
        inner = (x + 1.5, y, width - 3, height)
        pen.rect(frame.box, fill=HEADING_TINT, stroke=RULE_GREY, line=0.25)
        pen.text(inner, self._heading_text(frame), 8, bold=True, smallest=5)
        points, hint = self._heading_points(frame), self.words.get(f"{frame.kind}_hint", "")
        both = f"{hint}   {points}" if points else hint
        pen.text(inner, both if self._fits_heading(frame, both) else points, 6.5, align="right", grey=0.25)

    def _heading_text(self, frame: Frame) -> str:
        numbers = str(frame.first) if frame.first == frame.last else f"{frame.first}–{frame.last}"
        return f"{self.words[frame.kind]}  {numbers}"

    def _fits_heading(self, frame: Frame, hint: str) -> bool:
        return (
            text_width(self._heading_text(frame), 8, bold=True) + 2 + text_width(hint, 6.5) + 3
            <= frame.box[2]
        )

    def _heading_points(self, frame: Frame) -> str:
        """The points of the items below, where they are the same for all and there is room."""
        points = {item.points for item in self._below(frame)}
        each = "points" if frame.first == frame.last else "points_each"
        text = self.words[each].format(points=_plain(max(points)))
        return text if self.shows_points and len(points) == 1 and self._fits_heading(frame, text) else ""

    def _below(self, heading: Frame) -> tuple[ItemSpec, ...]:
        numbers = [item.number for item in self.spec.items]
        return self.spec.items[numbers.index(heading.first) : numbers.index(heading.last) + 1]

    def _tell_their_points(self) -> set[int]:
        """The numbers of the items whose heading does not say how many points they give."""
        frames = (frame for page in self.layout.pages for frame in page.frames if frame.role == "heading")
        silent = [frame for frame in frames if self.shows_points and not self._heading_points(frame)]
        return {item.number for frame in silent for item in self._below(frame)}

    def _column(self, pen: Pen, frame: Frame) -> None:
        x, y, width, height = frame.box
        if frame.kind != "digits_grid":
            pen.rect((x, y, LABEL, height), fill=TINT)
        pen.rect(frame.box, stroke=RULE_GREY, line=0.2)

    def _item(self, pen: Pen, frame: Frame) -> None:
        x, y, width, height = frame.box
        item = self.items[frame.first]
        points = (
            self.words["points"].format(points=_plain(item.points)) if item.number in self.telling else ""
        )
        if frame.kind == "digits_grid":
            pen.text(
                (x + 1, y, width - 2, GRID_LABEL),
                f"{item.number}  {points}".strip(),
                9,
                bold=True,
                align="center",
            )
            return
        lift = 1.0 if points else 0.0
        pen.text((x + 0.5, y - lift, LABEL - 1, height), str(item.number), 9, bold=True, align="center")
        if points:
            pen.text((x + 0.3, y + height / 2 + 0.7, LABEL - 0.6, 2.2), points, 5, align="center", grey=0.3)

    _FRAMES: dict[str, Callable[["Sheet", Pen, Frame], None]] = {
        "id": _id,
        "id_group": _id_group,
        "who": _who,
        "how": _how,
        "heading": _heading,
        "column": _column,
        "item": _item,
    }


def _bubbles_of(number: str, page: Page) -> Iterator[Box]:
    """Those that are filled in for whom a sheet is printed: none where the number does not fill the grid, since nobody
    may say which places stay blank."""
    columns = [field for field in page.fields if field.item == "id" and field.kind == "bubble"]
    if number.isascii() and number.isdecimal() and 10 * len(number) == len(columns):
        yield from (field.box for field in columns if field.option == number[field.part])


def _plain(points: float) -> str:
    """12 for 12.0, 2.5 for 2.5."""
    return f"{points:.2f}".rstrip("0").rstrip(".")
