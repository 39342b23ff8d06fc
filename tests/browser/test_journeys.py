"""The journeys of docs/tour.md through exams, and by program, in both languages."""

import base64
import csv
import io
import json
import subprocess
from pathlib import Path

import cv2
import numpy as np
import openpyxl
import pytest
from playwright.sync_api import Page, expect

from digits.models import Reading
from grading import services
from grading.models import Exam, Scan
from grading.tests.classes import hand_in
from grading.tests.drawing import as_jpeg, as_pdf, filled_in
from school.roster.rows import RosterRow
from tests.support.browser import BROWSER, DROP, Language, assert_speaks, follow, go
from tests.support.strokes import drawing

pytestmark = BROWSER
RIGHT = {1: "3", 2: "1", 3: "5", 4: "2", 5: "4"}
KEY = " ".join(RIGHT.values())


@pytest.fixture
def exam(alice, say: Language) -> Exam:
    items = [{"number": number, "kind": "choice", "answer": answer} for number, answer in RIGHT.items()]
    return services.create_exam(owner=alice, title="2026", language=say.code, id_digits=4, items=items)


def class_of(count: int) -> list[RosterRow]:
    return [RosterRow(f"{number:04}", f"S{number}", "3-1") for number in range(1, count + 1)]


def step(page: Page, say: Language, name: str) -> None:
    """Press one of the steps above an exam."""
    steps = page.get_by_role("navigation", name=say("Steps of this exam"))
    with page.expect_navigation():
        steps.get_by_role("link", name=say(name)).click()


def papers_of(exam: Exam) -> dict[str, bytes]:
    """Three papers as they come: one on its side, one upside down in a PDF, one with two marks in item 2."""
    one, two = filled_in(exam, "1001", RIGHT), filled_in(exam, "1002", RIGHT)
    three = filled_in(exam, "1003", RIGHT | {2: "1,4"})
    return {
        "b.jpg": as_jpeg(cv2.rotate(two, cv2.ROTATE_90_CLOCKWISE)),
        "c.jpg": as_jpeg(three),
        "a.pdf": as_pdf(cv2.rotate(one, cv2.ROTATE_180)),
    }


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return Path(download.value.path()).read_bytes()


def test_journey_1_grade_a_class(walk, say):
    walk.goto("/")
    go(walk, say("Exams"))
    follow(walk, say("New exam"))
    assert_speaks(walk, say)
    walk.get_by_label(say("Title")).fill("2026")
    walk.get_by_label(say("Its digits")).fill("4")
    walk.get_by_label(say("How many")).fill("5")
    walk.get_by_label(say("Right answers")).fill(KEY)
    walk.get_by_role("button", name=say("Make the exam")).click()
    expect(walk.get_by_role("heading", name="2026")).to_be_visible()
    exam = Exam.objects.get()

    step(walk, say, "Print")
    assert_speaks(walk, say)
    sheet = walk.locator("form").filter(has=walk.get_by_role("button", name=say("Download the PDF")))
    assert walk.request.get(sheet.get_attribute("action")).body().startswith(b"%PDF")

    step(walk, say, "Scan")
    assert_speaks(walk, say)
    files = [[name, base64.b64encode(content).decode()] for name, content in papers_of(exam).items()]
    walk.evaluate(DROP, [files, "drop"])
    walk.get_by_role("button", name=say("Upload and grade")).click()
    expect(walk.get_by_text(say("Done"), exact=True)).to_be_visible()
    expect(walk.locator("[data-reload-when-job-ends]")).to_have_count(0)
    assert sorted(exam.papers.values_list("number", flat=True)) == ["1001", "1002", "1003"]

    step(walk, say, "Review")
    doubt = walk.locator("[data-doubt]")
    expect(doubt).to_have_count(1)  # of fifteen answers
    expect(doubt.get_by_role("img")).to_have_js_property("complete", True)
    reason = say("More than one option is marked.")
    expect(walk.get_by_role("complementary").get_by_text(reason)).to_be_visible()
    assert_speaks(walk, say)
    walk.keyboard.press("1")
    expect(walk.get_by_text(say("Nothing is left to review"))).to_be_visible()

    step(walk, say, "Results")
    expect(walk.get_by_role("row").filter(has_text="1003")).to_contain_text("5 / 5")
    assert_speaks(walk, say)
    walk.locator("summary", has_text=say("Download")).click()
    table = downloaded(walk, say("Plain table (CSV)")).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(table)))) == 1 + 3
    book = openpyxl.load_workbook(io.BytesIO(downloaded(walk, say("Excel workbook"))))
    cells = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert {"1001", "1002", "1003"} <= cells


def test_journey_2_change_the_key_after_the_exam(walk, say, exam):
    hand_in(exam, {"0001": RIGHT, "0002": RIGHT | {5: "1"}, "0003": RIGHT | {1: "1"}}, class_of(3))
    walk.goto(exam.get_absolute_url())
    step(walk, say, "Design")
    assert_speaks(walk, say)
    walk.get_by_label(say("Right answers")).fill("3 1 5 2 1")
    walk.get_by_label(say("Points each")).fill("2")
    walk.get_by_role("button", name=say("Save"), exact=True).click()
    expect(walk.get_by_role("heading", name=say("Whose score changes"))).to_be_visible()
    expect(walk.get_by_role("row").filter(has_text="0002")).to_contain_text("4 10 +6")
    assert_speaks(walk, say)
    walk.get_by_role("button", name=say("Save and change these scores")).click()
    expect(walk.get_by_text(say("The exam was changed."))).to_be_visible()
    step(walk, say, "Results")
    for number, score in {"0001": 8, "0002": 10, "0003": 6}.items():
        expect(walk.get_by_role("row").filter(has_text=number)).to_contain_text(f"{score} / 10")
    assert Scan.objects.count() == 1, "nothing was read again"


def test_journey_3_find_the_item_that_misled_everyone(walk, say, exam):
    misled = {f"{number:04}": RIGHT | {3: "2"} for number in range(1, 10)}
    others = {f"{number:04}": RIGHT | {1: "1", 2: "2", 5: "1"} for number in range(10, 13)}
    hand_in(exam, misled | others, class_of(12))
    walk.goto(exam.get_absolute_url())
    step(walk, say, "Statistics")
    item = walk.locator("tbody tr").filter(has=walk.get_by_role("cell", name="3", exact=True))
    for name, text in {
        "Difficulty": "0.25",
        "Correlation with the rest": "-1.00",
        "What was answered": "2 × 9",
    }.items():
        heads = walk.get_by_role("columnheader").all_inner_texts()
        expect(item.get_by_role("cell").nth(heads.index(say(name)))).to_contain_text(text)
    expect(item.get_by_role("cell").last).not_to_be_empty()
    assert_speaks(walk, say)


def test_journey_10_do_all_of_it_by_program(walk, site, say):
    walk.goto("/account/")
    assert_speaks(walk, say)
    tokens = walk.locator("form").filter(has=walk.get_by_role("button", name=say("Make a token")))
    tokens.get_by_label(say("Name")).fill("curl")
    tokens.get_by_role("button").click()
    key = walk.get_by_role("status").locator("code").inner_text()

    def curl(path: str, *options: str) -> dict:
        head = ["curl", "--silent", "--fail-with-body", "-H", f"Authorization: Bearer {key}"]
        head += ["-H", f"Accept-Language: {say.code}"]
        done = subprocess.run([*head, *options, site + path], capture_output=True, check=True)
        return json.loads(done.stdout)

    shown = walk.locator("pre").first.inner_text()
    assert shown.startswith("curl ") and key in shown
    pixels = json.dumps({"pixels": drawing(3, np.random.default_rng(1)).ravel().tolist()})
    asked = ["-H", "Prefer: wait=30", "-H", "Idempotency-Key: once", "-H", "Content-Type: application/json"]
    first = curl("/api/digits/", *asked, "-d", pixels)
    assert (first["text"], first["job"]["status"]) == ("3", "done")
    assert curl("/api/digits/", *asked, "-d", pixels)["id"] == first["id"]
    assert Reading.objects.count() == 1

    follow(walk, say("For programs: the API"))
    assert_speaks(walk, say)
    walk.goto("/api/docs/")
    expect(walk.get_by_role("heading", name="Nunbit")).to_be_visible()
    expect(walk.locator(".opblock").first).to_be_visible()
