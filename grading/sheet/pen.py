"""Drawing on a page in millimetres from its top left, mostly in greys, with text that always fits its box: on one of a
PDF here, of a picture in `grading.sheet.svg_pages`."""

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import category

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from grading.sheet.boxes import Box

MM = 72 / 25.4  # points
FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "NunbitSans-Regular", "NunbitSans-Bold"
CAP_HEIGHT = 0.7  # of NanumGothic, in em
LEAD = 1.45  # from line to line, in em
SLACK = {"left": 0.0, "center": 0.5, "right": 1.0}  # of the room beside a text, on its left
Ink = float | tuple[float, float, float]  # a grey, 0 is black, or red, green and blue


@cache
def _font(name: str) -> TTFont:
    font = TTFont(name, FONTS / f"{name}.ttf")
    pdfmetrics.registerFont(font)
    return font


def has_glyphs(text: str, name: str) -> bool:
    glyphs = _font(name).face.charToGlyph
    return all(ord(letter) in glyphs for letter in text)


def _font_for(text: str, bold: bool) -> str:
    """Bold has no hanja: a text with one is set in the regular font."""
    name = BOLD if bold and has_glyphs(text, BOLD) else REGULAR
    _font(name)
    return name


def clean(text: str) -> str:
    """Control characters and lone surrogates become spaces; what the fonts have not, as emoji, is left out with what
    joins it."""
    glyphs = _font(REGULAR).face.charToGlyph
    seen = (letter for letter in text if category(letter) != "Cf")
    plain = (letter if letter.isprintable() else " " for letter in seen)
    return "".join(letter for letter in plain if letter == " " or ord(letter) in glyphs)


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """In mm, at ``size`` points."""
    width: float = pdfmetrics.stringWidth(text, _font_for(text, bold), size)
    return width / MM


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Lines of at most ``width`` mm, broken at spaces, and inside of words that are too long for a line."""
    lines = []
    for line in simpleSplit(clean(text), _font_for(text, bold), size, width * MM):
        while len(head := _start(line, width, size, bold)) < len(line):
            lines.append(head)
            line = line[len(head) :]
        lines.append(line)
    return lines


def _start(text: str, width: float, size: float, bold: bool) -> str:
    """As many letters of ``text`` as fit in ``width`` mm, at least one."""
    count = len(text)
    while count > 1 and text_width(text[:count], size, bold) > width + 1e-6:
        count -= 1
    return text[:count]


@lru_cache(maxsize=4096)  # labels of bubbles are the same all over a sheet
def fit_text(text: str, width: float, size: float, smallest: float, bold: bool = False) -> tuple[str, float]:
    """The text and size that fit in ``width`` mm: smaller letters first, then fewer of them."""
    text = clean(text)
    size = max(smallest, min(size, size * width / max(text_width(text, size, bold), 1e-6)))
    if text_width(text, size, bold) <= width + 1e-6:
        return text, size
    return _start(text, width - text_width("…", size, bold), size, bold).rstrip() + "…", size


class Pen:
    """Greys go from 0 (black) to 1 (white); lines are in mm, sizes of letters in points."""

    def rect(
        self,
        box: Box,
        *,
        stroke: Ink | None = None,
        fill: Ink | None = None,
        line: float = 0.2,
        radius: float = 0,
    ) -> None:
        raise NotImplementedError

    def oval(
        self, box: Box, *, stroke: Ink | None = None, fill: Ink | None = None, line: float = 0.2
    ) -> None:
        raise NotImplementedError

    def line(self, *points: tuple[float, float], grey: Ink = 0.0, line: float = 0.2) -> None:
        """A polyline through ``points``."""
        raise NotImplementedError

    def blocks(self, boxes: Iterable[Box]) -> None:
        """Black rectangles as one shape, so that no hairline shows between them."""
        raise NotImplementedError

    def string(self, start: tuple[float, float], text: str, size: float, bold: bool, ink: Ink) -> None:
        """From ``start`` on its baseline."""
        raise NotImplementedError

    def text(
        self,
        box: Box,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: str = "left",
        grey: Ink = 0.0,
        smallest: float = 3.5,
    ) -> None:
        """One line, centred on the height of ``box``; its ``size`` shrinks to ``smallest`` where it must."""
        x, y, width, height = box
        text, size = fit_text(text, width, size, smallest, bold)
        slack = SLACK[align] * (width - text_width(text, size, bold))
        baseline = y + height / 2 + size * CAP_HEIGHT / 2 / MM
        self.string((x + slack, baseline), text, size, bold, grey)

    def paragraph(self, box: Box, text: str, size: float, *, grey: Ink = 0.0) -> float:
        """Wrapped text from the top of ``box``; answers its height in mm. Where too high: none, and 0."""
        x, y, width, height = box
        lines, step = wrap(text, width, size), size * LEAD / MM
        if len(lines) * step > height:
            return 0.0
        for row, line in enumerate(lines):
            self.text((x, y + row * step, width, step), line, size, grey=grey)
        return len(lines) * step


class PdfPen(Pen):
    """A canvas whose page is ``height`` mm high."""

    def __init__(self, canvas: Canvas, height: float):
        self.canvas = canvas
        self.height = height

    def _flip(self, box: Box) -> tuple[float, float, float, float]:
        x, y, width, height = box
        return x * MM, (self.height - y - height) * MM, width * MM, height * MM

    def _ink(self, stroke: Ink | None, fill: Ink | None, line: float) -> dict[str, int]:
        if stroke is not None:
            self.canvas.setStrokeColorRGB(*stroke) if isinstance(
                stroke, tuple
            ) else self.canvas.setStrokeGray(stroke)
            self.canvas.setLineWidth(line * MM)
        if fill is not None:
            self.canvas.setFillColorRGB(*fill) if isinstance(fill, tuple) else self.canvas.setFillGray(fill)
        return {"stroke": int(stroke is not None), "fill": int(fill is not None)}

    def rect(
        self,
        box: Box,
        *,
        stroke: Ink | None = None,
        fill: Ink | None = None,
        line: float = 0.2,
        radius: float = 0,
    ) -> None:
        self.canvas.roundRect(*self._flip(box), radius * MM, **self._ink(stroke, fill, line))

    def oval(
        self, box: Box, *, stroke: Ink | None = None, fill: Ink | None = None, line: float = 0.2
    ) -> None:
        x, y, width, height = self._flip(box)
        self.canvas.ellipse(x, y, x + width, y + height, **self._ink(stroke, fill, line))

    def line(self, *points: tuple[float, float], grey: Ink = 0.0, line: float = 0.2) -> None:
        path = self.canvas.beginPath()
        for index, (x, y) in enumerate(points):
            (path.lineTo if index else path.moveTo)(x * MM, (self.height - y) * MM)
        self.canvas.drawPath(path, **self._ink(grey, None, line))

    def blocks(self, boxes: Iterable[Box]) -> None:
        path = self.canvas.beginPath()
        for box in boxes:
            path.rect(*self._flip(box))
        self.canvas.drawPath(path, **self._ink(None, 0.0, 0))

    def string(self, start: tuple[float, float], text: str, size: float, bold: bool, ink: Ink) -> None:
        x, baseline = start
        self._ink(None, ink, 0)
        self.canvas.setFont(_font_for(text, bold), size)
        self.canvas.drawString(x * MM, (self.height - baseline) * MM, text)
