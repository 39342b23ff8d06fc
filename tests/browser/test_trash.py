"""Deleting and having back in a real chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from grading.models import Exam
from grading.services import create_exam
from tests.support.browser import BROWSER, signed_in

pytestmark = BROWSER


@pytest.fixture
def page(chromium: Browser, live_server, alice) -> Iterator[Page]:
    with signed_in(chromium, live_server.url, alice) as page:
        yield page


def test_an_exam_is_deleted_with_one_press_and_had_back_with_another(page: Page, alice):
    items = [{"number": 1, "kind": "ox", "answer": "O"}]
    exam = create_exam(owner=alice, title="Midterm", language="en", id_digits=2, items=items)
    page.goto(exam.get_absolute_url())
    page.get_by_role("button", name="Delete this exam").click()
    toast = page.locator(".toast", has_text="“Midterm” was deleted.")
    expect(toast).to_be_visible()
    expect(page.get_by_role("link", name="Midterm")).to_have_count(0)
    assert not Exam.objects.exists()
    toast.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Midterm")
    assert Exam.objects.get() == exam
