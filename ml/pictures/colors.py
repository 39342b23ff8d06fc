"""The few colours that a picture is made of, by the names that people use.

Colours are compared in OKLab (Ottosson, A perceptual color space for image processing, 2020), where equal distances
look equally different. They are grouped by k-means whose start is greedy and not random (after Arthur, Vassilvitskii,
k-means++, 2007), so that the same picture always gives the same answer; groups of one name are one colour.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Picture

Colors = NDArray[np.float64]  # (n, 3)
Shares = NDArray[np.float64]  # (n,)

SIDE = 256  # pixels of the longest side that is looked at
LEVELS = 32  # of each of red, green and blue: what falls together is counted as one
GROUPS, ROUNDS = 10, 12
SAME = 0.02  # nearer than this in OKLab, two colours cannot be told apart beside each other
LEAST_SHARE = 0.03

TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(rgb: NDArray[Any]) -> Colors:
    """(n, 3) sRGB of 0 to 255 -> lightness 0 to 1, green to red, blue to yellow."""
    part = rgb / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ TO_CONES.T) @ TO_LAB.T)


NAMES = json.loads(Path(__file__).with_name("color_names.json").read_text(encoding="utf-8"))
EXAMPLES = [(at, tuple(bytes.fromhex(code[1:]))) for at, name in enumerate(NAMES) for code in name["hex"]]
EXAMPLE_NAMES = np.array([at for at, _ in EXAMPLES])
EXAMPLE_COLORS = oklab(np.array([rgb for _, rgb in EXAMPLES]))


def colors_of(picture: Picture) -> list[dict[str, Any]]:
    """(h, w, 3) uint8 RGB -> its colours, the most frequent first: [{"hex": "#rrggbb", "name": {"en", "ko"}, "share"}].

    What covers less than 3 % of the picture is left out, so the shares may add up to less than 1.
    """
    rgb, shares = count_colors(picture)
    groups = grouped(oklab(rgb), shares)
    nearest = squared_distances(oklab(means(rgb, shares, groups)), EXAMPLE_COLORS).argmin(1)
    names = EXAMPLE_NAMES[nearest][groups]
    found = [(float(shares[names == name].sum()), name) for name in np.unique(names)]
    return [
        describe_color(NAMES[name], np.average(rgb[names == name], 0, shares[names == name]), share)
        for share, name in sorted(found, reverse=True)
        if share >= LEAST_SHARE
    ]


def count_colors(picture: Picture) -> tuple[Colors, Shares]:
    """The colours of a small copy, those alike averaged, and the share of each. Pixels are picked and not blended:
    blending makes colours at edges that are nowhere in the picture."""
    step = max(1, -(-max(picture.shape[:2]) // SIDE))
    pixels = picture[step // 2 :: step, step // 2 :: step] if min(picture.shape[:2]) > step else picture
    pixels = pixels.reshape(-1, 3).astype(np.int64)
    bins = (pixels * LEVELS // 256) @ [LEVELS * LEVELS, LEVELS, 1]
    _, place, counts = np.unique(bins, return_inverse=True, return_counts=True)
    return means(pixels, np.ones(len(pixels)), place), counts / len(pixels)


def grouped(lab: Colors, shares: Shares) -> NDArray[np.int64]:
    """k-means: the group of every colour. Each further group starts where the most would be gained."""
    centres = lab[[int(shares.argmax())]]
    while len(centres) < GROUPS:
        far = squared_distances(lab, centres).min(1)
        if far.max() < SAME**2:
            break
        centres = np.vstack([centres, lab[int((shares * far).argmax())]])
    for _ in range(ROUNDS):
        groups = np.unique(squared_distances(lab, centres).argmin(1), return_inverse=True)[1]
        centres = means(lab, shares, groups)
    return groups


def squared_distances(some: Colors, others: Colors) -> NDArray[np.float64]:
    """(n, m) squared."""
    return np.asarray(((some[:, None] - others[None]) ** 2).sum(2))


def means(values: NDArray[Any], weights: Shares, groups: NDArray[np.int64]) -> Colors:
    """(groups, 3): the weighted mean of each group; groups are numbered from 0 without gaps."""
    sums = [np.bincount(groups, weights * values[:, channel]) for channel in range(3)]
    return np.asarray(np.stack(sums, axis=1) / np.bincount(groups, weights)[:, None])


def describe_color(name: dict[str, Any], rgb: Colors, share: float) -> dict[str, Any]:
    red, green, blue = (round(float(value)) for value in rgb)
    return {
        "hex": f"#{red:02x}{green:02x}{blue:02x}",
        "name": {"en": name["en"], "ko": name["ko"]},
        "share": round(share, 4),
    }
