"""A scanner and a phone: what they make of a filled sheet. Pictures are uint8 RGB (h, w, 3)."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from grading.sheet.filling.ink import Picture

PHOTO = (3024, 4032)  # px, height and width: 12 megapixels
NODE = 32  # px of the photo between nodes of the map
ORIENTATION = 0x0112  # EXIF
DESKS = ((150, 110, 75), (60, 65, 70), (200, 195, 185), (120, 85, 60))


@dataclass(frozen=True)
class Look:
    """Where the phone was held. Angles in degrees; `fills` is the sheet's share of the photo's height."""

    turned: float
    tilt: tuple[float, float]
    fills: float
    barrel: float


def any_look(rng: np.random.Generator) -> Look:
    turn = float(rng.choice([0, 90, 180, 270], p=[0.15, 0.4, 0.1, 0.35]) + rng.normal(0, 4))
    return Look(turn, (rng.normal(0, 8), rng.normal(0, 8)), rng.uniform(0.8, 0.93), rng.uniform(-0.01, 0.06))


# --- scanner


def scan(picture: Picture, rng: np.random.Generator, degrees: float | None = None) -> Image.Image:
    """One page through a sheet feeder: slightly turned, a little soft, grey, with the lamp's own contrast.

    With `degrees` the page is turned so far on a larger glass, so that no corner is lost.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    grey = rotated(grey, rng.normal(0, 0.5)) if degrees is None else laid(grey, degrees)
    soft = cv2.GaussianBlur(grey, (0, 0), rng.uniform(0.4, 0.9)).astype(np.float32)
    black, white = rng.uniform(5, 35), rng.uniform(232, 255)
    lit = black + soft / 255 * (white - black) + grain(soft.shape, rng.uniform(1, 4), rng)
    dust(lit, rng)
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def rotated(grey: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=250)


def laid(grey: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    """Turned clockwise, on a canvas that holds all of it."""
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    new_width, new_height = round(width * cos + height * sin), round(width * sin + height * cos)
    matrix[:, 2] += (new_width - width) / 2, (new_height - height) / 2
    return cv2.warpAffine(grey, matrix, (new_width, new_height), flags=cv2.INTER_LINEAR, borderValue=250)


def dust(lit: NDArray[np.float32], rng: np.random.Generator) -> None:
    for _ in range(rng.integers(0, 25)):
        centre = (int(rng.integers(lit.shape[1])), int(rng.integers(lit.shape[0])))
        cv2.circle(lit, centre, int(rng.integers(1, 4)), float(rng.uniform(60, 200)), -1, cv2.LINE_AA)


def save_pdf(pages: Iterable[Image.Image], quality: int = 85, dpi: int = 300) -> bytes:
    """One PDF of JPEG pictures, as scanners write it."""
    first, *rest = pages
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=dpi, quality=quality)
    return out.getvalue()


# --- phone


def photograph(picture: Picture, rng: np.random.Generator, look: Look | None = None) -> bytes:
    """A 12-megapixel JPEG of the sheet on a desk."""
    photo = seen(picture, look or any_look(rng), desk(rng)).astype(np.float32)
    photo *= light(rng)[..., None] * rng.uniform([0.94, 0.94, 0.8], [1.0, 1.0, 1.0])
    photo = cv2.GaussianBlur(photo, (0, 0), rng.uniform(0.5, 1.4))
    if rng.random() < 0.3:
        photo = cv2.filter2D(photo, -1, shake(rng))
    photo += grain(PHOTO, rng.uniform(2, 6), rng)[..., None]
    return as_jpeg(np.clip(photo, 0, 255).astype(np.uint8), rng)


def seen(picture: Picture, look: Look, background: Picture) -> Picture:
    """The sheet in perspective through the lens, over the desk."""
    x, y = page_points(picture.shape[:2], look)
    inside = (x > 0) & (x < picture.shape[1] - 1) & (y > 0) & (y < picture.shape[0] - 1)
    # A phone resolves less than the 300 dpi the sheet was drawn at: average first, or thin lines would break.
    shrink = max(1.0, picture.shape[0] / (look.fills * max(PHOTO)))
    soft = cv2.GaussianBlur(picture, (0, 0), 0.4 * shrink)
    sheet = cv2.remap(soft, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    edge = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 1.0)[..., None]
    shadow = 1 - 0.35 * cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 18)[..., None]
    return np.rint(sheet * edge + background * shadow * (1 - edge)).astype(np.uint8)


def page_points(size: tuple[int, int], look: Look) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each pixel of the photo, which point of the page it sees."""
    height, width = PHOTO
    rows, columns = np.mgrid[0 : height + NODE : NODE, 0 : width + NODE : NODE].astype(np.float64)
    u, v = (columns - width / 2) / (width / 2), (rows - height / 2) / (width / 2)
    bent = 1 + look.barrel * (u**2 + v**2)
    points = np.stack([u * bent, v * bent], -1).reshape(-1, 1, 2)
    page = cv2.perspectiveTransform(points, np.linalg.inv(homography(size, look))).reshape(*rows.shape, 2)
    maps = []
    for axis in (0, 1):
        nodes = page[..., axis].astype(np.float32)
        grid = np.mgrid[0:height, 0:width].astype(np.float32) / NODE
        maps.append(cv2.remap(nodes, grid[1], grid[0], cv2.INTER_LINEAR))
    return maps[0], maps[1]


def homography(size: tuple[int, int], look: Look) -> NDArray[np.float64]:
    """From px of the page to the photo's plane, where its width is 2."""
    height, width = size
    a, b, c = np.radians([*look.tilt, look.turned])
    about_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    about_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    turn = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    solid = np.column_stack([corners - [width / 2, height / 2], np.zeros(4)]) @ (about_y @ about_x @ turn).T
    distance = 1.6 * height
    flat = solid[:, :2] / (distance + solid[:, 2:]) * distance
    flat -= (flat.min(0) + flat.max(0)) / 2
    extent = np.ptp(flat, axis=0)
    flat *= 2 * look.fills * min(1 / extent[0], PHOTO[0] / PHOTO[1] / extent[1])
    return cv2.getPerspectiveTransform(corners.astype(np.float32), flat.astype(np.float32))


def desk(rng: np.random.Generator) -> Picture:
    """Wood, a dark mat or a bright table: coarse noise stretched along the grain."""
    height, width = PHOTO
    small = rng.standard_normal((height // 8, width // 96)).astype(np.float32)
    streaks = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    base = np.float32(DESKS[rng.integers(len(DESKS))])
    return np.clip(base + streaks[..., None] * rng.uniform(4, 16), 0, 255).astype(np.uint8)


def light(rng: np.random.Generator) -> NDArray[np.float32]:
    """Exposure, a gradient across the desk, the lens's dark corners, and often a shadow's soft edge."""
    height, width = PHOTO
    v, u = np.mgrid[-1:1:95j, -1:1:127j]
    angle = rng.uniform(0, 2 * np.pi)
    field = 1 - rng.uniform(0, 0.25) * (1 + u * np.cos(angle) + v * np.sin(angle)) / 2
    field *= 1 - rng.uniform(0.05, 0.25) * (u**2 + v**2) / 2
    if rng.random() < 0.6:
        angle, offset, softness = rng.uniform(0, 2 * np.pi), rng.uniform(-0.5, 0.7), rng.uniform(0.03, 0.3)
        side = (u * np.cos(angle) + v * np.sin(angle) - offset) / softness
        field *= 1 - rng.uniform(0.15, 0.45) / (1 + np.exp(-np.clip(side, -30, 30)))
    field *= rng.uniform(0.75, 1.02)
    return cv2.resize(field.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)


def shake(rng: np.random.Generator) -> NDArray[np.float32]:
    """The kernel of a hand that moved: a short line."""
    kernel = np.zeros((9, 9), np.float32)
    angle, length = rng.uniform(0, np.pi), rng.uniform(1, 3)
    dx, dy = length * np.cos(angle), length * np.sin(angle)
    start, end = (round((4 - dx) * 16), round((4 - dy) * 16)), (round((4 + dx) * 16), round((4 + dy) * 16))
    cv2.line(kernel, start, end, 1.0, 1, cv2.LINE_AA, 4)
    return kernel / kernel.sum()


def grain(shape: tuple[int, ...], sigma: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Noise from one tile: drawing twelve million numbers a photo would take longer than all else."""
    tile = np.random.default_rng(1).standard_normal((1024, 1024)).astype(np.float32) * np.float32(sigma)
    tile = np.roll(tile, rng.integers(1024, size=2), (0, 1))
    return np.tile(tile, (shape[0] // 1024 + 1, shape[1] // 1024 + 1))[: shape[0], : shape[1]]


def as_jpeg(photo: Picture, rng: np.random.Generator) -> bytes:
    """JPEG of quality 75 to 90; every third phone stores the picture turned and says so in EXIF."""
    image, exif = Image.fromarray(photo), Image.Exif()
    if rng.random() < 1 / 3:
        image = image.transpose(Image.Transpose.ROTATE_90)
        exif[ORIENTATION] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", quality=int(rng.integers(75, 91)), exif=exif)
    return out.getvalue()
