"""Ways out of mistakes, as a teacher goes them: papers and scans removed and had back, read again, replaced; exams
renamed, archived and found again."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from grading import services
from grading.models import Answer, Exam, Paper, Scan
from grading.tests.drawing import as_pdf, filled_in
from grading.tests.test_rejected_pages import CHOICES, GIVEN, without_markers
from school.roster.rows import RosterRow
from tests.support.browser import BROWSER, wait_for_ended_job

pytestmark = BROWSER

OTHER = {1: "4", 2: "5", 3: "1"}


@pytest.fixture
def quiz(alice) -> Exam:
    exam = services.create_exam(owner=alice, title="Quiz", language="en", id_digits=4, items=CHOICES)
    rows = [RosterRow("0041", "Kim Haneul"), RosterRow("0042", "Lee Seoyeon")]
    services.replace_roster(exam=exam, rows=rows)
    return exam


def upload(page: Page, exam: Exam, folder: Path, *pages, choice: str = "") -> Scan:
    name = f"class-{exam.scans.count() + 1}.pdf"
    (folder / name).write_bytes(as_pdf(*pages))
    page.goto(f"/exams/{exam.pk}/scans/")
    page.locator("input[type=file]").set_input_files(folder / name)
    if choice:
        page.get_by_label(choice).check()
    page.get_by_role("button", name="Upload and grade").click()
    page.wait_for_url(re.compile(r"/scans/\d+/$"))
    wait_for_ended_job(page)
    return exam.scans.latest("pk")


def test_a_paper_and_a_scan_are_removed_and_had_back(page, quiz, tmp_path):
    scan = upload(page, quiz, tmp_path, filled_in(quiz, "0041", GIVEN), filled_in(quiz, "0042", GIVEN))
    page.get_by_role("link", name="0042 Lee Seoyeon").click()
    page.get_by_role("button", name="Delete this paper").click()
    expect(page.get_by_role("link", name="0042")).to_have_count(0)
    page.locator(".toast", has_text="was deleted").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="0042 Lee Seoyeon")).to_be_visible()

    page.goto(scan.get_absolute_url())
    page.get_by_role("button", name="Delete this scan").click()
    expect(page.get_by_text("“class-1.pdf” was deleted, with its papers.")).to_be_visible()
    assert not Paper.objects.exists()
    page.goto(f"/exams/{quiz.pk}/results/")
    expect(page.get_by_text("No paper", exact=True)).to_have_count(2)
    page.goto("/trash/")
    page.get_by_role("button", name="Restore class-1.pdf").click()
    expect(page.get_by_role("link", name="0041 Kim Haneul")).to_be_visible()
    assert Paper.objects.count() == 2


@pytest.mark.full
def test_a_scan_is_read_again_and_what_was_corrected_stays(page, quiz, tmp_path, alice):
    scan = upload(page, quiz, tmp_path, filled_in(quiz, "0042", GIVEN))
    services.correct_answer(paper=quiz.papers.get(), number=2, value="4", by=alice)
    page.goto(scan.get_absolute_url())
    page.get_by_role("button", name="Read it again").click()
    expect(page.get_by_text("What you corrected by hand stays.")).to_be_visible()
    wait_for_ended_job(page)
    answers = Answer.objects.filter(paper__number="0042")
    assert {answer.item.number: answer.value for answer in answers} == {**GIVEN, 2: "4"}

    page.goto(quiz.papers.get().get_absolute_url())
    page.get_by_text("Corrections", exact=True).click()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("That was taken back.")).to_be_visible()
    assert answers.get(item__number=2).value == "2"


@pytest.mark.full
def test_a_rejected_page_is_assigned_by_typing_a_name(page, quiz, tmp_path):
    upload(page, quiz, tmp_path, without_markers(quiz, filled_in(quiz, "0041", GIVEN)))
    page.get_by_role("link", name="Look at it").click()
    student = page.get_by_label("Student, by number or name")
    assert page.locator("#students option").count() == 2
    student.fill("Lee Seoyeon")
    page.get_by_role("button", name="Type it in").click()
    expect(page.get_by_role("heading", name="0042 Lee Seoyeon")).to_be_visible()


def test_pages_of_students_who_have_theirs_replace_them_where_one_says_so(page, quiz, tmp_path):
    upload(page, quiz, tmp_path, filled_in(quiz, "0042", GIVEN))
    pages = filled_in(quiz, "0042", OTHER), filled_in(quiz, "0041", OTHER)
    upload(page, quiz, tmp_path, *pages, choice="Replace the pages that are there")
    expect(page.get_by_text("1 page took the place of one that was there.")).to_be_visible()
    expect(page.get_by_text("It took the place of page 1 of class-1.pdf.")).to_be_visible()
    assert Answer.objects.get(paper__number="0042", item__number=1).value == "4"
    upload(page, quiz, tmp_path, filled_in(quiz, "0042", GIVEN), choice="Add them, as papers of their own")
    expect(page.get_by_text("1 paper is of a student who has another one.")).to_be_visible()


@pytest.mark.full
def test_an_exam_is_renamed_in_place_archived_found_and_brought_back(page, quiz):
    page.goto("/exams/")
    page.get_by_text("Rename", exact=True).click()
    page.get_by_role("row", name="Quiz").get_by_label("Title").fill("Spring quiz")
    page.get_by_role("row", name="Quiz").get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Spring quiz")).to_be_visible()
    page.get_by_role("button", name="Archive Spring quiz").click()
    expect(page.get_by_role("link", name="Spring quiz")).to_have_count(0)
    page.goto("/exams/?show=archived&search=spring")
    page.get_by_role("link", name="Spring quiz").click()
    expect(page.get_by_text("takes no new scans until it is brought back")).to_be_visible()
    page.get_by_role("button", name="Bring back from the archive").click()
    expect(page.get_by_role("button", name="Archive", exact=True)).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/exams/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_exam_leaves_as_a_file_and_comes_back_in(page, quiz, tmp_path):
    upload(page, quiz, tmp_path, filled_in(quiz, "0042", GIVEN))
    page.goto(quiz.get_absolute_url())
    with page.expect_download() as download:
        page.get_by_role("link", name="Export it whole").click()
    download.value.save_as(tmp_path / "quiz.zip")
    page.goto("/exams/")
    page.get_by_role("link", name="Take in an exam").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "quiz.zip")
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_role("heading", level=1, name="Quiz")).to_be_visible(timeout=30_000)
    assert [paper.score for paper in Exam.objects.latest("pk").papers.all()] == [1]
