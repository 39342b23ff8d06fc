"""What the printer put on the paper before anyone wrote: outlines, labels, tints, rules and neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path as File
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ml.simulation.conditions import CANVAS, Conditions, jitter, within
from ml.simulation.pens import Mask, Paper, Pen, blank_mask, draw_polyline, soak
from ml.simulation.shapes import Path, oval

FONT_FOLDERS = (File("/usr/share/fonts"), File("/usr/local/share/fonts"), File("/Library/Fonts"))
LATIN = (*(str(n) for n in range(11)), *"ABCDEABCDEABCDEFGHabcdeOX+-TF")
HANGUL = tuple("ㄱㄴㄷㄹㅁ가나")
SHAPES = (*("ellipse",) * 9, *("square", "rounded", "brackets") * 3, "none")
LABEL_PX = 40
SMALLEST_LABEL = 8  # canvas pixels; smaller print would be a blot in the cell
# Bubble to box: descriptions are often inexact.
FITS = ((0.58, 1.0), (1.0, 1.4), (1.0, 1.4), *((0.95, 1.05),) * 5)


@dataclass(frozen=True)
class Bubble:
    """A printed bubble: half sizes rx and ry in canvas pixels around (0, 0), and how it was printed."""

    shape: str
    rx: float
    ry: float
    width: int
    ink: float
    label: str
    label_ink: float
    label_height: float
    pitch_x: float
    pitch_y: float


def any_paper(random: Random, conditions: Conditions) -> Paper:
    """White, tinted or zebra paper, with the edge of a coloured band now and then."""
    level = within(random, conditions.paper)
    paper = np.full((CANVAS, CANVAS), level, np.float32)
    if random.random() < 0.12:
        edge = random.randrange(CANVAS)
        band = paper[edge:] if random.random() < 0.5 else paper[:, edge:]
        band -= random.uniform(5, 32)
    return paper


def toner(ink: float) -> Pen:
    """Print: even and still."""
    return Pen(width=1, ink=ink, grain=0.1, tremor=0.0)


def outline(shape: str, rx: float, ry: float, centre: tuple[float, float]) -> list[Path]:
    """The lines of a bubble's outline in canvas pixels; "none" has none, only its label."""
    if shape == "none":
        return []
    if shape == "ellipse":
        return [oval(rx, ry) + centre]
    if shape == "brackets":
        sides = np.array([[-0.55, -1], [-1, -1], [-1, 1], [-0.55, 1]])
        return [np.array(centre) + sign * sides * (rx, ry) for sign in (-1, 1)]
    cut = 0.0 if shape == "square" else 0.35 * min(rx, ry)
    return [np.array(centre) + rounded_box(rx, ry, cut)]


def rounded_box(rx: float, ry: float, cut: float) -> Path:
    """A rectangle around (0, 0) with corners rounded by a radius of cut."""
    quarter = np.linspace(0, np.pi / 2, 6 if cut else 1)
    corners = []
    for number, (sign_x, sign_y) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        angles = quarter + number * np.pi / 2
        middle = (sign_x * (rx - cut), sign_y * (ry - cut))
        corners.append(np.stack([middle[0] + cut * np.cos(angles), middle[1] + cut * np.sin(angles)], 1))
    closed: Path = np.concatenate([*corners, corners[0][:1]])
    return closed


def any_bubble(random: Random, conditions: Conditions, half: float) -> Bubble:
    """A bubble in a box whose longer half side is `half` pixels, of a look that some answer sheet has.

    A third of them are smaller or larger than the box that the sheet's description gives them.
    """
    pitch_x, pitch_y = (
        2 * half * random.choice((random.uniform(1.02, 1.5), random.uniform(1.4, 2.4))) for _ in range(2)
    )
    fit = random.choice(FITS)
    half *= within(random, fit)
    ratio = random.choice((1.0, 1.0, 1.0, random.uniform(0.76, 1.0), random.uniform(0.45, 1.0)))
    is_tall = random.random() < 0.5
    shape = random.choice(SHAPES)
    rx, ry = (half * ratio, half) if is_tall else (half, half * ratio)
    return Bubble(
        shape=shape,
        rx=rx,
        ry=ry,
        width=random.choice((1, 1, 2, 2, 3, 4)),
        ink=within(random, conditions.outline),
        label=any_label(random) or ("A" if shape == "none" else ""),
        label_ink=random.choice((random.uniform(90, 190), random.uniform(0, 110))),
        label_height=min(ry, rx) * random.choice((random.uniform(0.5, 1.15), random.uniform(0.8, 1.6))),
        pitch_x=pitch_x * (0.5 + 0.5 * rx / half),
        pitch_y=pitch_y * (0.5 + 0.5 * ry / half),
    )


def any_label(random: Random) -> str:
    """A fifth of bubbles have none; a third of the labels are Hangul."""
    if random.random() < 0.2:
        return ""
    return random.choice(HANGUL) if random.random() < 0.3 else random.choice(LATIN)


def print_bubble(mask: Mask, bubble: Bubble, centre: tuple[float, float]) -> None:
    for lines in outline(bubble.shape, bubble.rx, bubble.ry, centre):
        draw_polyline(mask, lines, bubble.width)


def print_label(
    paper: Paper, bubble: Bubble, centre: tuple[float, float], random: Random, fonts: Sequence[str]
) -> None:
    """The label in the middle of a bubble; O and X stay small, as print that looks like a mark should."""
    if not bubble.label or bubble.label_height < SMALLEST_LABEL:
        return
    height = bubble.label_height * (0.75 if bubble.label in "OX" else 1.0)
    glyph = label_glyph(bubble.label, random.choice(fonts_with(bubble.label, fonts)))
    scale = height / max(*glyph.shape, 0.55 * LABEL_PX)
    x = centre[0] - glyph.shape[1] * scale / 2 + jitter(random, 1.0)
    y = centre[1] - glyph.shape[0] * scale / 2 + jitter(random, 1.0)
    move = np.array([[scale, 0, x], [0, scale, y]])
    mask = cv2.warpAffine(
        cv2.GaussianBlur(glyph, (3, 3), 1.0), move, (CANVAS, CANVAS), flags=cv2.INTER_LINEAR
    )
    soak(paper, mask, toner(bubble.label_ink), random)


def print_rules(paper: Paper, random: Random) -> None:
    """A dotted or solid rule beside the bubble, or a line of the table it stands in."""
    mask = blank_mask()
    at = random.choice((random.uniform(10, 19), random.uniform(77, 86)))
    step = random.choice((1, 4, 6))
    row = mask[round(at)]
    row[::step] = 255
    if step > 1:
        row[1::step] = 255
    soak(
        paper,
        mask if random.random() < 0.5 else np.ascontiguousarray(mask.T),
        toner(random.uniform(40, 200)),
        random,
    )


def fonts_with(label: str, names: Sequence[str]) -> tuple[str, ...]:
    """Font files that have the label; "" (Pillow's own font) where there is none.

    Korean labels need a Korean font: without one they are drawn as a plain box, which does no harm.
    """
    files = font_files(tuple(names))
    return (tuple(file for file in files if "Nanum" in file) if label in HANGUL else files) or ("",)


@lru_cache(maxsize=4)
def font_files(names: tuple[str, ...]) -> tuple[str, ...]:
    """Installed font files whose names contain one of `names`."""
    installed = (path for folder in FONT_FOLDERS if folder.is_dir() for path in folder.rglob("*.ttf"))
    return tuple(sorted(str(path) for path in installed if any(name in path.name for name in names)))


@cache
def label_glyph(label: str, font_file: str) -> NDArray[np.uint8]:
    """The label as a tight uint8 mask about LABEL_PX high."""
    font = ImageFont.truetype(font_file, LABEL_PX) if font_file else ImageFont.load_default(LABEL_PX)
    image = Image.new("L", (LABEL_PX * 3, LABEL_PX * 2))
    ImageDraw.Draw(image).text((LABEL_PX // 2, LABEL_PX // 4), label, fill=255, font=font)
    box = image.getbbox() or (0, 0, LABEL_PX, LABEL_PX)
    return np.pad(np.asarray(image.crop(box)), 2)


def print_box(paper: Paper, half: float, random: Random, conditions: Conditions) -> None:
    """The square box of a handwritten digit or letter, with a neighbour close by on one or both sides."""
    mask = blank_mask()
    middle = CANVAS / 2
    pitch = 2 * half * random.uniform(1.02, 1.3)
    width = random.choice((1, 1, 2, 2, 3))
    for offset in random.choice(((0,), (0, -1), (0, 1), (0, -1, 1), (0, -1, 1))):
        draw_polyline(mask, rounded_box(half, half, 0.0) + (middle + offset * pitch, middle), width)
    soak(paper, mask, toner(within(random, conditions.outline)), random)
