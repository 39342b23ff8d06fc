"""From paper to picture: copier, age, light, lens, sensor, JPEG; ends as the cell that a network reads."""

from functools import cache, lru_cache
from math import cos, radians, sin
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.simulation.conditions import CANVAS, CELL, SIDE, Conditions, jitter, within
from ml.simulation.pens import Paper, blank_mask, draw_polyline

Picture = NDArray[Any]  # (SIDE, SIDE) float32 grey levels
Cell = NDArray[Any]  # (side, side) uint8

NOISES = 64


def photograph(
    paper: Paper,
    ink: float,
    random: Random,
    conditions: Conditions,
    page: Random | None = None,
    side: int = CELL,
) -> Cell:
    """The cell as cut from a rectified page: moved a little, blurred, lit unevenly, noisy, compressed, shrunk.

    ink is the pen's grey level: a photocopy that lost a light pencil's strokes would have lost its label too.
    page: decides what all cells of one page have in common, its focus, copier and light. side: of the cell, pixels.
    """
    page = page or random
    picture = focus(move(paper, random, conditions), page, conditions)
    if ink < 150 and page.random() < conditions.chance_threshold:
        picture = photocopy(picture, page, conditions)
    picture = light(picture, page, conditions)
    if random.random() < conditions.chance_shadow:
        picture = shade(picture, random)
    picture += _noise(random.randrange(NOISES)) * within(random, conditions.noise)
    grey = cv2.convertScaleAbs(np.maximum(picture, 0.0))
    if random.random() < conditions.chance_jpeg:
        grey = compress(grey, round(within(random, conditions.jpeg)))
    return cv2.resize(grey, (side, side), interpolation=cv2.INTER_AREA)


def move(paper: Paper, random: Random, conditions: Conditions) -> Picture:
    """Cuts the cell with the registration error of a real page: shift, turn, scale, a little shear."""
    angle = radians(jitter(random, conditions.turn))
    scale = 1 + jitter(random, conditions.scale)
    shear = jitter(random, 0.03)
    turn = np.array([[cos(angle), -sin(angle) + shear], [sin(angle), cos(angle)]]) * scale
    shift = np.array([jitter(random, conditions.shift), jitter(random, conditions.shift)]) * SIDE
    from_middle = shift + SIDE / 2 - turn @ np.array([CANVAS / 2, CANVAS / 2])
    matrix = np.concatenate([turn, from_middle[:, None]], 1)
    picture: Picture = cv2.warpAffine(paper, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    return picture


def focus(picture: Picture, random: Random, conditions: Conditions) -> Picture:
    """Gaussian blur, or the streak of a moving hand."""
    if random.random() < conditions.chance_motion:
        return cv2.filter2D(picture, -1, _streak(random.randint(3, 7), random.randrange(12)))
    sigma = within(random, conditions.blur)
    return cv2.GaussianBlur(picture, (0, 0), sigma) if sigma > 0.35 else picture


@cache
def _streak(length: int, direction: int) -> NDArray[np.float32]:
    kernel = np.zeros((9, 9), np.float32)
    dx, dy = cos(direction * np.pi / 12) * length / 2, sin(direction * np.pi / 12) * length / 2
    ends = [[round((4 + sign * dx) * 8), round((4 + sign * dy) * 8)] for sign in (-1, 1)]
    cv2.polylines(kernel, [np.array(ends, np.int32)], False, 1.0, 1, cv2.LINE_AA, 3)
    return kernel / kernel.sum()


def photocopy(picture: Picture, random: Random, conditions: Conditions) -> Picture:
    """Black or white with little between, as a fax or a worn copier does."""
    level = min(within(random, conditions.threshold), paper_level(picture) - 25)
    hardness = random.uniform(0.04, 0.2)
    copied: Picture = 255.0 / (1.0 + np.exp(np.clip((level - picture) * hardness, -30, 30)))
    return copied


def light(picture: Picture, random: Random, conditions: Conditions) -> Picture:
    """Low contrast and what is left of uneven light after the page was evened out."""
    floor = random.uniform(0, 40)
    contrast = within(random, conditions.contrast)
    across, down = jitter(random, conditions.tilt), jitter(random, conditions.tilt)
    lit: Picture = (picture * contrast + floor * (1 - contrast)) * (1 + across * _ramp() + down * _ramp().T)
    if random.random() < 0.7:
        lit += random.uniform(0.6, 1.0) * (random.uniform(238, 254) - paper_level(lit))
    return lit


def paper_level(picture: Picture) -> float:
    """What the lightest twentieth of the cell is at least: paper, even where ink covers most of it."""
    sample = np.sort(picture[::6, ::6], axis=None)
    return float(sample[len(sample) * 19 // 20])


@lru_cache(maxsize=1)
def _ramp() -> Picture:
    return np.repeat(np.linspace(-1, 1, SIDE, dtype=np.float32)[None], SIDE, 0)


def shade(picture: Picture, random: Random) -> Picture:
    """The soft edge of a shadow across the cell."""
    angle = random.uniform(0, 6.3)
    distance = cos(angle) * _ramp() + sin(angle) * _ramp().T - jitter(random, 0.9)
    depth = random.uniform(0.03, 0.2)
    shaded: Picture = picture * (
        1 - depth / (1 + np.exp(np.clip(-distance * random.uniform(3, 25), -30, 30)))
    )
    return shaded


@cache
def _noise(number: int) -> Picture:
    generator = np.random.default_rng(1000 + number)
    noise: Picture = generator.standard_normal((SIDE, SIDE), np.float32)
    return noise if number % 2 else cv2.GaussianBlur(noise, (3, 3), 0.8) * 2.0


def compress(grey: Picture, quality: int) -> Picture:
    _, packed = cv2.imencode(".jpg", grey, (cv2.IMWRITE_JPEG_QUALITY, quality))
    unpacked: Picture | None = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    assert unpacked is not None, "a picture just packed can be unpacked"
    return unpacked


def dirty(paper: Paper, random: Random, conditions: Conditions) -> None:
    """Specks, hairs, a scanner's streak, a fold, in place."""
    if random.random() < conditions.chance_specks:
        speckle(paper, random)
    if random.random() < conditions.chance_streak:
        streak(paper, random)


def speckle(paper: Paper, random: Random) -> None:
    """Up to six specks too small to be meant, and sometimes a hair."""
    mask = blank_mask()
    for _ in range(random.randint(1, 6)):
        at = (random.randrange(CANVAS * 8), random.randrange(CANVAS * 8))
        cv2.circle(mask, at, round(random.uniform(0.4, 1.7) * 8), 255, -1, cv2.LINE_AA, 3)
    if random.random() < 0.2:
        curve = np.cumsum([[jitter(random, 5.0), jitter(random, 5.0)] for _ in range(9)], 0) + random.uniform(
            15, 80
        )
        cv2.polylines(mask, [np.round(curve * 8).astype(np.int32)], False, 150, 1, cv2.LINE_AA, 3)
    paper -= mask * np.float32(random.uniform(0.1, 0.85))


def streak(paper: Paper, random: Random) -> None:
    """A straight line over everything: dirt on a scanner's glass, a dead sensor, a fold."""
    at, drift = random.uniform(0, CANVAS), jitter(random, 6.0)
    mask = blank_mask()
    draw_polyline(mask, np.array([[at, 0], [at + drift, CANVAS]]), random.choice((1, 1, 2)))
    mask = mask if random.random() < 0.5 else np.ascontiguousarray(mask.T)
    strength = random.choice((random.uniform(-0.2, 0.0), random.uniform(0.05, 0.3)))
    paper -= mask * np.float32(strength)


def drop_out(paper: Paper, random: Random) -> None:
    """Toner that did not take in patches."""
    patches = cv2.GaussianBlur(_drops(random.randrange(NOISES)), (0, 0), 1.0)
    paper += np.maximum(patches - random.uniform(0.5, 1.0), 0) * (250 - paper) * random.uniform(0.3, 1.2)
    np.minimum(paper, 255, out=paper)


@cache
def _drops(number: int) -> NDArray[np.float32]:
    return np.random.default_rng(2000 + number).standard_normal((CANVAS, CANVAS), np.float32) * 2.0
