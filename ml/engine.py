"""One network, two engines behind one surface: PyTorch on a GPU, ONNX Runtime with one thread on a CPU."""

import logging
import os
import tempfile
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import nn

from ml.architectures import load_network
from ml.cards import Card, checked_weights, write_whole

Numbers = NDArray[np.float32]
Run = Callable[[Numbers], Numbers]

AGREEMENT = 1e-4  # largest difference between the two engines' logits on random input
BATCH = 256  # cells in one pass: ONNX Runtime is slower per cell above it
CACHE_VARIABLE = "NUNBIT_ONNX_CACHE"
EXPORTING = threading.Lock()  # torch.onnx.export fails where two threads call it at once


class EnginesDisagree(Exception):
    """The exported network does not compute what PyTorch computes."""


class Engine:
    """A network ready to run; safe to share between threads."""

    def __init__(self, card: Card, run: Run, device: str) -> None:
        self.card, self.device = card, device
        self._run = run

    def logits(self, cells: Numbers) -> Numbers:
        """cells: (n, 1, size, size) float32, ink 1 and paper 0. Returns (n, classes); n may be 0."""
        passes = [self._run(cells[at : at + BATCH]) for at in range(0, len(cells), BATCH)]
        return np.concatenate([np.empty((0, len(self.card.classes)), np.float32), *passes])


def load_engine(
    card: Card, folder: Path, cache_folder: Path | None = None, device: str | None = None
) -> Engine:
    """Checks the weights against the card and readies them on "cuda" (taken where there is one) or "cpu".

    The ONNX file is kept in cache_folder, else in $NUNBIT_ONNX_CACHE, else beside the weights, else (where that folder
    is read-only) in the system's temporary folder. Raises WeightsDamaged, EnginesDisagree.
    """
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    content = checked_weights(folder, card)
    if device != "cpu":
        return Engine(card, torch_run(load_network(card, content), device), device)
    exported = onnx_file(card, content, cache_folder or _cache_folder(folder))
    return Engine(card, onnx_run(exported), device)


def torch_run(network: nn.Module, device: str) -> Run:
    network = network.to(device)

    def run(cells: Numbers) -> Numbers:
        with torch.inference_mode():
            answer: Numbers = network(torch.from_numpy(cells).to(device)).cpu().numpy()
        return answer

    return run


def onnx_session(exported: Path) -> onnxruntime.InferenceSession:
    """ONNX Runtime with one thread: two threads of two workers on two cores hold each other up."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(exported), options, providers=["CPUExecutionProvider"])


def onnx_run(exported: Path) -> Run:
    session = onnx_session(exported)

    def run(cells: Numbers) -> Numbers:
        answer: Numbers = session.run(None, {"cells": cells})[0]
        return answer

    return run


def onnx_file(card: Card, content: bytes, cache: Path) -> Path:
    """The exported network of this version, made (and checked) by whoever needs it first."""
    path = cache / f"{card.name}-{card.sha256[:8]}.onnx"
    with EXPORTING:
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            export(load_network(card, content), path, card.preprocessing["size"])
    return path


def export(network: nn.Module, path: Path, size: int) -> None:
    """Writes the network for squares of `size` pixels as ONNX, whole or not at all.

    Raises EnginesDisagree where the copy computes otherwise.
    """
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "network.onnx"
        translate(network, draft, size)
        difference = largest_difference(network, onnx_run(draft), size)
        if difference > AGREEMENT:
            raise EnginesDisagree(f"The exported network differs from PyTorch by {difference:.2g}.")
        write_whole(path, draft.read_bytes())


def translate(network: nn.Module, draft: Path, size: int) -> None:
    """PyTorch's exporter, without its remarks on its own insides."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (torch.rand(3, 1, size, size),),
            str(draft),
            input_names=["cells"],
            output_names=["logits"],
            dynamic_shapes=({0: torch.export.Dim("n")},),
            external_data=False,
            verbose=False,
        )


def largest_difference(network: nn.Module, run: Run, size: int, seed: int = 0) -> float:
    """Between PyTorch and another engine, over the logits of 16 random cells."""
    cells = np.random.default_rng(seed).random((16, 1, size, size), np.float32)
    return float(np.abs(torch_run(network, "cpu")(cells) - run(cells)).max())


def _cache_folder(folder: Path) -> Path:
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen)
    return Path(folder) if os.access(folder, os.W_OK) else Path(tempfile.gettempdir()) / "nunbit-onnx"
