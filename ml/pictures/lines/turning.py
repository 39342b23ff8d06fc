"""Which end of a line is up, by PP-OCR's small classifier (the ONNX file inside the package rapidocr).

It says upside down of one page of Hangul in thirty that is not: its word is a reason to read both ways, no more.
"""

import numpy as np
from onnxruntime import InferenceSession

from ml.pictures.lines.strips import Strip, network_input

WIDTH = 192  # px of the network's input
MOST = 6  # of the longest strips vote


def looks_upside_down(strips: list[Strip], network: InferenceSession) -> bool:
    """strips: the longest first."""
    inputs = [network_input(strip[:, :WIDTH], WIDTH) for strip in strips[:MOST]]
    return bool(inputs) and float(network.run(None, {"x": np.concatenate(inputs)})[0][:, 1].mean()) > 0.5
