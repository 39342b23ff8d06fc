"""Pictures as a worker would have left them, without one."""

import io
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from numpy.typing import NDArray
from PIL import Image

from accounts.models import User
from classifier.models import Picture, record
from classifier.services import pictures as services
from jobs.models import Job, Status
from registry.models import ModelVersion


def named(english: str, korean: str, **more: Any) -> dict[str, Any]:
    return {"name": {"en": english, "ko": korean}, **more}


TABBY = named("tabby cat", "얼룩고양이", probability=0.82, wnid="n02123045")
CAT = named("cat", "고양이", probability=0.93, wnid="n02121808")
FOUND: dict[str, Any] = {
    "answer": TABBY,
    "labels": [TABBY, named("lynx", "스라소니", probability=0.06, wnid="n02127052")],
    "concepts": [TABBY, CAT, named("animal", "동물", probability=0.98, wnid="n00015388")],
    "objects": [named("cat", "고양이", confidence=0.91, label="cat", box=[10, 20, 60, 40])],
    "faces": [],
    "text": [
        {
            "text": "냐옹 MEOW",
            "confidence": 0.88,
            "box": [5, 60, 50, 10],
            "polygon": [[5, 62], [55, 60], [55, 68], [5, 70]],
        }
    ],
    "colors": [named("grey", "회색", hex="#808080", share=0.6)],
    "light": {
        "brightness": 0.5,
        "contrast": 0.4,
        "sharpness": 0.7,
        "verdicts": [named("sharp", "선명함", confidence=0.9)],
    },
    "photo": {
        "taken_at": "2026-05-04T12:30:00",
        "camera": "Canon EOS R6",
        "gps": {"latitude": 37.566389, "longitude": 126.978056},
    },
    "caption": {
        "en": [
            {"text": "Probably ", "from": None},
            {"text": "a tabby cat", "from": "labels.0"},
            {"text": ".", "from": None},
        ],
        "ko": [
            {"text": "아마 ", "from": None},
            {"text": "얼룩고양이", "from": "labels.0"},
            {"text": "예요.", "from": None},
        ],
    },
    "missing": [{"part": "faces", "sentence": "It failed on this picture.", "what": "dlib"}],
}


@dataclass
class Findings:
    """A card as `Picture.record` takes it."""

    found: dict[str, Any] = field(default_factory=lambda: dict(FOUND))
    saliency: NDArray[np.uint8] | None = field(default_factory=lambda: np.full((75, 100), 200, np.uint8))
    features: NDArray[np.float16] = field(default_factory=lambda: np.ones(1280, np.float16))
    fingerprint: int = 2**63 + 5
    size: tuple[int, int] = (75, 100)


def jpeg() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (100, 75), "grey").save(out, "JPEG")
    return SimpleUploadedFile("cat.jpg", out.getvalue())


def a_picture(owner: User, seen: Findings | None = None, **found: Any) -> Picture:
    """One that was analysed; `found` replaces parts of the usual card."""
    picture = services.submit_picture(owner=owner, image=jpeg())
    picture.model = ModelVersion.objects.filter(kind="classifier").first()
    record({picture: seen or Findings(FOUND | found)})
    Job.objects.filter(pk=picture.job_id).update(status=Status.DONE)
    return Picture.objects.select_related("job", "model").get(pk=picture.pk)
