"""One run of each network that comes in a package, on a drawn page, face or line, so that it can be timed."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import dlib
import numpy as np

from ml.core.arrays import Picture
from ml.core.engine import onnx_session
from ml.core.parts import packaged_file
from ml.pictures.faces import FaceNetwork
from ml.pictures.lines.detector import detect_lines
from ml.pictures.lines.hangul import HangulReader
from ml.pictures.lines.strips import HEIGHT, dark_on_light, network_input
from ml.pictures.objects import load_objects
from ml.pictures.text import TURN_WIDTH, language_data, load_latin
from packaged.networks import AGE, FACE_LANDMARKS, GENDER, TEXT_DETECTOR, TEXT_DIRECTION

Trial = Callable[[], object]
SIZE = (640, 480)  # px of the page, as the table of these networks says
LINE = "2026-11-30 12:30"
INK = 30


def drawn_line(width: int = 400) -> Picture:
    """A strip as text readers get it."""
    strip = np.full((HEIGHT, width, 3), 255, np.uint8)
    return np.asarray(
        cv2.putText(strip, LINE, (8, 36), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (INK,) * 3, 2), np.uint8
    )


def drawn_page() -> Picture:
    """Eight lines of text."""
    width, height = SIZE
    strip = drawn_line()
    page = np.full((height, width, 3), 255, np.uint8)
    for top in range(30, height - HEIGHT, HEIGHT + 8):
        page[top : top + HEIGHT, 60 : 60 + strip.shape[1]] = strip
    return page


def objects_trial(cache: Path) -> Trial:
    return partial(load_objects(cache).detect, drawn_page())


def face_detector_trial(_cache: Path) -> Trial:
    return partial(dlib.get_frontal_face_detector().run, drawn_page(), 0, 0.0)


def landmarks_trial(_cache: Path) -> Trial:
    """Where there is no face it takes as long."""
    return partial(dlib.shape_predictor(str(packaged_file(FACE_LANDMARKS))), drawn_page(), face_box())


def face_trial(name: str, path: Path) -> Trial:
    """name: of the network in the package's manifest, which lies beside it."""
    manifest = json.loads((path.parent / "manifest.json").read_text(encoding="utf-8"))
    landmarks = dlib.shape_predictor(str(packaged_file(FACE_LANDMARKS)))(drawn_page(), face_box())
    network = FaceNetwork(path.parent, manifest["models"][name])
    return partial(network.probabilities, drawn_page(), landmarks)


def face_box() -> dlib.rectangle:
    return dlib.rectangle(100, 100, 299, 299)


def text_detector_trial(_cache: Path) -> Trial:
    return partial(detect_lines, drawn_page(), onnx_session(packaged_file(TEXT_DETECTOR)))


def text_direction_trial(_cache: Path) -> Trial:
    strip = network_input(drawn_line()[:, :TURN_WIDTH], TURN_WIDTH)
    return partial(onnx_session(packaged_file(TEXT_DIRECTION)).run, None, {"x": strip})


def latin_trial(cache: Path) -> Trial:
    return partial(load_latin(cache).read, drawn_line())


def hangul_trial(cache: Path) -> Trial:
    return partial(HangulReader(language_data(cache)).read, dark_on_light(drawn_line()))


TRIALS: dict[str, Callable[[Path], Trial]] = {
    "objects": objects_trial,
    "face-detector": face_detector_trial,
    "face-landmarks": landmarks_trial,
    "age": lambda _cache: face_trial("age", packaged_file(AGE)),
    "gender": lambda _cache: face_trial("gender", packaged_file(GENDER)),
    "text-detector": text_detector_trial,
    "text-direction": text_direction_trial,
    "latin": latin_trial,
    "hangul": hangul_trial,
}
