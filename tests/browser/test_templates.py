"""Sheets that were printed elsewhere: from the template to the table, in a real chromium with a real worker."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from grading.models import Exam
from grading.sheet.tests import template_sheets as sheets
from grading.tests.drawing import as_jpeg
from grading.tests.forms_of_others import RIGHT, photo, template_uploads
from grading.tests.test_template_drawing import shaded, turned
from tests.support.browser import BROWSER, wait_for_ended_job

pytestmark = BROWSER


def as_payloads(files: Iterable[SimpleUploadedFile]) -> list:
    return [{"name": file.name, "mimeType": "", "buffer": file.read()} for file in files]


def make_exam(page: Page) -> Exam:
    page.goto("/exams/new/")
    page.get_by_role("link", name="From another program's sheet").click()
    page.get_by_label("Title").fill("Harbour")
    page.locator("input[type=file]").set_input_files(as_payloads(template_uploads()))
    page.get_by_role("button", name="Make the exam").click()
    expect(page.get_by_role("button", name="left")).to_be_visible()
    return Exam.objects.get()


def left_block() -> dict:
    return Exam.objects.get().template["values"]["fieldBlocks"]["left"]


@pytest.mark.full
def test_two_photos_of_a_foreign_sheet_are_graded(page):
    exam = make_exam(page)
    page.goto(f"/exams/{exam.pk}/scans/")
    page.locator("input[type=file]").set_input_files(
        as_payloads([photo("E50091", RIGHT, "one.jpg"), photo("H12345", {**RIGHT, "q1": "B"}, "two.jpg")])
    )
    page.get_by_role("button", name="Upload and grade").click()
    wait_for_ended_job(page)
    page.goto(f"/exams/{exam.pk}/results/")
    page.locator("summary", has_text="Download").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Plain table (CSV)").click()
    header, *rows = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert header.split(",")[7:9] == ["q1", "q2"]
    assert [row.split(",")[0] for row in rows] == ["E50091", "H12345"]
    assert [float(row.split(",")[5]) for row in rows] == [60, 56.75]


@pytest.mark.full
def test_a_block_is_moved_by_keys_and_by_the_mouse(page):
    exam = make_exam(page)
    page.get_by_label("A sheet to compare with").set_input_files(as_payloads([photo("E50091", RIGHT)]))
    page.get_by_role("button", name="Show it").click()
    sheet = page.get_by_role("img", name="The sheet to compare with")
    expect(sheet).to_be_visible()
    assert sheet.evaluate("image => image.complete && image.naturalWidth") > 900

    block = page.get_by_role("button", name="left")
    block.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp"):
        page.keyboard.press(key)
    numbers = page.locator("fieldset", has=page.locator("legend", has_text="left"))
    expect(numbers.get_by_label("From the left")).to_have_value("152")
    expect(numbers.get_by_label("From the top")).to_have_value("750")
    page.keyboard.press("+")
    expect(numbers.get_by_label("Bubble to bubble")).to_have_value("62.25")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The places were saved.")).to_be_visible()
    assert (left_block()["origin"], left_block()["bubblesGap"]) == ([152, 750], 62.25)

    frame = page.get_by_role("button", name="left").locator(".frame")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, box["y"] + 25, steps=3)
    page.mouse.up()
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    assert left_block()["origin"][1] > 760
    assert Exam.objects.get(pk=exam.pk).template["values"]["fieldBlocks"]["roll"]["origin"] == [180.5, 180]


@pytest.mark.full
def test_its_pages_fit_a_phone(page):
    exam = make_exam(page)
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("/exams/new/template/", f"/exams/{exam.pk}/template/", f"/exams/{exam.pk}/key/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_a_form_is_drawn_from_its_picture(page):
    page.goto("/exams/new/")
    page.get_by_role("link", name="From a picture of any form").click()
    page.get_by_label("Title").fill("Drawn")
    page.locator("input[type=file]").set_input_files(as_payloads([photo("     ", {})]))
    page.get_by_role("button", name="Make the exam").click()
    expect(page.get_by_role("button", name="q1", exact=True)).to_be_visible()

    svg = page.locator("[data-blocks]")
    svg.scroll_into_view_if_needed()
    box = svg.bounding_box()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.95 * box["width"], box["y"] + 0.2 * box["height"], steps=4)
    page.mouse.up()
    page.get_by_label("Rows, or digits of a number").fill("4")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("button", name="q11", exact=True)).to_be_visible()
    added = Exam.objects.get().template["values"]["fieldBlocks"]["q11"]
    width = Exam.objects.get().template["values"]["pageDimensions"][0]
    assert abs(added["origin"][0] / width - 0.7) < 0.02

    page.locator("fieldset", has=page.locator("legend", has_text="q11")).get_by_role(
        "button", name="Copy it"
    ).click()
    expect(page.get_by_role("button", name="q15", exact=True)).to_be_visible()
    assert Exam.objects.get().items.count() == 18


def askew(name: str, answers: dict[str, str], degrees: float) -> SimpleUploadedFile:
    """A photo of the sheet, turned, with a shadow at its right."""
    return SimpleUploadedFile(name, as_jpeg(shaded(turned(sheets.filled("page", answers), degrees)).grey))


def drag(page: Page, start: tuple[float, float], way: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + way[0], start[1] + way[1], steps=4)
    page.mouse.up()


def lay_over_print(page: Page, name: str) -> None:
    """Drag the block over the left one that is printed, then its corner to the last bubble."""
    svg = page.locator("[data-blocks]").bounding_box()
    scale = svg["width"] / sheets.WIDTH
    block = page.get_by_role("button", name=name, exact=True)
    side = float(page.locator("[data-block]").first.get_attribute("data-width"))
    side *= svg["width"] / Exam.objects.get().template["values"]["pageDimensions"][0]
    first, last = (
        (150 + 18, 760 + 18),
        (150 + 4 * 62 + 18, 760 + 9 * 55 + 18),
    )  # where bubbles have their middle
    frame = block.locator(".frame").bounding_box()
    ways = [
        svg[one] + middle * scale - side / 2 - frame[one] for one, middle in zip("xy", first, strict=True)
    ]
    drag(page, (frame["x"] + side / 2, frame["y"] + side / 2), tuple(ways))
    frame, corner = (block.locator(one).bounding_box() for one in (".frame", ".corner"))
    ends = frame["x"] + frame["width"], frame["y"] + frame["height"]
    ways = [
        svg[one] + middle * scale + side / 2 - end for one, middle, end in zip("xy", last, ends, strict=True)
    ]
    drag(page, (corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2), tuple(ways))


def test_a_form_is_drawn_over_a_photo_its_photos_graded_a_block_nudged_and_the_table_downloaded(page):
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.goto("/exams/new/picture/")
    page.get_by_label("Title").fill("Drawn")
    page.locator("input[type=file]").set_input_files(as_payloads([askew("blank.jpg", {}, 3)]))
    page.get_by_role("button", name="Make the exam").click()
    block = page.get_by_role("button", name="q1", exact=True)
    expect(block).to_be_visible()
    page.locator("[data-blocks]").scroll_into_view_if_needed()
    lay_over_print(page, "q1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The places were saved.")).to_be_visible()

    exam = Exam.objects.get()
    others = {**RIGHT, "q1": "E"}
    page.goto(f"/exams/{exam.pk}/scans/")
    page.locator("input[type=file]").set_input_files(
        as_payloads([askew("one.jpg", RIGHT, -2), askew("two.jpg", others, 4)])
    )
    page.get_by_role("button", name="Upload and grade").click()
    wait_for_ended_job(page)

    page.goto(f"/exams/{exam.pk}/template/")
    before = Exam.objects.get().template["values"]["fieldBlocks"]["q1"]["origin"]
    block.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The places were saved.")).to_be_visible()
    after = Exam.objects.get().template["values"]["fieldBlocks"]["q1"]["origin"]
    assert [round(now - then) for now, then in zip(after, before, strict=True)] == [1, 0]

    page.goto(f"/exams/{exam.pk}/results/")
    page.locator("summary", has_text="Download").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Plain table (CSV)").click()
    _header, *rows = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    names = [f"q{number}" for number in range(1, 11)]
    assert [row.split(",")[1] for row in rows] == ["one.jpg 1", "two.jpg 1"]
    assert [row.split(",")[4] for row in rows] == ["Graded", "Graded"]
    assert [row.split(",")[7:17] for row in rows] == [
        [one[name] for name in names] for one in (RIGHT, others)
    ]


def test_what_cannot_be_saved_is_said_beside_the_button_with_the_names_of_the_page(page):
    make_exam(page)
    page.get_by_label("From the left").first.fill("9000")
    page.get_by_role("button", name="Save").click()
    problem = page.get_by_role("alert").filter(has_text="lie outside of the page")
    expect(problem).to_be_in_viewport()
    expect(problem).to_contain_text("correct “From the left”, “From the top”, “Bubble to bubble”")
