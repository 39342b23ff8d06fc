"""What copiers, phones and people do to sheets: each takes pictures, RGB (h, w, 3) uint8 at 300 dpi, to others."""

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from PIL import Image

from benchmarks import camera
from benchmarks.exam_day import DPI
from grading.sheet.filling.ink import MM_PER_INCH, Picture

Rng = np.random.Generator

DOTS = DPI / MM_PER_INCH  # px per mm
SHOWS = 0.7  # of a page that was cut
GAP = 6.0  # mm between sheets in one picture
MARGIN = 0.5  # mm around a box whose print is bleached away
OUTLINED = ("bubble", "digit", "letter")
SIDES = ("upper", "lower", "left", "right")


def bleach(picture: Picture, layout: Mapping[str, Any], left: float) -> Picture:
    """Before anything is marked: of the darkness of bubbles and boxes, and what is printed in them, `left` remains."""
    pale = picture.copy()
    for field in layout["fields"]:
        if field["kind"] in OUTLINED:
            x, y, width, height = field["box"]
            rows = slice(round((y - MARGIN) * DOTS), round((y + height + MARGIN) * DOTS))
            part = rows, slice(round((x - MARGIN) * DOTS), round((x + width + MARGIN) * DOTS))
            pale[part] = 255 - (255 - picture[part].astype(np.float32)) * left
    return pale


def overexpose(picture: Picture) -> Picture:
    """A copier set to light: grey becomes paper, black becomes grey."""
    return np.clip((picture.astype(np.float32) - 40) * 1.9 + 60, 0, 255).astype(np.uint8)


def cut(picture: Picture, side: str) -> Picture:
    """Only its upper, lower, left or right part."""
    height, width = picture.shape[:2]
    rows, columns = round(height * SHOWS), round(width * SHOWS)
    return {
        "upper": picture[:rows],
        "lower": picture[-rows:],
        "left": picture[:, :columns],
        "right": picture[:, -columns:],
    }[side]


def side_by_side(pictures: Sequence[Picture]) -> Picture:
    gap = np.full((pictures[0].shape[0], round(GAP * DOTS), 3), 120, np.uint8)
    row = [part for picture in pictures for part in (picture, gap)]
    return np.concatenate(row[:-1], axis=1)


def one_above_the_other(pictures: Sequence[Picture]) -> Picture:
    return np.ascontiguousarray(np.rot90(side_by_side([np.rot90(one) for one in pictures[::-1]]), -1))


def fold(picture: Picture, rng: Rng) -> Picture:
    """Folded in four and opened again: two creases, each quarter a little lighter or darker, the print bent there."""
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    middle, centre = height * rng.uniform(0.45, 0.55), width * rng.uniform(0.45, 0.55)
    off_row, off_column = np.abs(rows - middle) / DOTS, np.abs(columns - centre) / DOTS
    lift = 0.5 * DOTS * (np.exp(-off_row / 15) + np.exp(-off_column / 15))
    bent = cv2.remap(
        picture, columns + lift * 0.6, rows + lift, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    light = 1 - 0.07 * ((rows > middle) ^ (columns > centre)) - 0.25 * np.exp(-((off_row / 0.4) ** 2))
    light -= 0.25 * np.exp(-((off_column / 0.4) ** 2))
    return (bent * light[..., None]).astype(np.uint8)


def fold_corner(picture: Picture, rng: Rng) -> Picture:
    """A dog's ear over one marker: the paper's back, in a triangle."""
    size, (height, width) = round(rng.uniform(26, 34) * DOTS), picture.shape[:2]
    x, y = (0 if rng.random() < 0.5 else width - 1), (0 if rng.random() < 0.5 else height - 1)
    inwards = np.array([1 if x == 0 else -1, 1 if y == 0 else -1])
    corners = np.array([[x, y], [x, y]]) + np.array([[size, 0], [0, size]]) * inwards
    folded = picture.copy()
    cv2.fillPoly(folded, [np.array([[x, y], *corners])], (95, 95, 95))
    cv2.fillPoly(folded, [np.array([np.array([x, y]) + size * inwards, *corners])], (235, 235, 235))
    cv2.line(folded, corners[0].tolist(), corners[1].tolist(), (150, 150, 150), 4)
    return folded


def stain(picture: Picture, rng: Rng) -> Picture:
    """The ring of a cup of coffee, and what was spilled beside it."""
    height, width = picture.shape[:2]
    wet = np.zeros((height // 4, width // 4), np.float32)
    for _ in range(2):
        at = (int(rng.uniform(0.2, 0.8) * wet.shape[1]), int(rng.uniform(0.25, 0.8) * wet.shape[0]))
        cv2.circle(wet, at, round(38 * DOTS / 4), 0.55, round(2.5 * DOTS / 4), cv2.LINE_AA)
        axes = (round(rng.uniform(15, 30) * DOTS / 4), round(rng.uniform(10, 20) * DOTS / 4))
        cv2.ellipse(wet, at, axes, rng.uniform(0, 180), 0, 360, 0.35, -1, cv2.LINE_AA)
    drops = rng.uniform(0.6, 1.1, (24, 18)).astype(np.float32)
    uneven = cv2.resize(drops, wet.shape[::-1], interpolation=cv2.INTER_CUBIC)
    share = cv2.resize(cv2.GaussianBlur(wet * uneven, (0, 0), 1.5), (width, height))[..., None]
    return (picture * (1 - share * (1 - np.float32([165, 120, 70]) / 255))).astype(np.uint8)


def lay_over(picture: Picture, beneath: Picture, rng: Rng) -> Picture:
    """Another sheet lies beneath, and an edge of it with its markers shows."""
    height, width = picture.shape[:2]
    off, reach = round(rng.uniform(25, 40) * DOTS), round(45 * DOTS)
    canvas = np.full((height + reach, width + reach, 3), 90, np.uint8)
    canvas[reach - 5 : reach - 5 + height, off : off + width] = beneath
    canvas[:height, :width] = picture
    cv2.rectangle(canvas, (0, 0), (width, height), (150, 150, 150), 3)
    return canvas


def show_through(picture: Picture, back: Picture) -> Picture:
    """Thin paper: what is printed on the back is seen, mirrored."""
    ghost = cv2.GaussianBlur(255 - np.ascontiguousarray(back[:, ::-1]), (0, 0), 4).astype(np.float32)
    return np.clip(picture - 0.22 * ghost, 0, 255).astype(np.uint8)


def scanned(picture: Picture, rng: Rng, dpi: int) -> Picture:
    """By a coarser scanner."""
    grey = np.asarray(camera.scan(picture, rng))
    return cv2.resize(grey, None, fx=dpi / DPI, fy=dpi / DPI, interpolation=cv2.INTER_AREA)


def one_bit(grey: Picture) -> Image.Image:
    """Black and white, with nothing between."""
    return Image.fromarray(np.where(grey > 165, 255, 0).astype(np.uint8)).convert(
        "1", dither=Image.Dither.NONE
    )
