"""A teacher's whole day in Korean: class list, key, scans, review, results, a question, a mistake taken back."""

import io
from pathlib import Path

import cv2
import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from conftest import wait_for_end, wait_until
from grading import services
from grading.models import Exam
from grading.tests.drawing import INK, PX, as_jpeg, as_pdf, filled_in
from grading.tests.read_back import texts_of
from tests.browser.test_keys import paste
from tests.support.browser import BROWSER, Language, signed_in

pytestmark = BROWSER
ko = Language("ko")
CLASS = "1학년 3반 명렬표\n번호,성명,비고\n1,김하나,\n2,이두리,\n3,박세라,\n4,최지우,\n소계,4명,\n"
RIGHT = {1: "3", 2: "1", 3: "5", 4: "2"}
NUMBERS = ("10301", "10302", "10303")
ESSAYS = dict(zip(NUMBERS, ("Newton", "Newton", "no"), strict=True))


def scores(exam: Exam) -> dict[str, float]:
    return {paper.number: float(paper.score) for paper in exam.papers.exclude(number="")}


@pytest.fixture
def page(chromium: Browser, site, alice):
    with signed_in(chromium, site, alice, locale=ko.locale, viewport={"width": 1400, "height": 900}) as page:
        yield page


@pytest.fixture
def exam(alice) -> Exam:
    items = [{"number": number, "kind": "choice"} for number in RIGHT]
    items += [{"number": 5, "kind": "open", "points": 4, "lines": 3}]
    groups = [["학년", 1], ["반", 2], ["번호", 2]]
    return services.create_exam(
        owner=alice, title="1학기 중간고사", language="ko", id_groups=groups, items=items
    )


def sheet(exam: Exam, number: str, answers: dict[int, str], essay: str = "") -> "cv2.Mat":
    picture = filled_in(exam, number, answers)
    (box,) = (field.box for field in exam.layout.pages[0].fields if field.kind == "open")
    at = round((box[0] + 8) * PX), round((box[1] + 14) * PX)
    cv2.putText(picture, essay, at, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.6, INK, 3, cv2.LINE_AA)
    return picture


def pile(exam: Exam, foreign: Exam) -> bytes:
    """Three papers, one of them with two marks; one of the three again; a blank one; and one of another exam."""
    papers = [sheet(exam, number, RIGHT, ESSAYS[number]) for number in NUMBERS]
    papers[1] = sheet(exam, "10302", RIGHT | {2: "1,4"}, "Newton")
    return as_pdf(*papers, papers[0], sheet(exam, "", {}), filled_in(foreign, "0001", {1: "3"}))


def hand_in(page: Page, exam: Exam, *files: Path) -> None:
    page.goto(f"/exams/{exam.pk}/scans/")
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("button", name=ko("Upload and grade")).click()
    expect(page.get_by_text(ko("Done"), exact=True)).to_be_visible()
    expect(page.locator("[data-reload-when-job-ends]")).to_have_count(0)


def downloaded(page: Page, name: str) -> bytes:
    """What a link of the downloads leads to."""
    link = page.get_by_role("link", name=name).first
    return page.request.get(link.get_attribute("href")).body()


@pytest.mark.full
def test_from_the_class_list_to_a_students_question(page, chromium, site, alice, exam, tmp_path):
    foreign = services.create_exam(
        owner=alice, title="다른 시험", id_digits=4, items=[{"number": 1, "kind": "choice"}]
    )

    # the class list, looked at before it is stored
    (tmp_path / "1학년 3반.csv").write_bytes(CLASS.encode("cp949"))
    page.goto(f"/exams/{exam.pk}/sheet/")
    page.locator("input[type=file]").set_input_files(tmp_path / "1학년 3반.csv")
    page.get_by_role("button", name=ko("Look at the table")).click()
    wait_until(exam.roster_uploads.exists)
    upload = exam.roster_uploads.get()
    wait_for_end(upload.job)
    page.wait_for_url(f"**/exams/{exam.pk}/roster/{upload.pk}/")  # leads there by itself
    expect(page.get_by_role("cell", name="10304")).to_be_visible()
    assert not exam.candidates.exists()
    page.get_by_role(
        "button", name=ko.several("Take over %(count)s student", "Take over %(count)s students", 4)
    ).click()
    expect(page.locator(".toast")).to_be_visible()
    assert [one.number for one in exam.candidates.all()] == ["10301", "10302", "10303", "10304"]

    # the key, pasted
    page.goto(f"/exams/{exam.pk}/key/")
    page.locator("input[name=answer-1]").focus()
    paste(page, "③\n①\n⑤\n②\n")
    page.locator(".stays button").click()
    expect(page.locator(".toast")).to_contain_text(ko("The key was changed."))
    assert [item.answer for item in exam.items.filter(kind="choice")] == [*RIGHT.values()]

    # sheets for the class
    page.goto(f"/exams/{exam.pk}/sheet/")
    assert page.request.get(f"/api/exams/{exam.pk}/sheet.pdf?roster=1").body().startswith(b"%PDF")

    # scans, among them what goes wrong
    (tmp_path / "반.pdf").write_bytes(pile(exam, foreign))
    (tmp_path / "쪽지.jpg").write_bytes(as_jpeg(filled_in(foreign, "0001", {})[:300, :300]))
    hand_in(page, exam, tmp_path / "반.pdf", tmp_path / "쪽지.jpg")
    expect(
        page.get_by_text(ko("This page of this student is already there with the same answers.")).first
    ).to_be_visible()
    assert exam.papers.count() == 4

    # the blank one is left without a student, from the review
    page.goto(f"/exams/{exam.pk}/review/")
    expect(page.get_by_role("heading", name=ko("Whose paper it is, and what is missing"))).to_be_visible()
    page.get_by_role("button", name=ko("Leave it without a student")).click()
    expect(page.get_by_role("button", name=ko("Leave it without a student"))).to_have_count(0)
    page.wait_for_load_state()

    # doubts by keys
    page.goto(f"/exams/{exam.pk}/review/?group=choice-two_marks-0")
    expect(page.locator(":focus")).to_have_value("1,4")
    page.keyboard.press("1")
    expect(page.locator("[data-kind=open]").first).to_be_visible()
    paper = exam.papers.get(number="10302")
    assert paper.answers.get(item__number=2).value == "1"

    # written answers: empty ones at once, the others by keys
    page.goto(f"/exams/{exam.pk}/review/?group=open-nothing_written-5")
    expect(page.locator(":focus")).to_have_value("0")
    page.keyboard.press("Shift+Enter")
    expect(page.locator("[data-doubt]")).to_have_count(3)
    page.keyboard.press("Shift+Enter")  # once too often: nobody has given these points yet
    expect(page.locator(".doubt.current .said")).to_have_text(
        ko("Please give the points first: 0 where there are none.")
    )
    for _answer in NUMBERS:
        number = page.locator(".doubt.current").get_attribute("data-who").split()[0]
        page.keyboard.type("4" if ESSAYS[number] == "Newton" else "1")
        page.keyboard.press("Enter")
    expect(page.locator("[data-doubt]")).to_have_count(0)
    assert scores(exam) == {"10301": 8, "10302": 8, "10303": 5}

    # pages that were not graded are listed there, too
    expect(page.get_by_text(ko("This page belongs to another exam."))).to_be_visible()

    # the key was wrong: who is touched is shown before it is saved
    page.goto(f"/exams/{exam.pk}/key/")
    page.locator("input[name=answer-4]").fill("3")
    page.locator(".stays button").click()
    expect(page.get_by_role("heading", name=ko("Whose score changes"))).to_be_visible()
    assert scores(exam) == {"10301": 8, "10302": 8, "10303": 5}
    page.get_by_role("button", name=ko("Save and change these scores")).click()
    expect(page.locator(".toast")).to_contain_text(ko("The key was changed."))
    assert scores(exam) == {"10301": 7, "10302": 7, "10303": 4}

    # what leaves the house
    page.goto(f"/exams/{exam.pk}/results/")
    page.get_by_text(ko("Download"), exact=True).click()
    book = openpyxl.load_workbook(io.BytesIO(downloaded(page, ko("Excel workbook"))))
    cells = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert {"김하나", "이두리", "박세라", "최지우", 7, 4} <= cells
    report = " ".join(texts_of(downloaded(page, ko("Class report to print (PDF)"))))
    assert "김하나" in report and "1학기 중간고사" in report
    overlay = texts_of(downloaded(page, ko("Marked papers (PDF)")))
    assert len(overlay) >= 3

    # results are given out, and a student asks
    page.goto(f"/exams/{exam.pk}/release/")
    page.get_by_role("button", name=ko("Give out"), exact=True).click()
    link = page.get_by_label(ko("Link of %(name)s", name="10303 박세라")).input_value()
    with signed_in(chromium, site, None, locale=ko.locale) as student:
        student.goto(link)
        expect(student.get_by_text("4 / 8")).to_be_visible()
        student.get_by_label(ko("Say in a sentence what should be looked at again.")).fill(
            "5번 답을 다시 봐 주세요."
        )
        student.get_by_role("button", name=ko("Ask your teacher")).click()
        expect(student.get_by_text("5번 답을 다시 봐 주세요.")).to_be_visible()
    page.goto(f"/exams/{exam.pk}/review/?group=requests")
    expect(page.get_by_text("5번 답을 다시 봐 주세요.")).to_be_visible()
    page.get_by_label(ko("Your answer to the student")).fill("다시 보았어요. 그대로예요.")
    page.get_by_role("button", name=ko.of("regrade request", "Answer")).click()
    expect(page.get_by_text("5번 답을 다시 봐 주세요.")).to_have_count(0)

    # a scan is removed, and brought back
    scan = exam.scans.get()
    page.goto(scan.get_absolute_url())
    page.get_by_role("button", name=ko("Delete this scan")).click()
    expect(page.locator(".toast")).to_be_visible()
    assert not exam.papers.exists()
    page.locator(".toast").get_by_role("button", name=ko("Undo")).click()
    expect(page.get_by_role("heading", name=str(scan))).to_be_visible()
    page.goto(f"/exams/{exam.pk}/papers/")
    expect(page.get_by_role("link", name="10303").first).to_be_visible()
    assert scores(exam) == {"10301": 7, "10302": 7, "10303": 4}
