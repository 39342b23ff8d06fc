"""What a camera sees of sheets that are laid before it one by one: a film that chromium plays as its camera."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks import camera

SIZE = (1920, 1440)  # px, width and height
SLIDING, LYING = 12, 45  # pictures, of which chromium shows thirty a second
LOOK = camera.Look(turned=90, tilt=(3, -4), fills=0.88, barrel=0.02)

Grey = NDArray[np.uint8]


def film_of(sheets: Sequence[Grey], path: Path, seed: int = 1, look: camera.Look = LOOK) -> Path:
    """Motion JPEG at `path`. Each sheet (h, w) slides in, lies there for a second and a half in an unsteady hand, and
    slides out. All lie on one desk, in one light."""
    rng = np.random.default_rng(seed)
    with path.open("wb") as out:
        for sheet in sheets:
            light = np.random.default_rng(seed)
            photo = np.frombuffer(camera.photograph(np.stack([sheet] * 3, -1), light, look), np.uint8)
            still = cv2.resize(decoded(photo), SIZE, interpolation=cv2.INTER_AREA)
            for x, y, degrees in ways(rng):
                _, picture = cv2.imencode(".jpg", moved(still, x, y, degrees), [cv2.IMWRITE_JPEG_QUALITY, 88])
                out.write(picture.tobytes())
    return path


def decoded(photo: Grey) -> Grey:
    """As a phone's sensor has it, whatever EXIF says of how it was held."""
    picture = np.asarray(cv2.imdecode(photo, cv2.IMREAD_COLOR))
    return picture if picture.shape[1] > picture.shape[0] else np.rot90(picture).copy()


def ways(rng: np.random.Generator) -> Iterator[tuple[float, float, float]]:
    """px to the right and down, and degrees."""
    for step in range(SLIDING):
        yield SIZE[0] * (1 - step / SLIDING), 0.0, 8 * (1 - step / SLIDING)
    for _step in range(LYING):
        yield *rng.normal(0, 0.8, 2), rng.normal(0, 0.03)
    for step in range(SLIDING):
        yield 0.0, SIZE[1] * (step + 1) / SLIDING, -6 * step / SLIDING


def moved(still: Grey, x: float, y: float, degrees: float) -> Grey:
    matrix = cv2.getRotationMatrix2D((SIZE[0] / 2, SIZE[1] / 2), degrees, 1)
    matrix[:, 2] += x, y
    return np.asarray(cv2.warpAffine(still, matrix, SIZE, borderValue=(70, 90, 110)))
