"""Sheets as they come back: printed by `pdf.py`, marked, then scanned or photographed, with the truth kept.

A `Photograph` remembers where every place of the printed page went, so a test can tell how far off a reading is.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.decoding import Grey

from ..boxes import Field
from ..layout import Layout, lay_out
from ..pdf import Copy, draw_sheets
from ..pdf_pages import render_page
from ..spec import ItemSpec, SheetSpec

DPI = 300
PX = DPI / 25.4  # px per mm of a printed page
STEP = 8  # px between the places whose bend is computed

Map = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Photograph:
    """`grey` uint8, and `where`: places on the form (n, 2) mm to px of the picture."""

    grey: Grey
    where: Map

    def bent(self, size: tuple[int, int], back: Map, where: Map, outside: int = 90) -> "Photograph":
        """A new picture of `size` (w, h) whose pixel p shows pixel back(p) of this one; `where` is its inverse."""
        columns, rows = (-(-side // STEP) + 2 for side in size)
        x, y = np.meshgrid((np.arange(columns) - 0.5) * STEP - 0.5, (np.arange(rows) - 0.5) * STEP - 0.5)
        nodes = back(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(rows, columns, 2).astype(np.float32)
        every = cv2.resize(nodes, (columns * STEP, rows * STEP), interpolation=cv2.INTER_LINEAR)
        from_ = every[STEP : STEP + size[1], STEP : STEP + size[0]]
        grey = cv2.remap(
            self.grey, from_, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=outside
        )
        before = self.where
        return Photograph(grey, lambda places: where(before(places)))

    def warped(self, matrix: NDArray[np.float64], size: tuple[int, int], outside: int = 90) -> "Photograph":
        grey = cv2.warpPerspective(self.grey, matrix, size, flags=cv2.INTER_CUBIC, borderValue=outside)
        before = self.where
        return Photograph(grey, lambda places: _through(matrix, before(places)))

    def with_grey(self, grey: NDArray[np.float64] | Grey) -> "Photograph":
        return replace(self, grey=np.clip(grey, 0, 255).astype(np.uint8))


def exam(paper: str = "A4", items: int = 40) -> SheetSpec:
    """Choices, O/X and numbers enough to fill a page or more."""
    choices = items * 2 // 3
    kinds = [ItemSpec(number, "choice", ("1", "2", "3", "4", "5")) for number in range(1, choices + 1)]
    kinds += [ItemSpec(number, "ox") for number in range(choices + 1, choices + 6)]
    kinds += [ItemSpec(number, "number", digits=3) for number in range(choices + 6, items + 1)]
    return SheetSpec(title="Midterm", items=tuple(kinds), paper=paper, language="en", id_digits=8)


@lru_cache(maxsize=4)
def printed(paper: str = "A4", items: int = 40) -> tuple[Layout, Grey]:
    """The layout and its first page at 300 dpi, as `pdf.py` prints it."""
    spec = exam(paper, items)
    layout = lay_out(spec)
    return layout, rasterised(pdf_of(spec))


def pdf_of(spec: SheetSpec, number: str = "20230117") -> bytes:
    out = BytesIO()
    draw_sheets(lay_out(spec), spec, [Copy("EXAM0042", 1, number, "Kim Minji", "3")], out)
    return out.getvalue()


def rasterised(pdf: bytes, page: int = 0) -> Grey:
    return render_page(pdf, page, DPI)


def flat(page: Grey) -> Photograph:
    """The print itself, not degraded at all."""
    return Photograph(page.copy(), lambda places: places * PX - 0.5)


def marked(page: Grey, fields: list[Field], ink: int = 50) -> Grey:
    """The page with a pen stroke scribbled into each field: filled bubbles, lines through boxes."""
    page = page.copy()
    for index, field in enumerate(fields):
        x, y, width, height = (np.array(field.box) * PX).astype(int)
        if field.kind == "bubble":
            cv2.circle(
                page,
                (x + width // 2 + index % 3 - 1, y + height // 2),
                int(width * 0.42),
                ink,
                -1,
                cv2.LINE_AA,
            )
        else:
            cv2.line(
                page,
                (x + width // 3, y + height // 5),
                (x + width * 2 // 3, y + height * 4 // 5),
                ink,
                6,
                cv2.LINE_AA,
            )
    return page


def scaled(photograph: Photograph, factor: float) -> Photograph:
    """Printed at another size on the same paper, centred; what does not fit is cut off."""
    height, width = photograph.grey.shape
    matrix = np.array(
        [[factor, 0, width * (1 - factor) / 2], [0, factor, height * (1 - factor) / 2], [0, 0, 1]]
    )
    return photograph.warped(matrix, (width, height), outside=255)


def turned(photograph: Photograph, degrees: float) -> Photograph:
    """Turned clockwise, in a picture large enough to hold it."""
    height, width = photograph.grey.shape
    angle = np.radians(degrees)
    c, s = np.cos(angle), np.sin(angle)
    size = (round(abs(c) * width + abs(s) * height), round(abs(s) * width + abs(c) * height))
    centre = np.array([[1, 0, size[0] / 2 - 0.5], [0, 1, size[1] / 2 - 0.5], [0, 0, 1]])
    back = np.array([[1, 0, -width / 2 + 0.5], [0, 1, -height / 2 + 0.5], [0, 0, 1]])
    return photograph.warped(centre @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ back, size, outside=255)


def phone(
    photograph: Photograph,
    tilt: float = 20,
    pan: float = 10,
    roll: float = 3,
    size: tuple[int, int] = (3024, 4032),
    fill: float = 0.8,
) -> Photograph:
    """Seen by a phone with a lens of 26 mm (equivalent), tilted by so many degrees, the page filling `fill` of it."""
    height, width = photograph.grey.shape
    focal = 0.78 * max(size)
    x, y, z = np.radians([tilt, pan, roll])
    turn = (
        cv2.Rodrigues(np.array([x, 0, 0]))[0]
        @ cv2.Rodrigues(np.array([0, y, 0]))[0]
        @ cv2.Rodrigues(np.array([0, 0, z]))[0]
    )
    distance = focal * height / (fill * size[1])
    pose = np.column_stack([turn[:, 0], turn[:, 1], [0, 0, distance]])
    centre = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    lens = np.array([[focal, 0, size[0] / 2], [0, focal, size[1] / 2], [0, 0, 1]])
    matrix = lens @ pose @ centre
    corners = _through(matrix, np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64))
    low, high = corners.min(axis=0), corners.max(axis=0)
    zoom = min((np.array(size) * 0.98) / (high - low))
    middle = (low + high) / 2
    zoom = min(zoom, 1.0) if fill < 0.9 else zoom
    shift = np.array(
        [[zoom, 0, size[0] / 2 - zoom * middle[0]], [0, zoom, size[1] / 2 - zoom * middle[1]], [0, 0, 1]]
    )
    smooth = cv2.GaussianBlur(photograph.grey, (0, 0), 0.6)
    return replace(photograph, grey=smooth).warped(shift @ matrix, size, outside=70)


def barrel(photograph: Photograph, k: float) -> Photograph:
    """Lens distortion r -> r (1 + k r^2), r in half diagonals of the picture; k < 0 is a barrel."""
    height, width = photograph.grey.shape
    centre, half = np.array([width / 2, height / 2]), np.hypot(width, height) / 2

    def forth(points: NDArray[np.float64]) -> NDArray[np.float64]:
        off = (points - centre) / half
        return centre + half * off * (1 + k * np.sum(off**2, axis=1, keepdims=True))

    def back(points: NDArray[np.float64]) -> NDArray[np.float64]:
        guess = points
        for _ in range(12):
            guess = guess + (points - forth(guess))
        return guess

    return photograph.bent((width, height), back, forth)


def curled(photograph: Photograph, height_mm: float = 4, waves: float = 1.0) -> Photograph:
    """Paper that does not lie flat: seen from above, a wave along the page moves the print sideways and lengthways."""
    height, width = photograph.grey.shape
    swing = height_mm / 25.4 * DPI * 0.25

    def forth(points: NDArray[np.float64]) -> NDArray[np.float64]:
        u, v = points[:, 0] / width, points[:, 1] / height
        dx = swing * np.sin(np.pi * waves * v) * (u - 0.4)
        dy = swing * np.sin(np.pi * waves * u + 0.5) * (0.5 - v) * 2
        return points + np.stack([dx, dy], axis=1)

    def back(points: NDArray[np.float64]) -> NDArray[np.float64]:
        guess = points
        for _ in range(12):
            guess = guess + (points - forth(guess))
        return guess

    return photograph.bent((width, height), back, forth, outside=255)


def shaded(photograph: Photograph, seed: int = 0, depth: float = 0.55) -> Photograph:
    """Light from one side, and the soft shadow of a hand."""
    height, width = photograph.grey.shape
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.linspace(0, 1, 64), np.linspace(0, 1, 64))
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 - depth * 0.5 * (np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5) + 0.7) / 1.4
    spot = rng.uniform(0.2, 0.8, 2)
    light *= 1 - depth * np.exp(-((((x - spot[0]) ** 2 + (y - spot[1]) ** 2) / 0.05) ** 2))
    return photograph.with_grey(
        photograph.grey * cv2.resize(light, (width, height), interpolation=cv2.INTER_CUBIC)
    )


def noisy(
    photograph: Photograph, sigma: float = 5, blur: float = 1.0, quality: int = 80, seed: int = 0
) -> Photograph:
    """Out of focus, grainy, and compressed as JPEG."""
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(photograph.grey, (0, 0), blur) if blur else photograph.grey
    grain = rng.normal(0, sigma, soft.shape).astype(np.float32)
    packed = jpeg(photograph.with_grey(soft + grain).grey, quality)
    return replace(photograph, grey=cv2.imdecode(np.frombuffer(packed, np.uint8), cv2.IMREAD_GRAYSCALE))


def without_markers(photograph: Photograph, layout: Layout, lost: tuple[int, ...]) -> Photograph:
    """The markers of these ids painted over with paper."""
    grey = photograph.grey.copy()
    for marker in layout.pages[0].markers:
        if marker.id in lost:
            x, y, w, h = marker.box
            corners = np.array(
                [[x - 1, y - 1], [x + w + 1, y - 1], [x + w + 1, y + h + 1], [x - 1, y + h + 1]]
            )
            cv2.fillConvexPoly(grey, np.round(photograph.where(corners)).astype(np.int32), 235)
    return replace(photograph, grey=grey)


def with_moved_marker(
    photograph: Photograph, layout: Layout, marker: int, shift: float, turn: float
) -> Photograph:
    """A marker printed `shift` mm further in, both ways, and turned: what a corner that is folded over looks like."""
    photograph = without_markers(photograph, layout, (marker,))
    side, rim = round(9 * PX), round(4 * PX)
    code = cv2.aruco.generateImageMarker(
        cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50), marker, side
    )
    code = cv2.copyMakeBorder(code, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=255)
    middle = (code.shape[0] / 2, code.shape[0] / 2)
    code = cv2.warpAffine(code, cv2.getRotationMatrix2D(middle, turn, 1), code.shape, borderValue=255)
    x, y, _, _ = layout.pages[0].markers[marker].box
    x, y = x + (shift if marker in (0, 3) else -shift), y + (shift if marker in (0, 1) else -shift)
    left, top = round(x * PX) - rim, round(y * PX) - rim
    place = photograph.grey[top : top + code.shape[0], left : left + code.shape[1]]
    np.minimum(place, code, out=place)
    return photograph


def jpeg(grey: Grey, quality: int = 80) -> bytes:
    return cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _through(matrix: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    return cv2.perspectiveTransform(points.reshape(-1, 1, 2), matrix).reshape(-1, 2)
