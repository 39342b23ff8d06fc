"""Weights from elsewhere: whether they are what their card says, and whether the network can be used here."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import safetensors
import safetensors.torch
import torch
from safetensors.numpy import load
from torch import Tensor

from ml.cells.looks import are_moves
from ml.cells.reader import load_reader
from ml.core.architectures import ARCHITECTURES, build, load_network
from ml.core.calibration import softmax
from ml.core.cards import Card, WeightsDamaged, checked_weights
from ml.core.engine import EnginesDisagree, input_shape
from ml.core.parts import gettext_noop
from ml.core.timing import milliseconds
from ml.digits.reader import load_digit_reader
from ml.faces.drawing import FaceRequest, load_drawer
from ml.pictures.backbone import load_backbone
from ml.pictures.reader import module
from ml.writing.framing import SIDE

HALVES = ("faces",)  # kinds whose weights are kept with 16 bits, as this site's own are
OF_ANY_SIZE = ("classifier",)  # kinds whose pictures are prepared as the card says


UNFIT = {
    "card": gettext_noop(
        "This is not a card of a Nunbit model: a field is missing, unknown or of another kind."
    ),
    "architecture": gettext_noop("This site has no such architecture for this kind of network."),
    "config": gettext_noop("The architecture cannot be built from the config on the card."),
    "broken": gettext_noop("The weights are damaged or were cut off. Please copy the file again."),
    "names": gettext_noop("The weights have other parameters than the network on the card."),
    "shapes": gettext_noop("The weights have other shapes than the network on the card."),
    "dtypes": gettext_noop(
        "The weights have another number format than the network takes: save them as float32."
    ),
    "not_finite": gettext_noop("The weights hold NaN or infinity. Such a network answers nothing."),
    "classes": gettext_noop(
        "The classes on the card are not those that this site reads with networks of this kind."
    ),
    "preprocessing": gettext_noop(
        "This site prepares pictures in another way for such a network than its card says."
    ),
    "run": gettext_noop("The network cannot be run on this site's own pictures."),
    "answers": gettext_noop("The network gives no usable numbers for this site's own pictures."),
}


class Unfit(ValueError):
    """`reason` is a key of UNFIT; detail: for whoever reads the log."""

    def __init__(self, reason: str, detail: object = "") -> None:
        super().__init__(f"{UNFIT[reason]} {detail}".strip())
        self.reason = reason


# How PyTorch, ONNX Runtime and C++ say that a RuntimeError is for want of memory.
OUT_OF_MEMORY = ("allocate memory", "bad allocation", "bad_alloc")


def inspect(card: Card, content: bytes, like: Card, folder: Path, cache: Path) -> float:
    """Milliseconds that the network takes here for one picture. content: what its safetensors file holds, which lies in
    folder, too; like: a card of the same kind that is used here; cache: where the readied network is kept.

    Raises Unfit.
    """
    fits_kind = card.kind in PLACES and card.architecture.startswith(PLACES[card.kind])
    if card.architecture not in ARCHITECTURES or not fits_kind or card.packaged:
        raise Unfit("architecture", card.architecture)
    if sorted(card.classes) != sorted(like.classes) or card.meanings.keys() != like.meanings.keys():
        raise Unfit("classes")
    if card.kind not in OF_ANY_SIZE and not are_prepared_alike(card, like):
        raise Unfit("preprocessing")
    check_tensors(expected(card), tensors(content), may_be_halves=card.kind in HALVES)
    try:
        load_network(card, content)
        return timed(card, folder, cache)
    except (WeightsDamaged, EnginesDisagree, RuntimeError, ValueError, KeyError, TypeError) as problem:
        if any(words in str(problem) for words in OUT_OF_MEMORY):
            raise MemoryError from problem  # of this process; nothing is said of the network by it
        raise problem if isinstance(problem, Unfit) else Unfit("run", problem) from problem


def are_prepared_alike(card: Card, like: Card) -> bool:
    """Whether both networks are given the same pictures. How often each looks at one is its own affair."""
    own, here = (
        {name: value for name, value in one.preprocessing.items() if name != "moves"} for one in (card, like)
    )
    return own == here and are_moves(card.preprocessing.get("moves", []))


def expected(card: Card) -> dict[str, Tensor]:
    """The parameters by name, without memory: a card may ask for more than there is."""
    try:
        with torch.device("meta"):
            return build(card).state_dict()
    except (TypeError, ValueError, KeyError, RuntimeError, AttributeError) as problem:
        raise Unfit("config", problem) from problem


def tensors(content: bytes) -> dict[str, Tensor]:
    try:
        return safetensors.torch.load(content)
    except safetensors.SafetensorError as problem:
        raise Unfit("broken", problem) from problem


def check_tensors(wanted: dict[str, Tensor], found: dict[str, Tensor], may_be_halves: bool) -> None:
    if wanted.keys() != found.keys():
        raise Unfit("names", ", ".join(sorted(wanted.keys() ^ found.keys())[:3]))
    for name, tensor in found.items():
        if tensor.shape != wanted[name].shape:
            raise Unfit("shapes", f"{name} {tuple(tensor.shape)}")
        if tensor.dtype != wanted[name].dtype and not (may_be_halves and tensor.dtype == torch.float16):
            raise Unfit("dtypes", f"{name} {tensor.dtype}")
        if not bool(torch.isfinite(tensor).all()):
            raise Unfit("not_finite", name)


Trial = Callable[[], np.ndarray]  # one answer of the network, as numbers


def digits_trial(card: Card, folder: Path, cache: Path) -> Trial:
    reader, frame = load_digit_reader(card, folder, cache), np.zeros((1, SIDE, SIDE), np.uint8)
    frame[0, 4:24, 13:15] = 255  # a one
    return lambda: reader.logits(frame)


def cells_trial(card: Card, folder: Path, cache: Path) -> Trial:
    reader = load_reader(card.kind, folder, card, cache)
    side = card.preprocessing["size"]
    cells = np.full((1, side, side), 255, np.uint8)
    cells[0, side // 4 : -side // 4, side // 4 : -side // 4] = 0  # a filled box
    return lambda: reader.read_meanings(reader.read(cells))


def pictures_trial(card: Card, folder: Path, cache: Path) -> Trial:
    backbone = load_backbone(card, folder, cache)
    shape = (1, *input_shape(card))
    batch = np.linspace(-1, 1, math.prod(shape), dtype=np.float32).reshape(shape)
    return lambda: backbone.logits(batch)


def faces_trial(card: Card, folder: Path, cache: Path) -> Trial:
    drawer = load_drawer(card, folder)
    return lambda: drawer.pictures([FaceRequest(1)]).detach().cpu().numpy()


def encoder_trial(card: Card, folder: Path, _cache: Path) -> Trial:
    network = load_network(card, checked_weights(folder, card))
    side = card.config["side"]

    def trial() -> np.ndarray:
        with torch.inference_mode():
            answer: Tensor = network(torch.zeros(1, 3, side, side))
        return answer.numpy()

    return trial


def layer_trial(card: Card, folder: Path, _cache: Path) -> Trial:
    """A linear layer on what another network sees anyway: its own cost alone."""
    tensors = load(checked_weights(folder, card))
    name = next(name for name in tensors if name.endswith("weight"))
    weight, bias = tensors[name], tensors[name.removesuffix("weight") + "bias"]
    features = np.zeros((1, len(weight)), np.float32)
    return lambda: softmax(features @ weight + bias, card.temperature)


TRIALS: dict[str, Callable[[Card, Path, Path], Trial]] = {
    "digits": digits_trial,
    "classifier": pictures_trial,
    "faces": faces_trial,
    "encoder": encoder_trial,
    **dict.fromkeys(("image_types", "scripts"), layer_trial),
    **dict.fromkeys(("marks", "numerals", "letters"), cells_trial),
}
PLACES = {  # of what may be uploaded
    "digits": "ml.digits.",
    "classifier": "ml.pictures.",
    "faces": "ml.faces.",
    **dict.fromkeys(("marks", "numerals", "letters"), "ml.network."),
}


def timed(card: Card, folder: Path, cache: Path) -> float:
    """Milliseconds for one picture, the middle time of several runs. Raises Unfit where an answer is not finite."""
    trial = TRIALS[card.kind](card, folder, cache)

    def answer() -> None:
        if not np.isfinite(trial()).all():
            raise Unfit("answers")

    return milliseconds(answer)


def timed_packaged(key: str, cache: Path) -> float:
    """As `timed`, of a network of packaged.networks. Raises PartMissing or ImportError where its package is not
    installed, and what that raises where it is damaged."""
    return milliseconds(module("trials").TRIALS[key](cache))
