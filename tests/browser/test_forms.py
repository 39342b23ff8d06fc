"""Accidents while one fills in a form, in a real chromium: nothing that was typed or chosen is lost."""

import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Request, Route, expect

from conftest import PASSWORD
from digits.models import Reading
from grading.models import Answer, Exam, Scan
from grading.tests.drawing import as_pdf, filled_in
from tests.browser.test_digits import draw, one, says
from tests.support.browser import BROWSER

pytestmark = BROWSER


def fill_in_exam(page: Page, title: str = "Midterm") -> None:
    page.goto("/exams/new/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("How many").fill("5")
    page.get_by_label("Right answers").fill("3 1 5 2 4")


def make_exam(page: Page) -> None:
    page.get_by_role("button", name="Make the exam").click()


def is_made(page: Page, title: str = "Midterm") -> Exam:
    expect(page.get_by_role("link", name=title)).to_be_visible()
    return Exam.objects.get(title=title)


def sign_in_here(page: Page, password: str = PASSWORD) -> None:
    dialog = page.get_by_role("dialog", name="Sign in to go on")
    dialog.get_by_label("Password").fill(password)
    dialog.get_by_role("button", name="Sign in").click()


def posts(page: Page) -> list[Request]:
    """What the page sends from now on."""
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    return sent


def test_whose_session_has_ended_signs_in_on_the_page_and_goes_on(page):
    fill_in_exam(page)
    Session.objects.all().delete()
    make_exam(page)
    sign_in_here(page, "wrong")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("correct username and password")
    sign_in_here(page)
    assert is_made(page).items.count() == 5


def test_who_does_not_sign_in_keeps_what_was_typed(page):
    fill_in_exam(page)
    Session.objects.all().delete()
    make_exam(page)
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_role("alert")).to_contain_text("What you entered is still here")
    expect(page.get_by_label("Title")).to_have_value("Midterm")
    make_exam(page)
    sign_in_here(page)
    is_made(page)


@pytest.mark.full
def test_a_correction_outlives_the_end_of_the_session(page, quiet):
    page.goto(f"/exams/{quiet['exam']}/papers/{quiet['paper']}/")
    answer = Answer.objects.get(paper=quiet["paper"])
    Session.objects.all().delete()
    field = page.locator(f"#value-{answer.pk}")
    field.fill("O")
    field.press("Enter")
    with page.expect_response(lambda said: "/answers/" in said.url and said.status == 200):
        sign_in_here(page)
    answer.refresh_from_db()
    assert (answer.value, answer.state) == ("O", "corrected")


@pytest.mark.full
def test_who_signs_in_as_someone_else_does_not_send_this_page(page, bob):
    fill_in_exam(page)
    Session.objects.all().delete()
    make_exam(page)
    page.get_by_role("dialog").get_by_label("Username").fill("bob")
    sign_in_here(page)
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("This page belongs to alice")
    assert not Exam.objects.exists()


def test_without_a_connection_a_form_waits_and_is_sent_once_it_is_back(page):
    fill_in_exam(page)
    page.context.set_offline(True)
    make_exam(page)
    expect(page.get_by_text("The site cannot be reached. What you entered stays here")).to_be_visible()
    page.context.set_offline(False)
    is_made(page)


def test_a_form_whose_answer_was_lost_is_done_once(page):
    lost: list[Route] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or lost:
            return route.continue_()
        lost.append(route)
        route.fetch(max_redirects=0)
        return route.abort()

    fill_in_exam(page)
    page.route("**/exams/new/", lose)
    make_exam(page)
    is_made(page)
    assert len(lost) == 1


@pytest.mark.full
def test_a_page_from_before_one_signed_in_again_is_still_sent(page):
    fill_in_exam(page)
    other = page.context.new_page()
    other.goto("/account/")
    other.get_by_role("main").get_by_role("button", name="Sign out").click()
    other.get_by_label("Username").fill("alice")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_text("alice").first).to_be_visible()
    make_exam(page)
    is_made(page)


@pytest.mark.full
def test_one_may_sign_in_in_two_tabs(page):
    page.context.clear_cookies()
    tabs = [page, page.context.new_page()]
    for tab in tabs:
        tab.goto("/account/login/?next=/exams/")
    for tab in tabs:
        tab.get_by_label("Username").fill("alice")
        tab.get_by_label("Password").fill(PASSWORD)
        tab.get_by_role("button", name="Sign in").click()
        expect(tab.get_by_role("heading", name="Exams")).to_be_visible()


def test_back_leads_to_what_was_typed(page):
    fill_in_exam(page)
    page.get_by_role("link", name="Nunbit").first.click()
    expect(page).not_to_have_url("**/exams/new/")
    page.go_back()
    expect(page.get_by_label("Title")).to_have_value("Midterm")
    make_exam(page)
    is_made(page)


def test_what_is_wrong_stands_at_its_field_and_the_rest_stays(page):
    fill_in_exam(page)
    page.get_by_label("Right answers").fill("3 1 9")
    with page.expect_response("**/exams/new/"):
        make_exam(page)
    expect(page.locator(".errorlist").first).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Midterm")
    page.get_by_label("Right answers").fill("3 1 5 2 4")
    make_exam(page)
    is_made(page)


@pytest.fixture
def scans_page(page) -> Page:
    fill_in_exam(page)
    make_exam(page)
    page.goto(f"/exams/{is_made(page).pk}/scans/")
    return page


def choose(page: Page, *paths: Path) -> None:
    page.get_by_label("Drop scans or photos here").set_input_files(paths)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_file_over_100_mb_is_refused_before_it_is_sent_and_the_others_stay(scans_page, tmp_path):
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(101_000_000)
    sent = posts(scans_page)
    choose(
        scans_page, written(tmp_path / "class.pdf", as_pdf(filled_in(Exam.objects.get(), "1001", {}))), large
    )
    refusal = scans_page.get_by_role("alert")
    expect(refusal).to_have_text("large.pdf: larger than 100 MB, and left out.")
    assert not sent
    scans_page.get_by_role("button", name="Upload and grade").click()
    expect(scans_page.get_by_text("Done", exact=True)).to_be_visible()
    assert [file["name"] for file in Scan.objects.get().files] == ["class.pdf"]


@pytest.mark.full
def test_a_file_of_another_kind_is_refused_at_once_and_one_that_lies_after_it_was_sent(scans_page, tmp_path):
    good = written(tmp_path / "class.pdf", as_pdf(filled_in(Exam.objects.get(), "1001", {})))
    choose(scans_page, written(tmp_path / "lies.pdf", b"hello"), written(tmp_path / "notes.docx", b"x"))
    expect(scans_page.get_by_role("alert")).to_contain_text("notes.docx: left out")
    scans_page.get_by_role("button", name="Upload and grade").click()
    expect(scans_page.get_by_role("alert")).to_have_text(re.compile("^lies.pdf"))
    choose(scans_page, good)
    scans_page.get_by_role("button", name="Leave out lies.pdf").click()
    scans_page.get_by_role("button", name="Upload and grade").click()
    expect(scans_page.get_by_text("Done", exact=True)).to_be_visible()
    assert [file["name"] for file in Scan.objects.get().files] == ["class.pdf"]


@pytest.mark.full
def test_a_drawing_outlives_the_end_of_the_session(page):
    page.goto("/digits/")
    Session.objects.all().delete()
    draw(page, one(0.5, 0.2, 0.3))
    sign_in_here(page)
    says(page, "1")
    assert Reading.objects.filter(text="1").exists()
