"""The layers of a digit network as anyone would write them down, in NumPy and float64, and digits to put in."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


def by_hand(frame: NDArray[np.uint8], steps: list[dict[str, Any]], given: Arrays) -> Arrays:
    """The output of every step from the frame and the weights alone; `given` has "<step>.kernels" and the like."""
    made: Arrays = {"input": frame / 255}
    for step in steps[1:]:
        name, weights = step["name"], {part: given.get(f"{step['name']}.{part}") for part in PARTS}
        before = made.get(step["inputs"])
        if step["kind"] == "convolution":
            made[name] = convolved(before.reshape(-1, *before.shape[-2:]), step, **weights)
        elif step["kind"] == "pooling":
            windows = windows_of(before, step)
            made |= {name: windows.max((3, 4)), f"{name}.average": windows.mean((3, 4))}
        elif step["kind"] in SIMPLE:
            made[name] = SIMPLE[step["kind"]](before, weights)
    powers = np.exp(made["logits"])
    made |= {"softmax": powers / powers.sum(), "softmax.exp": powers}
    made["softmax.sigmoid"] = 1 / (1 + np.exp(-made["logits"]))
    made["is_digit"] = np.array([powers.sum() / (1 + powers.sum())])
    return made


PARTS = ("kernels", "weight", "bias")
SIMPLE = {
    "relu": lambda values, _weights: np.maximum(values, 0),
    "flatten": lambda values, _weights: values.reshape(-1),
    "dense": lambda values, weights: weights["weight"].astype(np.float64) @ values + weights["bias"],
    "logits": lambda values, _weights: values,
}


def windows_of(values: NDArray[Any], step: dict[str, Any]) -> NDArray[Any]:
    """(maps, rows, columns, k, k)"""
    side = step["kernel"]
    found = sliding_window_view(values, (side, side), axis=(1, 2))
    return found[:, :: step["stride"], :: step["stride"]]


def convolved(
    values: NDArray[Any], step: dict[str, Any], kernels: Any, bias: Any, **_rest: Any
) -> NDArray[Any]:
    edge = (step["padding"], step["padding"])
    windows = windows_of(np.pad(values, ((0, 0), edge, edge)), step)
    return (
        np.einsum("cyxij,ocij->oyx", windows, kernels.astype(np.float64), optimize=True) + bias[:, None, None]
    )
