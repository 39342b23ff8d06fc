"""Korean in a real chromium, on a machine that may have no Korean font of its own."""

import pytest
from playwright.sync_api import Browser, Page

from conftest import patience
from tests.support.browser import BROWSER
from tests.support.tiers import seldom

pytestmark = BROWSER
RARE = "뷁쀍힣믱퓛"
MOST_FONT_BYTES = 400_000  # of a first visit
SHOW = """(letters) => {
    const shown = document.createElement("p");
    shown.id = "shown";
    for (const letter of letters) {
        const one = document.createElement("b");
        one.textContent = letter;
        shown.append(one, " ");
    }
    document.querySelector("main").replaceChildren(shown);
    return document.fonts.ready.then(() => undefined);
}"""

IS_THERE = """(text) => document.fonts.check('20px "Pretendard Variable"', text)"""


@pytest.fixture
def visitor(chromium: Browser, live_server):
    context = chromium.new_context(base_url=live_server.url, locale="ko-KR")
    context.set_default_timeout(1000 * patience())
    yield context.new_page()
    context.close()


def test_rare_syllables_are_drawn_and_not_boxes(visitor: Page):
    visitor.goto("/account/login/")
    unknown = "\U0010fffd"  # no font has it: a box
    visitor.evaluate(SHOW, [*RARE, unknown])
    visitor.wait_for_function(IS_THERE, arg=RARE)
    visitor.wait_for_load_state("networkidle")
    *rare, box = [one.screenshot() for one in visitor.locator("#shown b").all()]
    assert len({*rare, box}) == len(RARE) + 1


@pytest.mark.parametrize("url", ["/", *seldom(["/account/login/"])])
def test_a_first_visit_fetches_little_of_the_font(visitor: Page, url):
    sizes: list[int] = []
    visitor.on(
        "response", lambda answer: sizes.append(len(answer.body())) if ".woff2" in answer.url else None
    )
    visitor.goto(url, wait_until="networkidle")
    assert 0 < sum(sizes) <= MOST_FONT_BYTES
