"""Copies of a photograph are told from other photographs."""

from itertools import combinations

import cv2
import numpy as np
import pytest

from ml.pictures.similar import are_near_duplicates, cosine_distances, fingerprint

PHOTOGRAPHS = [
    "astronaut",
    "chelsea",
    "coffee",
    "motorcycle_left",
    "camera",
    "coins",
    "brick",
    "grass",
    "ihc",
]


def compressed(picture: np.ndarray, quality: int) -> np.ndarray:
    return cv2.imdecode(
        cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR
    )


def cut(picture: np.ndarray, share: float) -> np.ndarray:
    high, wide = (round(side * share) for side in picture.shape[:2])
    return picture[high:-high, wide:-wide]


def resized(picture: np.ndarray, scale: float) -> np.ndarray:
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


CHANGES = {
    "smaller": lambda picture: resized(picture, 0.3),
    "larger": lambda picture: resized(picture, 2.5),
    "compressed": lambda picture: compressed(picture, 20),
    "cut": lambda picture: cut(picture, 0.02),
    "lighter": lambda picture: np.clip(picture * 1.15 + 8, 0, 255).astype(np.uint8),
    "grey": lambda picture: cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB),
    "smaller and compressed": lambda picture: compressed(resized(picture, 0.4), 50),
}


@pytest.mark.parametrize("name", ["astronaut", "chelsea", "coffee", "motorcycle_left", "camera"])
@pytest.mark.parametrize("change", CHANGES)
def test_copies_are_near_duplicates(photograph, name, change):
    picture = photograph(name)

    assert are_near_duplicates(fingerprint(picture), fingerprint(CHANGES[change](picture)))


def test_different_photographs_are_not(photograph):
    prints = [fingerprint(photograph(name)) for name in PHOTOGRAPHS]

    assert not any(are_near_duplicates(one, other) for one, other in combinations(prints, 2))


def test_a_mirrored_photograph_is_another(photograph):
    picture = photograph("chelsea")

    assert not are_near_duplicates(fingerprint(picture), fingerprint(picture[:, ::-1]))


def test_fingerprints_are_64_bits(photograph):
    for name in PHOTOGRAPHS:
        assert 0 <= fingerprint(photograph(name)) < 2**64


@pytest.mark.parametrize("shape", [(16, 16), (16, 4000), (4000, 16), (3000, 4000), (1, 1)])
def test_one_colour_is_like_the_same_colour_alone(photograph, shape):
    def plain(*rgb: int) -> int:
        return fingerprint(np.full((*shape, 3), rgb, np.uint8))

    colors = [
        plain(0, 0, 0),
        plain(255, 255, 255),
        plain(128, 128, 128),
        plain(220, 20, 20),
        plain(20, 20, 220),
    ]

    assert are_near_duplicates(plain(220, 20, 20), plain(225, 25, 18))
    assert not any(are_near_duplicates(one, other) for one, other in combinations(colors, 2))
    assert not any(are_near_duplicates(one, fingerprint(photograph("camera"))) for one in colors)


def test_distances_are_cosine_distances_whatever_the_length():
    features = np.array([[1, 0], [5, 0], [0, 2], [-1, 0], [1, 1], [0, 0]], np.float16)

    found = cosine_distances(np.array([2, 0], np.float16), features)

    assert found.dtype == np.float32
    assert found == pytest.approx([0, 0, 1, 2, 1 - 0.5**0.5, 1], abs=1e-3)
    assert cosine_distances(np.array([2, 0]), np.empty((0, 2))).shape == (0,)
