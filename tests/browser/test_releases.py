"""Results are given out, looked at on a phone, asked about, corrected; and printed."""

import re

import pytest
from playwright.sync_api import Browser, expect

from grading import services
from grading.models import Exam, Paper
from grading.tests.classes import hand_in
from grading.tests.conftest import ITEMS, RIGHT
from tests.support.browser import BROWSER, signed_in

pytestmark = BROWSER
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def exam(alice) -> Exam:
    made = services.create_exam(owner=alice, title="Midterm", language="en", id_digits=4, items=ITEMS)
    hand_in(made, {"0001": RIGHT, "0002": RIGHT | {1: "4"}})
    return made


def test_a_student_opens_her_link_asks_and_is_answered(chromium: Browser, live_server, alice, exam):
    with signed_in(chromium, live_server.url, alice) as teacher:
        teacher.goto(f"/exams/{exam.pk}/results/")
        teacher.get_by_role("link", name="Give out results").click()
        teacher.get_by_label("Score, answers and key").check()
        teacher.get_by_role("button", name="Give out").click()
        expect(teacher.get_by_text("The results of 2 students are given out.")).to_be_visible()
        link = teacher.get_by_label("Link of 0002").input_value()

        with signed_in(chromium, live_server.url, None, **PHONE) as student:
            student.goto(link)
            expect(student.get_by_text("6 / 7")).to_be_visible()
            student.get_by_label("What is it about?").select_option("Item 1")
            student.get_by_label("Say in a sentence").fill("I marked the third one.")
            student.get_by_role("button", name="Ask your teacher").click()
            expect(student.get_by_text("Waits for your teacher.")).to_be_visible()

            teacher.goto(f"/exams/{exam.pk}/results/")
            teacher.get_by_role("link", name="Regrade requests").click()
            expect(teacher.get_by_text("I marked the third one.")).to_be_visible()
            teacher.get_by_label("What was answered").fill("3")
            teacher.get_by_label("Your answer to the student").fill("You did, sorry.")
            teacher.get_by_role("button", name="Answer").click()
            expect(teacher.get_by_text("6 → 7")).to_be_visible()

            student.reload()
            expect(student.get_by_text("You did, sorry.")).to_be_visible()
            expect(student.get_by_text("it was 6 of 7, and is 7 now")).to_be_visible()

            teacher.goto(f"/exams/{exam.pk}/release/")
            teacher.get_by_role("button", name="Take back").click()
            expect(teacher.get_by_text("no student sees them any more")).to_be_visible()
            student.goto(link)
            expect(student.get_by_role("heading", name="No result here")).to_be_visible()


@pytest.mark.full
def test_what_is_printed_is_the_table_alone(chromium: Browser, live_server, alice, exam):
    with signed_in(chromium, live_server.url, alice, color_scheme="dark") as page:
        for path in ("results/", "statistics/", f"papers/{Paper.objects.get(number='0002').pk}/"):
            page.goto(f"/exams/{exam.pk}/{path}")
            page.emulate_media(media="print")
            expect(page.get_by_role("heading", name="Midterm")).to_be_visible()
            for hidden in (".tabs", ".rail", ".actions", "main button", ".downloads"):
                assert not [one for one in page.locator(hidden).all() if one.is_visible()], (path, hidden)
            colour = page.evaluate("getComputedStyle(document.body).color")
            assert max(map(int, re.findall(r"\d+", colour)[:3])) < 80, "ink that white paper shows"
            assert page.locator("main").bounding_box()["x"] < 40
            page.emulate_media(media="screen")
