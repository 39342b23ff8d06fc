"""A new teacher looks around in the example, and is rid of it again, in a real chromium."""

from playwright.sync_api import Page, expect

from conftest import wait_until
from grading.models import Exam, Paper
from jobs.models import OPEN, Job
from tests.support.browser import BROWSER

pytestmark = BROWSER


def have_ended() -> bool:
    return not Job.objects.filter(status__in=OPEN).exists()


def test_the_example_is_loaded_graded_seen_removed_and_had_back(page: Page):
    page.goto("/")
    expect(page.get_by_role("heading", name="Set an exam")).to_be_visible()
    page.get_by_role("button", name="Load the example").click()
    remove = page.get_by_role("button", name="Remove the example")
    expect(remove).to_be_visible()
    page.evaluate("window.isSame = true")
    wait_until(have_ended, lambda: list(Job.objects.values_list("status", "progress", "step")))
    expect(page.get_by_text("1 paper wants a look")).to_be_visible()
    assert page.evaluate("window.isSame")  # the page was not loaded again
    expect(page.get_by_role("link", name="Example: science quiz", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Faces")).to_be_visible()
    remove.click()
    toast = page.locator(".toast", has_text="The example was removed")
    expect(toast).to_be_visible()
    expect(page.get_by_role("button", name="Load the example")).to_be_visible()
    assert not Exam.objects.exists()
    toast.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Example: science quiz", exact=True)).to_be_visible()
    assert Paper.objects.filter(exam__trashed=None).count() == 12
