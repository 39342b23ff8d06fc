"""The table of the key, by mouse and by keys."""

import pytest
from playwright.sync_api import Page, expect

from grading import services
from grading.models import Exam, Paper
from tests.browser.test_exams import hand_in, make_exam
from tests.support.browser import BROWSER, wait_for_ended_job

pytestmark = BROWSER


def paste(page: Page, text: str) -> None:
    """Into what has the focus, as a browser does."""
    page.locator(":focus").evaluate(
        """(element, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", text);
          const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
          if (element.dispatchEvent(event)) document.execCommand("insertText", false, text);
        }""",
        text,
    )


def typed(page: Page) -> list[str]:
    return [field.input_value() for field in page.locator("input[name^=answer-]").all()]


def field(page: Page, number: int):
    return page.get_by_label(f"Right answer of {number}", exact=True)


def test_a_key_is_pasted_previewed_and_saved(page, tmp_path):
    exam = make_exam(page)
    hand_in(page, exam, tmp_path)
    wait_for_ended_job(page)
    page.goto(f"/exams/{exam.pk}/key/")
    assert typed(page) == ["3", "1", "5", "2", "4"]
    expect(page.locator("[data-total]")).to_have_text("5")

    field(page, 1).focus()
    paste(page, "③\n1\n5\n2\n5\n")
    assert typed(page) == ["3", "1", "5", "2", "5"]
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Whose score changes")).to_be_visible()
    expect(page.get_by_role("row", name="1001 5 4 -1")).to_be_visible()
    assert {str(paper.score) for paper in Paper.objects.all()} == {"5.00", "4.00"}

    page.get_by_role("button", name="Back to the key").click()
    expect(page.get_by_role("button", name="5: 5")).to_have_attribute("aria-pressed", "true")
    assert typed(page) == ["3", "1", "5", "2", "5"]
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Save and change these scores").click()
    expect(page.get_by_text("The key was changed.")).to_be_visible()
    assert exam.items.get(number=5).answer == "5"
    assert {str(paper.score) for paper in Paper.objects.all()} == {"4.00", "3.00"}


def new_exam(owner) -> Exam:
    items = [{"number": number, "kind": "choice"} for number in range(1, 6)]
    return services.create_exam(owner=owner, title="Midterm", items=items)


def test_typing_moves_on_and_bubbles_are_pressed(page, alice):
    exam = new_exam(alice)
    page.goto(f"/exams/{exam.pk}/key/")
    field(page, 1).focus()
    page.keyboard.type("31/2")
    assert typed(page) == ["3", "1/2", "", "", ""]
    page.keyboard.press("Enter")
    page.keyboard.type("5")
    expect(field(page, 4)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field(page, 3)).to_be_focused()

    page.get_by_role("button", name="4: 2").click()
    page.get_by_role("button", name="4: 3").click(modifiers=["Shift"])
    page.get_by_role("button", name="3: 5").click()
    assert typed(page) == ["3", "1/2", "", "2/3", ""]
    page.get_by_label("Points of 1", exact=True).fill("2.5")
    expect(page.locator("[data-total]")).to_have_text("6.5")

    field(page, 1).focus()
    paste(page, "1,9,3,2,4")
    expect(page.get_by_role("alert").filter(has_text="Item 2 cannot be answered with “9”.")).to_be_visible()
    assert typed(page) == ["1", "9", "3", "2", "4"]
    expect(field(page, 2)).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#id_answer-2_error")).to_have_text("Item 2 cannot be answered with “9”.")
    field(page, 2).fill("2")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The key was changed.")).to_be_visible()
    assert [item.answer for item in exam.items.all()] == ["1", "2", "3", "2", "4"]


@pytest.mark.full
def test_points_and_answers_are_pasted_from_a_spreadsheet(page, alice):
    exam = new_exam(alice)
    page.goto(f"/exams/{exam.pk}/key/")
    field(page, 2).focus()
    paste(page, "2\t③\t2\n3\t1\t1.5\n4\t5\t3\n")
    assert typed(page) == ["", "3", "1", "5", ""]
    expect(page.locator("[data-total]")).to_have_text("8.5")
    page.get_by_text("Paste a whole key").first.click()
    page.locator("textarea[name=text]").fill("1번 ⑤ 2번 ④ 3번 ③ 4번 ② 5번 ①")
    page.get_by_role("button", name="Fill in the table").click()
    expect(field(page, 1)).to_have_value("5")
    assert typed(page) == ["5", "4", "3", "2", "1"]


@pytest.mark.full
def test_enter_makes_no_exam_and_leaving_an_edited_one_asks(page, alice):
    asked = []

    def stay(dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.goto("/exams/new/")
    page.get_by_label("Title").fill("Midterm")
    page.get_by_label("Title").press("Enter")
    assert not Exam.objects.exists()
    page.on("dialog", stay)
    page.get_by_role("link", name="From a picture of any form").click()
    expect(page.get_by_label("Title")).to_have_value("Midterm")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Make the exam").click()
    expect(page.get_by_role("link", name="Midterm")).to_be_visible()
    assert asked == ["beforeunload"]
    page.goto(f"/exams/{Exam.objects.get().pk}/key/")
    page.goto(f"/exams/{Exam.objects.get().pk}/design/")
    assert asked == ["beforeunload"]


def test_a_rule_opens_in_its_row_and_what_was_typed_stays(page, alice):
    exam = new_exam(alice)
    page.goto(f"/exams/{exam.pk}/key/")
    field(page, 1).fill("1+3")
    page.get_by_role("link", name="Scoring of item 1").click()
    page.get_by_label("Where several must be marked").select_option("Right ones less wrong ones")
    page.get_by_label("Points if wrong").fill("-0.5")
    assert typed(page) == ["1+3", "", "", "", ""]
    page.get_by_label("It counts").select_option("Bonus: on top of the total")
    expect(page.locator("[data-total]")).to_have_text("4")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The key was changed.")).to_be_visible()
    rule = {"counts": "bonus", "partial": "right_minus_wrong", "incorrect": -0.5}
    assert exam.items.get(number=1).marking == rule
    expect(page.get_by_role("row", name="1 Choice").get_by_text("wrong: -0.5")).to_be_visible()
