"""A class list is looked at before it is stored, in a real chromium."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from conftest import wait_for_end
from grading import services
from grading.models import Exam
from school.roster.rows import RosterRow
from tests.support.browser import BROWSER

pytestmark = BROWSER
TABLE = "1학년 명렬표,,,\n반,번호,성명,비고\n"
TABLE += "1,1,김하나,101\n1,2,이두리,102\n소계,,2명,\n2,1,박세라,103\n2,1,최지우,104\n"


@pytest.fixture
def exam(alice) -> Exam:
    groups = [["Grade", 1], ["Class", 2], ["No.", 2]]
    items = [{"number": 1, "kind": "ox", "answer": "O"}]
    return services.create_exam(owner=alice, title="Midterm", language="en", id_groups=groups, items=items)


def test_another_column_shows_at_once_what_would_be_stored(page: Page, site, exam, alice):
    file = SimpleUploadedFile("1학년.csv", TABLE.encode())
    sent = services.submit_roster(exam=exam, file=file, owner=alice, is_preview=True)
    wait_for_end(sent.job)
    page.goto(f"/exams/{exam.pk}/roster/{sent.pk}/")
    expect(page.get_by_role("cell", name="10101")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("the student number 10201 is there twice")
    page.get_by_label("비고").select_option("Number in the class")
    page.get_by_label("번호").select_option("Not read")
    expect(page.get_by_role("alert")).to_contain_text("101")
    page.get_by_label("비고").select_option("Not read")
    page.get_by_label("번호").select_option("Number in the class")
    expect(page.get_by_role("cell", name="10102")).to_be_visible()
    page.get_by_role("button", name="Take over 3 students").click()
    expect(page.locator(".toast")).to_contain_text("The roster has 3 students.")
    assert [one.number for one in exam.candidates.all()] == ["10101", "10102", "10201"]


def test_ticked_students_are_absent_with_one_press(page: Page, exam):
    rows = [RosterRow(f"1010{number}", name) for number, name in enumerate(("Kim", "Lee", "Park"), start=1)]
    services.replace_roster(exam=exam, rows=rows)
    page.goto(f"/exams/{exam.pk}/sheet/")
    page.get_by_text("Show the roster").click()
    page.get_by_label("10101 Kim").check()
    page.get_by_label("10103 Park").check()
    page.get_by_label("What counts").select_option("Absent")
    page.get_by_role("button", name="Note it for the ticked ones").click()
    expect(page.locator(".toast")).to_contain_text("Noted for 2 students.")
    assert [one.name for one in exam.candidates.with_state()] == ["Kim", "Park"]
    page.get_by_text("Show the roster").click()
    expect(page.get_by_role("row", name="10103 Park")).to_contain_text("Absent")
