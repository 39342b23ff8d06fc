"""Where lines of text are: PP-OCRv6's small detector (the ONNX file inside the package rapidocr).

The network says of each pixel how likely it lies inside the shrunken core of a text line; a core is grown back to its
line by the rule it was shrunk by (Liao, Wan, Yao, Chen, Bai, Real-time scene text detection with differentiable
binarization, 2020, section 3.4).
"""

from typing import Any

import cv2
import numpy as np
from cv2.typing import RotatedRect
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from ml.core.arrays import Numbers, Picture

Quad = NDArray[Any]  # float32 (4, 2): x, y of the corners, clockwise from where the text starts

LONGEST = 1280  # px: a page of 300 dpi keeps 13 px high lines of 10 pt
# px: pictures with smaller sides are enlarged towards it, at most so many times
SHORTEST, ENLARGED = 736, 1.5
STRIDE = 32  # px: sides must be multiples of it
IS_TEXT = 0.3
IS_LINE = 0.6  # mean probability inside a core: text has 0.64 and more, textures less than 0.77
GROWTH = 1.6
LEAST = 3  # px of the network's picture: thinner cores are dirt
MARGIN = 0.05  # of the longer side: text that touches the edge is found with room around it
TALL = 1.5  # times as high as wide: text that runs upwards or downwards


def detect_lines(picture: Picture, network: InferenceSession) -> list[Quad]:
    """Quads in pixels of the picture, in no order; text that runs up or down is taken as if it ran down."""
    margin = round(max(picture.shape[:2]) * MARGIN)
    room = cv2.copyMakeBorder(picture, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    fitted = resize_for_network(room)
    scale = np.array(room.shape[1::-1]) / fitted.shape[1::-1]
    numbers = fitted[None, :, :, ::-1].transpose(0, 3, 1, 2) / np.float32(127.5) - 1
    probability = network.run(None, {"x": numbers})[0][0, 0]
    return [(quad * scale - margin).astype(np.float32) for quad in quads_of(probability)]


def resize_for_network(picture: Picture) -> Picture:
    high, wide = picture.shape[:2]
    scale = min(LONGEST / max(high, wide), ENLARGED, max(1.0, SHORTEST / min(high, wide)))
    size = [max(STRIDE, round(side * scale / STRIDE) * STRIDE) for side in (wide, high)]
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)


def quads_of(probability: Numbers) -> list[Quad]:
    """probability: (h, w). One quad for each core that is surely text."""
    cores = cv2.dilate((probability > IS_TEXT).astype(np.uint8), np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(cores, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    rectangles = [cv2.minAreaRect(outline) for outline in outlines]
    return [
        along_the_line(cv2.boxPoints(expand_rectangle(rectangle)))
        for rectangle in rectangles
        if min(rectangle[1]) >= LEAST and mean_inside(probability, cv2.boxPoints(rectangle)) >= IS_LINE
    ]


def mean_inside(probability: Numbers, corners: Quad) -> float:
    left, top = np.maximum(np.floor(corners.min(0)), 0).astype(int)
    right, bottom = np.ceil(corners.max(0)).astype(int) + 1
    part = probability[top:bottom, left:right]
    mask = cv2.fillPoly(np.zeros(part.shape, np.uint8), [(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(part, mask)[0])


def expand_rectangle(rectangle: RotatedRect) -> RotatedRect:
    centre, (wide, high), angle = rectangle
    distance = GROWTH * wide * high / (2 * (wide + high))
    return centre, (wide + 2 * distance, high + 2 * distance), angle


def along_the_line(corners: Quad) -> Quad:
    """corners: of a rectangle, clockwise."""
    sides = np.roll(corners, -1, axis=0) - corners
    upright = np.roll(corners, -int(sides[:, 0].argmax()), axis=0)
    wide, high = np.linalg.norm(upright[1] - upright[0]), np.linalg.norm(upright[2] - upright[1])
    return np.roll(upright, -1, axis=0) if high > TALL * wide else upright


def runs_across(quad: Quad) -> bool:
    """Whether the text runs from left to right rather than up or down."""
    along = np.abs(quad[1] - quad[0])
    return bool(along[0] >= along[1])
