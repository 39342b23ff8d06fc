"""Digits in a real chromium: drawn by mouse, finger and keys, pasted, corrected, and read by a real worker."""

import base64
import io
import math
import statistics
import sys

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, expect

from conftest import wait_until
from digits.models import Reading
from tests.support.browser import BROWSER
from tests.support.tiers import seldom

pytestmark = BROWSER
Stroke = list[tuple[float, float]]  # on a sheet 1 wide and 0.75 high
DRAWINGS = 5  # of three digits and four strokes


def three(left: float, top: float, size: float) -> list[Stroke]:
    turns = [(-0.7 + step * 0.25, 0.3, 0.28, 0.25) for step in range(16)]
    turns += [(step * 0.25, 0.28, 0.32, 0.26) for step in range(17)]
    middles = [0.25] * 16 + [0.74] * 17
    return [
        [
            (left + size * (x + wide * math.sin(turn)), top + size * (y - high * math.cos(turn)))
            for (turn, x, wide, high), y in zip(turns, middles, strict=True)
        ]
    ]


def one(left: float, top: float, size: float) -> list[Stroke]:
    """Slightly bent, as a hand draws it."""
    return [[(left + size * 0.05 * math.sin(step / 5), top + size * step / 20) for step in range(21)]]


def four(left: float, top: float, size: float) -> list[Stroke]:
    down = [(left + size * (0.42 - 0.035 * step), top + size * 0.052 * step) for step in range(13)]
    across = [(left + size * 0.058 * step, top + size * (0.62 + 0.02 * math.sin(step))) for step in range(13)]
    post = [(left + size * (0.48 - 0.0025 * step), top + size * (0.28 + 0.045 * step)) for step in range(17)]
    return [down + across, post]


def crossed_zero(left: float, top: float, size: float) -> list[Stroke]:
    wide, turns = 0.6 * size, [step * math.tau / 24 for step in range(25)]
    ring = [
        (left + wide * (0.5 + 0.4 * math.sin(turn)), top + size * (0.5 - 0.42 * math.cos(turn)))
        for turn in turns
    ]
    down, up = (
        [(left + wide * (x + step / 20 * (1 - 2 * x)), top + size * step / 20) for step in range(21)]
        for x in (0, 1)
    )
    return [ring, down, up]


def draw(page: Page, *digits: list[Stroke]) -> None:
    """With the mouse, point by point."""
    sheet = page.locator("[data-canvas]").bounding_box()
    for stroke in [stroke for digit in digits for stroke in digit]:
        points = [(sheet["x"] + x * sheet["width"], sheet["y"] + y * sheet["width"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point)
        page.mouse.up()


def says(page: Page, text: str) -> None:
    expect(page.locator("[data-text]")).to_have_text(text)


def settled(page: Page) -> None:
    """What counted for the answer has come, too: nothing more will be asked."""
    expect(page.locator("[data-answer].blank, [data-answer]:has(canvas.explained)")).to_have_count(1)
    expect(page.locator("[data-answer]")).to_have_attribute("aria-busy", "false")


def wants_saliency(route: Route) -> bool:
    return b'name="saliency"' in (route.request.post_data_buffer or b"")


def has_asked(page: Page, held: list[Route], count: int) -> None:
    """So many requests are held back; Playwright hands them over only while it waits itself."""
    wait_until(lambda: page.wait_for_timeout(50) or len(held) >= count)


@pytest.fixture
def sheet(page) -> Page:
    page.goto("/digits/")
    return page


def picture() -> bytes:
    """A seven as a PNG."""
    drawn, out = Image.new("RGB", (300, 260), "white"), io.BytesIO()
    ImageDraw.Draw(drawn).line([(90, 60), (190, 64), (130, 210)], "navy", width=18, joint="curve")
    drawn.save(out, "PNG")
    return out.getvalue()


def paste(page: Page, content: bytes, name: str, kind: str) -> None:
    page.evaluate(
        """([content, name, type]) => {
            const bytes = Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0));
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([bytes], name, { type }));
            document.dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
        }""",
        [base64.b64encode(content).decode(), name, kind],
    )


PI = three(0.08, 0.2, 0.28), one(0.5, 0.2, 0.28), four(0.68, 0.2, 0.27)


def test_314_is_drawn_undone_redone_and_leaves_one_row(sheet):
    draw(sheet, *PI)
    says(sheet, "314")
    assert sheet.locator("[data-boxes] rect").count() == 3
    sheet.keyboard.press("Control+z")
    sheet.keyboard.press("Control+z")
    says(sheet, "31")
    sheet.keyboard.press("Control+y")
    sheet.get_by_role("button", name="Redo").click()
    says(sheet, "314")
    settled(sheet)
    assert [row.text for row in Reading.objects.all()] == ["314"]

    before = Reading.objects.get()
    sheet.reload()
    says(sheet, "314")
    settled(sheet)
    assert Reading.objects.get() == before, "a reload asks nothing anew"
    sheet.goto("/digits/history/")
    expect(sheet.locator(".readings li")).to_have_count(1)
    sheet.get_by_role("link", name="314").click()
    expect(sheet.get_by_role("heading", name="Digit by digit")).to_be_visible()
    expect(sheet.locator(".cards > li")).to_have_count(3)


def test_a_digit_that_was_crossed_out_is_named_beside_those_that_are_sure(sheet):
    draw(sheet, four(0.08, 0.2, 0.28), crossed_zero(0.35, 0.2, 0.28), three(0.62, 0.2, 0.28))
    says(sheet, "43")
    expect(sheet.locator("[data-verdict]")).to_have_text("I am sure. One digit is crossed out.")
    settled(sheet)
    sheet.goto(f"/digits/{Reading.objects.get().pk}/")
    expect(sheet.locator(".verdict")).to_have_text("I am sure. One digit is crossed out.")


@pytest.mark.full
def test_what_is_pressed_while_more_is_asked_reaches_the_row_that_stays(sheet):
    asked: list[Route] = []
    sheet.route(
        "**/api/digits/", lambda route: asked.append(route) if wants_saliency(route) else route.continue_()
    )
    draw(sheet, one(0.5, 0.2, 0.3))
    says(sheet, "1")
    has_asked(sheet, asked, 1)
    sheet.keyboard.press("7")
    asked[0].continue_()
    says(sheet, "7")
    expect(sheet.locator("[data-verdict]")).to_contain_text("kept for training")
    row = Reading.objects.get()
    assert (row.text, row.right_text) == ("1", "7")


@pytest.mark.parametrize("first", [0, *seldom([1])])
def test_two_strokes_are_asked_about_at_once_and_whichever_answer_is_first_the_newest_stays(sheet, first):
    asked: list[Route] = []
    sheet.route("**/api/digits/", lambda route: asked.append(route) if len(asked) < 2 else route.continue_())
    draw(sheet, *PI[:2])
    has_asked(sheet, asked, 2)
    with sheet.expect_response("**/api/digits/"):
        asked[first].continue_()
    asked[1 - first].continue_()
    says(sheet, "31")
    settled(sheet)
    assert [row.text for row in Reading.objects.all()] == ["31"]


def test_what_a_later_question_has_replaced_already_is_not_deleted_again(sheet):
    asked: list[Route] = []
    deleted: list[int] = []
    sheet.route("**/api/digits/", lambda route: asked.append(route) if len(asked) < 3 else route.continue_())
    sheet.on("response", lambda it: it.request.method == "DELETE" and deleted.append(it.status))
    draw(sheet, *PI[:2])
    has_asked(sheet, asked, 2)
    with sheet.expect_response("**/api/digits/"):
        asked[0].continue_()
    draw(sheet, [[(0.8, 0.3), (0.8, 0.4)]])
    has_asked(sheet, asked, 3)
    third = asked[2].fetch()  # the server has put it in the place of the first
    with sheet.expect_response("**/api/digits/"):
        asked[1].continue_()
    asked[2].fulfill(response=third)
    settled(sheet)
    wait_until(lambda: Reading.objects.count() == 1)
    assert 404 not in deleted


def test_clearing_begins_a_new_row_and_undoing_it_brings_the_drawing_back(sheet):
    draw(sheet, one(0.5, 0.2, 0.3))
    says(sheet, "1")
    sheet.keyboard.press("Delete")
    says(sheet, "")
    draw(sheet, three(0.3, 0.2, 0.3))
    says(sheet, "3")
    settled(sheet)
    assert sorted(row.text for row in Reading.objects.all()) == ["1", "3"]
    sheet.keyboard.press("Control+z")
    sheet.get_by_role("button", name="Undo").click()
    says(sheet, "1")
    settled(sheet)
    assert Reading.objects.count() == 2


def test_one_key_corrects_the_chosen_digit_and_enter_says_that_it_is_right(sheet):
    draw(sheet, *PI)
    says(sheet, "314")
    settled(sheet)
    sheet.get_by_role("radio", name="Digit 1: 3").focus()
    sheet.keyboard.press("ArrowRight")
    sheet.keyboard.press("7")
    says(sheet, "374")
    expect(sheet.get_by_text("kept for training").first).to_be_visible()
    corrected = Reading.objects.get()
    assert (corrected.text, corrected.right_text) == ("314", "374")
    sheet.get_by_role("button", name="Take the correction back").click()
    says(sheet, "314")
    sheet.locator("[data-canvas]").focus()
    sheet.keyboard.press("Enter")
    expect(sheet.get_by_role("button", name="Take the correction back")).to_be_visible()
    corrected.refresh_from_db()
    assert corrected.right_text == "314"


def test_a_sign_is_chosen_and_corrected_as_a_digit_is(sheet):
    draw(
        sheet, three(0.1, 0.2, 0.28), [[(0.42 + step / 150, 0.34) for step in range(16)]], one(0.7, 0.2, 0.28)
    )
    says(sheet, "3-1")
    settled(sheet)
    sheet.get_by_role("radio", name="Sign: -").click()
    sheet.keyboard.press("+")
    says(sheet, "3+1")
    sheet.get_by_role("button", name="It is a =").click()
    says(sheet, "3=1")
    sheet.get_by_role("radio", name="Digit 2: 1").click()
    sheet.keyboard.press("7")
    says(sheet, "3=7")
    assert Reading.objects.get().right_text == "3=7"


def test_a_digit_is_drawn_by_keyboard_alone(sheet):
    sheet.locator("[data-canvas]").focus()
    for _ in range(3):
        sheet.keyboard.press("Shift+ArrowUp")
    sheet.keyboard.press(" ")
    for _ in range(6):
        sheet.keyboard.press("Shift+ArrowDown")
    sheet.keyboard.press(" ")
    says(sheet, "1")


@pytest.mark.full
def test_a_finger_draws_and_the_page_stays_where_it_is(sheet):
    box = sheet.locator("[data-canvas]").bounding_box()
    devtools = sheet.context.new_cdp_session(sheet)
    points = [(box["x"] + x * box["width"], box["y"] + y * box["width"]) for x, y in one(0.5, 0.15, 0.4)[0]]
    kinds = ["touchStart", *["touchMove"] * (len(points) - 1)]
    for kind, (x, y) in zip(kinds, points, strict=True):
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    says(sheet, "1")
    assert sheet.evaluate("scrollY") == 0


def test_a_picture_is_pasted_boxed_and_left_again_for_the_drawing(sheet):
    draw(sheet, one(0.5, 0.2, 0.3))
    says(sheet, "1")
    paste(sheet, picture(), "seven.png", "image/png")
    says(sheet, "7")
    expect(sheet.get_by_alt_text("Your picture")).to_be_visible()
    assert sheet.locator("[data-boxes] rect").count() == 1
    sheet.get_by_role("button", name="Back to the drawing").click()
    says(sheet, "1")
    assert Reading.objects.filter(source="upload", text="7").count() == 1


@pytest.mark.full
def test_a_file_that_is_no_picture_is_refused_with_a_sentence(sheet):
    paste(sheet, b"%PDF-1.7", "letter.pdf", "application/pdf")
    expect(sheet.get_by_role("alert")).to_contain_text("This is a PDF.")
    assert not Reading.objects.exists()


def test_without_a_connection_the_drawing_stays_and_is_sent_when_it_is_back(sheet):
    sheet.context.set_offline(True)
    draw(sheet, one(0.5, 0.2, 0.3))
    expect(sheet.get_by_role("alert")).to_contain_text("Your drawing is safe")
    sheet.context.set_offline(False)
    says(sheet, "1")
    expect(sheet.locator("[data-problem]")).to_be_hidden()


def test_a_link_is_shared_and_opens_for_anyone(sheet, chromium):
    draw(sheet, *PI)
    says(sheet, "314")
    settled(sheet)
    sheet.get_by_role("button", name="Share", exact=True).click()
    field = sheet.get_by_label("Whoever has this link")
    expect(field).to_be_visible()
    stranger = chromium.new_page()
    stranger.goto(field.input_value())
    expect(stranger.locator(".text")).to_have_text("314")
    stranger.close()
    with sheet.expect_response(lambda answer: answer.request.method == "DELETE"):
        sheet.get_by_role("button", name="Stop sharing").click()
    assert Reading.objects.get().share_key is None


@pytest.mark.full
def test_the_answer_comes_while_one_draws(sheet, capsys):
    """Prints how long it took from the end of a stroke to its answer on the page."""
    draw(sheet, one(0.5, 0.2, 0.3))
    says(sheet, "1")
    sheet.get_by_role("button", name="Clear").click()
    settled(sheet)
    sheet.evaluate("performance.clearMeasures()")  # the worker is up now
    for _ in range(DRAWINGS):
        for drawn, text in zip(PI, ("3", "31", "314"), strict=True):
            draw(sheet, drawn)
            says(sheet, text)
        settled(sheet)
        sheet.keyboard.press("Delete")
    spans = sheet.evaluate("performance.getEntriesByName('answer').map((entry) => entry.duration)")
    assert len(spans) >= DRAWINGS, "the last stroke of each has its answer; one before may be overtaken"
    p95 = statistics.quantiles(spans, n=20)[-1]
    with capsys.disabled():
        sys.stdout.write(
            f"\nstroke end to answer, {len(spans)}: median {statistics.median(spans):.0f} ms, p95 {p95:.0f} ms\n"
        )


@pytest.mark.full
@pytest.mark.parametrize("language", ["English", "한국어"])
def test_the_pages_fit_a_phone_in_both_languages(sheet, language):
    sheet.set_viewport_size({"width": 375, "height": 760})
    draw(sheet, *PI)
    says(sheet, "314")
    settled(sheet)
    if language != "English":
        sheet.get_by_role("button", name=language).click()
        says(sheet, "314")
        settled(sheet)
    for path in ("/digits/", "/digits/history/", f"/digits/{Reading.objects.get().pk}/"):
        sheet.goto(path)
        assert sheet.evaluate("document.documentElement.scrollWidth") <= 375, path
