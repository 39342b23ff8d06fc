"""The kept numbers of the network on one digit, step by step, as the API and the page show them."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digits.explanations import explanation, title
from digits.layer_texts import TEXTS
from digits.models import Inside, Reading

INLINE = 1_000  # numbers; more than these are fetched when they are looked at


def page_of(reading: Reading, place: int) -> dict[str, Any]:
    """What the page needs before it fetches the numbers: the chosen digit, the others, the right answer where known."""
    digits: list[dict[str, Any]] = [
        digit | {"place": at, "number": at + 1} for at, digit in enumerate(reading.digits)
    ]
    chosen = digits[place] if place < len(digits) else None
    right = "".join(reading.right_text.split())
    return {
        "reading": reading,
        "digits": digits,
        "chosen": chosen,
        "label": right[place] if chosen and len(right) == len(digits) else "",
        "texts": {name: str(text) for name, text in TEXTS.items()},
    }


def steps(inside: Inside, link: Callable[[str], str]) -> list[dict[str, Any]]:
    """[{name, kind, title, shape, explanation, values or maps_url, ...}] in order.

    From the input to the answer and, with a label, back. `link` gives the address of an array by its name.
    """
    with inside.file.open() as file, np.load(file, allow_pickle=False) as kept:
        described: list[dict[str, Any]] = json.loads(str(kept["steps"]))
        return [complete(step, kept, link) for step in described]


def complete(step: dict[str, Any], kept: Any, link: Callable[[str], str]) -> dict[str, Any]:
    """A step with its title and explanation and, for every array of it, the numbers or where they are."""
    arrays = {name: kept[name] for name in kept.files if name.split(".")[0] == step["name"]}
    shown = dict(step) | {"title": title(step), "explanation": explanation(step)}
    for name, array in arrays.items():
        part = name.partition(".")[2]
        if array.size <= INLINE:
            shown[part or "values"] = array.tolist()
        else:
            shown[f"{part}_url" if part else "maps_url"] = link(name)
    return shown


def array(inside: Inside, name: str) -> NDArray[np.float32] | None:
    """One array by its name; None where there is none."""
    with inside.file.open() as file, np.load(file, allow_pickle=False) as kept:
        return kept[name].astype("<f4") if name in kept.files and name != "steps" else None
