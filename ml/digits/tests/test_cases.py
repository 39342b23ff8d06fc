"""Pictures that were once read wrongly and surely, each with what stands there: it is read, or nobody is sure."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ml.digits.reader import DigitReader, DigitReading

CASES = Path(__file__).parent / "cases"
READ = {
    "blob.png": "",
    "dec_314.png": "3.14",
    "minus_5.png": "-5",
    "neg_12.png": "-12",
    "ruled2px_tilt2.jpg": "472",
    "notebook.jpg": "471\n902",
    "nb_persp_border_nolines.jpg": "471\n902",
    "row_rot90.png": "1234",
    "answers_with_item_numbers.png": "42\n17\n90\n36",
    "lcd_20790.png": "20790",
}
OR_UNSURE = {"crossed.png": "35", "text_with_number.png": "42"}


def read(digits: DigitReader, name: str) -> DigitReading:
    return digits.read(np.asarray(Image.open(CASES / name).convert("RGB")))


@pytest.mark.parametrize(("name", "text"), READ.items())
def test_what_stands_in_the_picture_is_read_and_nothing_else(digits: DigitReader, name: str, text: str):
    assert read(digits, name).text == text


@pytest.mark.parametrize(("name", "text"), OR_UNSURE.items())
def test_what_is_not_read_is_not_sure(digits: DigitReader, name: str, text: str):
    answer = read(digits, name)
    assert answer.text == text or not answer.is_certain


def test_nothing_is_not_sure(digits: DigitReader):
    assert not read(digits, "blob.png").is_certain


def test_boxes_lie_in_the_picture_as_it_was_sent(digits: DigitReader):
    """Turned: the 1 is at the top. Straightened: its first digit is left, and about as high as it is written."""
    left, top, wide, high = read(digits, "row_rot90.png").digits[0]["box"]
    assert (top + high / 2) < 200 and wide > 80
    box = read(digits, "notebook.jpg").digits[0]["box"]
    assert 330 < box[0] < 400 and 110 < box[1] < 160 and 80 < box[3] < 140
