"""What paper, a bar at the foot and calm pages ask of the style sheets, on the pages where most of it meets."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_pages import COVERED, PHONE, ZOOMED
from tests.support.browser import BROWSER, signed_in

pytestmark = BROWSER
THUMB = 44  # CSS pixels
PRINTED = {
    "grading:results": ["exam"],
    "grading:statistics": ["exam"],
    "grading:paper": ["exam", "paper"],
    "grading:sheet": ["exam"],
    "classifier:picture": ["picture"],
    "digits:reading": ["reading"],
    "reference:index": [],
}
ON_SCREENS = (
    ".top, .rail, .toasts, .stays, footer, main button:not(.thing, .pick), main .button, main [type=file]"
)
SHOWN = """(these) => [...document.querySelectorAll(these)].filter((one) => one.checkVisibility())
    .map((one) => one.outerHTML.slice(0, 120))"""
# The lightness of paper and ink, 0 to 1, as the screen would show them.
LIGHTNESS = """() => {
    const canvas = document.createElement("canvas").getContext("2d");
    const of = (colour) => {
        canvas.fillStyle = "#fff";
        canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return canvas.getImageData(0, 0, 1, 1).data[1] / 255;
    };
    const text = document.querySelector("main :is(h1, h2)");
    return [of(getComputedStyle(document.body).backgroundColor), of(getComputedStyle(text).color)];
}"""
DIMMED = """() => [...document.querySelectorAll(".paper-white")].map((one) => getComputedStyle(one).filter)
    .filter((filter) => filter !== "none")"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
    const { animationName, transitionDuration } = getComputedStyle(one);
    return animationName !== "none" || transitionDuration.split(", ").some((duration) => duration !== "0s");
}).map((one) => one.outerHTML.slice(0, 120))"""


def path_of(route: str, owned: dict[str, object], names: list[str]) -> str:
    return reverse(route, args=[owned[name] for name in names])


@pytest.mark.parametrize("route", PRINTED)
def test_paper_has_the_page_alone_in_black_on_white_whatever_the_theme(
    route: str, chromium: Browser, live_server, quiet, alice
):
    with signed_in(chromium, live_server.url, alice, color_scheme="dark") as page:
        page.goto(path_of(route, quiet, PRINTED[route]))
        paper, ink = page.evaluate(LIGHTNESS)
        assert paper < 0.3 < ink
        assert page.evaluate(SHOWN, ON_SCREENS)
        page.emulate_media(media="print")
        paper, ink = page.evaluate(LIGHTNESS)
        assert (paper, ink < 0.3) == (1, True)
        assert page.evaluate(SHOWN, ON_SCREENS) == []
        assert page.locator("main h1, main h2").first.is_visible()
        assert page.evaluate(DIMMED) == []


@pytest.mark.parametrize("look", [PHONE, ZOOMED], ids=["on a phone", "at 200 %"])
@pytest.mark.parametrize("route", ["grading:exams", "grading:exam", "grading:key"])
def test_what_has_the_focus_is_never_beneath_the_bar(
    route, look, chromium: Browser, live_server, quiet, alice
):
    names = [] if route == "grading:exams" else ["exam"]
    with signed_in(chromium, live_server.url, alice, **look) as page:
        page.goto(path_of(route, quiet, names))
        assert page.evaluate(COVERED) == []


def test_review_is_done_by_thumb(chromium: Browser, live_server, quiet, alice):
    with signed_in(chromium, live_server.url, alice, **PHONE, has_touch=True, is_mobile=True) as page:
        page.goto(path_of("grading:review", quiet, ["exam"]))
        options = page.locator(".doubt [data-option]")
        expect(options.first).to_be_visible()
        for one in [page.locator(".doubt input:visible").first, *options.all()]:
            box = one.bounding_box()
            assert box and min(box["width"], box["height"]) >= THUMB


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_for_who_asked_for_calm(motion, chromium: Browser, live_server, quiet, alice):
    with signed_in(chromium, live_server.url, alice, reduced_motion=motion) as page:
        for route in ("home", "grading:exams", "digits:digits"):
            page.goto(reverse(route))
            assert bool(moving_parts(page)) == (motion == "no-preference")


def moving_parts(page: Page) -> list[str]:
    """With one of each part of the design that moves somewhere, whether or not this page shows it."""
    page.evaluate("""() => document.body.insertAdjacentHTML("beforeend",
        '<p class="toast"></p><p class="skeleton"></p><button></button>')""")
    found: list[str] = page.evaluate(MOVING)
    return found
