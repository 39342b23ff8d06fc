"""Long lists by keyboard, in a real chromium: one row of them has tab stops, and arrows go to the others."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import User
from grading import services
from grading.models import Exam, Paper
from grading.tests.classes import hand_in
from school.roster.rows import RosterRow
from tests.browser.test_live import begin, end
from tests.support.browser import BROWSER, LOCALES, Language, signed_in

pytestmark = BROWSER
MANY = 40  # papers, and items of each
MOST_STOPS = 40  # of a page, with the bar and the rail
# Whether the focus is where it was not yet
SEEN = """() => {
    const { activeElement } = document;
    window.seen ??= new Set();
    if (activeElement === document.body || window.seen.has(activeElement)) return false;
    return Boolean(window.seen.add(activeElement));
}"""


@pytest.fixture
def exam(alice: User) -> Exam:
    items = [
        {"number": number, "kind": "choice", "options": 5, "answer": "3"} for number in range(1, MANY + 1)
    ]
    exam = services.create_exam(owner=alice, title="Midterm", language="en", id_digits=4, items=items)
    roster = [RosterRow(f"{number}", f"Student {number}", "3-1") for number in range(1001, 1001 + MANY)]
    one_more_each = [dict.fromkeys(range(1, place + 1), "3") for place in range(MANY)]
    hand_in(exam, {row.number: answers for row, answers in zip(roster, one_more_each, strict=True)}, roster)
    return exam


@pytest.fixture
def page(chromium: Browser, live_server, alice: User) -> Iterator[Page]:
    with signed_in(chromium, live_server.url, alice, viewport={"width": 1280, "height": 800}) as page:
        yield page


def stops_of(page: Page) -> int:
    """How often Tab stops between the first link of the page and its end."""
    page.locator("body > .skip").focus()
    count = 0
    while page.evaluate(SEEN):
        count += 1
        page.keyboard.press("Tab")
    return count


def links(page: Page) -> Locator:
    return page.locator("main table tbody a")


@pytest.mark.parametrize("part", ["papers", "results", "matrix"])
def test_tab_passes_a_class_in_a_few_presses(page: Page, exam: Exam, part: str):
    page.goto(f"/exams/{exam.pk}/{part}/")
    expect(links(page).nth(24)).to_be_attached()  # so many students stand on a page of the matrix
    assert stops_of(page) <= MOST_STOPS


def test_arrows_home_and_end_go_through_the_papers(page: Page, exam: Exam):
    page.goto(f"/exams/{exam.pk}/papers/")
    links(page).first.focus()
    for key, place in (("ArrowDown", 1), ("End", MANY - 1), ("ArrowDown", MANY - 1), ("ArrowUp", MANY - 2)):
        page.keyboard.press(key)
        expect(links(page).nth(place)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("footer :focus")).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    expect(links(page).nth(MANY - 2)).to_be_focused()  # where one was
    page.keyboard.press("Home")
    expect(links(page).first).to_be_focused()


def test_a_press_of_the_mouse_in_a_row_takes_the_stops_there(page: Page, exam: Exam):
    page.goto(f"/exams/{exam.pk}/papers/")
    page.locator("main tbody tr").nth(5).locator(".badge").click()
    page.keyboard.press("Shift+Tab")
    expect(links(page).nth(5)).to_be_focused()


def test_the_focus_outlives_the_row_that_had_it(page: Page, exam: Exam, alice: User):
    """Papers are read meanwhile, and a colleague deletes the one that is looked at."""
    job = begin(alice)
    page.goto(f"/exams/{exam.pk}/papers/")
    links(page).first.focus()
    page.keyboard.press("End")
    Paper.objects.filter(number=f"{1000 + MANY}").delete()
    Paper.objects.filter(number="1002").update(status=Paper.Status.REVIEW)
    end(job)
    expect(links(page)).to_have_count(MANY - 1)
    expect(page.locator("main tbody tr").nth(1)).to_contain_text("To review")
    expect(links(page).last).to_be_focused()
    assert links(page).evaluate_all("all => all.filter((one) => one.tabIndex >= 0).length") == 1


def test_a_jump_to_an_answer_takes_the_stops_there(page: Page, exam: Exam):
    paper = exam.papers.first()
    answer = paper.answers.get(item__number=30)
    page.goto(paper.get_absolute_url())
    field = page.locator(f"#answer-{answer.pk} [name=value]")
    expect(field).to_have_attribute("tabindex", "-1")
    page.evaluate("hash => { location.hash = hash }", f"answer-{answer.pk}")
    expect(field).not_to_have_attribute("tabindex", "-1")
    page.keyboard.press("Tab")
    expect(page.locator(f"#answer-{answer.pk} :focus")).to_have_count(1)


@pytest.mark.parametrize("code", LOCALES)
def test_the_keys_are_told_and_the_items_of_forms_are_skipped(
    chromium: Browser, live_server, exam: Exam, alice: User, code: str
):
    say = Language(code)
    with signed_in(chromium, live_server.url, alice, locale=say.locale) as page:
        page.goto(f"/exams/{exam.pk}/papers/")
        told = say("%(up)s %(down)s go from row to row.", up="↑", down="↓")
        expect(page.get_by_text(told)).to_be_visible()
        expect(page.get_by_role("table")).to_have_accessible_description(told)
        page.goto(f"/exams/{exam.pk}/key/")
        page.get_by_role("link", name=say("Skip the items")).press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator("#after-items select")).to_be_focused()


def test_without_scripts_every_paper_is_reached(chromium: Browser, live_server, exam: Exam, alice: User):
    with signed_in(chromium, live_server.url, alice, java_script_enabled=False) as page:
        page.goto(f"/exams/{exam.pk}/papers/")
        links(page).first.focus()
        page.keyboard.press("Tab")
        expect(links(page).nth(1)).to_be_focused()
