"""Blocks of items moved by mouse and by keys, removed and had back, with the sheet drawn beside them."""

import pytest
from playwright.sync_api import Locator, Page, expect

from grading import services
from grading.models import Exam, Paper, SheetLayout
from tests.support.browser import BROWSER

pytestmark = BROWSER
KINDS = [*["choice"] * 3, *["ox"] * 2, "letter"]


@pytest.fixture
def exam(page: Page, alice) -> Exam:
    items = [{"number": number, "kind": kind} for number, kind in enumerate(KINDS, start=1)]
    exam = services.create_exam(owner=alice, title="Quiz", language="en", id_digits=4, items=items)
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(f"/exams/{exam.pk}/design/")
    expect(sheet(page)).to_have_count(1)
    return exam


def sheet(page: Page) -> Locator:
    return page.get_by_role("img", name="Page 1 of the sheet")


def heads(page: Page) -> list[str]:
    """What the blocks that are there are called."""
    shown = page.locator("[data-block]:not(.removed) > legend").all_text_contents()
    return [" ".join(text.split()) for text in shown]


def block(page: Page, kind: str) -> Locator:
    return page.locator("[data-block]").filter(has=page.locator("legend", has_text=kind))


def kinds(exam: Exam) -> list[str]:
    return list(exam.items.values_list("kind", flat=True))


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The exam was changed.")).to_be_visible()


def test_blocks_are_moved_by_buttons_and_by_keys(page, exam):
    assert heads(page) == ["Items 1–3 Choice", "Items 4–5 O/X", "Items 6 Handwritten letter"]
    first = block(page, "Choice")
    expect(first.get_by_role("button", name="Move up")).to_be_disabled()
    first.get_by_role("button", name="Move down").click()
    assert heads(page) == ["Items 1–2 O/X", "Items 3–5 Choice", "Items 6 Handwritten letter"]
    handle = block(page, "letter").get_by_role("button", name="Drag these items")
    handle.press("ArrowUp")
    handle.press("ArrowUp")
    expect(handle).to_be_focused()
    block(page, "O/X").get_by_label("How many").press("Alt+ArrowDown")
    assert heads(page) == ["Items 1 Handwritten letter", "Items 2–4 Choice", "Items 5–6 O/X"]
    expect(page.get_by_role("status").filter(has_text="Items 5–6 O/X")).to_have_count(1)
    save(page)
    assert kinds(exam) == ["letter", *["choice"] * 3, *["ox"] * 2]


def test_a_block_is_dragged_by_its_handle(page, exam):
    handle = block(page, "letter").get_by_role("button", name="Drag these items")
    handle.scroll_into_view_if_needed()
    place = handle.bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down()
    page.mouse.move(place["x"] + 20, place["y"] - 400, steps=12)
    page.mouse.up()
    assert heads(page) == ["Items 1 Handwritten letter", "Items 2–4 Choice", "Items 5–6 O/X"]
    expect(block(page, "Choice").get_by_label("How many")).to_be_visible()
    save(page)
    assert kinds(exam)[0] == "letter"


@pytest.mark.full
def test_a_removed_block_comes_back_as_it_was(page, exam):
    choice = block(page, "Choice")
    choice.get_by_label("Right answers").fill("3 1 5")
    choice.get_by_role("button", name="Remove these items").click()
    assert heads(page) == ["Items 1–2 O/X", "Items 3 Handwritten letter"]
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    assert heads(page) == ["Items 1–3 Choice", "Items 4–5 O/X", "Items 6 Handwritten letter"]
    expect(choice.get_by_label("Right answers")).to_have_value("3 1 5")
    block(page, "O/X").get_by_role("button", name="Remove these items").click()
    save(page)
    assert kinds(exam) == [*["choice"] * 3, "letter"]


def test_the_sheet_follows_what_is_typed_and_nothing_is_stored(page, exam):
    asked = []
    page.on("request", lambda sent: asked.append(sent.url) if sent.method == "POST" else None)
    page.get_by_label("Title").fill("")
    page.get_by_label("Title").press_sequentially("Summer term", delay=20)
    expect(sheet(page).get_by_text("Summer term")).to_be_visible()
    assert len(asked) <= 3  # of twelve changes
    block(page, "O/X").get_by_label("How many").fill("20")
    expect(sheet(page).get_by_text("24", exact=True).first).to_be_visible()
    block(page, "Choice").get_by_label("Options").fill("1-11")
    expect(page.get_by_text("Item 1 needs 2 to 10 different options.")).to_be_visible()
    expect(sheet(page).get_by_text("Summer term")).to_be_visible()
    assert Exam.objects.get().title == "Quiz" and SheetLayout.objects.count() == 1


@pytest.mark.full
def test_the_sheet_is_folded_on_a_phone_and_asks_nothing_until_it_is_opened(page, exam):
    page.set_viewport_size({"width": 360, "height": 740})
    asked = []
    page.on("request", lambda sent: asked.append(sent.url) if sent.method == "POST" else None)
    page.reload()
    page.get_by_label("Title").fill("Summer")
    expect(sheet(page)).to_have_count(0)
    assert not asked
    page.get_by_text("The sheet, as it would be printed").click()
    expect(sheet(page).get_by_text("Summer")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.full
def test_the_key_shows_its_answers_on_the_bubbles_by_mouse_and_by_keys(page, exam):
    page.goto(f"/exams/{exam.pk}/key/")
    right = sheet(page).locator(".right-answers")
    page.get_by_label("Right answer of 1", exact=True).press_sequentially("4")
    expect(right.get_by_text("4")).to_be_visible()
    page.get_by_role("button", name="2: 5").click()
    expect(right.locator("ellipse")).to_have_count(2)
    page.get_by_role("button", name="2: 5").click()
    expect(right.locator("ellipse")).to_have_count(1)
    assert not any(exam.items.values_list("answer", flat=True))


def test_the_design_of_scanned_sheets_is_shown_without_handles(page, exam):
    Paper.objects.create(exam=exam)
    page.reload()
    expect(page.get_by_text("were already scanned")).to_be_visible()
    expect(page.get_by_role("button", name="Drag these items")).to_have_count(0)
    assert heads(page) == ["Items 1–3 Choice", "Items 4–5 O/X", "Items 6 Handwritten letter"]
