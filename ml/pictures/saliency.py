"""What in a picture spoke for an answer."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.pictures.backbone import Numbers, middle

LONGEST = 128  # pixels of the longer side of the map


def saliency_of(
    maps: Numbers, weights: Numbers, shape: tuple[int, ...], size: int
) -> NDArray[np.uint8]:
    """Grad-CAM (Selvaraju et al., 2017, section 3) over the whole picture: 255 where most spoke for the answer, 0 where
    nothing did or the network did not look.

    maps: (channels, h, w), the last ones; weights: (channels,), of the answer's logit, or the mean of several logits';
    shape: of the picture; size: of the network's input. The score of a map is its gradient's mean. Since the network
    ends in the mean of each map and one linear layer, that is the map's weight by its area: no gradient has to be
    computed, and Grad-CAM is the class activation map of Zhou et al. (2016).
    """
    heat = np.maximum(np.tensordot(weights, maps, 1), 0)
    heat *= 255 / max(float(heat.max()), 1e-6)
    scale = LONGEST / max(shape[:2])
    whole = np.zeros([max(1, round(side * scale)) for side in shape[:2]], np.uint8)
    left, top, width, height = (round(edge * scale) for edge in middle(shape, size))
    seen = whole[top : top + height, left : left + width]
    if seen.size:
        smooth = cv2.resize(heat, seen.shape[::-1], interpolation=cv2.INTER_LINEAR)
        seen[:] = np.clip(smooth, 0, 255)
    return whole
