"""Pages of a sheet as drawings, by the strokes that print them. No PDF is made for a look while one types."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from grading.sheet.boxes import Box, Field, Page
from grading.sheet.layout import Layout
from grading.sheet.pdf import Sheet
from grading.sheet.pen import MM, Ink, Pen, text_width
from grading.sheet.spec import SheetSpec

Right = Mapping[int, Sequence[str]]  # number of an item → its right answers


@dataclass(frozen=True)
class SvgPage:
    """`drawing`: what stands in an svg whose units are millimetres."""

    number: int
    width: float
    height: float
    drawing: str


class SvgPen(Pen):
    def __init__(self) -> None:
        self.parts: list[str] = []

    def rect(
        self,
        box: Box,
        *,
        stroke: Ink | None = None,
        fill: Ink | None = None,
        line: float = 0.2,
        radius: float = 0,
    ) -> None:
        x, y, width, height = box
        place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}"'
        self.parts.append(f"<rect {place} {ink(stroke, fill, line)}/>")

    def oval(
        self, box: Box, *, stroke: Ink | None = None, fill: Ink | None = None, line: float = 0.2
    ) -> None:
        x, y, width, height = box
        centre = f'cx="{x + width / 2:g}" cy="{y + height / 2:g}"'
        radii = f'rx="{width / 2:g}" ry="{height / 2:g}"'
        self.parts.append(f"<ellipse {centre} {radii} {ink(stroke, fill, line)}/>")

    def line(self, *points: tuple[float, float], grey: Ink = 0.0, line: float = 0.2) -> None:
        places = " ".join(f"{x:g},{y:g}" for x, y in points)
        self.parts.append(f'<polyline points="{places}" {ink(grey, None, line)}/>')

    def blocks(self, boxes: Iterable[Box]) -> None:
        path = "".join(f"M{x:g} {y:g}h{width:g}v{height:g}h-{width:g}z" for x, y, width, height in boxes)
        self.parts.append(f'<path d="{path}"/>')

    def string(self, start: tuple[float, float], text: str, size: float, bold: bool, ink: Ink) -> None:
        """As wide as it is printed, whatever letters the browser has."""
        x, y = start
        place = f'x="{x:.2f}" y="{y:.2f}" font-size="{size / MM:.2f}" fill="{colour(ink)}"'
        wide = f'textLength="{text_width(text, size, bold):.2f}" lengthAdjust="spacingAndGlyphs"'
        weight = ' font-weight="700"' if bold else ""
        if text.strip():
            self.parts.append(f"<text {place} {wide}{weight}>{escape(text)}</text>")


def ink(stroke: Ink | None, fill: Ink | None, line: float) -> str:
    inside = f'fill="{"none" if fill is None else colour(fill)}"'
    return inside if stroke is None else f'{inside} stroke="{colour(stroke)}" stroke-width="{line:g}"'


def colour(one: Ink) -> str:
    parts = one if isinstance(one, tuple) else (one,) * 3
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def drawn_pages(layout: Layout, spec: SheetSpec, right: Right, most: int) -> list[SvgPage]:
    """The first `most` pages, without what belongs to one copy; the right answers are marked as a student would."""
    sheet = Sheet(layout, spec)
    return [
        SvgPage(page.number, page.width, page.height, drawn(sheet, page, right))
        for page in layout.pages[:most]
    ]


def drawn(sheet: Sheet, page: Page, right: Right) -> str:
    pen = SvgPen()
    pen.rect((0, 0, page.width, page.height), fill=1.0)
    sheet.draw_common(pen, page)
    x, y, width, height = page.qr_box
    pen.rect((x + 2, y + 2, width - 4, height - 4), fill=0.85, radius=1)
    pen.text(page.qr_box, "QR", 12, align="center", grey=0.4)
    answered = SvgPen()
    for field, text in marks(page, right):
        draw_mark(answered, field, text)
    return f'{"".join(pen.parts)}<g class="right-answers">{"".join(answered.parts)}</g>'


def draw_mark(pen: Pen, field: Field, text: str) -> None:
    if field.kind == "bubble":
        pen.oval(field.box, fill=0.0)
        pen.text(field.box, text, 7.5, bold=True, align="center", grey=1.0)
    else:
        pen.text(field.box, text, 15, bold=True, align="center")


def marks(page: Page, right: Right) -> Iterator[tuple[Field, str]]:
    """The boxes in which right answers stand, with what is in each."""
    widths: dict[int | str, int] = {}
    for field in page.fields:
        widths[field.item] = max(widths.get(field.item, 0), field.part + 1)
    for field in page.fields:
        texts = [] if isinstance(field.item, str) else right.get(field.item, [])
        if field.option is not None and widths[field.item] == 1:
            if field.option in texts:
                yield field, field.option
        elif texts:  # a number, of which only one can be written
            one = texts[0].rjust(widths[field.item])[field.part]
            if one.strip() and field.option in (None, one):
                yield field, one
