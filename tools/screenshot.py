"""Take the README's pictures on a site of its own: the page of a graded paper, and a digit inside the network.

    python tools/screenshot.py [paper] [inside]

Needs a chromium. The class, its pens and its phone are those of benchmarks/; digits are drawn, not anyone's.
"""

import shutil
import sys
import time
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import camera, handwriting  # noqa: E402 - the path above makes it importable
from benchmarks.client import Site  # noqa: E402
from benchmarks.exam_day import captured, filled, read_papers, set_exam, upload  # noqa: E402
from benchmarks.own_site import OwnSite, own_site  # noqa: E402
from ml.tests.handwriting import written  # noqa: E402

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PUPILS = 6
WINDOW = {"width": 1280, "height": 860}


def grade_a_class(own: OwnSite) -> str:
    """The address of a paper that has something to review, where one has."""
    site, rng = Site(own.url), np.random.default_rng(7)
    site.sign_in("admin", own.password)
    exam = set_exam(site, "Mathematics 1, midterm", PUPILS, rng)
    sheets = filled(site, exam, "roster=1", handwriting.writer(None), rng)
    papers = read_papers(site, exam, upload(site, exam, captured(sheets, camera.photograph, rng)))
    doubtful = [
        paper for paper in papers if paper and any(one["state"] == "review" for one in paper["answers"])
    ]
    paper = (doubtful or papers)[0]
    return f"/exams/{exam.id}/papers/{paper['id']}/"


def sign_in(page: Page, password: str) -> None:
    page.goto("/account/login/")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")


def look_inside(own: OwnSite) -> str:
    """The address of the first convolution of a digit, once its numbers are there."""
    site = Site(own.url)
    site.sign_in("admin", own.password)
    drawn = cv2.imencode(".png", written("2", high=200, width=20))[1].tobytes()
    reading = site.upload("POST", "/api/digits/", "image", [("two.png", drawn)])
    while site.get(f"/api/digits/{reading['id']}/")["job"]["status"] != "done":
        time.sleep(0.3)
    site.get(f"/api/digits/{reading['id']}/layers/")
    return f"/digits/{reading['id']}/layers#convolution1"


PICTURES = {"paper": (grade_a_class, "body"), "inside": (look_inside, ".stage")}  # whose page, from where on


def main() -> None:
    with own_site() as own, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = browser.new_page(base_url=own.url, locale="en-US", viewport=WINDOW)
        sign_in(page, own.password)
        for name in sys.argv[1:] or PICTURES:
            make, top = PICTURES[name]
            page.goto(make(own), wait_until="networkidle")
            page.locator(top).evaluate("part => part.scrollIntoView()")
            page.screenshot(path=ROOT / "docs" / f"{name}.png")
            print(f"docs/{name}.png was written.")
        browser.close()


if __name__ == "__main__":
    main()
