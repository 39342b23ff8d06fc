"""Answer sheets are laid before the camera: chromium plays a film of them as what its camera sees."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from grading import services
from grading.models import Exam
from grading.tests.conftest import ITEMS, RIGHT
from grading.tests.drawing import as_jpeg, filled_in
from tests.support.browser import ARGUMENTS, BROWSER, CHROMIUM, signed_in
from tests.support.film import film_of

pytestmark = BROWSER
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def exam(alice) -> Exam:
    return services.create_exam(owner=alice, title="Midterm", language="en", id_digits=4, items=ITEMS)


@contextmanager
def filming(
    chromium: Browser, site: str, user, film: Path, exam: Exam, language: str = "en-US"
) -> Iterator[Page]:
    """The page with the camera, which sees the film."""
    arguments = [*ARGUMENTS, f"--use-file-for-fake-video-capture={film}"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    try:
        with signed_in(browser, site, user, locale=language, **PHONE) as page:
            page.goto(f"/exams/{exam.pk}/scans/")
            page.get_by_role("navigation", name="Main").get_by_role("link", name="Scan with the camera").click()
            yield page
    finally:
        browser.close()


def card(page: Page, number: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=number))


def sheets_of(exam: Exam, **answers: dict[int, str]) -> list[np.ndarray]:
    """By student numbers."""
    return [filled_in(exam, number.removeprefix("n"), given) for number, given in answers.items()]


def test_a_sheet_that_lies_still_is_graded_without_a_touch(chromium, site, alice, exam, tmp_path):
    film = film_of(sheets_of(exam, n0042=RIGHT | {3: "X"}), tmp_path / "film.mjpeg")
    with filming(chromium, site, alice, film, exam) as page:
        expect(card(page, "0042")).to_contain_text("6 / 7")
        expect(page.get_by_role("status").filter(has_text="0042: 6 of 7")).to_be_attached()
        assert float(exam.papers.get().score) == 6
        assert int(page.locator("[data-scanning]").get_attribute("data-took")) < 1000
