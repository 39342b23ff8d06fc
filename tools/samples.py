"""What a site is tried with: a class whose papers are read, a digit and a picture. Asked for over the API.

The class, its pens and its phone are those of benchmarks/; the digit is drawn, not anyone's.
"""

import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import camera, handwriting  # noqa: E402 - the path above makes it importable
from benchmarks.client import Site  # noqa: E402
from benchmarks.exam_day import Exam, captured, filled, read_papers, set_exam, upload  # noqa: E402
from tests.support.strokes import written  # noqa: E402

TITLE = "Mathematics 1, midterm"
PUPILS = 6
CAT = ROOT / "static/classifier/samples/cat.jpg"

Row = dict[str, Any]


def make_samples(site: Site) -> None:
    """Whatever of it is not there yet; the digit and the picture are read by a worker a little later."""
    if all(exam["title"] != TITLE for exam in site.pages("/api/exams/")):
        graded_class(site)
    if not site.get("/api/digits/")["count"]:
        send_digit(site)
    if not site.get("/api/pictures/")["count"]:
        send_picture(site)


def graded_class(site: Site, title: str = TITLE, pupils: int = PUPILS) -> tuple[Exam, list[Row]]:
    """The exam and the papers that were read of it."""
    rng = np.random.default_rng(7)
    exam = set_exam(site, title, pupils, rng)
    sheets = filled(site, exam, "roster=1", handwriting.writer(None), rng)
    papers = read_papers(site, exam, upload(site, exam, captured(sheets, camera.photograph, rng)))
    return exam, [paper for paper in papers if paper]


def send_digit(site: Site) -> Row:
    drawn = cv2.imencode(".png", written("2", high=200, width=20))[1].tobytes()
    return site.upload("POST", "/api/digits/", "image", [("two.png", drawn)])


def send_picture(site: Site) -> Row:
    return site.upload("POST", "/api/pictures/", "image", [(CAT.name, CAT.read_bytes())])
