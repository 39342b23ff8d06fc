"""The colours of skin and background, where faces have them that lie as the generators draw them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Pictures

# In pixels of 64 x 64, by the template of ml.faces.alignment: both cheeks below the eyes, the upper corners.
SKIN = (np.s_[39:47, 21:28], np.s_[39:47, 36:43])
BACKGROUND = (np.s_[0:14, 0:8], np.s_[0:14, 56:64])


def kept_colours(faces: Pictures) -> NDArray[np.float64]:
    """(n, 64, 64, 3) RGB -> (n, 6): CIELAB of the skin and of the background."""
    return np.array([[*mean_lab(face, SKIN), *mean_lab(face, BACKGROUND)] for face in faces])


def mean_lab(face: Pictures, places: tuple[tuple[slice, ...], ...]) -> NDArray[np.float64]:
    lab = cv2.cvtColor(face.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return np.concatenate([lab[place].reshape(-1, 3) for place in places]).mean(0, dtype=np.float64)
