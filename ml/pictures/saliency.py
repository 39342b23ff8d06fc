"""What in a picture spoke for an answer."""

import cv2
import numpy as np

from ml.core.arrays import Numbers, Picture
from ml.pictures.backbone import middle

LONGEST = 128  # pixels of the longer side of the map


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
