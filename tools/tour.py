"""Take the pictures of docs/tour.md and docs/tour.ko.md: each page on a desktop and a phone, light and dark, in both
languages.

    python tools/tour.py [COMMIT]

A site of its own loads the example and is walked along its links, so that a new page is on the tour by itself; below
the marker both pages are written anew. With COMMIT ten pages are taken at that commit, too, and stand beside those of
now.
Needs a chromium.
"""

import io
import os
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, product
from pathlib import Path

import django
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.urls import Resolver404, ResolverMatch, resolve  # noqa: E402 - the path above makes it importable

from benchmarks.client import Site  # noqa: E402
from benchmarks.own_site import OwnSite, own_site  # noqa: E402
from tools.before_after import SIZES, checked_out, file_name, photograph  # noqa: E402
from tools.samples import make_samples  # noqa: E402
from tools.screenshot import api_of, chromium, sign_in  # noqa: E402

DOCS = ROOT / "docs"
IMAGES = DOCS / "images" / "tour"
PAGES = {"en": DOCS / "tour.md", "ko": DOCS / "tour.ko.md"}
MARKER = "<!-- make tour -->\n"
HIGH, GAP, QUALITY = 360, 10, 60  # px of a picture, px between two, of WebP
LOOKS = (
    ("desktop", "light", "en"),
    ("phone", "dark", "en"),
    ("desktop", "dark", "ko"),
    ("phone", "light", "ko"),
)
PARTS = {  # by the name space of their addresses, in the order of the menu
    "grading": ("Exams", "시험"),
    "classifier": ("Pictures", "사진"),
    "digits": ("Digits", "숫자"),
    "generator": ("Faces", "얼굴"),
    "school": ("Classes", "학급"),
    "registry": ("Networks", "신경망"),
    "": ("The site", "사이트"),
}
HEADS = {
    "en": (
        "## Every page",
        "Desktop and phone, light and dark, in both languages; `make tour` takes these pictures.",
    ),
    "ko": ("## 모든 페이지", "데스크톱과 휴대전화, 밝게와 어둡게, 두 언어로. `make tour`로 찍은 사진이에요."),
}
THEN_AND_NOW = {"en": "## Before and after", "ko": "## 전과 후"}
BEGIN = ("/", "/design/")  # to the second no page leads
FOR_VISITORS = ("/", "/account/login/")
HIDDEN = re.compile(r"/(api|admin|media|static)/")
LINK = re.compile(r'href="(/[^"#]*)')


@dataclass
class Stop:
    """A page of the tour."""

    path: str
    match: ResolverMatch
    is_public: bool = False  # as a visitor sees it
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def part(self) -> str:
        return self.match.namespace if self.match.namespace in PARTS else ""

    @property
    def address(self) -> str:
        return "/" + re.sub(r"<\w+:\w+>", "…", self.match.route)

    @property
    def picture(self) -> Path:
        name = self.match.view_name.replace(":", "-")
        return IMAGES / f"{'visitor-' if self.is_public else ''}{name}.webp"


def wait_for_all(site: Site) -> None:
    """Until what the samples began, and what that began, has ended."""
    while at_work := [job for job in site.pages("/api/jobs/") if job["status"] in ("queued", "running")]:
        site.wait(at_work[0])


def match_of(path: str) -> ResolverMatch | None:
    try:
        return resolve(path.partition("?")[0])
    except Resolver404:
        return None


def stops_of(context: BrowserContext) -> list[Stop]:
    """The first page of each address that links lead to."""
    found: dict[str, Stop] = {}
    waiting, known = list(BEGIN), set(BEGIN)
    while waiting:
        path = waiting.pop(0)
        match = match_of(path)
        if match is None or match.view_name in found or HIDDEN.match(path):
            continue
        answer = context.request.get(path, max_redirects=0)
        if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        html = answer.text()
        if "<html" not in html:
            continue
        found[match.view_name] = Stop(path, match)
        new = [link.replace("&amp;", "&") for link in LINK.findall(html)]
        waiting += [link for link in new if link not in known]
        known.update(new)
    order = list(PARTS)
    public = [Stop(path, resolve(path), is_public=True) for path in FOR_VISITORS]
    return sorted([*found.values(), *public], key=lambda stop: order.index(stop.part))


def take(page: Page, stop: Stop) -> Image.Image:
    page.goto(stop.path, wait_until="networkidle")
    return small(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))


def small(picture: Image.Image) -> Image.Image:
    return picture.resize((round(picture.width * HIGH / picture.height), HIGH), Image.Resampling.LANCZOS)


def beside(pictures: list[Image.Image]) -> Image.Image:
    width = sum(one.width for one in pictures) + GAP * (len(pictures) - 1)
    strip, x = Image.new("RGB", (width, HIGH), "grey"), 0
    for one in pictures:
        strip.paste(one, (x, 0))
        x += one.width + GAP
    return strip


def walk(browser: Browser, own: OwnSite) -> list[Stop]:
    """Every page of the site, its pictures taken."""
    context = browser.new_context(base_url=own.url)
    sign_in(context.new_page(), own.password)
    stops, taken = stops_of(context), defaultdict[Path, list[Image.Image]](list)
    for (size, theme, language), is_public in product(LOOKS, (False, True)):
        looking = browser.new_context(
            base_url=own.url,
            locale=language,
            viewport=SIZES[size],
            color_scheme=theme,
            reduced_motion="reduce",
            storage_state=None if is_public else context.storage_state(),
        )
        page = looking.new_page()
        for stop in [one for one in stops if one.is_public == is_public]:
            taken[stop.picture].append(take(page, stop))
            stop.titles[language] = page.title().rpartition(" · ")[0] or page.title()
        looking.close()
    for file, pictures in taken.items():
        beside(pictures).save(file, quality=QUALITY, method=6)
    return stops


def compare(browser: Browser, commit: str) -> None:
    """Ten pages then and now, each on a desktop by day and on a phone by night."""
    looks = [("desktop", "light"), ("phone", "dark")]
    with tempfile.TemporaryDirectory() as folder, checked_out(commit) as earlier:
        for state, tree in (("before", earlier), ("after", ROOT)):
            Path(folder, state).mkdir()
            with own_site(tree) as own:
                names = {name for name, _size, _theme in photograph(browser, own, Path(folder, state))}
        for name in sorted(names - {"design"}):
            files = [
                Path(folder, state, file_name((name, *look)))
                for state in ("before", "after")
                for look in looks
            ]
            tops = [top_of(Image.open(file)) for file in files]
            beside([small(one) for one in tops]).save(
                IMAGES / f"then-now-{name}.webp", quality=QUALITY, method=6
            )


def top_of(picture: Image.Image) -> Image.Image:
    """As much of a long page as a window shows."""
    size = next(size for size in SIZES.values() if size["width"] == picture.width)
    return picture.crop((0, 0, size["width"], size["height"]))


def comparisons() -> list[Path]:
    return sorted(IMAGES.glob("then-now-*.webp"))


def sections(stops: list[Stop], language: str) -> Iterator[str]:
    yield "\n\n".join(HEADS[language])
    for part, some in groupby(stops, lambda stop: stop.part):
        yield f"### {PARTS[part][language == 'ko']}"
        for stop in some:
            yield f"**{stop.titles[language]}** `{stop.address}`"
            yield f"![{stop.titles[language]}](images/tour/{stop.picture.name})"
    if comparisons():
        yield THEN_AND_NOW[language]
    for picture in comparisons():
        yield f"![{picture.stem}](images/tour/{picture.name})"


def write(stops: list[Stop]) -> None:
    for language, page in PAGES.items():
        written = page.read_text().partition(MARKER)[0].rstrip()
        page.write_text(f"{written}\n\n{MARKER}\n" + "\n\n".join(sections(stops, language)) + "\n")


def main() -> None:
    django.setup()
    IMAGES.mkdir(parents=True, exist_ok=True)
    for file in set(IMAGES.iterdir()) - set(comparisons()):
        file.unlink()
    with chromium() as browser:
        with own_site(ROOT) as own:
            site = api_of(own)
            make_samples(site)
            wait_for_all(site)
            stops = walk(browser, own)
        if len(sys.argv) > 1:
            compare(browser, sys.argv[1])
    write(stops)
    size = sum(file.stat().st_size for file in IMAGES.iterdir())
    print(f"{len(stops)} pages, {size / 1e6:.1f} MB of pictures.")


if __name__ == "__main__":
    main()
