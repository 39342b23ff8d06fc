"""A sheet that somebody writes on: digits and letters of known hands, signs, blots and print."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ml.core.arrays import Picture
from ml.core.characters import Characters
from ml.digits.data import LabelledDigits
from ml.digits.drawn import draw_line
from ml.digits.strokes import set_width
from ml.simulation.printing import fonts_with

HIGH, WIDE = 900, 1200  # of a sheet
INKS = ((20, 20, 25), (30, 40, 130), (25, 25, 90), (60, 60, 65), (120, 20, 30))
FONTS = ("DejaVuSans", "LiberationSans", "Lato-", "OpenSans", "FreeSans", "Carlito", "NanumSquare")


@dataclass(frozen=True)
class Hands:
    """Whose digits and letters these are, each digit's pictures by its name."""

    digits: LabelledDigits
    letters: Characters

    def digit(self, name: str, random: Random) -> Picture:
        places = np.flatnonzero(self.digits.labels == int(name))
        return np.asarray(self.digits.pictures[random.choice(places.tolist())])


@dataclass
class Sheet:
    """Ink on paper: what is written is laid over the paper that is given to `on`."""

    random: Random
    hands: Hands
    high: int = HIGH
    wide: int = WIDE
    ink: NDArray[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.ink = np.zeros((self.high, self.wide), np.uint8)
        self.colour = self.random.choice(INKS)
        self.pen = self.random.uniform(1.3, 2.4)  # px of 28

    def digit(self, name: str, left: float, top: float, size: float) -> tuple[int, int, int, int]:
        """Its ink's height is `size`; returns its box."""
        return self.put(set_width(self.hands.digit(name, self.random), self.pen), left, top, size)

    def put(self, glyph: Picture, left: float, top: float, size: float) -> tuple[int, int, int, int]:
        x, y, wide, high = cv2.boundingRect((glyph > 60).astype(np.uint8))
        scale = size / max(high, 0.6 * wide, 1)
        small = cv2.resize(
            glyph[y : y + high, x : x + wide], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
        )
        high, wide = small.shape
        x, y = round(left), round(top + (size - high) / 2)
        part = self.ink[y : y + high, x : x + wide]
        np.maximum(part, small[: part.shape[0], : part.shape[1]], out=part)
        return x, y, wide, high

    def line(self, points: Any, width: float) -> None:
        draw_line(self.ink, np.array(points, np.float64), round(width))

    def row(self, text: str, left: float, top: float, size: float, gap: float = 0.35) -> float:
        """Digits, blanks and signs; returns where the row ends."""
        for name in text:
            if name.isdigit():
                own = size * self.random.uniform(0.9, 1.08)
                _x, _y, wide, _high = self.digit(
                    name, left, top + self.random.uniform(-0.06, 0.06) * size, own
                )
                left += wide + size * gap * self.random.uniform(0.8, 1.3)
            elif name == " ":
                left += 0.5 * size
            else:
                left = self.sign(name, left, top, size) + size * gap * self.random.uniform(0.7, 1.0)
        return left

    def sign(self, name: str, left: float, top: float, size: float) -> float:
        """As pens make them, a little different every time; returns where it ends."""
        random, width = self.random, self.pen * size / 20
        middle, wide = top + size * random.uniform(0.48, 0.58), size * random.uniform(0.36, 0.5)
        tilt = size * random.uniform(-0.05, 0.05)
        foot = top + size * random.uniform(0.93, 1.0)
        if name == "-":
            self.line([(left, middle + tilt), (left + wide, middle - tilt)], width)
        elif name == "+":
            self.line([(left, middle + tilt), (left + wide, middle - tilt)], width)
            self.line(
                [(left + wide / 2 + tilt, middle - wide / 2), (left + wide / 2 - tilt, middle + wide / 2)],
                width,
            )
        elif name == "=":
            for level in (-0.09, 0.11):
                self.line(
                    [(left, middle + level * size + tilt), (left + wide, middle + level * size - tilt)], width
                )
        elif name == "/":
            wide = size * random.uniform(0.4, 0.6)
            self.line([(left, top + 1.08 * size), (left + wide, top - 0.08 * size)], width)
        elif name == ".":
            wide = 1.4 * width
            cv2.circle(
                self.ink,
                (round(left + wide / 2), round(foot)),
                max(2, round(0.75 * width)),
                255,
                -1,
                cv2.LINE_AA,
            )
        else:
            wide = 0.12 * size
            self.line(
                [(left + wide, foot - 0.02 * size), (left, foot + size * random.uniform(0.14, 0.24))], width
            )
        return left + wide

    def blot(self, left: float, top: float, radius: float) -> None:
        """Rounder or more ragged, and sometimes with splashes."""
        random = self.random
        angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
        waves = sum(
            random.gauss(0, random.choice((0, 0.08, 0.2))) / n * np.cos(n * angles + random.uniform(0, 6))
            for n in range(1, 7)
        )
        shape = np.stack(
            [left + np.cos(angles) * radius * (1 + waves), top + np.sin(angles) * radius * (1 + waves)], 1
        )
        cv2.fillPoly(self.ink, [np.round(shape * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
        for _ in range(random.choice((0, 0, 0, 3, 6))):
            away, turn = radius * random.uniform(1.2, 2.2), random.uniform(0, 6.3)
            centre = (round(left + away * np.cos(turn)), round(top + away * np.sin(turn)))
            cv2.circle(
                self.ink, centre, max(1, round(radius * random.uniform(0.04, 0.14))), 255, -1, cv2.LINE_AA
            )

    def printed(self, text: str, left: float, top: float, size: float) -> float:
        """In a font of this machine; returns where it ends."""
        files = fonts_with("A", FONTS)
        font = (
            ImageFont.truetype(self.random.choice(files), round(size * 1.35))
            if files[0]
            else ImageFont.load_default(size * 1.35)
        )
        image = Image.fromarray(self.ink)
        ImageDraw.Draw(image).text((left, top - 0.3 * size), text, fill=255, font=font)
        self.ink[:] = np.asarray(image)
        return left + font.getlength(text)

    def on(self, paper: NDArray[Any]) -> Picture:
        share = (self.ink / 255 * 0.93)[..., None]
        return np.clip(paper * (1 - share) + np.array(self.colour) * share, 0, 255).astype(np.uint8)
