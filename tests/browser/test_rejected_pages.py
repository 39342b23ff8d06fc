"""A page that was turned away: looked at, its corners set by mouse and by keys, assigned, or typed in."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from grading.models import Answer, Paper, ScanPage
from grading.services import create_exam
from grading.tests.drawing import as_jpeg, filled_in
from grading.tests.test_rejected_pages import CHOICES, GIVEN, without_markers
from tests.support.browser import BROWSER, wait_for_ended_job

pytestmark = BROWSER

SIZE = (1800, 2400)  # of the picture
LEFT, TOP, WIDTH, HEIGHT = 160, 120, 1490, 2107  # of the sheet in it
TO_PICTURE = """([svg, x, y]) => {
    const place = new DOMPoint(x, y).matrixTransform(svg.querySelector("g").getScreenCTM());
    return [place.x, place.y];
}"""


@pytest.fixture
def rejected(page: Page, alice, tmp_path: Path) -> ScanPage:
    """A sheet on a desk whose corner markers cannot be seen."""
    exam = create_exam(owner=alice, title="Quiz", language="en", id_digits=4, items=CHOICES)
    desk = np.full(SIZE[::-1], 120, np.uint8)
    sheet = without_markers(exam, filled_in(exam, "0042", GIVEN))
    desk[TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH] = cv2.resize(sheet, (WIDTH, HEIGHT))
    (tmp_path / "photo.jpg").write_bytes(as_jpeg(desk))
    page.goto(f"/exams/{exam.pk}/scans/")
    page.locator("input[type=file]").set_input_files(tmp_path / "photo.jpg")
    page.get_by_role("button", name="Upload and grade").click()
    wait_for_ended_job(page)
    page.get_by_role("link", name="Look at it").click()
    expect(page.get_by_text("no corner markers")).to_be_visible()
    return ScanPage.objects.get()


def corner(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def drag(page: Page, name: str, x: float, y: float) -> None:
    """To this place of the picture."""
    handle = corner(page, name)
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    svg = page.locator("svg.corners").element_handle()
    page.mouse.move(*page.evaluate(TO_PICTURE, [svg, x, y]), steps=4)
    page.mouse.up()


def press(page: Page, name: str, keys: dict[str, int]) -> None:
    corner(page, name).focus()
    for key, times in keys.items():
        for _ in range(times):
            page.keyboard.press(key)


def test_a_page_is_forced_by_its_corners_and_waits_in_review(page, rejected):
    expect(page.get_by_label("I show where the sheet lies")).to_be_checked()
    drag(page, "Top left corner", LEFT, TOP)
    drag(page, "Top right corner", LEFT + WIDTH, TOP)
    drag(page, "Bottom right corner", LEFT + WIDTH, TOP + HEIGHT)
    below = SIZE[1] - TOP - HEIGHT
    press(page, "Bottom left corner", {"Shift+ArrowRight": LEFT // 10, "Shift+ArrowUp": below // 10})
    press(page, "Bottom left corner", {"ArrowUp": below % 10})
    page.get_by_label("Student, by number or name").fill("0042")
    page.get_by_role("button", name="Read it again as this").click()
    expect(page.get_by_role("heading", name="0042")).to_be_visible()
    answers = Answer.objects.filter(paper__number="0042")
    assert {answer.item.number: answer.value for answer in answers} == GIVEN
    page.get_by_role("link", name="Review").first.click()
    expect(page.get_by_text("This page was not found by its print")).to_have_count(3)


@pytest.mark.full
def test_a_page_is_turned_and_typed_in_beside_its_picture(page, rejected):
    svg = page.locator("svg.corners")
    page.get_by_role("button", name="Turn right").click()
    box = svg.bounding_box()
    assert box["width"] > box["height"]
    page.get_by_role("button", name="Turn left").click()
    page.get_by_label("Student, by number or name").fill("0042")
    page.get_by_role("button", name="Type it in").click()
    expect(page.get_by_role("heading", name="0042")).to_be_visible()
    expect(page.get_by_role("button", name="Turn right")).to_be_visible()
    for at, value in GIVEN.items():
        field = page.locator("[data-answer] input[name=value]").nth(at - 1)
        field.fill(value)
        with page.expect_response(lambda said: "/answers/" in said.url and said.status == 200):
            field.press("Enter")
    paper = Paper.objects.get()
    assert (paper.number, paper.status, paper.score) == ("0042", "graded", 1)


@pytest.mark.full
def test_a_page_is_deleted_and_had_back_and_all_of_it_fits_a_phone(page, rejected):
    address = page.url
    page.get_by_role("button", name="Delete this page").click()
    expect(page.get_by_role("link", name="Look at it")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("no corner markers")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    for path in (address, f"/exams/{rejected.scan.exam_id}/scans/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
