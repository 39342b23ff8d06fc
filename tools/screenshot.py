"""Take the README's pictures on a site of its own: a graded paper, a digit inside the network, what is in a photograph.

    python tools/screenshot.py [paper] [inside] [picture]

Needs a chromium. What is shown are the samples of tools/samples.py, Korean in the font of the printed sheets, since not
every machine has one.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.client import Site  # noqa: E402 - the path above makes it importable
from benchmarks.own_site import OwnSite, own_site  # noqa: E402
from tools.samples import graded_class, send_digit, send_picture  # noqa: E402

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WINDOW = {"width": 1280, "height": 860}
FONTS = f"""<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{ROOT / "grading/sheet/fonts"}</dir>
</fontconfig>"""


def signed_in(own: OwnSite) -> Site:
    site = Site(own.url)
    site.sign_in("admin", own.password)
    return site


def grade_a_class(own: OwnSite) -> str:
    """The address of a paper that has something to review, where one has."""
    exam, papers = graded_class(signed_in(own))
    doubtful = [paper for paper in papers if any(one["state"] == "review" for one in paper["answers"])]
    return f"/exams/{exam.id}/papers/{(doubtful or papers)[0]['id']}/"


def name_a_picture(own: OwnSite) -> str:
    """The address of a photograph's card."""
    site = signed_in(own)
    picture = send_picture(site)
    site.wait(picture["job"])
    return f"/pictures/{picture['id']}/"


def sign_in(page: Page, password: str) -> None:
    page.goto("/account/login/")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")


def look_inside(own: OwnSite) -> str:
    """The address of the first convolution of a digit, once its numbers are there."""
    site = signed_in(own)
    reading = send_digit(site)
    site.wait(reading["job"])
    site.get(f"/api/digits/{reading['id']}/layers/")
    return f"/digits/{reading['id']}/layers#convolution1"


PICTURES = {  # whose page, from where on
    "paper": (grade_a_class, "body"),
    "inside": (look_inside, ".stage"),
    "picture": (name_a_picture, "main"),
}


def main() -> None:
    with (
        own_site() as own,
        sync_playwright() as playwright,
        tempfile.NamedTemporaryFile("w", suffix=".conf") as fonts,
    ):
        fonts.write(FONTS)
        fonts.flush()
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=ARGUMENTS,
            env=os.environ | {"FONTCONFIG_FILE": fonts.name},
        )
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
