"""A new school in a real chromium: a teacher is invited, makes cards for a class, and a student comes in by phone."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Role, User
from school.models import SchoolClass
from tests.support.browser import BROWSER, signed_in

pytestmark = BROWSER
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture
def visit(chromium: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """Another browser each time, of a visitor or of who is named."""
    with ExitStack() as visits:
        yield lambda user=None, **options: visits.enter_context(
            signed_in(chromium, live_server.url, user, **options)
        )


def test_from_an_invitation_to_a_student_on_a_phone(visit, root):
    admin = visit(root)
    admin.goto("/settings/people/invite/")
    admin.get_by_label("Who").fill("Kim Haneul <kim@school.example>")
    admin.get_by_role("button", name="Invite").click()
    link = admin.get_by_label("Link").input_value()

    teacher = visit()
    teacher.goto(link)
    teacher.get_by_label("Password").fill("drawn-by-hand-7")
    teacher.get_by_role("button", name="Save and sign in").click()
    teacher.get_by_role("navigation", name="Main").get_by_role("link", name="Classes").click()
    teacher.get_by_role("textbox", name="Name").fill("3-2")
    teacher.get_by_role("button", name="Make a class").click()
    teacher.get_by_label("Number and name").fill(
        "".join(f"{number} 학생{number}\n" for number in range(1, 31))
    )
    teacher.get_by_role("button", name="Add to the list").click()
    expect(teacher.locator("tbody tr")).to_have_count(30)
    teacher.get_by_role("button", name="Print cards").click()
    expect(teacher.locator(".code-card")).to_have_count(30)
    code = CODE.search(teacher.locator(".code-card", has_text="30 학생30").inner_text())[0]

    student = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    student.goto("/")
    student.get_by_role("link", name="I have a code").click()
    student.get_by_label("Code").fill(code.lower().replace("-", " "))
    student.get_by_role("button", name="Go on").click()
    expect(student.get_by_role("heading")).to_have_text("Welcome, 학생30")
    student.get_by_label("Password").fill("short")
    student.get_by_role("button", name="Save and sign in").click()
    expect(student.get_by_text("This password is too short")).to_be_visible()
    student.get_by_label("Password").fill("my-dog-barks-3")
    student.get_by_role("button", name="Save and sign in").click()
    expect(student.get_by_role("heading", name="Hello, 학생30")).to_be_visible()
    account = User.objects.get(username="학생30")
    assert (account.role, account.students.get().enrollments.get().school_class) == (
        Role.STUDENT,
        SchoolClass.objects.get(),
    )
