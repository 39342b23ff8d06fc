"""A page that was turned away is given to its student, by dragging it there and by its name; and taken back."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from grading import services
from grading.models import Exam, Paper
from grading.tests.drawing import as_pdf, filled_in
from grading.tests.test_placing import ROSTER
from grading.tests.test_rejected_pages import CHOICES, GIVEN
from tests.support.browser import BROWSER, wait_for_ended_job

pytestmark = BROWSER


@pytest.fixture
def exam(page: Page, alice, tmp_path: Path) -> Exam:
    """Two pages of another exam's sheets, and three students without a paper."""
    exam, twin = (
        services.create_exam(owner=alice, title=title, language="en", id_digits=4, items=CHOICES)
        for title in ("Quiz", "Twin")
    )
    services.replace_roster(exam=exam, rows=ROSTER)
    sheets = [filled_in(twin, number, GIVEN) for number in ("0041", "0042")]
    (tmp_path / "class.pdf").write_bytes(as_pdf(*sheets))
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(f"/exams/{exam.pk}/scans/")
    page.locator("input[type=file]").set_input_files(tmp_path / "class.pdf")
    page.get_by_role("button", name="Upload and grade").click()
    wait_for_ended_job(page)
    page.goto(f"/exams/{exam.pk}/scans/")
    expect(page.locator("[data-rejected]")).to_have_count(2)
    return exam


def waiting(page: Page):
    return page.get_by_role("complementary", name="Students who wait for a page").locator("[data-student]")


def drag(page: Page, name: str) -> None:
    """The first page by its thumbnail."""
    student = waiting(page).filter(has_text=name)
    page.locator("[data-rejected] img").first.hover()
    page.mouse.down()
    student.hover()
    student.hover()  # a browser asks the place once more before something is dropped there
    page.mouse.up()


def numbers(exam: Exam) -> list[str]:
    return list(Paper.objects.filter(exam=exam).order_by("number").values_list("number", flat=True))


def test_a_page_is_dragged_onto_its_student_and_taken_back(page, exam):
    drag(page, "Park")
    expect(page.get_by_text("is read as a page of 0043")).to_be_visible()
    expect(page.locator("[data-rejected]")).to_have_count(1)
    expect(waiting(page)).to_have_count(2)
    assert numbers(exam) == ["0043"]

    drag(page, "Kim")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("That was taken back.")).to_be_visible()
    expect(page.locator("[data-rejected]")).to_have_count(1)
    assert numbers(exam) == ["0043"]


def test_a_student_is_named_with_keys_alone(page, exam):
    field = page.get_by_label("Student, by number or name").first
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Lee")
    page.keyboard.press("Enter")
    expect(page.locator("[data-rejected]")).to_have_count(1)
    expect(waiting(page)).to_have_count(2)
    assert numbers(exam) == ["0042"]


@pytest.mark.full
def test_a_page_that_is_there_already_is_asked_about_in_place(page, exam):
    drag(page, "Lee")
    expect(page.locator("[data-rejected]")).to_have_count(1)
    field = page.get_by_label("Student, by number or name")
    field.fill("Lee")
    field.press("Enter")
    expect(
        page.get_by_text("Lee has this page already: keep both, or put this one in its place?")
    ).to_be_visible()
    expect(page).to_have_url(f"{page.url.split('/exams/')[0]}/exams/{exam.pk}/scans/")
