"""A card says what a set of weights is, what it learned from and how well it reads. Needs no torch."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from packaged.packages import module_folder

WEIGHTS_FOLDER = Path(__file__).parents[1] / "weights"


class WeightsDamaged(Exception):
    """The weights are not the ones their card describes, or one of the two files is missing or unreadable."""


@dataclass(frozen=True)
class Card:
    """The JSON beside the weights. `certain` is the probability from which an answer may be called certain; `shift` is
    added to the tempered logits, class by class (see ml.core.calibration); `is_digit` the probability below which a
    digit network's picture is turned away as no digit; `curves` the losses and accuracies of its training, epoch by
    epoch; `confusion` a row for each label, the last column what had no answer, and `reliability` the bins of
    ml.core.calibration, both on the first test set of `metrics`; `packaged`, "package/path/in/it", where not a file
    beside the card but a Python package holds the weights."""

    kind: str
    name: str
    architecture: str
    config: dict[str, Any]
    preprocessing: dict[str, Any]
    classes: list[str]
    meanings: dict[str, list[str]]
    temperature: float
    shift: list[float]
    certain: float
    data: list[dict[str, str]]
    metrics: list[dict[str, Any]]
    seed: int
    parameters: int
    sha256: str
    trained_at: str
    is_digit: float = 0.0
    curves: list[dict[str, float]] = field(default_factory=list)
    confusion: list[list[int]] = field(default_factory=list)
    reliability: list[dict[str, float]] = field(default_factory=list)
    packaged: str = ""

    @classmethod
    def parse(cls, content: dict[str, Any]) -> "Card":
        """Raises WeightsDamaged where a field is missing or unknown."""
        try:
            return cls(**content)
        except TypeError as problem:
            raise WeightsDamaged(f"This is not a card of a Nunbit model: {problem}") from problem

    @classmethod
    def load(cls, folder: Path, name: str) -> "Card":
        path = Path(folder) / f"{name}.json"
        try:
            return cls.parse(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as problem:
            raise WeightsDamaged(f"The card {path} cannot be read: {problem}") from problem

    def save(self, folder: Path, weights: bytes | None = None) -> None:
        """weights: the content of <name>.safetensors, where it is new."""
        if weights is not None:
            write_whole(Path(folder) / f"{self.name}.safetensors", weights)
        write_whole(Path(folder) / f"{self.name}.json", card_file(asdict(self)))


def collection(name: str, licence: str, use: str) -> dict[str, str]:
    """What weights learned from or were tried on, a row of a card's `data`."""
    return {"name": name, "licence": licence, "use": use}


def config_on_card(config: Any) -> dict[str, Any]:
    """A network's config (a dataclass) as JSON holds it."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(config).items()
    }


def card_file(content: dict[str, Any]) -> bytes:
    """The file of a card with these fields."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def checked_weights(folder: Path, card: Card) -> bytes:
    """The content of the card's weights; raises WeightsDamaged where its sha256 is not the card's."""
    path = weights_path(folder, card)
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise WeightsDamaged(f"The weights {path} cannot be read: {problem}") from problem
    found = hashlib.sha256(content).hexdigest()
    if found != card.sha256:
        raise WeightsDamaged(
            f"The weights {path} are damaged: their sha256 is {found}, the card says {card.sha256}."
        )
    return content


def weights_path(folder: Path, card: Card) -> Path:
    """<name>.safetensors in the folder, or the file of a Python package, which is found without running its code."""
    if not card.packaged:
        return Path(folder) / f"{card.name}.safetensors"
    package, _, inside = card.packaged.partition("/")
    found = module_folder(package)
    if found is None:
        raise WeightsDamaged(
            f"The Python package {package}, which holds the weights {card.name}, is not installed."
        )
    return found / inside


def write_whole(path: Path, content: bytes) -> None:
    """Writes so that another process sees the old file or the whole new one, never a part."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.write_bytes(content)
    partial.replace(path)
