"""What a network tells of pictures: names, and what spoke for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Numbers, Picture
from ml.pictures.backbone import Backbone
from ml.pictures.labels import Label, Naming
from ml.pictures.saliency import saliency_of
from ml.pictures.words import load_words


@dataclass(frozen=True)
class Findings:
    """What was found in a picture.

    found: ready for JSON: labels, concepts, answer, objects, faces, text, colors, light, photo and caption as far as
    they were asked for, None where they are missing; and `missing`: [{"part", "sentence", "what"}]. size: height and
    width of the picture. saliency: (h, w) uint8 over all of it; features: (1280,) float16; fingerprint: 64 bits; each
    None where it is missing or was not asked for.
    """

    found: dict[str, Any]
    size: tuple[int, int]
    saliency: Picture | None = None
    features: NDArray[np.float16] | None = None
    fingerprint: int | None = None


class Labeller:
    """A network with the words for what it sees. Safe to share between threads."""

    def __init__(self, backbone: Backbone) -> None:
        self.backbone = backbone
        self.naming = Naming(load_words(), backbone.card.certain)

    def label(self, pictures: Sequence[Picture], with_saliency: bool = False) -> list[Findings]:
        """Labels, concepts, answer and features of at least one picture, in one pass."""
        outputs = self.backbone.run(np.stack([self.backbone.prepare(picture) for picture in pictures]))
        probabilities = self.backbone.probabilities(outputs.logits)
        return [
            Findings(
                found=self.named(probabilities[row]),
                size=(picture.shape[0], picture.shape[1]),
                saliency=self.saliency(outputs.maps[row], probabilities[row], picture)
                if with_saliency
                else None,
                features=outputs.features[row].astype(np.float16),
            )
            for row, picture in enumerate(pictures)
        ]

    def named(self, probabilities: Numbers) -> dict[str, Any]:
        return {
            "labels": self.naming.labels_of(probabilities),
            "concepts": self.naming.concepts_of(probabilities),
            "answer": self.naming.answer_of(probabilities),
        }

    def saliency(self, maps: Numbers, probabilities: Numbers, picture: Picture) -> Picture:
        """For the answer: the mean logit of its classes, weighed by their probabilities."""
        answer: Label = self.naming.answer_of(probabilities) or self.naming.labels_of(probabilities)[0]
        places = self.naming.places[answer["wnid"]]
        weights = np.average(self.backbone.class_weights[places], axis=0, weights=probabilities[places])
        return saliency_of(maps, weights.astype(np.float32), picture.shape, self.backbone.size)
