"""The network that looks at pictures: what they are, and the features that similar pictures and teaching start from."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
from PIL import Image

from ml.core.arrays import Numbers, Picture
from ml.core.calibration import softmax
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.core.engine import Engine, load_engine
from ml.pictures.network import EfficientNetLite

MARGIN = 32  # pixels of the input's scale that are left off, half of them on each side
MEAN, SPREAD = 127.0, 128.0


@dataclass(frozen=True)
class Outputs:
    """What one pass tells: logits (n, 1000), features (n, 1280), maps (n, 1280, h, w); features are the maps' means."""

    logits: Numbers
    features: Numbers
    maps: Numbers


class Backbone:
    """An EfficientNet-Lite with its card. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.card = engine, engine.card
        self.size = int(engine.card.preprocessing["size"])

    def prepare(self, picture: Picture) -> Numbers:
        """(h, w, 3) uint8 RGB of any size -> (3, size, size) float32: the middle of the picture as the weights'
        authors took it (TensorFlow's EfficientNet, preprocessing.py, _decode_and_center_crop), resized bicubically."""
        left, top, side, _side = middle(picture.shape, self.size)
        box = (left, top, left + side, top + side)
        small = Image.fromarray(picture).resize(
            (self.size, self.size), Image.Resampling.BICUBIC, box, reducing_gap=3
        )
        scaled = np.asarray(small).transpose(2, 0, 1).astype(np.float32, order="C")
        scaled -= MEAN
        scaled /= SPREAD
        return scaled

    def run(self, batch: Numbers) -> Outputs:
        """batch: (n, 3, size, size) as `prepare` makes them, at least one."""
        return Outputs(*self.engine.run(batch))

    def logits(self, batch: Numbers) -> Numbers:
        return self.run(batch).logits

    def features(self, batch: Numbers) -> Numbers:
        return self.run(batch).features

    def probabilities(self, logits: Numbers) -> Numbers:
        """(n, 1000) -> (n, 1000) that sum to 1, at the card's temperature (Guo et al., 2017)."""
        return softmax(logits, self.card.temperature)

    @cached_property
    def class_weights(self) -> Numbers:
        """(1000, 1280): how much each feature speaks for each class."""
        weights: Numbers = self.network.fc.weight.detach().numpy()
        return weights

    @property
    def network(self) -> EfficientNetLite:
        return cast(EfficientNetLite, self.engine.network)


def middle(shape: tuple[int, ...], size: int) -> tuple[int, int, int, int]:
    """The box (left, top, width, height) of a picture of that shape which a network of that input size looks at."""
    height, width = shape[:2]
    side = max(1, int(size / (size + MARGIN) * min(height, width)))
    return (width - side + 1) // 2, (height - side + 1) // 2, side, side


def load_backbone(
    card: Card, folder: Path = WEIGHTS_FOLDER, cache_folder: Path | None = None, device: str | None = None
) -> Backbone:
    """Raises WeightsDamaged, also where the package of the weights is missing, and EnginesDisagree; see
    ml.core.engine.load_engine."""
    return Backbone(load_engine(card, folder, cache_folder, device))
