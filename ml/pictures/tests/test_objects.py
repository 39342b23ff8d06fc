"""Objects in photographs of scikit-image, and the way from the network's maps to boxes."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.core.parts import PartMissing, package_folder
from ml.pictures import objects as module
from ml.pictures.objects import (
    LEAST_PEAK,
    NAMES,
    Objects,
    apart,
    clipped,
    converted_file,
    decode_detections,
    fitted,
    load_objects,
    peak_confidence,
)
from packaged.networks import OBJECTS


@pytest.fixture(scope="module")
def package() -> Path:
    try:
        return package_folder(OBJECTS.package)
    except PartMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def objects(package, onnx_cache) -> Objects:
    return load_objects(onnx_cache)


def shared(one: list[int], other: list[int]) -> float:
    """Intersection over union."""
    left, top = (max(one[at], other[at]) for at in (0, 1))
    right, bottom = (min(one[at] + one[at + 2], other[at] + other[at + 2]) for at in (0, 1))
    both = max(right - left, 0) * max(bottom - top, 0)
    return both / (one[2] * one[3] + other[2] * other[3] - both)


@pytest.mark.parametrize(
    ("name", "label", "korean", "box"),
    [
        ("chelsea", "cat", "고양이", [5, 5, 405, 290]),
        ("coffee", "cup", "컵", [170, 30, 240, 230]),
        ("astronaut", "person", "사람", [10, 15, 400, 495]),
        ("motorcycle_left", "motorcycle", "오토바이", [120, 55, 555, 385]),
    ],
)
def test_photographs_show_what_they_show(objects, photograph, name, label, korean, box):
    first = objects.detect(photograph(name))[0]

    assert (first["label"], first["name"]["ko"]) == (label, korean)
    assert first["confidence"] > 0.7
    assert shared(first["box"], box) > 0.75


@pytest.mark.parametrize("scale", [0.5, 2.0, 6.0])
def test_boxes_are_in_pixels_of_the_picture(objects, photograph, scale):
    coffee = photograph("coffee")
    expected = [round(at * scale) for at in objects.detect(coffee)[0]["box"]]

    first = objects.detect(cv2.resize(coffee, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))[0]

    assert first["label"] == "cup"
    assert shared(first["box"], expected) > 0.85


@pytest.mark.parametrize("shape", [(16, 16), (16, 4000), (4000, 16), (3000, 4000), (1, 1)])
@pytest.mark.parametrize("level", [0, 127, 255])
def test_pictures_of_one_colour_hold_nothing(objects, shape, level):
    assert objects.detect(np.full((*shape, 3), level, np.uint8)) == []


def test_a_grey_photograph_shows_the_same(objects, photograph):
    grey = cv2.cvtColor(photograph("astronaut"), cv2.COLOR_RGB2GRAY)

    assert objects.detect(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB))[0]["label"] == "person"


def test_the_network_is_converted_once_for_each_content(package, tmp_path, monkeypatch):
    path = converted_file(package / "models" / "centernet.json", tmp_path)
    monkeypatch.setattr(module, "onnx_of", None)

    assert converted_file(package / "models" / "centernet.json", tmp_path) == path
    assert list(tmp_path.iterdir()) == [path]


def test_a_damaged_package_is_an_error_and_leaves_nothing_behind(package, tmp_path):
    for kind in ("json", "bin"):
        shutil.copy(package / "models" / f"centernet.{kind}", tmp_path)
    weights = tmp_path / "centernet.bin"
    weights.write_bytes(weights.read_bytes()[:1_000_000])

    with pytest.raises(ValueError, match="buffer"):
        converted_file(tmp_path / "centernet.json", tmp_path / "cache")

    assert list((tmp_path / "cache").iterdir()) == []


def test_a_package_that_is_not_installed_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("NUNBIT_NPM", str(tmp_path))

    with pytest.raises(PartMissing, match=OBJECTS.package.name):
        load_objects(tmp_path)


def test_all_80_kinds_have_names_in_both_languages():
    assert len({names["label"] for names in NAMES}) == 80
    assert all(names["en"] and names["ko"] for names in NAMES)


def test_a_peak_is_one_box_around_its_place():
    peaks, sides = np.full((80, 128, 128), 0.01, np.float32), np.zeros((4, 128, 128), np.float32)
    peaks[15, 40, 60], peaks[15, 40, 61], peaks[16, 90, 90] = 0.8, 0.7, LEAST_PEAK - 0.01
    sides[:, 40, 60] = [10, 20, 30, 40]

    classes, confidences, boxes = decode_detections(peaks, sides)

    assert classes.tolist() == [15]
    assert confidences.tolist() == [peak_confidence(np.float32(0.8))]
    assert boxes.tolist() == [[230, 140, 270, 200]]


def test_what_is_shown_is_more_likely_right_than_wrong():
    heights = np.array([0.01, LEAST_PEAK, 0.5, 0.7, 1.0], np.float32)
    sure = peak_confidence(heights)

    assert (np.diff(sure) > 0).all()
    assert sure[1] == pytest.approx(0.5, abs=0.01)
    assert 0 < sure[0] < sure[-1] < 1


def test_one_thing_gets_one_name():
    boxes = np.array([[10, 10, 100, 100], [14, 12, 100, 100], [150, 10, 50, 50]])

    assert apart(boxes, np.array([0.6, 0.9, 0.7])) == [1, 2]
    assert apart(np.empty((0, 4), int), np.empty(0)) == []


def test_boxes_stay_inside_the_picture():
    boxes = np.array([[-20.4, 5.2, 30.0, 900.0], [99.9, 49.9, 140.0, 70.0]])

    assert clipped(boxes, (50, 100, 3)).tolist() == [[0, 5, 30, 45], [99, 49, 1, 1]]


def test_a_picture_is_fitted_without_squashing():
    square, scale, corner = fitted(np.full((100, 200, 3), 200, np.uint8))

    assert (square.shape, scale, corner.tolist()) == ((1, 3, 512, 512), 2.56, [0, 128])
    assert (square[0, :, 128:384] == 200).all()
    assert (square[0, :, :128] == 0).all()
