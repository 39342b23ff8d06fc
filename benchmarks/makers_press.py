"""A press for forms: letters, lines and shapes on paper, in mm from its top left."""

from functools import cache
from pathlib import Path

import numpy as np
import reportlab
from PIL import Image, ImageDraw, ImageFont

from benchmarks.makers_forms import BLACK, Colour, Point
from grading.sheet.filling.ink import MM_PER_INCH, Picture

DPI = 300
FINE = 2  # drawn so many times finer
PX = DPI / MM_PER_INCH * FINE  # px per mm while drawing
FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path(reportlab.__file__).parent / "fonts",
    Path(__file__).resolve().parents[1] / "grading" / "sheet" / "fonts",
)
PACKAGES = (
    "fonts-lato fonts-roboto-unhinted fonts-open-sans fonts-crosextra-carlito fonts-crosextra-caladea fonts-cabin "
    "fonts-ebgaramond fonts-oldstandard fonts-freefont-ttf fonts-inconsolata fonts-comfortaa fonts-ocr-b"
)


@cache
def font_of(name: str, height: float) -> ImageFont.FreeTypeFont:
    files = sorted(path for folder in FONT_FOLDERS for path in folder.rglob(f"{name}.[ot]tf"))
    if not files:
        raise SystemExit(f"The font {name} is not on this machine. Debian has it: apt-get install {PACKAGES}")
    return ImageFont.truetype(str(files[0]), round(height / 0.7 * PX))  # capitals take 0.7 of a font's size


class Press:
    """Draws on paper in mm."""

    def __init__(self, paper: Point) -> None:
        self.paper = paper
        self.image = Image.new("RGB", (round(paper[0] * PX), round(paper[1] * PX)), "white")
        self.draw = ImageDraw.Draw(self.image)

    def text(
        self, at: Point, text: str, font: str, height: float, colour: Colour = BLACK, anchor: str = "mm"
    ) -> None:
        if height:
            place = at[0] * PX, at[1] * PX
            self.draw.text(place, text, fill=colour, font=font_of(font, height), anchor=anchor)

    def box(self, at: Point, size: Point, line: float, colour: Colour, fill: Colour | None = None) -> None:
        """Around a middle."""
        outline = colour if line else None
        self.draw.rectangle(self._edges(at, size), fill, outline, max(1, round(line * PX)))

    def oval(self, at: Point, size: Point, line: float, colour: Colour, fill: Colour | None = None) -> None:
        self.draw.ellipse(self._edges(at, size), fill, colour if line else None, max(1, round(line * PX)))

    def stadium(
        self, at: Point, size: Point, line: float, colour: Colour, fill: Colour | None = None
    ) -> None:
        outline = colour if line else None
        radius = min(size) / 2 * PX
        self.draw.rounded_rectangle(self._edges(at, size), radius, fill, outline, max(1, round(line * PX)))

    def line(self, start: Point, end: Point, line: float, colour: Colour) -> None:
        self.draw.line([(x * PX, y * PX) for x, y in (start, end)], colour, max(1, round(line * PX)))

    def finished(self) -> Picture:
        return np.asarray(self.image.reduce(FINE))

    @staticmethod
    def _edges(at: Point, size: Point) -> list[float]:
        (x, y), (width, height) = at, size
        return [(x - width / 2) * PX, (y - height / 2) * PX, (x + width / 2) * PX, (y + height / 2) * PX]
