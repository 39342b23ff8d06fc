"""Everything but Hangul, read by PP-OCRv6's small recogniser (the ONNX file inside the package rapidocr).

It learned some fifty languages, Korean not among them: over Hangul it is silent or unsure, over Latin letters, digits
and signs it is right and says where they stand.
"""

from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from ml.core.arrays import Numbers
from ml.pictures.lines.ink import DARK
from ml.pictures.lines.strips import Grey, Strip, dark_on_light, network_input

BLANK = 0
FEATURES = "features"
LEAST_WIDTH = 320  # px: shorter strips are padded, as in its training
LAG = 3  # px by which the network names a glyph behind its middle
IS_SPACE = 0.5
SURE_LETTER, SURE_SIGN = 0.6, 0.8
PLAIN = {ord("　"): " "} | {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
STEM = "|"  # what it sees in the stem of a Hangul vowel
WON, LOOKS_LIKE_WON = "₩", "W"  # it has learned the sign of the won, and names the letter all the same
BAR = 0.9  # of the letter's width that one row of ink crosses
KNOWN_TO_BOTH = frozenset("0123456789\"'“”‘’(:],;?-!~)[./|")
FOREIGN = ((0x2E80, 0x9FFF), (0xF900, 0xFAFF), (0xAC00, 0xD7A3))  # ideographs, kana: what it makes of Hangul


@dataclass(frozen=True)
class Glyph:
    """One character; x: of its middle, px from the left of the strip."""

    text: str
    probability: float
    x: float
    after_space: bool

    @property
    def is_sure(self) -> bool:
        is_foreign = any(first <= ord(self.text) <= last for first, last in FOREIGN)
        least = SURE_LETTER if self.text.isalpha() else SURE_SIGN
        return self.probability >= least and not is_foreign and self.text != STEM

    @property
    def is_latin_only(self) -> bool:
        """Whether the reader of Hangul is sure to get it wrong."""
        return self.is_sure and self.text not in KNOWN_TO_BOTH


@dataclass(frozen=True)
class Reading:
    """features: (240,), the mean and the largest of what the last layer but one sees along the strip."""

    glyphs: list[Glyph]
    features: Numbers


class LatinReader:
    """Safe to share between threads."""

    def __init__(self, network: InferenceSession) -> None:
        """network: as `with_features` wrote it."""
        self._network = network
        named = network.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._alphabet = ["", *named, " "]

    def read(self, strip: Strip) -> Reading:
        numbers = network_input(strip, LEAST_WIDTH)
        steps, seen = (output[0] for output in self._network.run(None, {"x": numbers}))
        own = seen[: max(1, round(len(seen) * strip.shape[1] / numbers.shape[3]))]
        glyphs = with_won(self._glyphs(steps, numbers.shape[3]), strip)
        return Reading(glyphs, np.concatenate([own.mean(0), own.max(0)]))

    def _glyphs(self, steps: Numbers, width: int) -> list[Glyph]:
        """From left to right: CTC's best path (Graves, Fernández, Gomez, Schmidhuber, 2006)."""
        wide = width / len(steps)
        glyphs: list[Glyph] = []
        after_space = False
        for label, run in groupby(range(len(steps)), steps.argmax(1).__getitem__):
            text = self._alphabet[label].translate(PLAIN)
            at = list(run)
            heights = steps[at, label]
            if text == " ":
                after_space = bool(heights.max() >= IS_SPACE)
            elif label != BLANK:
                x = (float(np.average(at, weights=heights)) + 0.5) * wide - LAG
                glyphs.append(Glyph(text, float(heights.max()), x, after_space))
                after_space = False
        return glyphs


def with_won(glyphs: list[Glyph], strip: Strip) -> list[Glyph]:
    """With the sign of the won in place of each letter before a digit that a bar crosses."""
    places = [
        place
        for place, (one, after) in enumerate(pairwise(glyphs))
        if one.text == LOOKS_LIKE_WON and after.text.isdigit()
    ]
    if not places:
        return glyphs
    grey = dark_on_light(strip)
    return [
        replace(one, text=WON) if place in places and is_crossed(grey, one.x) else one
        for place, one in enumerate(glyphs)
    ]


def is_crossed(grey: Grey, x: float) -> bool:
    """Whether a row of ink goes through all of what stands at x; the rows of a W have gaps."""
    dark = grey < DARK
    has_ink: NDArray[np.bool_] = np.any(dark, axis=0)
    left = right = min(max(round(x), 0), len(has_ink) - 1)
    while left > 0 and has_ink[left - 1]:
        left -= 1
    while right < len(has_ink) - 1 and has_ink[right + 1]:
        right += 1
    return bool(dark[:, left : right + 1].mean(1).max() >= BAR)


def with_features(network: Path) -> bytes:
    """The network with the input of its last layer as a second output. Raises LookupError where it has none."""
    model = onnx.load(str(network))
    last = [node for node in model.graph.node if node.op_type == "MatMul"][-1]
    model.graph.node.append(onnx.helper.make_node("Identity", [last.input[0]], [FEATURES]))
    model.graph.output.append(onnx.helper.make_empty_tensor_value_info(FEATURES))
    content: bytes = model.SerializeToString()
    return content
