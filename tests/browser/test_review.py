"""Doubts worked off in a real chromium: by keys, several together, taken back, and whose paper it is."""

import pytest
from playwright.sync_api import Page, expect

from grading import services
from grading.models import Answer, Exam
from grading.tests.drawing import as_pdf, filled_in
from school.roster.rows import RosterRow
from tests.browser.test_exams import make_exam
from tests.support.browser import BROWSER, wait_for_ended_job

pytestmark = BROWSER
RIGHT = {1: "3", 2: "1", 3: "5", 4: "2", 5: "4"}


@pytest.fixture
def exam(page: Page, alice, tmp_path) -> Exam:
    """Three papers with two marks in items 2 and 3, and one with a number that nobody in the class has."""
    exam = make_exam(page)
    doubtful = [filled_in(exam, number, RIGHT | {2: "1,4", 3: "2,5"}) for number in ("1001", "1002", "1003")]
    (tmp_path / "class.pdf").write_bytes(as_pdf(*doubtful, filled_in(exam, "1005", RIGHT)))
    page.goto(f"/exams/{exam.pk}/scans/")
    page.locator("input[type=file]").set_input_files(tmp_path / "class.pdf")
    page.get_by_role("button", name="Upload and grade").click()
    wait_for_ended_job(page)
    page.goto(f"/exams/{exam.pk}/review/")
    return exam


def values(exam: Exam, number: int) -> list[str]:
    rows = Answer.objects.filter(paper__exam=exam, item__number=number, paper__number__lt="1005")
    return list(rows.order_by("paper__number").values_list("value", flat=True))


def test_a_key_an_answer_and_one_for_all_the_others(page, exam):
    expect(page.get_by_role("status").get_by_text("6")).to_be_visible()
    expect(page.locator("[data-doubt]")).to_have_count(6)
    first = page.locator("[data-doubt]").first.get_attribute("data-who")
    page.keyboard.press("4")
    expect(page.locator("#left")).to_have_text("5 left")
    assert Answer.objects.get(paper__number=first, item__number=2).value == "4"
    page.keyboard.press("Enter")  # belongs to what was typed
    page.keyboard.press("Enter")  # it stays as it was read
    expect(page.locator("[data-doubt]").nth(1)).to_contain_text("Saved")
    expect(page.locator("#left")).to_have_text("4 left")
    page.locator("[data-doubt]").nth(2).get_by_role("button", name="1").click()
    expect(page.get_by_role("dialog", name="Why it was read so")).to_be_hidden()
    for _doubt in range(3):
        page.keyboard.press("1")
    expect(page.get_by_text("Nothing is left to review")).to_be_visible()
    assert sorted(values(exam, 2)) == ["1", "1,4", "4"]
    assert values(exam, 3) == ["1", "1", "1"]


def test_several_are_set_together_and_taken_back_with_one_key(page, exam):
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator(".doubt.chosen")).to_have_count(3)
    page.keyboard.press("4")
    expect(page.locator("#left")).to_have_text("3 left")
    assert values(exam, 2) == ["4", "4", "4"]
    page.keyboard.press("Control+z")
    expect(page.locator("#left")).to_have_text("6 left")
    assert values(exam, 2) == ["1,4", "1,4", "1,4"]

    page.keyboard.press("Shift+Enter")
    expect(page.get_by_text("Nothing is left to review")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#left")).to_have_text("6 left")


@pytest.mark.full
def test_an_answer_is_changed_once_more_and_taken_back_to_what_was_saved_first(page, exam):
    first = page.locator("[data-doubt]").first
    page.keyboard.press("4")
    expect(page.locator("#left")).to_have_text("5 left")
    field = first.locator("input[name^=value-]")
    field.fill("1")  # one key is the answer
    expect(first).to_have_attribute("data-state", "saved")
    expect(page.locator("#left")).to_have_text("5 left")
    assert sorted(values(exam, 2)) == ["1", "1,4", "1,4"]
    page.keyboard.press("Control+z")
    expect(field).to_have_value("4")
    expect(page.locator("#left")).to_have_text("5 left")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("1,4")
    expect(page.locator("#left")).to_have_text("6 left")
    assert values(exam, 2) == ["1,4", "1,4", "1,4"]


@pytest.mark.full
def test_an_answer_is_shown_large_and_where_it_stands(page, exam):
    about = page.get_by_role("complementary", name="The answer in its paper")
    expect(about.get_by_text("More than one option is marked.")).to_be_visible()
    small = about.locator("img")
    page.wait_for_function("() => document.querySelector('[data-about] img').naturalWidth > 0")
    assert small.evaluate("image => image.naturalHeight") == 320
    page.keyboard.press("Space")
    large = page.get_by_role("dialog", name="The answer, large").get_by_role("img")
    expect(large).to_be_visible()
    page.wait_for_function("() => document.querySelector('#zoom img').naturalHeight > 150")
    page.keyboard.press("Space")
    expect(large).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-doubt]").nth(1)).to_have_class("doubt current")
    about.get_by_role("link", name="Why?").click()
    dialog = page.get_by_role("dialog", name="Why it was read so")
    expect(dialog.locator("tbody tr")).to_have_count(5)


@pytest.mark.full
def test_the_suggested_number_or_a_name_is_taken_with_enter(page, exam, alice):
    rows = [("1001", "Kim"), ("1002", "Lee"), ("1003", "Park"), ("1004", "Choi")]
    services.replace_roster(exam=exam, rows=[RosterRow(number, name, "1") for number, name in rows], by=alice)
    page.goto(f"/exams/{exam.pk}/review/")
    field = page.get_by_label("Student number or name")
    expect(field).to_be_focused()
    expect(field).to_have_value("1005")
    expect(page.get_by_role("button", name="1004 Choi")).to_be_visible()
    page.keyboard.type("Choi")
    expect(page.get_by_text("1004 Choi", exact=True).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Whose paper it is, and what is missing")).to_have_count(0)
    assert exam.papers.get(number="1004").candidate.name == "Choi"


@pytest.mark.full
def test_twins_stand_side_by_side_and_are_shown_large(page, exam, tmp_path):
    twin = filled_in(exam, "1005", dict.fromkeys(RIGHT, "1"))
    (tmp_path / "twin.pdf").write_bytes(as_pdf(twin))
    page.goto(f"/exams/{exam.pk}/scans/")
    page.locator("input[type=file]").set_input_files(tmp_path / "twin.pdf")
    page.get_by_role("button", name="Upload and grade").click()
    page.wait_for_url("**/scans/*/")
    wait_for_ended_job(page)
    page.goto(f"/exams/{exam.pk}/review/?group=papers")
    card = page.locator(".open-papers > li").first
    expect(card.get_by_role("link", name="1005, page 1")).to_have_count(2)
    large = page.get_by_role("dialog", name="The page, large").get_by_role("img")
    card.get_by_role("link", name="1005, page 1").last.click()
    expect(large).to_be_visible()
    page.wait_for_function("() => document.querySelector('#zoom img').naturalWidth > 1000")
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    card.get_by_role("link", name="1005, page 1").first.press("Enter")
    expect(large).to_be_visible()


def test_on_a_phone_the_first_answer_is_in_sight_and_the_button_for_all_is_not(page, exam):
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    expect(page.locator("[data-doubt] img").first).to_be_in_viewport(ratio=0.9)
    expect(page.get_by_role("button", name="as they stand")).not_to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.full
def test_one_answer_of_a_paper_has_tab_stops_and_arrows_go_to_the_others(page, exam):
    """Who has no mouse passes a paper of forty items in a few presses."""
    paper = exam.papers.get(number="1001")
    page.goto(paper.get_absolute_url())
    fields = page.locator("[data-answer] input[name=value]")
    expect(fields.nth(1)).to_be_focused()  # the first that is in doubt
    stops = page.locator(".answers :is(a, input:not([type=hidden]), button), [data-reading]")
    reached = stops.evaluate_all("all => all.filter((stop) => stop.tabIndex === 0).length")
    assert 2 <= reached <= 5  # one of them on the picture
    page.keyboard.press("ArrowDown")
    expect(fields.nth(2)).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator("[data-answer]").nth(2)).to_contain_text("Corrected")
    page.keyboard.press("ArrowUp")
    for _stop in range(4):
        page.keyboard.press("Tab")
    expect(page.locator(".answers :focus")).to_have_count(0)
