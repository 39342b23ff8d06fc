"""Who has no account tries the site on its first page: draws a number, has a photo named and a face drawn."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from jobs.models import Job
from tests.support.browser import BROWSER, signed_in
from visitors.services import USERNAME

pytestmark = BROWSER


@pytest.fixture
def visitor(chromium: Browser, site) -> Iterator[Page]:
    with signed_in(chromium, site, None) as page:
        yield page


def demo(page: Page, name: str) -> Locator:
    return page.locator(f"form[action$='/demos/{name}/']")


def draw_a_one(page: Page) -> None:
    canvas = demo(page, "digits").locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(middle, box["y"] + box["height"] * 0.8, steps=10)
    page.mouse.up()


def test_a_visitor_tries_the_three_things_of_the_first_page(visitor):
    visitor.goto("/")
    draw_a_one(visitor)
    expect(demo(visitor, "digits").locator(".text")).to_have_text("1")
    demo(visitor, "pictures").get_by_role("button", name="A cat").click()
    expect(demo(visitor, "pictures").locator(".caption")).to_contain_text("cat")
    demo(visitor, "faces").get_by_label("In words, if you like").fill("smiling")
    demo(visitor, "faces").get_by_role("button", name="Draw a face").click()
    expect(demo(visitor, "faces").get_by_alt_text("A drawn face")).to_be_visible()
    assert set(Job.objects.values_list("owner__username", flat=True)) == {USERNAME}
