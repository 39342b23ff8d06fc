"""Papers to measure with: made from seeds, and counted as what stands on them."""

import numpy as np
import pytest

from ml.core.characters import Characters
from ml.digits import evaluate
from ml.digits.data import LabelledDigits
from ml.digits.papers import KINDS, papers
from ml.digits.probe import FILE
from ml.digits.sheets import Hands


@pytest.fixture(scope="module")
def hands() -> Hands:
    """Of the digits that come along, in place of those of MNIST and EMNIST."""
    with np.load(FILE) as kept:
        digits = LabelledDigits(kept["x"], kept["y"].astype(np.int64))
    return Hands(digits, Characters(np.zeros((0, 36, 36), np.uint8), np.zeros(0, "<U1")))


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_is_the_same_every_time_and_says_what_stands_on_it(kind, hands):
    first, second = (list(papers(kind, hands, 2)) for _ in range(2))
    assert all(np.array_equal(one.picture, other.picture) for one, other in zip(first, second, strict=True))
    assert all(set(paper.text) <= set("0123456789-+.,/=\n") for paper in first)


def test_signs_are_read_surely_and_what_is_surely_wrong_is_counted(digits, hands, monkeypatch):
    monkeypatch.setattr(evaluate, "hands_of", lambda folder: hands)
    monkeypatch.setattr(evaluate, "KINDS", ["signs", "blots and dots"])
    rows = evaluate.measure_papers(digits, FILE.parent)
    assert [row["set"] for row in rows] == ["signs (5)"] * 3 + ["blots and dots (5)"] * 3
    found = {(row["set"], row["measure"]): row["value"] for row in rows}
    assert found["signs (5)", "right"] >= 0.6 and found["blots and dots (5)", "certain and wrong"] == 0


def test_of_few_hands_no_papers_are_made(digits, hands, monkeypatch):
    few = Hands(hands.digits.where(np.arange(len(hands.digits)) < 50), hands.letters)
    monkeypatch.setattr(evaluate, "hands_of", lambda folder: few)
    assert evaluate.measure_papers(digits, FILE.parent) == []
