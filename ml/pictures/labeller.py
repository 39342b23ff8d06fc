"""What a network tells of pictures: names, and what spoke for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Numbers, Picture
from ml.pictures.backbone import Backbone, Outputs, middle
from ml.pictures.image_types.reader import BLANK, PHOTOGRAPH, SURE_LABEL, ImageType, image_types_for
from ml.pictures.labels import Label, Naming
from ml.pictures.words import load_words

# Deviations of one colour, of half of all grey levels: what a JPEG or a camera makes of it; and by how much light and
# shadow change its hue. SHADED: how light its dark parts are by its light ones. More is a pattern, such as a gradient.
FLAT, TINGED, SHADED = 0.012, 0.04, 0.75
LONGEST = 128  # pixels of the longer side of a saliency map


@dataclass(frozen=True)
class Findings:
    """What was found in a picture.

    found: ready for JSON: image_type, labels, concepts, answer, objects, faces, text, unread, colors, light, photo and
    caption as far as they were asked for, None where they are missing; and `missing`: [{"part", "sentence", "what"}].
    size: height and width of the picture. saliency: (h, w) uint8 over all of it; features: (1280,) float16;
    fingerprint: 64 bits; each None where it is missing or was not asked for.
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
        self.image_types = image_types_for(backbone.card.sha256)

    def label(self, pictures: Sequence[Picture], with_saliency: bool = False) -> list[Findings]:
        """Image type, labels, concepts, answer and features of at least one picture, in one pass. Nothing is named in
        what is no photograph: the network knows no other pictures."""
        batch = np.stack([self.backbone.prepare(picture) for picture in pictures])
        outputs = self.backbone.run(batch)
        probabilities = self.backbone.probabilities(outputs.logits)
        is_sure = [bool(row.max() >= SURE_LABEL) for row in probabilities]
        types: list[ImageType | None] = [None] * len(pictures)
        if self.image_types:
            pixels = batch.reshape(len(batch), 3, -1)
            spread, tinge = pixels.std(2).max(1), (pixels - pixels.mean(1, keepdims=True)).std(2).max(1)
            dark, light = np.percentile(pixels.max(1) + 1, (5, 95), axis=1)
            can_be_blank = (tinge < TINGED) & (dark > SHADED * light)
            told = self.image_types.of(outputs.features, is_sure, can_be_blank.tolist())
            types = [
                BLANK if flat else image_type for flat, image_type in zip(spread < FLAT, told, strict=True)
            ]
        return [
            Findings(
                found={"image_type": image_type, "labels": [], "concepts": [], "answer": None},
                size=(picture.shape[0], picture.shape[1]),
                features=outputs.features[row].astype(np.float16),
            )
            if image_type and image_type["type"] != PHOTOGRAPH
            else self.named(picture, outputs, probabilities[row], row, image_type, with_saliency)
            for row, (picture, image_type) in enumerate(zip(pictures, types, strict=True))
        ]

    def named(
        self,
        picture: Picture,
        outputs: Outputs,
        probabilities: Numbers,
        row: int,
        image_type: ImageType | None,
        with_saliency: bool,
    ) -> Findings:
        return Findings(
            found={
                "image_type": image_type,
                "labels": self.naming.labels_of(probabilities),
                "concepts": self.naming.concepts_of(probabilities),
                "answer": self.naming.answer_of(probabilities),
            },
            size=(picture.shape[0], picture.shape[1]),
            saliency=self.saliency(outputs.maps[row], probabilities, picture) if with_saliency else None,
            features=outputs.features[row].astype(np.float16),
        )

    def saliency(self, maps: Numbers, probabilities: Numbers, picture: Picture) -> Picture:
        """For the answer: the mean logit of its classes, weighed by their probabilities."""
        answer: Label = self.naming.answer_of(probabilities) or self.naming.labels_of(probabilities)[0]
        places = self.naming.places[answer["wnid"]]
        weights = np.average(self.backbone.class_weights[places], axis=0, weights=probabilities[places])
        return saliency_of(maps, weights.astype(np.float32), picture.shape, self.backbone.size)


def grad_cam(maps: Numbers, weights: Numbers) -> Numbers:
    """Grad-CAM (Selvaraju et al., 2017, section 3): maps (channels, h, w), the last ones, and the weights (channels,)
    of a logit, or the mean of several logits' -> (h, w), 0 where nothing spoke for it.

    What a map counts there is the mean of the logit's gradient over it. Since these networks end in the means of the
    maps and one linear layer, that is the map's weight by its area: no gradient has to be computed, and Grad-CAM is the
    class activation map of Zhou et al. (2016).
    """
    area = maps.shape[1] * maps.shape[2]
    return np.maximum(np.tensordot(weights, maps, 1) / np.float32(area), 0)


def saliency_of(maps: Numbers, weights: Numbers, shape: tuple[int, ...], size: int) -> Picture:
    """Grad-CAM over a whole picture of that shape, small: 255 where most spoke for the logit, 0 where nothing did or
    the network, whose input has that size, did not look."""
    heat = grad_cam(maps, weights)
    heat *= 255 / max(float(heat.max()), 1e-9)
    scale = LONGEST / max(shape[:2])
    whole = np.zeros([max(1, round(side * scale)) for side in shape[:2]], np.uint8)
    left, top, width, height = (round(edge * scale) for edge in middle(shape, size))
    seen = whole[top : top + height, left : left + width]
    if seen.size:
        seen[:] = np.clip(cv2.resize(heat, seen.shape[::-1], interpolation=cv2.INTER_LINEAR), 0, 255)
    return whole
