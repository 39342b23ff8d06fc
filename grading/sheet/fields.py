"""The places of a page in which people mark and write, as they are printed."""

from grading.sheet.boxes import RULE, Field
from grading.sheet.instructions import draw_empty_bubble
from grading.sheet.pen import Pen


def draw_field(pen: Pen, field: Field) -> None:
    FIELDS[field.kind](pen, field)


def _bubble(pen: Pen, field: Field) -> None:
    draw_empty_bubble(pen, field.box, field.option or "")


def _square(pen: Pen, field: Field) -> None:
    pen.rect(field.box, stroke=0.3, line=0.22)


def _open(pen: Pen, field: Field) -> None:
    x, y, width, height = field.box
    pen.rect(field.box, stroke=0.3, line=0.25)
    for row in range(1, round(height / RULE)):
        pen.line((x + 2, y + row * RULE), (x + width - 2, y + row * RULE), grey=0.8, line=0.15)


def _text(pen: Pen, field: Field) -> None:
    if isinstance(field.item, int):
        pen.rect(field.box, stroke=0.6, line=0.2)


FIELDS = {"bubble": _bubble, "digit": _square, "letter": _square, "open": _open, "text": _text}
