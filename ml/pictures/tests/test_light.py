"""Photographs that the tests darken, flatten and blur, and what is said of them."""

import cv2
import numpy as np
import pytest

from ml.pictures.light import light_of

PHOTOGRAPHS = ["astronaut", "chelsea", "coffee", "motorcycle_left", "camera"]


def words(picture: np.ndarray) -> list[str]:
    return [verdict["name"]["en"] for verdict in light_of(picture)["verdicts"]]


def blurred(picture: np.ndarray, share: float) -> np.ndarray:
    """By a Gaussian whose sigma is a share of the longest side."""
    return cv2.GaussianBlur(picture, (0, 0), share * max(picture.shape))


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_good_photographs_are_sharp_and_neither_dark_nor_bright(photograph, name):
    assert words(photograph(name)) == ["sharp"]


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_blurred_photographs_are_blurred(photograph, name):
    assert "blurred" in words(blurred(photograph(name), 0.005))


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_noise_does_not_make_a_blurred_photograph_sharp(photograph, name):
    soft = blurred(photograph(name), 0.008).astype(float)
    noisy = soft + np.random.default_rng(0).normal(0, 2, soft.shape)

    assert "sharp" not in words(np.clip(noisy, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("name", ["astronaut", "chelsea", "motorcycle_left", "camera"])
def test_a_soft_background_behind_something_sharp_does_no_harm(photograph, name):
    sharp = photograph(name)
    middle = tuple(slice(side // 4, side * 3 // 4) for side in sharp.shape[:2])
    picture = blurred(sharp, 0.02)
    picture[middle] = sharp[middle]

    assert "sharp" in words(picture)


@pytest.mark.parametrize("scale", [2, 6])
def test_sharpness_counts_at_the_size_of_a_screen(photograph, scale):
    """What is blurred by a few pixels of 3,000 looks sharp, and what is blurred there looks blurred."""
    large = cv2.resize(photograph("coffee"), None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)

    assert "blurred" in words(blurred(large, 0.005))
    assert light_of(large)["sharpness"] > light_of(blurred(large, 0.005))["sharpness"] + 0.1


def test_more_blur_is_less_sharp(photograph):
    coffee = photograph("coffee")
    sharpness = [light_of(blurred(coffee, share))["sharpness"] for share in (0.001, 0.002, 0.004, 0.008)]

    assert sharpness == sorted(sharpness, reverse=True)


def test_a_darkened_photograph_is_dark(photograph):
    dark = (photograph("coffee") * 0.25).astype(np.uint8)

    assert "dark" in words(dark)
    assert light_of(dark)["brightness"] < 0.15


def test_an_overexposed_photograph_is_bright(photograph):
    assert "bright" in words(np.clip(photograph("chelsea") * 1.2 + 90.0, 0, 255).astype(np.uint8))


def test_a_faded_photograph_is_low_in_contrast_and_still_sharp(photograph):
    faded = (photograph("chelsea") * 0.25 + 100).astype(np.uint8)

    found = light_of(faded)

    assert set(words(faded)) == {"low in contrast", "sharp"}
    assert found["contrast"] < 0.2


def test_confidence_grows_with_the_distance_and_the_surest_word_is_first(photograph):
    coffee = photograph("coffee")
    sure = [
        next(
            one["confidence"]
            for one in light_of((coffee * part).astype(np.uint8))["verdicts"]
            if one["name"]["ko"] == "어두운"
        )
        for part in (0.4, 0.2, 0.05)
    ]
    confidences = [one["confidence"] for one in light_of((coffee * 0.1).astype(np.uint8))["verdicts"]]

    assert 0.5 <= sure[0] < sure[1] < sure[2] <= 1
    assert confidences == sorted(confidences, reverse=True) and min(confidences) >= 0.5


@pytest.mark.parametrize("shape", [(16, 16), (16, 4000), (4000, 16), (3000, 4000), (1, 1)])
@pytest.mark.parametrize(("level", "said"), [(0, {"dark"}), (128, set()), (255, {"bright"})])
def test_one_colour_has_no_contrast_and_nothing_to_be_sharp(shape, level, said):
    picture = np.full((*shape, 3), level, np.uint8)
    found = light_of(picture)

    assert (found["contrast"], found["sharpness"]) == (0, None)
    assert found["brightness"] == pytest.approx(level / 255, abs=0.001)
    assert set(words(picture)) == said | {"low in contrast"}


@pytest.mark.parametrize("side", [16, 40, 100])
def test_small_pictures_are_measured_too(photograph, side):
    small = cv2.resize(photograph("astronaut"), (side, side), interpolation=cv2.INTER_AREA)

    assert 0 < light_of(small)["sharpness"] < 1
