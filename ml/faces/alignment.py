"""From a photograph to the square that the generators draw: one face, upright, its eyes where CelebA has them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Picture
from ml.core.parts import gettext_noop
from ml.faces.data import SIDE
from ml.pictures.faces import FaceDetector

# Where ml.pictures.faces finds its five points on average in 379 of CelebA's aligned faces, in pixels of the 64 x 64.
TEMPLATE = np.array([[41.6, 33.3], [36.2, 33.5], [22.3, 33.3], [27.8, 33.5], [32.0, 44.1]])
NOSE = 4
# Pixels of the nose from the middle between the eyes: three standard deviations of the same faces.
MOST_ASIDE = 5.5
SMALLEST = 16  # pixels between the outer corners of the eyes; CelebA's and drawn ones are 19 apart at 64 x 64
# Of the longer side: of 20 faces cut out from brows to chin 18 were found, of the same cut tighter 15, and with so much
# grey around them 19 of both; mirrored or repeated edges found fewer.
MARGIN = 0.5
GREY = (128, 128, 128)
FINER = 4  # the square is cut out this much larger and then made smaller, so that nothing flickers


@dataclass(frozen=True)
class Aligned:
    """face: (64, 64, 3); shown: (64, 64), how much of each of its pixels the photo shows, 0 to 1. What lies outside of
    the photo is its mirror image."""

    face: Picture
    shown: NDArray[np.float32]


class NotAFace(Exception):
    """A picture from which no face can be taken; the text says why, for the person who sent it."""


def align_face(picture: Picture, faces: FaceDetector) -> Aligned:
    """picture: (h, w, 3) uint8 RGB. Raises NotAFace."""
    found = faces.landmarks(picture) or landmarks_with_margin(picture, faces)
    if not found:
        raise NotAFace(gettext_noop("No face was found. Send a photo in which one face looks at the camera."))
    if len(found) > 1:
        raise NotAFace(
            gettext_noop("There are several faces in this picture. Cut out the one that you mean.")
        )
    points = found[0]
    if np.linalg.norm(points[0] - points[2]) < SMALLEST:
        raise NotAFace(
            gettext_noop("The face is too small. Send a photo in which it is at least 55 pixels wide.")
        )
    matrix = similarity(points, TEMPLATE)
    if abs(transform_points(points, matrix)[NOSE, 0] - TEMPLATE[NOSE, 0]) > MOST_ASIDE:
        raise NotAFace(gettext_noop("This face looks aside. Send a photo in which it looks at the camera."))
    return Aligned(crop_face(picture, matrix), shown_part(picture, matrix))


def landmarks_with_margin(picture: Picture, faces: FaceDetector) -> list[NDArray[np.float64]]:
    """Of a face that fills the picture: the detector looks for what is around one, too. In pixels of the picture."""
    margin = round(MARGIN * max(picture.shape[:2]))
    sides = (margin,) * 4
    wide = np.asarray(cv2.copyMakeBorder(picture, *sides, cv2.BORDER_CONSTANT, value=GREY), np.uint8)
    return [points - margin for points in faces.landmarks(wide)]


def crop_face(picture: Picture, matrix: NDArray[np.float64]) -> Picture:
    """The square of SIDE; a large picture is made smaller first, since warping looks at neighbouring pixels only."""
    finer = np.diag([FINER, FINER]) @ matrix
    shrink = min(1.0, float(np.hypot(*finer[:, 0])))
    if shrink < 1:
        picture = np.asarray(cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA))
        finer[:, :2] /= shrink
    large = cv2.warpAffine(picture, finer, (SIDE * FINER, SIDE * FINER), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(cv2.resize(large, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def shown_part(picture: Picture, matrix: NDArray[np.float64]) -> NDArray[np.float32]:
    ones = np.ones(picture.shape[:2], np.float32)
    return np.asarray(cv2.warpAffine(ones, matrix, (SIDE, SIDE)), np.float32)


def similarity(points: NDArray[np.float64], template: NDArray[np.float64]) -> NDArray[np.float64]:
    """The turn, scale and shift (2, 3) that bring the points nearest to the template (Umeyama, 1991), by least squares
    in x' = a x - b y + c, y' = b x + a y + d."""
    x, y = points.T
    ones, zeros = np.ones(len(points)), np.zeros(len(points))
    rows = np.concatenate([np.stack([x, -y, ones, zeros], 1), np.stack([y, x, zeros, ones], 1)])
    a, b, c, d = np.linalg.lstsq(rows, template.T.ravel(), rcond=None)[0]
    return np.array([[a, -b, c], [b, a, d]])


def transform_points(points: NDArray[np.float64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return points @ matrix[:, :2].T + matrix[:, 2]
