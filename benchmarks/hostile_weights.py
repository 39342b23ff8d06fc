"""Weights and cards that lie, and PNG files whose notes on how they were drawn were written by someone else."""

import hashlib
import json
import struct
from typing import Any

import numpy as np

from benchmarks.hostile_files import mechanism
from benchmarks.hostile_pictures import chunk, png, zeros

Rng = np.random.Generator
DEEP = 100_000


def safetensors(header: bytes, data: bytes = b"", length: int | None = None) -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header + data


def tensors(**told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode()


def tensor(kind: str = "F32", shape: tuple[int, ...] = (4,), start: int = 0, end: int = 16) -> dict[str, Any]:
    return {"dtype": kind, "shape": shape, "data_offsets": [start, end]}


GOOD_WEIGHTS = safetensors(tensors(a=tensor()), bytes(16))


def card(**changed: Any) -> dict[str, Any]:
    """Every field of a card, of the weights that are sent with it."""
    told = {
        "kind": "digits",
        "name": "hostile",
        "architecture": "ml.digits.cnn",
        "config": {},
        "preprocessing": {},
        "classes": list("0123456789"),
        "meanings": {},
        "temperature": 1.0,
        "shift": [],
        "certain": 0.9,
        "data": [],
        "metrics": [],
        "seed": 1,
        "parameters": 4,
        "sha256": hashlib.sha256(GOOD_WEIGHTS).hexdigest(),
        "trained_at": "2026-01-01",
    }
    return told | changed


def encoded_card(told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode()


# --- weights


@mechanism("weights", "safetensors")
def lying_header_length(rng: Rng, step: int) -> bytes:
    return safetensors(b"{}", rng.bytes(99), (0, 3, 10**6, 2**40, 2**64 - 1)[step])


@mechanism("weights", "safetensors")
def huge_header(rng: Rng, step: int) -> bytes:
    """A header of 10^3 to 10^5 tensors, in the last step of as many levels."""
    if step == 4:
        return safetensors(b'{"a":' * DEEP + b"}" * DEEP)
    return safetensors(tensors(**{f"a{number}": tensor() for number in range(10 ** (step + 2))}), bytes(16))


@mechanism("weights", "safetensors")
def lying_tensors(rng: Rng, step: int) -> bytes:
    """Tensors of a kind that there is not, of too many numbers, of each other's bytes, of less than none."""
    told = (
        {"a": tensor("F7")},
        {"a": tensor(shape=(2**40, 2**40))},
        {"a": tensor(), "b": tensor()},
        {"a": tensor(start=16, end=0)},
        {"a": tensor(shape=(-4,))},
    )
    return safetensors(tensors(**told[step]), bytes(16))


@mechanism("weights", "safetensors")
def pickled_weights(rng: Rng, step: int) -> bytes:
    heads = (b"\x80\x02", b"PK\3\4", b"\x80\x05cos\nsystem\n", b"cos\nsystem\n(S'true'\ntR.", b"\x89HDF\r\n")
    return heads[step] + bytes(200)


@mechanism("weights", "safetensors")
def cut_weights(rng: Rng, step: int) -> bytes:
    return GOOD_WEIGHTS[: len(GOOD_WEIGHTS) * step // 5]


# --- cards


@mechanism("card", "json")
def numbers_that_are_none(rng: Rng, step: int) -> bytes:
    numbers = ("NaN", "1e999", "-Infinity", "9" * 5_000, "1" + "0" * 400 + ".5")
    return (
        json.dumps(card(temperature=0))
        .replace('"temperature": 0', f'"temperature": {numbers[step]}')
        .encode()
    )


@mechanism("card", "json")
def deep_card(rng: Rng, step: int) -> bytes:
    depth = 10 ** (step + 1)
    return b"[" * depth + b"]" * depth if step % 2 else b'{"a":' * depth + b"0" + b"}" * depth


@mechanism("card", "json")
def huge_card(rng: Rng, step: int) -> bytes:
    """Names, lists and numbers of 10^5 and more, within and beyond 1 MB."""
    return json.dumps(card(metrics=[0] * 10 ** (step + 2), classes=["a" * 10**step] * 9)).encode()


@mechanism("card", "json")
def card_of_something_else(rng: Rng, step: int) -> bytes:
    changes: tuple[dict[str, Any], ...] = (
        {"architecture": "os.system"},
        {"name": "../../etc/passwd"},
        {"config": {"width": 10**9, "__class__": "a"}},
        {"kind": "a" * 10_000},
        {"classes": [None, [], {}], "data": [None], "metrics": [None], "shift": ["a"]},
    )
    return json.dumps(card(**changes[step])).encode()


@mechanism("card", "json")
def odd_letters_in_card(rng: Rng, step: int) -> bytes:
    letters = ("\0", "\ud800", "\u202e", "<script>", "a\nb")
    return json.dumps(card(trained_at=letters[step], data=[{"name": letters[step]}])).encode()


@mechanism("card", "json")
def no_card(rng: Rng, step: int) -> bytes:
    return (b"", b"null", b"[]", b'"a"', rng.bytes(300))[step]


# --- notes in faces


def noted(said: bytes) -> bytes:
    """A PNG that says so of how it was drawn."""
    return png(64, 64, zeros(65 * 64), before=chunk(b"tEXt", b"nunbit\0" + said))


@mechanism("note", "png")
def deep_note(rng: Rng, step: int) -> bytes:
    depth = 10 ** (step + 1)
    return noted(b'{"a":' * depth + b"1" + b"}" * depth)


@mechanism("note", "png")
def lying_note(rng: Rng, step: int) -> bytes:
    """A note longer than the file, without an end, of another encoding."""
    said = b'{"model": "gan", "seed": 1}'
    lying = struct.pack(">I", (10**9, 2**32 - 1, 5, 0, 100_000)[step]) + b"tEXtnunbit\0" + said
    return png(64, 64, zeros(65 * 64), before=lying)


@mechanism("note", "png")
def note_of_odd_settings(rng: Rng, step: int) -> bytes:
    """Settings of the wrong kind, or so large that no one can draw them."""
    settings: tuple[dict[str, Any], ...] = (
        {"seed": 10**400, "count": -1, "model": []},
        {"model": "stylegan", "edits": {"smile": float("nan")}, "seed": float("inf")},
        {"model": {"a": 1}, "mix": "a", "interpolate": [1], "like": 5},
        {"model": "gan", "like": {"code": [[0.0] * 512] * 40, "share": 1e308}},
        {"model": "gan\0", "prompt": "\ud800", "sha256": "a" * 90_000},
    )
    return noted(json.dumps(settings[step]).encode())


@mechanism("note", "png")
def note_that_is_no_object(rng: Rng, step: int) -> bytes:
    return noted((b"[]", b"null", b"1e999", b"\xff\xfe", b'"' + b"a" * 99_000 + b'"')[step])
