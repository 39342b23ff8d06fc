"""The two networks: their sizes, and that they answer as they learned."""

import numpy as np
import pytest
import torch
from torch import nn

from ml.core.architectures import parameter_count
from ml.core.calibration import softmax
from ml.digits.network import (
    BUILDERS,
    build_trainable,
    network_input,
    plain,
    unfold,
    with_none,
)
from ml.digits.tests.test_inside import built_in
from ml.writing.candidates import is_digit_probability
from tests.support.strokes import drawing

DENSE = 784 * 800 + 800 + 800 * 500 + 500 + 500 * 10 + 10


def learned(architecture: str) -> nn.Sequential:
    """With normalisations that are not those of the start."""
    torch.manual_seed(0)
    network = build_trainable(architecture)
    for layer in network:
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.running_mean, -1, 1)
            nn.init.uniform_(layer.running_var, 0.5, 2)
    return network.eval()


def frames(count: int = 10) -> np.ndarray:
    rng = np.random.default_rng(7)
    return np.stack([drawing(number % 10, rng) for number in range(count)])


def test_the_dense_network_is_the_tutorials():
    network = build_trainable("dense")
    widths = [(layer.in_features, layer.out_features) for layer in network if isinstance(layer, nn.Linear)]
    assert widths == [(784, 800), (800, 500), (500, 10)]
    assert parameter_count(network) == DENSE


def test_no_cnn_has_more_than_one_and_a_half_million_parameters():
    for network in (build_trainable("cnn"), built_in()):
        assert parameter_count(network) <= 1_500_000


@pytest.mark.parametrize("architecture", BUILDERS)
def test_what_answers_is_what_learned_without_its_normalisation(architecture):
    network, pictures = learned(architecture), torch.from_numpy(network_input(frames()))
    folded = plain(network)
    with torch.inference_mode():
        torch.testing.assert_close(folded(pictures), network(pictures), rtol=1e-5, atol=1e-5)
    kinds = {type(layer) for layer in folded}
    assert not kinds & {nn.BatchNorm2d, nn.Dropout} and kinds <= {
        nn.Conv2d,
        nn.ReLU,
        nn.MaxPool2d,
        nn.Flatten,
        nn.Linear,
    }


@pytest.mark.parametrize("architecture", BUILDERS)
def test_what_answered_learns_on_as_the_same_function(architecture):
    answering, pictures = plain(learned(architecture)), torch.from_numpy(network_input(frames()))
    learning = build_trainable(architecture)
    unfold(answering, learning, pictures)
    with torch.inference_mode():
        expected = answering(pictures)
        torch.testing.assert_close(learning.eval()(pictures), expected, rtol=1e-4, atol=1e-4)
        for layer in learning.train():
            if isinstance(layer, nn.Dropout):
                layer.eval()
        torch.testing.assert_close(learning(pictures), expected, rtol=1e-2, atol=1e-2)


def test_the_two_probabilities_are_those_of_a_softmax_over_ten_digits_and_none():
    logits = np.random.default_rng(0).normal(0, 4, (20, 10)).astype(np.float32)
    eleven = with_none(torch.from_numpy(logits)).softmax(1).numpy()
    np.testing.assert_allclose(is_digit_probability(logits), 1 - eleven[:, 10], atol=1e-6)
    np.testing.assert_allclose(softmax(logits), eleven[:, :10] / (1 - eleven[:, 10:]), rtol=1e-4, atol=1e-6)


def test_very_high_and_very_low_scores_stay_probabilities():
    logits = np.array([[500.0] + [0] * 9, [-500.0] * 10], np.float32)
    assert np.isfinite(softmax(logits)).all()
    np.testing.assert_allclose(is_digit_probability(logits), [1, 0], atol=1e-6)
