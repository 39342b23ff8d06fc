"""A teacher's way through the pages, in a real chromium, with a real worker behind them."""

from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from conftest import PASSWORD
from grading.models import Answer, Exam, Paper
from grading.tests.drawing import as_jpeg, as_pdf, filled_in
from tests.support.browser import BROWSER, wait_for_ended_job

pytestmark = BROWSER


def make_exam(page: Page) -> Exam:
    """Five choices and two O/X items, typed as a teacher types them."""
    page.goto("/exams/new/")
    page.get_by_label("Title").fill("Midterm")
    page.get_by_label("Its digits").fill("4")
    page.get_by_label("How many").fill("5")
    page.get_by_label("Right answers").fill("3 1 5 2 4")
    page.get_by_role("button", name="Make the exam").click()
    expect(page.get_by_role("link", name="Midterm")).to_be_visible()
    return Exam.objects.get()


def hand_in(page: Page, exam: Exam, folder: Path) -> None:
    """Two papers: one clear, one with two marks in item 2."""
    right = {1: "3", 2: "1", 3: "5", 4: "2", 5: "4"}
    clear = filled_in(exam, "1001", right)
    doubtful = filled_in(exam, "1002", right | {2: "1,4"})
    (folder / "class.pdf").write_bytes(as_pdf(clear))
    (folder / "photo.jpg").write_bytes(as_jpeg(doubtful))
    page.goto(f"/exams/{exam.pk}/scans/")
    page.locator("input[type=file]").set_input_files([folder / "class.pdf", folder / "photo.jpg"])
    page.get_by_role("button", name="Upload and grade").click()


def test_one_signs_in_with_a_name_and_a_password(page):
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("alice").first).to_be_visible()


def test_from_a_new_exam_to_the_downloaded_results(page, tmp_path):
    exam = make_exam(page)

    hand_in(page, exam, tmp_path)
    wait_for_ended_job(page)
    expect(page.get_by_role("link", name="1001")).to_be_visible()

    page.goto(f"/exams/{exam.pk}/review/")
    expect(page.get_by_role("heading", name="More than one option is marked.")).to_be_visible()
    expect(page.get_by_label("2 1002")).to_be_focused()
    page.keyboard.press("1")  # one key is enough
    expect(page.get_by_text("Nothing is left to review")).to_be_visible()
    answer = Answer.objects.get(paper__number="1002", item__number=2)
    assert (answer.value, answer.state) == ("1", "corrected")

    page.goto(f"/exams/{exam.pk}/results/")
    page.locator("summary", has_text="Download").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Plain table (CSV)").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3
    assert {str(paper.score) for paper in Paper.objects.all()} == {"5.00"}


def test_the_paper_page_shows_every_reading_on_the_scan(page, tmp_path):
    exam = make_exam(page)
    hand_in(page, exam, tmp_path)
    wait_for_ended_job(page)
    page.goto(Paper.objects.get(number="1001").get_absolute_url())
    assert page.locator("[data-reading]").count() == 5
    scan = page.locator(".picture img")
    assert scan.evaluate("image => image.complete && image.naturalWidth") == 1680
    crops = page.locator(".crop img")
    crops.last.scroll_into_view_if_needed()
    expect(crops).to_have_count(5)
    last = page.locator("[data-answer]").last
    expect(last.get_by_role("button", name="Save")).to_be_hidden()
    last.get_by_role("textbox").click()
    expect(last.get_by_role("button", name="Save")).to_be_visible()
    expect(page.locator("[data-answer]").first.get_by_role("button", name="Save")).to_be_hidden()

    last.get_by_role("textbox").fill("1")
    last.get_by_role("button", name="Save").click()
    expect(last.get_by_text("Corrected")).to_be_visible()
    expect(last.get_by_role("button", name="Save")).to_be_focused()
    expect(page.locator("[data-answer]").first.get_by_role("button", name="Save")).to_be_hidden()


def test_why_something_was_read_so_is_shown_by_mouse_and_by_keys(page, tmp_path):
    exam = make_exam(page)
    hand_in(page, exam, tmp_path)
    wait_for_ended_job(page)
    paper = Paper.objects.get(number="1002")

    page.goto(paper.get_absolute_url())
    dialog = page.get_by_role("dialog", name="Why it was read so")
    page.locator("[data-answer]").nth(1).get_by_role("link", name="Why?").click()
    expect(dialog.get_by_text("More than one option is marked.")).to_be_visible()
    expect(dialog.locator("tbody tr")).to_have_count(5)
    expect(dialog.get_by_role("img", name="4 on the paper")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()

    page.goto(f"/exams/{exam.pk}/review/")
    expect(page.get_by_label("2 1002")).to_be_focused()
    while page.locator(":focus").inner_text().strip() != "Why?":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("More than one option is marked.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator(":focus")).to_have_text("Why?")

    page.goto(paper.get_absolute_url())
    page.get_by_role("link", name="Why?").first.click()
    expect(dialog.get_by_role("heading", name="Student number: 1002")).to_be_visible()
    expect(dialog.get_by_role("cell", name="2").first).to_be_visible()


@pytest.mark.full
def test_every_page_fits_a_phone_in_both_languages(page, alice):
    exam = make_exam(page)
    page.set_viewport_size({"width": 360, "height": 740})
    paths = ["", "design/", "sheet/", "scans/", "papers/", "review/", "results/", "statistics/"]
    urls = ["/", "/history/", "/account/", "/exams/", *(f"/exams/{exam.pk}/{path}" for path in paths)]
    for language, url in product(["en", "ko"], urls):
        if page.locator("html").get_attribute("lang") != language:
            page.get_by_role("button", name="한국어").click()
        page.goto(url)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{url} is {width} px wide in {language}"
        heights = page.locator(".steps.brief h2").evaluate_all("all => all.map(one => one.offsetHeight)")
        assert len(set(heights)) <= 1, f"the name of a step is broken in {language}: {heights}"
    assert page.locator("html").get_attribute("lang") == "ko"
