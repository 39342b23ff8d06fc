"""Digits to learn from are found where people keep them; what is missing or damaged is said in a sentence."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from ml.core.characters import DataDamaged, DataMissing
from ml.digits import data as digit_data
from ml.digits.data import NONE
from tests.support.handwriting_files import write_all
from tests.support.tiny_mnist import drawn_digits, idx, write_mnist


@pytest.mark.parametrize("ending", [".gz", ""])
@pytest.mark.parametrize("place", ["digits/MNIST/raw", "MNIST/raw", "raw", "."])
def test_mnist_is_found_in_its_usual_places_packed_or_not(tmp_path, place, ending):
    write_mnist(tmp_path / place, ending=ending)
    pictures, labels = drawn_digits(40, seed=2)
    found = digit_data.mnist_digits(tmp_path, "t10k")
    assert (found.pictures == pictures).all()
    assert (found.labels == labels).all()


def test_mnist_alone_is_enough_to_learn_from_and_the_card_names_no_more(tmp_path):
    write_mnist(tmp_path)
    learned = digit_data.training_examples(tmp_path)
    assert (
        len(learned.digits) == 330 + 330
    )  # a twelfth of 360 is held out; as many are drawn as displays show them
    assert 330 < (learned.labels == NONE).sum() <= 4 * 330
    assert [one["name"] for one in digit_data.sources(tmp_path)] == [
        "MNIST, training half",
        "scribbles, blobs and pairs of digits",
        "digits crossed out, dots, brackets",
        "digits of seven segments",
    ]


def test_what_else_is_in_the_folder_is_learned_too_and_named(tmp_path):
    write_mnist(tmp_path)
    pictures, labels = drawn_digits(100)
    np.savez(tmp_path / "hwd1000.npz", x=255 - pictures, y=labels)
    assert len(digit_data.training_examples(tmp_path).digits) == 2 * 330 + 3 * 90
    assert "HWD1000" in [one["name"] for one in digit_data.sources(tmp_path)]


def test_no_digit_is_trained_on_and_held_out(tmp_path):
    write_mnist(tmp_path)
    pictures, _ = drawn_digits(360)
    learned = digit_data.training_examples(tmp_path)
    trained = {one.tobytes() for one in learned.digits.pictures[:330]}  # what follows is drawn
    held_out = {one.tobytes() for one in digit_data.validation_examples(tmp_path).pictures}
    assert not trained & held_out
    assert trained | held_out == {one.tobytes() for one in pictures}


def test_a_folder_without_mnist_says_where_it_is_to_be_had(tmp_path):
    with pytest.raises(
        DataMissing, match="train-images-idx3-ubyte.gz of MNIST is not in .* to be had at https://"
    ):
        digit_data.training_examples(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"no idx file", idx(np.zeros((40, 28, 28), np.uint8))[:-5], idx(np.zeros((40, 27, 28), np.uint8))],
    ids=["empty", "text", "cut off", "another size"],
)
def test_a_damaged_file_is_named(tmp_path, content):
    write_mnist(tmp_path, ending="")
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(content)
    with pytest.raises(DataDamaged, match="t10k"):
        digit_data.mnist_digits(tmp_path, "t10k")


def test_a_damaged_collection_is_not_taken_for_a_missing_one(tmp_path):
    write_mnist(tmp_path)
    (tmp_path / "hwd1000.npz").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(DataDamaged, match="hwd1000.npz is damaged"):
        digit_data.training_examples(tmp_path)


@pytest.fixture
def collections(tmp_path: Path) -> Path:
    """A folder of all of them, small."""
    write_all(tmp_path)
    return tmp_path


def rows(examples: digit_data.LabelledDigits) -> set[bytes]:
    return {picture.tobytes() for picture in examples.pictures}


def test_mnist_is_read_as_it_is_published(collections):
    train, test = digit_data.mnist_digits(collections, "train"), digit_data.mnist_digits(collections, "t10k")
    assert (len(train), len(test)) == (120, 20)
    assert train.pictures.shape[1:] == (28, 28) and train.labels[:12].tolist() == [*range(10), 0, 1]


def test_what_validates_is_never_learned_from_and_the_test_half_is_not_touched(collections):
    learned = rows(digit_data.training_examples(collections).digits)
    assert not learned & rows(digit_data.validation_examples(collections))
    for examples in (digit_data.training_examples(collections), digit_data.calibration_examples(collections)):
        assert not rows(examples) & rows(digit_data.mnist_digits(collections, "t10k"))


def test_calibration_holds_writers_that_training_has_not_seen(collections):
    learned = digit_data.training_examples(collections)
    drawn = digit_data.calibration_examples(collections).digits
    assert len(drawn) > len(digit_data.validation_examples(collections)) and not rows(learned.digits) & rows(
        drawn
    )


def test_all_ten_digits_and_none_are_there_all_in_one_form(collections):
    examples = digit_data.training_examples(collections)
    assert set(examples.labels) == {*range(10), NONE}
    assert examples.pictures.shape[1:] == (28, 28) and examples.pictures.dtype == np.uint8
    assert set(examples.digits.labels) == set(range(10))


def test_letters_that_look_like_digits_are_not_called_none(collections):
    assert not set(digit_data.letters(collections, 0, 1).labels) & set("OolISsZzGgBb")


def test_the_seed_decides_what_is_no_digit(collections):
    digits, letters = digit_data.validation_examples(collections), digit_data.letters(collections, 0, 1)
    first, again, other = (digit_data.others(digits, letters, Random(seed), 30) for seed in (1, 1, 2))
    assert (first.pictures == again.pictures).all() and rows(first) != rows(other)
    assert set(first.labels) == {NONE} and 20 <= len(first) <= 60
