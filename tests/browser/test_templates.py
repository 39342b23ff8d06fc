"""Sheets that were printed elsewhere: from the template to the table, in a real chromium with a real worker."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from grading.models import Exam
from grading.tests.forms_of_others import RIGHT, photo, template_uploads
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
