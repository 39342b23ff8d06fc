"""The tutorial's way to serve: a handler that builds the network and loads its weights in every request.

The tutorial does it in Flask; plain WSGI costs less than that, so what is measured is the loading. benchmarks/digits.py
serves and asks it, from the root of the repository:

    python -m gunicorn benchmarks.tutorial_site:application
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

import torch

from ml.core.architectures import load_network
from ml.core.cards import WEIGHTS_FOLDER, Card

torch.set_num_threads(1)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    pixels = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))["pixels"]
    card = Card.load(WEIGHTS_FOLDER, "digits")
    network = load_network(card, (WEIGHTS_FOLDER / f"{card.name}.safetensors").read_bytes())
    with torch.inference_mode():
        logits = network(torch.tensor(pixels, dtype=torch.float32).reshape(1, 1, 28, 28))
    answer = json.dumps({"digit": int(logits.argmax())}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
    return [answer]
