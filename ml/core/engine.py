"""One network, two engines behind one surface: PyTorch on a GPU, ONNX Runtime with one thread on a CPU."""

import logging
import os
import tempfile
import threading
import warnings
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn

from ml.core.architectures import load_network
from ml.core.arrays import Numbers
from ml.core.cards import Card, checked_weights, write_whole

Shape = tuple[int, int, int]
Run = Callable[[Numbers], list[Numbers]]  # a batch -> every output of the network, the logits first

AGREEMENT = 1e-4  # largest difference between the two engines' outputs on random input
AT_ONCE = 2**18  # numbers in one pass, 256 cells: ONNX Runtime is slower for each above it
CACHE_VARIABLE = "MODEL_CACHE_DIR"
LOADING = threading.Lock()
EXPORTING = threading.Lock()  # torch.onnx.export fails where two threads call it at once


class EnginesDisagree(Exception):
    """The exported network does not compute what PyTorch computes."""


class Engine:
    """A network ready to run; safe to share between threads."""

    def __init__(self, card: Card, folder: Path, run: Run) -> None:
        self.card, self.folder = card, folder
        self._run = run

    @cached_property
    def network(self) -> nn.Module:
        """The same weights in PyTorch, for what learns from them or needs gradients; loaded when first asked for."""
        with LOADING:
            return load_network(self.card, checked_weights(self.folder, self.card))

    def logits(self, batch: Numbers) -> Numbers:
        """batch: (n, channels, size, size) float32, as the card says; n may be 0. Returns (n, classes)."""
        return self.run(batch)[0] if len(batch) else np.empty((0, len(self.card.classes)), np.float32)

    def run(self, batch: Numbers) -> list[Numbers]:
        """Every output of the network for a batch of at least one, each (n, ...), the logits first."""
        step = max(1, AT_ONCE // batch[0].size)
        passes = [self._run(batch[at : at + step]) for at in range(0, len(batch), step)]
        return [np.concatenate(parts) for parts in zip(*passes, strict=True)]


def load_engine(
    card: Card, folder: Path, cache_folder: Path | None = None, device: str | None = None
) -> Engine:
    """Checks the weights against the card and readies them on "cuda" (taken where there is one) or "cpu".

    The ONNX file is kept in cache_folder, or where cache_of says. Raises WeightsDamaged, EnginesDisagree.
    """
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    content = checked_weights(folder, card)
    if device != "cpu":
        return Engine(card, folder, torch_run(load_network(card, content), device))
    return Engine(card, folder, onnx_run(onnx_file(card, content, cache_of(cache_folder))))


def torch_run(network: nn.Module, device: str) -> Run:
    network = network.to(device)

    def run(batch: Numbers) -> list[Numbers]:
        with torch.inference_mode():
            answer = network(torch.from_numpy(batch).to(device))
        return [output.cpu().numpy() for output in (answer if isinstance(answer, tuple) else (answer,))]

    return run


def onnx_session(exported: Path) -> onnxruntime.InferenceSession:
    """ONNX Runtime with one thread: two threads of two workers on two cores hold each other up.

    Without its arena, which keeps for each network what its largest input took, for good.
    """
    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(exported), options, providers=["CPUExecutionProvider"])


def onnx_run(exported: Path) -> Run:
    session = onnx_session(exported)
    (entry,) = session.get_inputs()

    def run(batch: Numbers) -> list[Numbers]:
        answer: list[Numbers] = session.run(None, {entry.name: batch})
        return answer

    return run


def onnx_file(card: Card, content: bytes, cache: Path) -> Path:
    """The exported network of this version, made (and checked) by whoever needs it first."""
    path = cache / f"{card.name}-{card.sha256[:8]}.onnx"
    with EXPORTING:
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            export(load_network(card, content), path, input_shape(card))
    return path


def input_shape(card: Card) -> Shape:
    """Of one picture: channels, height, width."""
    size = card.preprocessing["size"]
    return card.preprocessing.get("channels", 1), size, size


def export(network: nn.Module, path: Path, shape: Shape) -> None:
    """Writes the network for pictures of `shape` as ONNX, whole or not at all.

    Raises EnginesDisagree where the copy computes otherwise.
    """
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "network.onnx"
        translate(network, draft, shape)
        difference = largest_difference(network, onnx_run(draft), shape)
        if difference > AGREEMENT:
            raise EnginesDisagree(f"The exported network differs from PyTorch by {difference:.2g}.")
        write_whole(path, draft.read_bytes())


def translate(network: nn.Module, draft: Path, shape: Shape) -> None:
    """PyTorch's exporter, without its remarks on its own insides."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (torch.rand(3, *shape),),
            str(draft),
            input_names=["batch"],
            output_names=["logits"],
            dynamic_shapes=({0: torch.export.Dim("n")},),
            external_data=False,
            verbose=False,
        )


def largest_difference(network: nn.Module, run: Run, shape: Shape, seed: int = 0) -> float:
    """Between PyTorch and another engine, over all outputs for 16 random pictures; of outputs beyond 1, as a share of
    the largest, since float32 has so many digits and no more."""
    batch = np.random.default_rng(seed).random((16, *shape), np.float32)
    pairs = zip(torch_run(network, "cpu")(batch), run(batch), strict=True)
    return max(float(np.abs(wanted - found).max() / max(1, np.abs(wanted).max())) for wanted, found in pairs)


def cache_of(named: Path | None) -> Path:
    """The folder that the caller names, or else $MODEL_CACHE_DIR, or else the user's own: never the folder of the
    weights, which is a checkout's or a package's, and may be read-only."""
    chosen = named or os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else _own_cache()


def _own_cache() -> Path:
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "nunbit"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # a user without a home, or with one that may not be written to
        return Path(tempfile.mkdtemp(prefix="nunbit-"))
    return folder
