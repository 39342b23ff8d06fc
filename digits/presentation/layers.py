"""The kept numbers of the network on one digit, step by step, as the API and the page show them."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from digits.models import Inside, Reading
from digits.presentation.explanations import explanation, title
from digits.presentation.layer_texts import TEXTS
from registry import weight_files

Arrays = dict[str, Callable[[], NDArray[Any]]]

INLINE = 1_000  # numbers; more than these are fetched when they are looked at
STEPS = "steps"  # what describes the steps lies among the arrays
FIGURES = tuple("0123456789")
UNPACKING = threading.Lock()  # NumPy parses a literal for each array: two at once may fail before 3.11.8


def layers_context(reading: Reading, place: int, label: str = "") -> dict[str, Any]:
    """What the page needs before it fetches the numbers: the chosen digit, the others, the right answer where known.

    `label` is what the visitor chose as the right digit; a correction of the reading is taken where there is none.
    """
    digits: list[dict[str, Any]] = [
        digit | {"place": at, "number": at + 1} for at, digit in enumerate(reading.digits)
    ]
    chosen = digits[place] if place < len(digits) else None
    right = "".join(reading.right_text.split())
    known = right[place] if chosen and len(right) == len(digits) else ""
    return {
        "reading": reading,
        "digits": digits,
        "chosen": chosen,
        "label": label if label in FIGURES else known,
        "texts": {name: str(text) for name, text in TEXTS.items()},
    }


def explain_steps(inside: Inside, link: Callable[[str], str]) -> list[dict[str, Any]]:
    """[{name, kind, title, shape, explanation, values or maps_url, ...}] in order.

    From the input to the answer and, with a label, back. `link` gives the address of an array by its name.
    """
    with arrays_of(inside) as arrays:
        described: list[dict[str, Any]] = json.loads(str(arrays.pop(STEPS)()))
        return [complete(step, arrays, link) for step in described]


def complete(step: dict[str, Any], arrays: Arrays, link: Callable[[str], str]) -> dict[str, Any]:
    """A step with its title and explanation and, for every array of it, the numbers or where they are."""
    shown = dict(step) | {"title": title(step), "explanation": explanation(step)}
    for name in arrays:
        step_name, _dot, part = name.partition(".")
        if step_name != step["name"]:
            continue
        array = arrays[name]()
        if array.size <= INLINE:
            shown[part or "values"] = array.tolist()
        else:
            shown[f"{part}_url" if part else "maps_url"] = link(name)
    return shown


def array(inside: Inside, name: str) -> NDArray[np.float32] | None:
    """One array by its name; None where there is none."""
    with arrays_of(inside) as arrays:
        return arrays[name]().astype("<f4") if name in arrays and name != STEPS else None


@contextmanager
def arrays_of(inside: Inside) -> Iterator[Arrays]:
    """By its name, what reads an array: the digit's own from the file, the weights from those of its version."""
    version = inside.reading.model
    weights = safe_open(weight_files.weights_folder(version) / weight_files.weights_name(version), "numpy")
    with inside.file.open() as file, np.load(file, allow_pickle=False) as kept, weights as every:
        own, keys = {name: partial(unpack_array, kept, name) for name in kept.files}, every.keys()
        yield own | {part_name(key, every): partial(every.get_tensor, key) for key in keys}


def unpack_array(kept: Mapping[str, NDArray[Any]], name: str) -> NDArray[Any]:
    with UNPACKING:
        return kept[name]


def part_name(key: str, weights: Any) -> str:
    """The four dimensions of a convolution's weights are called its kernels."""
    is_kernels = len(weights.get_slice(key).get_shape()) == 4
    return key.replace(".weight", ".kernels") if is_kernels else key
