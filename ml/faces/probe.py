"""48 faces, always the same ones: in how many does a detector that has nothing to do with the generator find a face?

A picture that looks like an earlier one does not count, so that one face drawn again and again is found once.
"""

from pathlib import Path

import numpy as np

from ml.core.arrays import Pictures
from ml.core.cards import Card
from ml.core.probe import ProbeResult
from ml.faces.drawing import FaceRequest, load_drawer
from ml.pictures.faces import load_faces

NAME = "probe: faces of the first seeds"
COUNT = 48  # of the seeds from 0 on: two to five seconds on a CPU
DIFFERENT = 4.0  # grey levels in the mean; of the built-in generators' faces the two most alike differ by 18


def probe(card: Card, folder: Path, cache: Path | None) -> ProbeResult:
    """Raises WeightsDamaged, and what load_faces raises. NaN becomes some grey, in which no face is found."""
    drawer, detector = load_drawer(card, folder), load_faces()
    pictures = drawer.draw([FaceRequest(seed) for seed in range(COUNT)])
    found = sum(bool(detector.detect(pictures[place])) for place in unlike(pictures))
    return ProbeResult(NAME, "", COUNT, {"faces found": found / COUNT})


def unlike(pictures: Pictures) -> list[int]:
    """The places of those that resemble none before them."""
    kept: list[int] = []
    levels = pictures.astype(np.float32)
    for place, picture in enumerate(levels):
        if all(np.abs(picture - levels[other]).mean() > DIFFERENT for other in kept):
            kept.append(place)
    return kept
