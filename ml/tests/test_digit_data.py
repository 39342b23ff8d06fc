"""Digits to learn from are found where people keep them; what is missing or damaged is said in a sentence."""

import numpy as np
import pytest

from ml import digit_data
from ml.digit_data import NONE
from ml.glyphs import DataDamaged, DataMissing
from ml.tests.tiny_mnist import drawn_digits, idx, write_mnist


@pytest.mark.parametrize("ending", [".gz", ""])
@pytest.mark.parametrize("place", ["digits/MNIST/raw", "MNIST/raw", "raw", "."])
def test_mnist_is_found_in_its_usual_places_packed_or_not(tmp_path, place, ending):
    write_mnist(tmp_path / place, ending=ending)
    pictures, labels = drawn_digits(40, seed=2)
    found = digit_data.mnist(tmp_path, "t10k")
    assert (found.pictures == pictures).all()
    assert (found.labels == labels).all()


def test_mnist_alone_is_enough_to_learn_from_and_the_card_names_no_more(tmp_path):
    write_mnist(tmp_path)
    learned = digit_data.training_examples(tmp_path)
    assert len(learned.digits) == 330  # a twelfth of 360 is held out
    assert 0 < (learned.labels == NONE).sum() <= 330
    assert [one["name"] for one in digit_data.sources(tmp_path)] == [
        "MNIST, training half",
        "scribbles, blobs and pairs of digits",
    ]


def test_what_else_is_in_the_folder_is_learned_too_and_named(tmp_path):
    write_mnist(tmp_path)
    pictures, labels = drawn_digits(100)
    np.savez(tmp_path / "hwd1000.npz", x=255 - pictures, y=labels)
    assert len(digit_data.training_examples(tmp_path).digits) == 330 + 3 * 90
    assert "HWD1000" in [one["name"] for one in digit_data.sources(tmp_path)]


def test_no_digit_is_trained_on_and_held_out(tmp_path):
    write_mnist(tmp_path)
    pictures, _ = drawn_digits(360)
    trained = {one.tobytes() for one in digit_data.training_examples(tmp_path).digits.pictures}
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
        digit_data.mnist(tmp_path, "t10k")


def test_a_damaged_collection_is_not_taken_for_a_missing_one(tmp_path):
    write_mnist(tmp_path)
    (tmp_path / "hwd1000.npz").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(DataDamaged, match="hwd1000.npz is damaged"):
        digit_data.training_examples(tmp_path)
