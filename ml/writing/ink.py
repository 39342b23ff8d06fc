"""Ink apart from its ground: how strongly each pixel differs from the paper or board around it.

The ground is what is left when everything narrower than a brush is closed over (morphological closing; Serra, Image
Analysis and Mathematical Morphology, 1982), so uneven light and shadows stay in it. Ink is found by its distance in the
colour channel where it differs most: a red pen is as strong as a black one.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from ml.core.arrays import Picture, rescale

GLANCE = 64  # px of the long side on which the side of the ink, dark or light, is looked at
GROUND = 400  # px of the long side on which the ground is estimated
FAINTEST = 9  # levels of 255: what differs less is no ink
DOUBT = 1.2  # skewness below which the other way round is looked at too
WELL = 0.35  # of the strongest channel's contrast
MARGIN = 0.08  # of a side
NARROWEST = 40  # px: no brush is narrower, or a bold digit that fills its crop would be ground
TWO_KINDS = 0.8  # of the variance lies between the kinds; noise alone gives 0.64
NOISES = 4.0  # standard deviations of the ground's noise that ink stands out by
PAGE = 500  # px of the shorter side: smaller pictures show no pages with shadows on them
FAINT = 0.75  # times as deep as ink is a shadow at most
THICKEST = 30  # px of a stroke on a page
WEAK = 0.3  # of the usual strength of ink: edges of strokes


@dataclass(frozen=True)
class Ink:
    """strength: (h, w) uint8, 255 where the ink is as strong as usual in this picture; mask: 255 on strokes, else 0."""

    strength: Picture
    mask: Picture


def depths(picture: Picture) -> list[Picture]:
    """(h, w) or (h, w, 3) -> (h, w) int16: levels of distance from the ground, about 0 on it, high on ink.

    Where it is doubtful which of the two is the ink, the second taken the other way round.
    """
    channels = strong(list(cv2.split(picture)))
    signs, is_doubtful = ink_signs(channels)
    ways = [signs, [-sign for sign in signs]] if is_doubtful else [signs]
    return [
        np.maximum.reduce([_depth(channel, sign) for channel, sign in zip(channels, way, strict=True)])
        for way in ways
    ]


def strong(channels: list[Picture]) -> list[Picture]:
    """Those in which the picture shows well: the others would add nothing but noise."""
    spreads = [float(shrunk_to(channel, GLANCE).std()) for channel in channels]
    return [channel for channel, std in zip(channels, spreads, strict=True) if std >= WELL * max(spreads)]


def grey_if_grey(picture: Picture) -> Picture:
    """A picture whose three channels are the same, as one."""
    if picture.ndim == 3 and all(np.array_equal(picture[..., 0], picture[..., n]) for n in (1, 2)):
        return np.ascontiguousarray(picture[..., 0])
    return picture


def ink_signs(channels: list[Picture]) -> tuple[list[int], bool]:
    """Of each channel: -1 where ink is darker than the ground, 1 where it is lighter; and whether that is doubtful.

    Ink is what differs strongly and seldom, so the third moment about the local median has its sign.
    """
    skews = [skewness(inner(shrunk_to(channel, GLANCE))) for channel in channels]
    return [1 if skew > 0 else -1 for skew in skews], max(map(abs, skews)) < DOUBT


def skewness(small: Picture) -> float:
    side = min(min(small.shape) | 1, 63)
    away = small.astype(np.float32) - cv2.medianBlur(small, side)
    return float((away**3).mean() / max(float((away**2).mean()), 1) ** 1.5)


def inner(picture: Picture) -> Picture:
    """Without its margin, where a crop shows the lines of its box."""
    down, across = (round(MARGIN * side) for side in picture.shape)
    return np.ascontiguousarray(picture[down : picture.shape[0] - down, across : picture.shape[1] - across])


def shrunk_to(picture: Picture, longest: int) -> Picture:
    scale = longest / max(picture.shape[:2])
    return rescale(picture, scale) if scale < 1 else picture


def _depth(channel: Picture, sign: int) -> Picture:
    dark = channel if sign < 0 else 255 - channel
    return cv2.subtract(ground(dark), dark, dtype=cv2.CV_16S)


def ground(dark: Picture) -> Picture:
    """(h, w) uint8 with ink dark -> the same without the ink."""
    high, wide = dark.shape
    small = shrunk_to(dark, GROUND)
    short = min(high, wide)
    brush = max(NARROWEST, min(0.3 * short, 60 + 0.07 * short)) * small.shape[1] / wide
    side = max(3, round(brush) | 1)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    return cv2.resize(closed, (wide, high), interpolation=cv2.INTER_LINEAR)


def ink_of(away: Picture) -> Ink | None:
    """away: as of `depth`. None where nothing stands out of the noise."""
    away, floor = without_noise(away)
    strong = away[away > floor]
    if not len(strong):
        return None
    usual = float(np.quantile(strong, 0.85))
    strength = np.clip(away * (255 / usual), 0, 255).astype(np.uint8)
    weak = max(floor / usual, WEAK) * 255
    mask = np.where(strength > min(weak, 254), np.uint8(255), np.uint8(0))
    return Ink(strength, mask)


def without_shadows(away: Picture, ink: Ink) -> Picture:
    """The distances from the ground without what is wider than any pen and not as deep as ink: shadows, whose depth is
    taken away from what is written in them (top hat; Serra, 1982)."""
    if min(away.shape) < PAGE:
        return away
    side = max(THICKEST, round(0.05 * min(away.shape))) | 1
    wide = cv2.morphologyEx(ink.mask, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    if not wide.any():
        return away
    depth = cv2.morphologyEx(away, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    is_faint = float(np.quantile(depth[wide > 0], 0.9)) < FAINT * float(np.quantile(away[ink.mask > 0], 0.98))
    return cv2.subtract(away, depth) if is_faint else away


def without_noise(away: Picture) -> tuple[Picture, float]:
    """Distances from the usual ground, and the level that its noise does not reach.

    The noise is measured on the side where no ink is: the median absolute deviation of what is nearer than the median.
    """
    ground = _ground_of(away[::2, ::2])
    middle = float(np.median(ground))
    nearer = middle - ground[ground < middle]
    noise = 1.4826 * float(np.median(nearer)) if len(nearer) else 0.0
    return away - np.int16(round(middle)), max(FAINTEST, NOISES * noise)


def _ground_of(away: Picture) -> Picture:
    """All of them, as ink is seldom; where they fall clearly into two kinds, so that ink may be half of a tight crop,
    the lower kind (Otsu, A threshold selection method from gray-level histograms, 1979)."""
    levels = np.clip(away, 0, 255).astype(np.uint8)
    threshold, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    low, high = levels[levels <= threshold], levels[levels > threshold]
    if not len(high):
        return away.ravel()
    between = len(low) * len(high) / levels.size**2 * (float(high.mean()) - float(low.mean())) ** 2
    return away[levels <= threshold] if between > TWO_KINDS * float(levels.var()) else away.ravel()
