"""Pages that were turned away beside the students who wait for one: given to them, and taken back."""

import pytest
from django.urls import reverse

from accounts.grants import Right, grant
from grading import services, tasks
from grading.models import Exam, PageAssignment, ScanPage
from grading.papers.states import set_states
from grading.tests.drawing import filled_in
from grading.tests.test_rejected_pages import CHOICES, GIVEN, LONG, without_code, without_markers
from jobs.models import Status
from school.roster.rows import RosterRow

ROSTER = [RosterRow("0041", "Kim", "1"), RosterRow("0042", "Lee", "1"), RosterRow("0043", "Park", "1")]


@pytest.fixture
def quiz(alice) -> Exam:
    exam = services.create_exam(owner=alice, title="Quiz", language="en", id_digits=4, items=CHOICES)
    services.replace_roster(exam=exam, rows=ROSTER)
    return exam


@pytest.fixture
def row(quiz, alice, upload) -> ScanPage:
    """Of Lee, on a sheet of another exam that looks the same; a paper of Kim's is there."""
    twin = services.create_exam(owner=alice, title="Twin", language="en", id_digits=4, items=CHOICES)
    upload(filled_in(quiz, "0041", GIVEN), filled_in(twin, "0042", GIVEN), to=quiz)
    return quiz.scans.get().pages.get(status="rejected")


@pytest.fixture
def page(browse, alice):
    return browse(alice)


def give(page, row: ScanPage, student: str = "0042", **more):
    sent = {"student": student, "sheet_page": 1, "version": 1, "next": "scans"} | more
    return page.post(row.get_absolute_url(), sent, follow=True)


def names_waiting(page, exam) -> list[str]:
    return [one.name for one in page.get(reverse("grading:waiting", args=[exam.pk])).context["waiting"]]


def undo_address(answer) -> str:
    [address] = [message.extra_tags for message in answer.context["messages"] if message.extra_tags]
    return address


def read() -> None:
    tasks.read_page(str(PageAssignment.objects.last().job_id))


@pytest.mark.parametrize("address", ["/exams/{}/scans/", "/exams/{}/review/?group=pages"])
def test_students_without_a_paper_stand_beside_the_pages(page, quiz, row, address):
    beside = reverse("grading:waiting", args=[quiz.pk])
    shown = page.get(address.format(quiz.pk)).text
    assert f'hx-get="{beside}"' in shown and f'action="{row.get_absolute_url()}"' in shown
    assert 'data-student="0042"' in page.get(beside).text
    assert names_waiting(page, quiz) == ["Lee", "Park"]


def test_who_does_not_sit_the_exam_waits_for_nothing(page, quiz, row, alice):
    park = quiz.candidates.get(number="0043")
    set_states(exam=quiz, by=alice, students=[park], state="absent")
    assert names_waiting(page, quiz) == ["Lee"]


def test_a_paper_that_lacks_a_page_waits_too(page, alice, upload):
    long = services.create_exam(owner=alice, title="Long", language="en", id_digits=4, items=LONG)
    given = dict.fromkeys(range(1, 101), "1")
    second = without_code(long, filled_in(long, "0042", given, page=2), 2)
    upload(filled_in(long, "0042", given), second, to=long)
    beside = reverse("grading:waiting", args=[long.pk])
    assert page.get(beside).context["incomplete"] == [(long.papers.get(), 2)]
    row = ScanPage.objects.get(status="rejected")
    give(page, row, sheet_page=2)
    read()
    assert long.papers.get().reasons == []
    assert page.get(beside).context["incomplete"] == []


def test_a_page_is_given_to_a_student_and_the_list_stays_in_view(page, quiz, row):
    answer = give(page, row)
    assert answer.redirect_chain[-1][0] == f"/exams/{quiz.pk}/scans/"
    assert "data-reload-when-job-ends" in answer.text
    read()
    assert quiz.papers.get(number="0042").candidate.name == "Lee"
    assert not page.get(f"/exams/{quiz.pk}/scans/").context["places"]


def test_it_is_taken_back_before_and_after_it_was_read(page, quiz, row):
    address = undo_address(give(page, row))
    page.post(address)
    assert PageAssignment.objects.get().job.status == Status.CANCELLED
    address = undo_address(give(page, row))
    read()
    answer = page.post(address, follow=True)
    assert "That was taken back." in answer.text
    row.refresh_from_db()
    assert (row.status, row.reason) == ("rejected", "taken_out")
    assert names_waiting(page, quiz) == ["Lee", "Park"]
    assert not quiz.papers.filter(number="0042").exists()
    give(page, row)  # and once more
    read()
    assert quiz.papers.filter(number="0042").exists()


def test_both_lead_back_to_where_it_was_asked(page, quiz, row):
    answer = give(page, row, next="review")
    review = f"/exams/{quiz.pk}/review/?group=pages"
    assert answer.redirect_chain[-1][0] == review
    assert page.post(undo_address(answer)).url == review
    assert give(page, row, next="//elsewhere.example").redirect_chain[-1][0] == f"/exams/{quiz.pk}/scans/"


def test_a_page_that_a_student_has_already_is_asked_about(page, quiz, row):
    answer = give(page, row, "Kim")
    assert "Kim has this page already: keep both, or put this one in its place?" in answer.text
    assert not PageAssignment.objects.exists()


def test_where_the_sheet_is_not_found_the_student_goes_along_to_where_it_is_shown(page, quiz, upload):
    upload(without_markers(quiz, filled_in(quiz, "0042", GIVEN)), to=quiz)
    row = ScanPage.objects.get()
    [place] = page.get(f"/exams/{quiz.pk}/scans/").context["places"]
    assert place.needs_corners
    shown = page.get(f"{row.get_absolute_url()}?student=0043&sheet_page=1&version=1")
    assert shown.context["form"]["student"].value() == "0043" and shown.context["form"]["by_corners"].value()


def test_only_who_may_mark_gives_pages_away(browse, quiz, row, alice, bob):
    grant(row=quiz, who="bob", right=Right.VIEW, by=alice)
    shown = browse(bob).get(f"/exams/{quiz.pk}/scans/")
    assert (
        shown.context["places"][0].form is None
        and reverse("grading:waiting", args=[quiz.pk]) not in shown.text
    )
    assert browse(bob).get(reverse("grading:waiting", args=[quiz.pk])).status_code == 404
    address = reverse("grading:take_back_page", args=[quiz.pk, row.pk])
    assert browse(bob).post(address).status_code == 404
