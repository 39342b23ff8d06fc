"""Every page in a real chromium, under the Content-Security-Policy that it comes with."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Browser, Page

from accounts.models import User
from tests.support.browser import BROWSER, signed_in
from tests.test_permissions import TABLE

pytestmark = [*BROWSER, pytest.mark.full]


@pytest.fixture
def page(chromium: Browser, live_server, alice) -> Iterator[Page]:
    with signed_in(chromium, live_server.url, alice) as page:
        yield page


def pages_of_site(owned: dict[str, object]) -> Iterator[str]:
    for name, (method, arguments, _expected) in TABLE.items():
        if method == "get":
            yield reverse(name, args=[owned.get(argument, argument) for argument in arguments])


def pages_of_administration() -> Iterator[str]:
    """Lists, and of each kind of rows the first one."""
    yield reverse("admin:index")
    yield reverse("admin:accounts_user_add")
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        if row := model._default_manager.first():
            yield reverse(f"{name}_change", args=[row.pk])


def is_page(browse, user: User, url: str) -> bool:
    """Neither a file nor a part that htmx puts into a page."""
    answer = browse(user).get(url)
    is_html = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return is_html and "<html" in answer.text


def complaints(page: Page, urls: list[str]) -> list[tuple[str, str]]:
    """What the console says of each page once it has loaded all it needs."""
    said: list[tuple[str, str]] = []
    page.on(
        "console", lambda message: said.append((page.url, message.text)) if message.type == "error" else None
    )
    for url in urls:
        page.goto(url, wait_until="networkidle")
    return said


def test_no_page_breaks_its_own_policy_or_complains(
    chromium: Browser, live_server, alice, root, quiet, browse
):
    walks = {alice: [*pages_of_site(quiet)], root: [*pages_of_site(quiet), *pages_of_administration()]}
    for user, urls in walks.items():
        pages = [url for url in urls if is_page(browse, user, url)]
        assert len(pages) > 20
        with signed_in(chromium, live_server.url, user) as page:
            assert complaints(page, pages) == []


def test_the_page_of_the_api_shows_it_and_sends_what_is_tried(page: Page):
    # Of many operations Swagger UI draws those in sight; an operation's address opens it.
    page.goto("/api/docs/#/jobs/jobs_list")
    path = page.locator("#operations-jobs-jobs_list")
    path.get_by_role("button", name="Try it out").click()
    path.get_by_role("button", name="Execute").click()
    path.locator(".live-responses-table .response-col_status", has_text="200").wait_for()


def test_what_was_read_stands_where_it_stands_on_the_sheet(page: Page, quiet):
    page.goto(f"/exams/{quiet['exam']}/papers/{quiet['paper']}/")
    reading = page.locator("[data-reading]").first
    box, picture = reading.bounding_box(), page.locator(".picture").first.bounding_box()
    left = float(reading.get_attribute("data-left")) / 100
    assert abs((box["x"] - picture["x"]) / picture["width"] - left) < 0.01
    assert 0 < box["width"] < picture["width"] / 2
