"""Objects with their boxes: the 80 kinds of COCO, found by a MobileNetV3 with a CenterNet head.

Zhou, Wang, Krähenbühl, Objects as points (2019): every object is a peak in the map of its class (section 3), and beside
each peak the network says how far away its four sides are. The network is github.com/610265158/mobilenetv3_centernet as
npm's @vladmandic/human carries it (MIT). It has learned from pictures fitted into a black square.

Its own repository names no licence, so that what the package holds is not shipped with this one in another form: it is
converted from the package where that is installed, once, and kept with the other readied networks.
"""

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from ml.core.arrays import Numbers, Picture, rescale
from ml.core.cards import write_whole
from ml.core.engine import onnx_session
from ml.core.parts import packaged_file
from ml.pictures.graph_model import onnx_of
from packaged.networks import OBJECTS

NAMES: list[dict[str, str]] = json.loads(Path(__file__).with_name("coco.json").read_text(encoding="utf-8"))

INPUT, PEAKS, SIDES = "tower_0/images", "tower_0/keypoints", "tower_0/wh"
SIDE, STRIDE = 512, 4  # pixels of the network's input, and of the input for one place on its maps
OVERLAP = 0.5  # share of two boxes' union: above it they show one thing, which the surer one names

# A peak's height is no probability. 288 peaks in 72 photographs (of scikit-image, OpenCV, darknet, foolbox, gradio,
# scikit-learn, ultralytics) were judged by eye, and a logistic curve laid through them (Platt, 1999), each photograph
# counted by the root of its peaks. Shown is what is more likely right than wrong: where the curve is above one half.
SLOPE, SHIFT = 2.6, 1.5
LEAST_PEAK = 0.36

CONVERTING = threading.Lock()


class Objects:
    """The network, ready to look. Safe to share between threads."""

    def __init__(self, session: InferenceSession) -> None:
        self._session = session

    def detect(self, picture: Picture) -> list[dict[str, Any]]:
        """(h, w, 3) uint8 RGB -> the objects in it, the surest first.

        Each is {"name": {"en", "ko"}, "label": COCO's English name, "confidence": the probability that the name is
        right, "box": [left, top, width, height] in pixels of the picture}.
        """
        square, scale, corner = fitted(picture)
        peaks, sides = self._session.run([PEAKS, SIDES], {INPUT: square})
        classes, sure, places = decode_detections(peaks[0], sides[0])
        boxes = clipped((places - np.tile(corner, 2)) / scale, picture.shape)
        return [describe_object(classes[at], sure[at], boxes[at]) for at in apart(boxes, sure)]


def load_objects(cache: Path) -> Objects:
    """Readies the network with ONNX Runtime; its ONNX file is made once and kept in `cache`.

    Raises PartMissing where the package is not installed; OSError, ValueError or KeyError where it is damaged.
    """
    return Objects(onnx_session(converted_file(packaged_file(OBJECTS), cache)))


def converted_file(graph_model: Path, cache: Path) -> Path:
    """The network as ONNX, named by the content of what it was made of, and made by whoever needs it first."""
    content = graph_model.read_bytes() + graph_model.with_suffix(".bin").read_bytes()
    path = cache / f"objects-{hashlib.sha256(content).hexdigest()[:8]}.onnx"
    with CONVERTING:
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            write_whole(path, onnx_of(graph_model, [PEAKS, SIDES]).SerializeToString())
    return path


def fitted(picture: Picture) -> tuple[Numbers, float, NDArray[np.int64]]:
    """In the middle of a black square, (1, 3, 512, 512) float32 of 0 to 255; its scale, and its corner (x, y) there.

    Squashing the picture into the square instead loses a third of what is found, and takes a cat for a dog.
    """
    scale = SIDE / max(picture.shape[:2])
    small = rescale(picture, scale)
    high, wide = small.shape[:2]
    left, top = (SIDE - wide) // 2, (SIDE - high) // 2
    square = np.zeros((SIDE, SIDE, 3), np.float32)
    square[top : top + high, left : left + wide] = small
    return np.ascontiguousarray(square.transpose(2, 0, 1)[None]), scale, np.array([left, top])


def decode_detections(
    peaks: Numbers, sides: Numbers
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """(80, h, w) maps of classes, (4, h, w) distances to left, top, right, bottom in pixels of the input -> the classes
    (n,), confidences (n,) and boxes (n, 4) as left, top, right, bottom of all places sure enough that are the highest
    of their 3 x 3 neighbours."""
    highest = cv2.dilate(peaks.transpose(1, 2, 0), np.ones((3, 3), np.uint8)).transpose(2, 0, 1)
    classes, y, x = np.nonzero((peaks == highest) & (peaks >= LEAST_PEAK))
    centre = np.stack([x, y, x, y]) * STRIDE
    boxes = centre + sides[:, y, x] * np.array([[-1], [-1], [1], [1]])
    return classes, peak_confidence(peaks[classes, y, x]), boxes.T


def peak_confidence(height: Numbers) -> NDArray[np.float64]:
    """The probability that a peak of this height, between 0 and 1, is what its class says."""
    height = np.minimum(height, 0.999).astype(np.float64)
    return 1 / (1 + np.exp(-SLOPE * np.log(height / (1 - height)) - SHIFT))


def clipped(boxes: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Corners -> [left, top, width, height] in whole pixels inside the picture, at least one pixel each way."""
    height, width = shape[:2]
    corners = np.rint(boxes).astype(np.int64)
    start = np.clip(corners[:, :2], 0, [width - 1, height - 1])
    end = np.clip(corners[:, 2:], start + 1, [width, height])
    return np.concatenate([start, end - start], axis=1)


def apart(boxes: NDArray[np.int64], confidences: NDArray[np.float64]) -> list[int]:
    """Which boxes remain, the surest first, where several show one thing, whatever they call it."""
    return [int(at) for at in cv2.dnn.NMSBoxes(boxes.tolist(), confidences.tolist(), 0.0, OVERLAP)]


def describe_object(kind: int, sure: float, box: NDArray[np.int64]) -> dict[str, Any]:
    names = NAMES[kind]
    return {
        "name": {"en": names["en"], "ko": names["ko"]},
        "label": names["label"],
        "confidence": round(float(sure), 4),
        "box": box.tolist(),
    }
