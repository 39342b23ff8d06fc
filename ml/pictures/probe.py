"""Four free photographs, each seen in eight ways. So few tell a network that names pictures from one that does not, and
a good one from another one no better than that: 32 views of four things."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from ml.core.arrays import Picture
from ml.core.cards import Card
from ml.core.probe import PROBES, ProbeResult, check_finite
from ml.pictures.backbone import load_backbone

NAME = "probe: views of four photographs"
FIRST = 5  # what is there is to be among so many answers
SHOWN = {  # file → WordNet ids of what it shows, each of them right
    "cat.jpg": ("n02123045", "n02123159", "n02124075"),  # tabby, tiger cat, Egyptian cat
    "coffee.jpg": ("n07920052", "n07930864"),  # espresso, cup
    "rocket.jpg": ("n03773504", "n04008634", "n04266014"),  # missile, projectile, space shuttle
    "tripod.jpg": ("n04485082",),
}
EDGE = 0.12  # of the sides, cut off in four of the views


def probe(card: Card, folder: Path, cache: Path | None) -> ProbeResult:
    """Raises WeightsDamaged, EnginesDisagree, ValueError."""
    backbone, checksum = load_backbone(card, folder, cache), hashlib.md5(usedforsecurity=False)
    found: list[bool] = []
    for name, shown in SHOWN.items():
        content = (PROBES / name).read_bytes()
        checksum.update(content)
        with Image.open(PROBES / name) as file:
            picture = np.asarray(file.convert("RGB"))
        logits = backbone.logits(np.stack([backbone.prepare(view) for view in views(picture)]))
        check_finite(logits)
        best = np.array(card.classes)[np.argsort(-logits, 1, kind="stable")[:, :FIRST]]
        found += [not set(shown).isdisjoint(names) for names in best]
    return ProbeResult(NAME, checksum.hexdigest(), len(found), {f"top{FIRST}": float(np.mean(found))})


def views(picture: Picture) -> Iterator[Picture]:
    """As it is, mirrored, darker, lighter, and without a strip of two sides, at each corner."""
    yield picture
    yield np.ascontiguousarray(picture[:, ::-1])
    yield cv2.convertScaleAbs(picture, alpha=0.7)
    yield cv2.convertScaleAbs(picture, alpha=1.2, beta=10)
    down, right = (int(EDGE * side) for side in picture.shape[:2])
    for rows in (slice(down, None), slice(None, -down)):
        for columns in (slice(right, None), slice(None, -right)):
            yield np.ascontiguousarray(picture[rows, columns])
