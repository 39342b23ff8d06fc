"""What the page shows is what the network did: against NumPy layer by layer, and against finite differences."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn.functional import cross_entropy

from ml.core.architectures import load_network
from ml.core.cards import WEIGHTS_FOLDER, Card, checked_weights
from ml.digits.inside import RATE, RATES, integrated_gradients, look_inside
from ml.digits.network import build_trainable, plain, to_tensor
from ml.digits.tests.layers_by_hand import by_hand
from tests.support.strokes import drawing

SMALL = {"cnn": {"channels": (3, 4), "dense": 7}, "dense": {"hidden": (9, 8)}}


def small(architecture: str, seed: int = 0) -> nn.Sequential:
    """A network of few neurons with random weights, its normalisations as if it had learned."""
    torch.manual_seed(seed)
    network = build_trainable(architecture, SMALL[architecture])
    for layer in network:
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.uniform_(layer.running_mean, -1, 1)
            nn.init.uniform_(layer.running_var, 0.5, 2)
    return plain(network)


def built_in() -> nn.Sequential:
    card = Card.load(WEIGHTS_FOLDER, "digits")
    return load_network(card, checked_weights(WEIGHTS_FOLDER, card))


def loss_of(network: nn.Sequential, pictures: torch.Tensor, label: int) -> torch.Tensor:
    return cross_entropy(network(pictures), torch.tensor([label]))


@pytest.fixture
def frames() -> NDArray[np.uint8]:
    rng = np.random.default_rng(5)
    return np.array([drawing(number % 10, rng) for number in range(50)])


@pytest.mark.parametrize("architecture", ["cnn", "dense", "built in"])
def test_every_number_of_50_digits_is_what_numpy_says(architecture, frames):
    learned = built_in()
    for number, frame in enumerate(frames):
        network = learned if architecture == "built in" else small(architecture, number)
        inside = look_inside(network, frame, None)
        expected = by_hand(frame, inside.steps, inside.arrays)
        assert {step["name"] for step in inside.steps} <= set(expected)
        for name, values in expected.items():
            np.testing.assert_allclose(inside.arrays[name], values, rtol=1e-4, atol=1e-4, err_msg=name)


def test_steps_name_their_shape_and_the_step_before(frames):
    inside = look_inside(small("cnn"), frames[0], 3)
    names = [step["name"] for step in inside.steps]
    assert names[:5] == ["input", "convolution1", "relu1", "convolution2", "relu2"]
    assert names[-6:] == ["logits", "softmax", "is_digit", "loss", "gradients", "descent"]
    for step in inside.steps[1:]:
        assert step["inputs"] in names[: names.index(step["name"])]
    for step in inside.steps[:-3]:
        assert list(inside.arrays[step["name"]].shape) == step["shape"]
    assert all(values.dtype == np.float32 for values in inside.arrays.values())


@pytest.mark.parametrize("architecture", ["cnn", "dense"])
def test_gradients_are_what_a_tiny_change_makes_of_the_loss(architecture, frames):
    network, label = small(architecture).double(), 4
    frame = frames[7]
    found = look_inside(small(architecture), frame, label).arrays
    picture, tiny = to_tensor(frame[None]).double(), 1e-5
    weight = network.get_submodule("answer").weight
    with torch.no_grad():
        for place in [(10, 12), (14, 14), (5, 20)]:
            moved = picture.clone()
            moved[(0, 0, *place)] += tiny
            slope = (loss_of(network, moved, label) - loss_of(network, picture, label)) / tiny
            assert found["input.gradient"][place] == pytest.approx(float(slope), abs=1e-4)
        for place in [(4, 0), (0, 3), (9, 5)]:
            before = loss_of(network, picture, label)
            weight[place] += tiny
            slope = (loss_of(network, picture, label) - before) / tiny
            weight[place] -= tiny
            assert found["answer.weight_gradient"][place] == pytest.approx(float(slope), abs=1e-4)


def test_the_gradient_of_the_scores_is_probability_minus_what_was_wanted(frames):
    arrays = look_inside(built_in(), frames[2], 7).arrays
    np.testing.assert_allclose(arrays["logits.gradient"], arrays["softmax"] - np.eye(10)[7], atol=1e-5)
    assert arrays["loss"][0] == pytest.approx(-np.log(arrays["softmax"][7]), rel=1e-3)


def test_one_step_of_descent_is_the_optimisers_and_leaves_the_network_alone(frames):
    network, label = built_in(), 1
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    inside = look_inside(network, frames[7], label)
    assert all(torch.equal(weight, before[name]) for name, weight in network.state_dict().items())
    assert all(weight.grad is None for weight in network.parameters())

    for weight in network.parameters():
        weight.requires_grad_()
    optimiser = torch.optim.SGD(network.parameters(), lr=RATE)
    loss_of(network, to_tensor(frames[7:8]), label).backward()
    optimiser.step()
    after = network(to_tensor(frames[7:8])).softmax(1)[0].detach().numpy()
    np.testing.assert_allclose(inside.arrays["descent.after"][RATES.index(RATE)], after, atol=1e-4)
    step = inside.steps[-1]
    assert step["loss_after"] < step["loss"] and step["probability_after"] > step["probability"]


def test_saliency_lies_on_the_ink_and_is_found_for_many_at_once(frames):
    network = built_in()
    together = integrated_gradients(network, frames[:10])
    assert together.shape == (10, 28, 28) and together.dtype == np.uint8
    assert (together.max((1, 2)) == 255).all() and not together[frames[:10] == 0].any()
    alone = integrated_gradients(network, frames[3:4])[0]
    np.testing.assert_allclose(alone.astype(int), together[3].astype(int), atol=2)


def test_an_empty_picture_has_no_saliency():
    assert not integrated_gradients(small("cnn"), np.zeros((1, 28, 28), np.uint8)).any()
