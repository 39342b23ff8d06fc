"""Figures of the digit networks: what is counted, and which sets can be brought along."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from ml.core.characters import DataMissing
from ml.digits.data import LabelledDigits
from ml.digits.evaluate import DigitPredictions, DigitTestSet, from_file, from_folder, predict, roughened
from ml.digits.reader import DigitReader
from tests.support.handwriting_files import drawings
from tests.support.strokes import written


def result(*answers: tuple[int, int | None, float, bool]) -> DigitPredictions:
    """Of each: the label, what was said, how probable, whether certain. None: no answer."""
    probabilities = np.zeros((len(answers), 10), np.float32)
    for row, (_label, said, share, _certain) in zip(probabilities, answers, strict=True):
        if said is not None:
            row[:] = (1 - share) / 9
            row[said] = share
    labels = np.array([label for label, *_rest in answers])
    return DigitPredictions(labels, probabilities, np.array([certain for *_rest, certain in answers], bool))


def test_figures_count_right_certain_and_unanswered():
    found = result((7, 7, 1.0, True), (1, 1, 0.6, False), (4, 9, 0.8, True), (3, None, 0, False))
    figures = found.figures()
    assert figures["accuracy"] == 0.5
    assert (figures["certain_share"], figures["accuracy_certain"]) == (0.5, 0.5)
    assert figures["ece"] == pytest.approx((0 + 0.4 + 0.8) / 3, abs=1e-6)
    assert found.confusion.shape == (10, 11) and found.confusion.sum() == 4
    assert found.confusion[4, 9] == found.confusion[3, 10] == 1


def test_where_nobody_answers_all_figures_are_numbers():
    figures = result((7, None, 0, False)).figures()
    assert set(figures.values()) == {0.0}


@pytest.fixture
def npz(tmp_path: Path) -> Path:
    pictures, labels = drawings(30, 5)
    np.savez(tmp_path / "mine.npz", x=pictures, y=labels)
    return tmp_path / "mine.npz"


def test_a_file_of_digits_has_a_name_a_count_and_its_checksum(npz):
    test_set = from_file(npz, "mine")
    assert test_set.name == "mine (30)" and test_set.md5 == hashlib.md5(npz.read_bytes()).hexdigest()
    assert len(test_set.pictures) == 30 and test_set.labels[:3].tolist() == [0, 1, 2]
    assert from_file(npz, "mine", most=4).name == "mine (4)"


def test_an_exam_reads_as_an_upload_is_read(digits: DigitReader):
    pages = [written(str(digit)) for digit in range(10)]
    pages += [np.asarray(255 - written("3")), np.full((90, 90), 240, np.uint8)]
    test_set = DigitTestSet("mine", "", pages, np.array([*range(10), 3, 0]))
    found = predict(digits, test_set)
    assert found.is_right.tolist() == [True] * 11 + [False]
    assert found.confusion[0, 10] == 1
    framed = DigitTestSet("framed", "", list(drawings(10, 5)[0]), np.arange(10), is_framed=True)
    assert predict(digits, framed).is_right.mean() >= 0.9


WRONG = {
    "no x": {"pictures": np.zeros((2, 28, 28), np.uint8), "y": np.zeros(2)},
    "no y": {"x": np.zeros((2, 28, 28), np.uint8)},
    "more labels": {"x": np.zeros((2, 28, 28), np.uint8), "y": np.zeros(3)},
    "a label of 10": {"x": np.zeros((2, 28, 28), np.uint8), "y": np.array([1, 10])},
    "fractions": {"x": np.zeros((2, 28, 28)), "y": np.zeros(2)},
    "rows alone": {"x": np.zeros((2, 784), np.uint8), "y": np.zeros(2)},
    "words as labels": {"x": np.zeros((2, 28, 28), np.uint8), "y": np.array(["a", "b"])},
}


@pytest.mark.parametrize("arrays", WRONG.values(), ids=WRONG)
def test_a_file_of_another_kind_is_named_with_what_it_needs(tmp_path, arrays):
    np.savez(tmp_path / "wrong.npz", **arrays)
    with pytest.raises(
        DataMissing, match=r"wrong\.npz holds something else: .*y|wrong\.npz cannot be read: .*x"
    ):
        from_file(tmp_path / "wrong.npz", "wrong")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 cut off", None])
def test_what_is_no_file_of_arrays_is_said(tmp_path, content):
    path = tmp_path / "wrong.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataMissing, match="cannot be read: an .npz of digits has x"):
        from_file(path, "wrong")


def as_grey(content: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)


def test_a_folder_per_label_is_a_test_set(tmp_path):
    for label in ("3", "7", "notes"):
        (tmp_path / label).mkdir()
        cv2.imwrite(str(tmp_path / label / "one.png"), written(label[0]))
    test_set = from_folder(tmp_path, as_grey)
    assert test_set.labels.tolist() == [3, 7] and len(test_set.md5) == 32 and test_set.name.endswith("(2)")
    (tmp_path / "7" / "one.png").write_bytes((tmp_path / "3" / "one.png").read_bytes())
    assert from_folder(tmp_path, as_grey).md5 != test_set.md5


def test_a_folder_without_labels_says_what_it_needs(tmp_path):
    with pytest.raises(DataMissing, match="no pictures in its folders named 0 to 9"):
        from_folder(tmp_path, as_grey)


def test_a_set_made_harder_is_the_same_every_time_and_keeps_every_digit_whole():
    pictures, labels = drawings(20, 5)
    examples = LabelledDigits(pictures, labels.astype(np.int64))
    harder = roughened(examples)
    assert (harder.pictures == roughened(examples).pictures).all()
    assert (harder.labels == examples.labels).all()
    assert (harder.pictures.max((1, 2)) > 200).all()
    edges = [harder.pictures[:, side] for side in (0, -1)] + [harder.pictures[:, :, side] for side in (0, -1)]
    assert not np.concatenate(edges, 1).any()
