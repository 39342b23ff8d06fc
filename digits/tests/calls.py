"""What a program asks of the digits, and a worker's part in it."""

import numpy as np

from digits import tasks
from tests.support.strokes import drawing

SEVEN = drawing(7, np.random.default_rng(1)).ravel().tolist()  # 784 numbers


def ask(api, data, kind: str = "json", **headers: str):
    return api.post("/api/digits/", data, format=kind, headers=headers)


def read(api, data, kind: str = "json") -> dict:
    """Ask, let a worker read, and look again."""
    asked = ask(api, data, kind)
    assert asked.status_code == 202, asked.data
    tasks.read(asked.data["job"]["id"])
    return api.get(asked["Location"]).data


def sentences(answer) -> list[str]:
    return [error["detail"] for error in answer.json()["errors"]]
