"""The frame of every page in a real chromium: by keyboard, without scripts, on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from grading.models import Exam
from jobs.models import Job, Status
from tests.support.browser import BROWSER, session_of, signed_in

pytestmark = BROWSER
TOAST = "detail => document.dispatchEvent(new CustomEvent('toast', { detail }))"


@pytest.fixture
def page(chromium: Browser, live_server, alice) -> Iterator[Page]:
    with signed_in(chromium, live_server.url, alice) as page:
        yield page


@pytest.fixture
def job(alice: User) -> Job:
    """It waits for good: the worker of the other files may live, and does no such task."""
    return Job.objects.create(owner=alice, task="grading.of_no_worker")


def test_the_rail_marks_the_place_folds_and_remembers(page: Page):
    page.goto("/history/")
    places = page.get_by_role("navigation", name="Main")
    expect(places.locator("[aria-current]")).to_have_text("History")
    page.get_by_role("button", name="Fold the menu").click()
    page.reload()
    expect(page.get_by_role("button", name="Fold the menu")).to_have_attribute("aria-pressed", "true")
    assert places.bounding_box()["width"] == 64
    expect(places.get_by_role("link", name="History")).to_have_attribute("title", "History")


def test_an_exam_is_found_from_any_page_by_keyboard(page: Page, alice: User):
    exam = Exam.objects.create(owner=alice, title="Midterm", language="en")
    page.goto("/account/")
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Name, or what you want to do")
    expect(page.get_by_role("option", name="New exam")).to_be_visible()  # what can be done is offered at once
    page.keyboard.type("midt")
    expect(page.get_by_role("option", name="Midterm")).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute(
        "aria-activedescendant", page.get_by_role("option").first.get_attribute("id")
    )
    with page.expect_navigation(url=f"**/exams/{exam.pk}/"):
        page.keyboard.press("Enter")


@pytest.mark.full
def test_the_search_goes_round_and_closes(page: Page):
    page.goto("/account/")
    page.keyboard.press("Control+k")
    options = page.locator("[role=option]")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()


def test_jobs_are_listed_and_cancelled_by_keyboard(page: Page, job: Job):
    page.goto("/account/")
    page.locator("[data-jobs] summary").focus()
    page.keyboard.press("Enter")
    page.locator("#jobs-list").get_by_role("button", name="Cancel").press("Enter")
    expect(page.locator("#jobs-list").get_by_role("button", name="Try again")).to_be_visible()
    job.refresh_from_db()
    assert job.status == Status.CANCELLED
    page.keyboard.press("Escape")
    expect(page.locator("#jobs-list")).to_be_hidden()
    assert page.evaluate("document.activeElement.localName") == "summary"


@pytest.mark.full
def test_the_ring_stays_when_the_session_has_ended(page: Page, job: Job):
    page.goto("/account/")
    page.context.clear_cookies()
    page.locator("[data-jobs] summary").click()
    page.get_by_role("dialog", name="Sign in to go on").get_by_role("button", name="Not now").click()
    expect(page.locator("#jobs-ring")).to_be_visible()


def test_toasts_move_nothing_and_errors_stay(page: Page):
    page.goto("/account/")
    before = page.locator("h1").bounding_box()
    page.clock.install()
    page.evaluate(TOAST, {"text": "Saved.", "kind": "success"})
    page.evaluate(TOAST, {"text": "Not saved.", "kind": "error"})
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert page.locator("h1").bounding_box() == before
    page.clock.run_for(60_000)
    expect(page.get_by_text("Saved.", exact=True)).to_be_hidden()
    page.get_by_role("alert").get_by_role("button", name="Close").click()
    expect(page.get_by_text("Not saved.")).to_be_hidden()


def test_a_phone_has_a_bar_of_four_places_and_the_camera(page: Page):
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto("/history/")
    names = page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts()
    assert names == ["Exams", "Pictures", "Take a photo", "Digits", "Faces"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_one_signs_out_without_scripts(chromium: Browser, live_server, alice):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="en-US")
    context.add_cookies([{"name": "sessionid", "value": session_of(alice), "url": live_server.url}])
    page = context.new_page()
    page.goto("/account/")
    page.locator(".account summary").click()
    page.locator(".account").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    context.close()
