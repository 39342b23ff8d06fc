"""Take the pictures of README and of the guide on a site of its own: a graded paper, a digit inside the network, what
is in a photograph; and the steps of an exam in both languages.

    python tools/screenshot.py [paper] [inside] [picture] [guide]

Needs a chromium. The class, its pens and its phone are those of benchmarks/.
"""

import io
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import camera, handwriting  # noqa: E402 - the path above makes it importable
from benchmarks.client import Site  # noqa: E402
from benchmarks.exam_day import Exam, captured, filled, read_papers, set_exam, upload  # noqa: E402
from benchmarks.own_site import OwnSite, own_site  # noqa: E402
from tools.samples import Row, send_digit  # noqa: E402

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WINDOW = {"width": 1280, "height": 860}
CAT = ROOT / "static/classifier/samples/cat.jpg"
COLOURS = 255  # of a picture in docs/: a quarter of the bytes, and nobody sees it


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


def api_of(own: OwnSite) -> Site:
    site = Site(own.url)
    site.sign_in("admin", own.password)
    return site


def sign_in(page: Page, password: str) -> None:
    page.goto("/account/login/")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def graded_class(site: Site, title: str, pupils: int) -> tuple[Exam, list[Row]]:
    """The exam and the papers that were read of it."""
    rng = np.random.default_rng(7)
    exam = set_exam(site, title, pupils, rng)
    sheets = filled(site, exam, "roster=1", handwriting.writer(None), rng)
    papers = read_papers(site, exam, upload(site, exam, captured(sheets, camera.photograph, rng)))
    return exam, [paper for paper in papers if paper]


def grade_a_class(site: Site) -> str:
    """The address of a paper that has something to review, where one has."""
    exam, papers = graded_class(site, LANGUAGES["en"][1], FEW)
    doubtful = [paper for paper in papers if any(one["state"] == "review" for one in paper["answers"])]
    return f"/exams/{exam.id}/papers/{(doubtful or papers)[0]['id']}/"


def name_a_picture(site: Site) -> str:
    """The address of a photograph's card."""
    picture = site.upload("POST", "/api/pictures/", "image", [(CAT.name, CAT.read_bytes())])
    site.wait(picture["job"])
    return f"/pictures/{picture['id']}/"


def look_inside(site: Site) -> str:
    """The address of the first convolution of a digit, once its numbers are there."""
    reading = send_digit(site)
    site.wait(reading["job"])
    site.get(f"/api/digits/{reading['id']}/layers/")
    return f"/digits/{reading['id']}/layers#convolution1"


PICTURES = {  # whose page, from where on
    "paper": (grade_a_class, "body"),
    "inside": (look_inside, ".stage"),
    "picture": (name_a_picture, "main"),
}


GUIDE = {"key": "key/", "review": "review/", "results": "results/", "statistics": "statistics/"}
LANGUAGES = {"en": ("en-US", "Mathematics 1, midterm"), "ko": ("ko-KR", "수학 1학기 중간고사")}
FEW, IN_CLASS = 6, 24  # pupils


def take_guide(browser: Browser, own: OwnSite) -> None:
    """The steps of an exam, of a class each, as docs/grading.md shows them."""
    for language, (locale, title) in LANGUAGES.items():
        exam, _papers = graded_class(api_of(own), title, IN_CLASS)
        page = browser.new_page(base_url=own.url, locale=locale, viewport=WINDOW)
        sign_in(page, own.password)
        for name, path in GUIDE.items():
            page.goto(f"/exams/{exam.id}/{path}", wait_until="networkidle")
            save(page, ROOT / "static/grading/guide" / f"{name}.{language}.png")


def save(page: Page, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(small(page.screenshot()))
    print(f"{path.relative_to(ROOT)} was written.")


def small(png: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    with own_site() as own, chromium() as browser:
        page = browser.new_page(base_url=own.url, locale="en-US", viewport=WINDOW)
        sign_in(page, own.password)
        for name in sys.argv[1:] or [*PICTURES, "guide"]:
            if name == "guide":
                take_guide(browser, own)
                continue
            make, top = PICTURES[name]
            page.goto(make(api_of(own)), wait_until="networkidle")
            page.locator(top).evaluate("part => part.scrollIntoView()")
            save(page, ROOT / "docs" / f"{name}.png")


if __name__ == "__main__":
    main()
