import numpy as np
import pytest

from ml.core.calibration import (
    LEAST_CERTAIN,
    certain_threshold,
    certainty,
    expected_calibration_error,
    fit_calibration,
    shares,
    softmax,
    weights_of,
)


def drawn_answers(count: int, sharpness: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits whose softmax is exactly right where sharpness is 1, and labels drawn from it."""
    generator = np.random.default_rng(seed)
    honest = generator.normal(0, 2, (count, 5)).astype(np.float32)
    labels = (softmax(honest).cumsum(1) > generator.random((count, 1))).argmax(1)
    return honest * np.float32(sharpness), labels


@pytest.mark.parametrize("sharpness", [0.6, 1.0, 2.5])
def test_the_temperature_undoes_too_much_and_too_little_confidence(sharpness):
    logits, labels = drawn_answers(20_000, sharpness)

    calibration = fit_calibration(logits, labels, tuple(shares(labels, 5)))

    assert calibration.temperature == pytest.approx(sharpness, rel=0.08)
    assert expected_calibration_error(calibration.probabilities(logits), labels) < 0.02


def test_the_shift_makes_up_for_classes_that_are_rarer_on_sheets():
    """Two classes equally often here, one to nine on sheets: an answer in even doubt becomes the frequent class's."""
    generator = np.random.default_rng(1)
    labels = generator.integers(0, 2, 20_000)
    evidence = generator.normal(np.where(labels == 0, 1.0, -1.0), 1.0)
    logits = np.stack([evidence, -evidence], 1).astype(np.float32)

    calibration = fit_calibration(logits, labels, (0.9, 0.1))

    assert calibration.temperature == pytest.approx(1.0, rel=0.1)
    assert calibration.probabilities(np.zeros((1, 2), np.float32))[0] == pytest.approx([0.9, 0.1], abs=0.01)


def test_weights_bring_every_class_to_its_share_on_sheets():
    labels = np.array([0] * 60 + [1] * 40)

    weights = weights_of(labels, (0.9, 0.1))

    assert weights[:60].sum() / weights.sum() == pytest.approx(0.9)
    assert weights.mean() == pytest.approx(1)


def test_overconfidence_shows_as_calibration_error():
    logits, labels = drawn_answers(20_000, 3.0)

    assert expected_calibration_error(softmax(logits), labels) > 0.1


def test_from_the_threshold_on_answers_are_wrong_no_more_than_allowed():
    logits, labels = drawn_answers(50_000, 1.0)
    probabilities = softmax(logits * 3, 3.0)

    threshold = certain_threshold(probabilities, labels, np.ones(len(labels)), allowed=0.03)
    accuracy, review, wrong = certainty(probabilities, labels, np.ones(len(labels)), threshold)

    assert 0 < wrong <= 0.03 and 0.3 < review < 1 and accuracy < 0.9


def test_nothing_is_certain_where_the_surest_answers_are_wrong():
    probabilities = np.array([[0.999, 0.001]] * 500, np.float32)
    labels = np.array([0, 1] * 250)

    assert certain_threshold(probabilities, labels, np.ones(500)) == 1.0


def test_a_reader_without_errors_still_asks_when_in_doubt():
    probabilities = np.array([[0.6, 0.4], [0.97, 0.03]] * 5000, np.float32)

    assert certain_threshold(probabilities, np.zeros(10_000, int), np.ones(10_000)) >= LEAST_CERTAIN
