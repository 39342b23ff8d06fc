"""What the digit networks learn from, out of small collections in the form of the public ones."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from ml import digit_data
from ml.digit_data import NONE
from ml.glyphs import DataMissing
from ml.tests.handwriting_files import write_all

HELD_OUT = 20


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(digit_data, "HELD_OUT", HELD_OUT)
    write_all(tmp_path)
    return tmp_path


def rows(examples: digit_data.Examples) -> set[bytes]:
    return {picture.tobytes() for picture in examples.pictures}


def test_mnist_is_read_as_it_is_published(folder):
    train, test = digit_data.mnist(folder, "train"), digit_data.mnist(folder, "t10k")
    assert (len(train), len(test)) == (120, 20)
    assert train.pictures.shape[1:] == (28, 28) and train.labels[:12].tolist() == [*range(10), 0, 1]


def test_what_validates_is_never_learned_from_and_the_test_half_is_not_touched(folder):
    learned = rows(digit_data.training_examples(folder).digits)
    assert not learned & rows(digit_data.validation_examples(folder))
    for examples in (digit_data.training_examples(folder), digit_data.calibration_examples(folder)):
        assert not rows(examples) & rows(digit_data.mnist(folder, "t10k"))


def test_calibration_holds_writers_that_training_has_not_seen(folder):
    learned = digit_data.training_examples(folder)
    drawn = digit_data.calibration_examples(folder).digits
    assert len(drawn) > HELD_OUT and not rows(learned.digits) & rows(drawn)


def test_all_ten_digits_and_none_are_there_all_in_one_form(folder):
    examples = digit_data.training_examples(folder)
    assert set(examples.labels) == {*range(10), NONE}
    assert examples.pictures.shape[1:] == (28, 28) and examples.pictures.dtype == np.uint8
    assert set(examples.digits.labels) == set(range(10))


def test_letters_that_look_like_digits_are_not_called_none(folder):
    assert not set(digit_data.letters(folder, 0, 1).labels) & set("OolISsZzGgBb")


def test_the_seed_decides_what_is_no_digit(folder):
    digits, letters = digit_data.validation_examples(folder), digit_data.letters(folder, 0, 1)
    first, again, other = (digit_data.others(digits, letters, Random(seed), 30) for seed in (1, 1, 2))
    assert (first.pictures == again.pictures).all() and rows(first) != rows(other)
    assert set(first.labels) == {NONE} and len(first) == 60


@pytest.mark.parametrize("name", ["digits/MNIST/raw/train-images-idx3-ubyte.gz", "digits/hwd1000.npz"])
def test_a_missing_collection_is_named_with_where_to_get_it(folder, name):
    (folder / name).unlink()
    with pytest.raises(DataMissing, match=f"{Path(name).name} is missing.*MNIST"):
        digit_data.training_examples(folder)
