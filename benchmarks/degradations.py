"""What may happen to a picture of a sheet: each takes grey pixels (h, w) uint8 to others, always the same way."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from grading.sheet.decoding import Grey

Degradation = Callable[[Grey], Grey]

BLUR = 1 / 700  # of the width, sigma: an A4 page of 300 dpi is blurred by 3.5 px
DARKEST = 0.45  # of the light, where a shadow is deepest
KEYSTONE = 0.06  # of the width, that each upper corner moves inwards
QUALITY = 15  # of a JPEG


def rotate(degrees: float) -> Degradation:
    """Clockwise, on a canvas that holds all of it."""

    def turn(grey: Grey) -> Grey:
        height, width = grey.shape
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
        cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
        wide, high = round(width * cos + height * sin), round(width * sin + height * cos)
        matrix[:, 2] += (wide - width) / 2, (high - height) / 2
        return np.asarray(
            cv2.warpAffine(grey, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderValue=edge_of(grey))
        )

    return turn


def turn(quarters: int) -> Degradation:
    """Clockwise by so many right angles."""
    return lambda grey: np.ascontiguousarray(np.rot90(grey, -quarters))


def halve(grey: Grey) -> Grey:
    return np.asarray(cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def blur(grey: Grey) -> Grey:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), grey.shape[1] * BLUR))


def shade(grey: Grey) -> Grey:
    """Darker and darker from left to right."""
    return (grey * np.linspace(1.0, DARKEST, grey.shape[1])).astype(np.uint8)


def lean(grey: Grey) -> Grey:
    """As if the phone was held from below: the upper side is shorter."""
    height, width = grey.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + np.array([[KEYSTONE, 0], [-KEYSTONE, 0], [0, 0], [0, 0]], np.float32) * width
    matrix = cv2.getPerspectiveTransform(corners, moved)
    return np.asarray(cv2.warpPerspective(grey, matrix, (width, height), borderValue=edge_of(grey)))


def compress(grey: Grey) -> Grey:
    _, data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE))


def edge_of(grey: Grey) -> float:
    """What the picture has at its edge: the glass of a scanner, a desk."""
    return float(np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])))


ORIGINAL: Mapping[str, Degradation] = {"original": lambda grey: grey}
DEGRADATIONS: Mapping[str, Degradation] = {
    "turned by 3°": rotate(3),
    "turned by 90°": turn(1),
    "turned by 180°": turn(2),
    "half the size": halve,
    "blurred": blur,
    "shadow": shade,
    "keystone": lean,
    "JPEG 15": compress,
}
