"""Every number of a digit network on one digit, from the input to the answer and back again, and which pixels spoke.

The forward pass is the network's own. What stands beside it is for comparison only: averages next to a pooling's
maxima, sigmoids next to the softmax. With a label follows what one step of learning would do: the cross-entropy
loss, its gradient at every layer (backpropagation; Rumelhart, Hinton, Williams, 1986) and plain gradient descent on
this digit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

from ml.core.arrays import Numbers, Picture
from ml.digits.network import to_tensor

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)  # of the one step of gradient descent
RATE = 0.001  # the one that the step is stated for; the others show what too little and too much do
PATH = 4  # pictures on the way from an empty one, for the saliency
BELL = torch.exp(-(torch.arange(-2.0, 3.0) ** 2) / (2 * 1.4**2))
SURROUNDINGS = torch.outer(BELL, BELL)[None, None] / BELL.sum() ** 2  # 5 x 5, weights that sum to 1

Step = dict[str, Any]
Arrays = dict[str, Numbers]


@dataclass(frozen=True)
class Trace:
    """steps: {name, kind, shape, inputs: the step before, ...} in order, ready for JSON.

    arrays, float32: "<step>" is what comes out of it, of `shape`; "<step>.<part>" what belongs to it. Parts are
    kernels (out, in, k, k), weight (out, in), bias (out,), average (of a pooling), exp and sigmoid (of the softmax),
    with a label gradient (of the loss by the step's outputs), kernels_gradient, weight_gradient, bias_gradient, and for
    the step of descent after (rates, 10) and losses (rates,).
    """

    steps: list[Step]
    arrays: Arrays


@dataclass(frozen=True)
class Passage:
    """One digit on its way: the output of every layer by its name, still tied to the graph for the way back."""

    network: nn.Sequential
    weights: dict[str, Tensor]
    outputs: dict[str, Tensor]

    @property
    def logits(self) -> Tensor:
        return self.outputs["logits"]


def look_inside(network: nn.Sequential, frame: Picture, label: int | None) -> Trace:
    """frame: (28, 28) uint8, ink high; label: the right digit, for the way back. The network is left as it was.

    Takes a network of named convolutions, ReLUs, max poolings, flattenings and dense layers (ml.digits.network.plain).
    """
    passage = forward(network, frame)
    inked = int((frame > 0).sum())
    steps: list[Step] = [{"name": "input", "kind": "input", "shape": list(frame.shape), "inked": inked}]
    arrays = parts_of(passage)
    before = "input"
    for name, layer in network.named_children():
        shape = list(passage.outputs[name].shape[1:])
        step = {"name": name, "kind": KINDS[type(layer)], "inputs": before, "shape": shape}
        steps.append(step | facts(layer, passage.outputs[before], passage.outputs[name]))
        before = name
    steps += answer_steps(passage.logits, before, arrays)
    if label is not None:
        steps += way_back(passage, label, arrays)
    return Trace(steps, arrays)


KINDS: dict[type[nn.Module], str] = {
    nn.Conv2d: "convolution",
    nn.ReLU: "relu",
    nn.MaxPool2d: "pooling",
    nn.Flatten: "flatten",
    nn.Linear: "dense",
}
WEIGHTS: dict[type[nn.Module], str] = {nn.Conv2d: "kernels", nn.Linear: "weight"}


def forward(network: nn.Sequential, frame: Picture) -> Passage:
    """With the weights detached, so that their gradients are found whatever the network was loaded for."""
    weights = {name: weight.detach().requires_grad_() for name, weight in network.named_parameters()}
    values = to_tensor(frame[None]).requires_grad_()
    outputs = {"input": values}
    for name, layer in network.named_children():
        own = {part: weights[f"{name}.{part}"] for part, _weight in layer.named_parameters()}
        values = functional_call(layer, own, (values,))
        outputs[name] = values
    return Passage(network, weights, outputs | {"logits": values})


def parts_of(passage: Passage) -> Arrays:
    """The output of every step, the weights of every layer that has some, and averages beside maxima."""
    arrays = {name: to_numpy(values[0]) for name, values in passage.outputs.items()}
    arrays["input"] = arrays["input"][0]
    before = passage.outputs["input"]
    for name, layer in passage.network.named_children():
        if type(layer) in WEIGHTS:
            arrays[f"{name}.{WEIGHTS[type(layer)]}"] = to_numpy(passage.weights[f"{name}.weight"])
            arrays[f"{name}.bias"] = to_numpy(passage.weights[f"{name}.bias"])
        if isinstance(layer, nn.MaxPool2d):
            average = functional.avg_pool2d(before, layer.kernel_size, layer.stride, layer.padding)
            arrays[f"{name}.average"] = to_numpy(average[0])
        before = passage.outputs[name]
    return arrays


def facts(layer: nn.Module, before: Tensor, after: Tensor) -> Step:
    """What a reader has to know of this layer to follow its arithmetic."""
    if isinstance(layer, nn.Conv2d | nn.MaxPool2d):
        sizes = {"kernel": layer.kernel_size, "stride": layer.stride, "padding": layer.padding}
        channels = {"channels": layer.in_channels} if isinstance(layer, nn.Conv2d) else {}
        return {name: side(size) for name, size in sizes.items()} | channels
    if isinstance(layer, nn.ReLU):
        return {"silenced": int((before < 0).sum()), "numbers": before.numel()}
    if isinstance(layer, nn.Linear):
        return {"inputs_count": layer.in_features}
    return {"from_shape": list(before.shape[1:])}


def side(size: Any) -> int:
    """Of a square given as 3 or (3, 3)."""
    return int(size if isinstance(size, int) else size[0])


def answer_steps(logits: Tensor, before: str, arrays: Arrays) -> list[Step]:
    """Logits, softmax with a sigmoid beside it, and whether it is a digit at all (see ml.digits.network)."""
    scores = logits[0].detach().double()
    powers, probabilities = scores.exp(), scores.softmax(0)
    total, top = float(powers.sum()), int(scores.argmax())
    is_digit = float(torch.sigmoid(scores.logsumexp(0)))
    arrays |= {"softmax": to_numpy(probabilities), "is_digit": np.array([is_digit], np.float32)}
    arrays |= {"softmax.exp": to_numpy(powers), "softmax.sigmoid": to_numpy(scores.sigmoid())}
    score, probability = float(scores[top]), float(probabilities[top])
    return [
        answer_step("logits", before, 10, top=top, score=score),
        answer_step("softmax", "logits", 10, sum=total, top=top, probability=probability, score=score),
        answer_step("is_digit", "softmax", 1, sum=total, probability=is_digit),
    ]


def answer_step(name: str, inputs: str, size: int, **facts: Any) -> Step:
    """Of what follows the network's last layer."""
    return {"name": name, "kind": name, "inputs": inputs, "shape": [size], **facts}


def way_back(passage: Passage, label: int, arrays: Arrays) -> list[Step]:
    """The loss for the right digit, its gradients, and one step of gradient descent; fills `arrays`."""
    loss = functional.cross_entropy(passage.logits, torch.tensor([label]))
    weights = passage.weights
    slopes = torch.autograd.grad(loss, [*passage.outputs.values(), *weights.values()])
    by_output = dict(zip(passage.outputs, slopes, strict=False))
    by_weight = dict(zip(weights, slopes[len(by_output) :], strict=True))
    arrays |= {f"{name}.gradient": to_numpy(slope[0]) for name, slope in by_output.items()}
    arrays["input.gradient"] = arrays["input.gradient"][0]
    for name, layer in passage.network.named_children():
        if type(layer) in WEIGHTS:
            arrays[f"{name}.{WEIGHTS[type(layer)]}_gradient"] = to_numpy(by_weight[f"{name}.weight"])
            arrays[f"{name}.bias_gradient"] = to_numpy(by_weight[f"{name}.bias"])
    sizes = [{"name": name, "size": float(slope.abs().mean())} for name, slope in reversed(by_output.items())]
    probability = float(passage.logits[0].detach().softmax(0)[label])
    arrays["loss"] = to_numpy(loss[None])
    now = {"loss": float(loss.detach()), "probability": probability}
    return [
        answer_step("loss", "softmax", 1, label=label, **now),
        answer_step("gradients", "loss", len(sizes), label=label, layers=sizes),
        descent_step(passage, label, by_weight, arrays) | now,
    ]


@torch.no_grad()
def descent_step(passage: Passage, label: int, slopes: dict[str, Tensor], arrays: Arrays) -> Step:
    """weight - rate x gradient for every weight, on this digit alone, and what the network says then, for each rate."""
    weights, values = passage.weights, passage.outputs["input"]

    def after(rate: float) -> Tensor:
        moved = {name: weight - rate * slopes[name] for name, weight in weights.items()}
        answer: Tensor = functional_call(passage.network, moved, (values,))
        return answer

    logits = torch.cat([after(rate) for rate in RATES])
    losses = functional.cross_entropy(logits, torch.full((len(RATES),), label), reduction="none")
    arrays |= {
        "descent": to_numpy(passage.logits[0].softmax(0)),
        "descent.after": to_numpy(logits.softmax(1)),
        "descent.losses": to_numpy(losses),
    }
    chosen = RATES.index(RATE)
    return answer_step(
        "descent",
        "gradients",
        10,
        label=label,
        rate=RATE,
        rates=list(RATES),
        loss_after=float(losses[chosen]),
        probability_after=float(logits[chosen].softmax(0)[label]),
        layers=[
            moved_layer(name.removesuffix(".weight"), weight, slopes[name])
            for name, weight in weights.items()
            if name.endswith(".weight")
        ],
    )


def moved_layer(name: str, weight: Tensor, slope: Tensor) -> Step:
    """How long a layer's weights and their gradient are (root of the sum of squares): a step is rate x the latter."""
    lengths = {"length": float(weight.norm()), "slope": float(slope.norm())}
    return {"name": name, "weights": weight.numel()} | lengths


def to_numpy(values: Tensor) -> Numbers:
    return np.ascontiguousarray(values.detach().numpy(), np.float32)


def integrated_gradients(network: Callable[[Tensor], Tensor], frames: Picture) -> Picture:
    """How much the ink at each pixel spoke for the answer: (n, 28, 28) uint8 -> the same, 255 the most in its picture.

    Integrated gradients (Sundararajan, Taly, Yan, "Axiomatic Attribution for Deep Networks", 2017, section 3): the
    gradient of the highest logit, averaged along the straight way from an empty picture to this one, times the picture.
    Poolings make neighbours speak for and against by turns, so each pixel is given what its surroundings say together.
    """
    pictures = to_tensor(frames)
    shares = torch.arange(1, PATH + 1) / PATH
    path = (pictures[None] * shares[:, None, None, None, None]).flatten(0, 1).requires_grad_()
    logits = network(path).unflatten(0, (PATH, -1))
    top = logits[-1].argmax(1)
    (slopes,) = torch.autograd.grad(logits.gather(2, top.expand(PATH, -1)[..., None]).sum(), path)
    spoken = slopes.unflatten(0, (PATH, -1)).mean(0) * pictures
    shown = (functional.conv2d(spoken, SURROUNDINGS, padding=2) * pictures)[:, 0].clamp(min=0)
    strongest = shown.amax((1, 2), keepdim=True).clamp(min=1e-12)
    return np.asarray((shown / strongest * 255).round().numpy(), np.uint8)
