"""What an administrator sets is what visitors see, in a real chromium."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from siteconfig.services import site_settings
from tests.support.browser import BROWSER, signed_in

pytestmark = BROWSER
IS_DRAWN = "image => image.complete && image.naturalWidth === 90"


@pytest.fixture
def page(chromium: Browser, live_server, root) -> Iterator[Page]:
    with signed_in(chromium, live_server.url, root) as page:
        yield page


def a_logo(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, "PNG")
    return out.getvalue()


def test_an_admin_gives_the_site_a_name_and_a_logo_and_a_visitor_sees_them(page: Page, chromium, live_server):
    page.goto("/settings/site/")
    page.get_by_label("Name of the site").fill("한빛중학교")
    page.get_by_label("Logo", exact=True).set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": a_logo((90, 60))[:60]}
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This picture is damaged")).to_be_visible()
    expect(page.get_by_label("Name of the site")).to_have_value("한빛중학교")
    assert site_settings().name == ""

    page.get_by_label("Logo", exact=True).set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": a_logo((90, 60))}
    )
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    visitor = chromium.new_context(base_url=live_server.url, locale="en-US").new_page()
    visitor.goto("/account/login/")
    expect(visitor).to_have_title("Sign in · 한빛중학교")
    expect(visitor.locator(".brand")).to_have_text("한빛중학교")
    assert visitor.locator(".brand img").evaluate(IS_DRAWN)
    visitor.context.close()
