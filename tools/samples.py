"""What a site is tried with: the example that its first page offers, and a digit. Asked for over the API.

The digit is drawn, not anyone's.
"""

import sys
from pathlib import Path
from typing import Any

import cv2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.client import Site  # noqa: E402 - the path above makes it importable
from tests.support.strokes import written  # noqa: E402

Row = dict[str, Any]


def make_samples(site: Site) -> None:
    """Whatever of it is not there yet; workers make and read it a little later."""
    site.post("/api/example/", {})
    if not site.get("/api/digits/")["count"]:
        send_digit(site)


def send_digit(site: Site) -> Row:
    drawn = cv2.imencode(".png", written("2", high=200, width=20))[1].tobytes()
    return site.upload("POST", "/api/digits/", "image", [("two.png", drawn)])
