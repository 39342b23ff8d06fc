"""The pages, and the API, of what was turned away."""

import io

import numpy as np
import pytest
from django.urls import reverse
from PIL import Image

from accounts.grants import Right, grant
from grading import services, tasks
from grading.models import Exam, PageAssignment, ScanPage
from grading.tests.drawing import filled_in
from grading.tests.test_rejected_pages import CHOICES, GIVEN, PAPER, values, without_markers
from trash.models import Item

CORNERS = "0,0 1,0 1,1 0,1"


@pytest.fixture
def quiz(alice) -> Exam:
    return services.create_exam(owner=alice, title="Quiz", language="en", id_digits=4, items=CHOICES)


@pytest.fixture
def row(quiz, upload) -> ScanPage:
    """A page whose markers are not there."""
    return upload(without_markers(quiz, filled_in(quiz, "0042", GIVEN)), to=quiz).pages.get()


@pytest.fixture
def page(browse, alice):
    return browse(alice)


@pytest.fixture
def api(call, alice):
    return call(alice)


def api_url(row: ScanPage, end: str = "/") -> str:
    return f"/api/scans/{row.scan_id}/pages/{row.page}{end}"


def test_a_rejected_page_is_listed_with_its_picture_and_its_reason(page, quiz, row):
    for address in (row.scan.get_absolute_url(), f"/exams/{quiz.pk}/scans/"):
        html = page.get(address).text
        assert api_url(row, "/small.jpg") in html and row.get_absolute_url() in html
    html = page.get(row.get_absolute_url()).text
    assert api_url(row, ".jpg") in html and "no corner markers" in html


def test_its_pictures_are_for_who_may_see_the_exam(page, browse, bob, row):
    whole, small = (page.get(api_url(row, end)) for end in (".jpg", "/small.jpg"))
    assert "private" in whole["Cache-Control"]
    assert (
        max(Image.open(io.BytesIO(small.content)).size) <= 320 < Image.open(io.BytesIO(whole.content)).width
    )
    assert [browse(bob).get(api_url(row, end)).status_code for end in (".jpg", "/small.jpg")] == [404, 404]


def test_it_is_assigned_and_leads_to_its_paper(page, quiz, row):
    sent = {"student": "0042", "sheet_page": 1, "version": 1, "by_corners": "on", "corners": CORNERS}
    assert page.post(row.get_absolute_url(), sent).url == row.get_absolute_url()
    asked = PageAssignment.objects.get()
    assert "data-assign" not in page.get(row.get_absolute_url()).text  # while it waits
    tasks.read_page(str(asked.job_id))
    paper = quiz.papers.get()
    assert page.get(row.get_absolute_url()).url == paper.get_absolute_url()
    assert page.get(reverse("grading:result", args=[asked.job_id])).url == row.get_absolute_url()
    assert "placed_by_hand" in paper.answers.values_list("reason", flat=True)


@pytest.mark.parametrize(
    "corners", ["0,0 1,0 1,1", "a,b 1,0 1,1 0,1", "nan,0 1,0 1,1 0,1", "0,0 9,0 9,9 0,9", "0 1 2 3"]
)
def test_corners_that_are_none_get_a_sentence(page, row, corners):
    sent = {"student": "0042", "sheet_page": 1, "version": 1, "by_corners": "on", "corners": corners}
    assert "set the four corners again" in page.post(row.get_absolute_url(), sent).text
    assert not PageAssignment.objects.exists()


def test_what_is_there_already_is_asked_at_its_field(page, quiz, upload, row):
    upload(filled_in(quiz, "0042", {1: "5"}), to=quiz)
    sent = {"student": "0042", "sheet_page": 1, "version": 1, "type": "1"}
    answer = page.post(row.get_absolute_url(), sent)
    assert "if_there" in answer.context["form"].errors and "keep both" in answer.text
    page.post(row.get_absolute_url(), sent | {"if_there": "keep"})
    assert quiz.papers.filter(number="0042").count() == 2


def test_one_that_is_typed_in_opens_its_paper_with_the_picture(page, quiz, row):
    sent = {"student": "0042", "sheet_page": 1, "version": 1, "type": "1"}
    answer = page.post(row.get_absolute_url(), sent, follow=True)
    assert answer.context["paper"] == quiz.papers.get()
    assert api_url(row, ".jpg") in answer.text and "data-turnable" in answer.text
    crop = page.get(reverse("grading:api-crop", args=[quiz.papers.get().pk, 1]))
    assert crop.content == page.get(api_url(row, ".jpg")).content
    assert page.get(f"/exams/{quiz.pk}/review/").status_code == 200


def test_one_without_a_picture_says_so_and_is_typed_in_all_the_same(page, quiz, row):
    ScanPage.objects.filter(pk=row.pk).update(image="")
    assert "There is no picture of this page" in page.get(row.get_absolute_url()).text
    assert page.get(api_url(row, ".jpg")).status_code == 404
    sent = {"student": "0042", "sheet_page": 1, "version": 1, "type": "1"}
    answer = page.post(row.get_absolute_url(), sent, follow=True)
    assert "There is no picture of this page" in answer.text


def test_it_is_deleted_and_undone_by_a_colleague_who_may_mark(browse, quiz, alice, bob, row):
    grant(row=quiz, who="bob", right=Right.MARK, by=alice)
    colleague = browse(bob)
    answer = colleague.post(reverse("grading:discard_page", args=[quiz.pk, row.pk]), follow=True)
    assert "was deleted" in answer.text and row.get_absolute_url() not in answer.text
    colleague.post(reverse("trash:restore", args=[Item.objects.get().pk]))
    assert ScanPage.objects.filter(pk=row.pk).exists()


def test_a_colleague_who_may_only_look_changes_nothing(browse, quiz, alice, bob, row):
    grant(row=quiz, who="bob", right=Right.VIEW, by=alice)
    colleague = browse(bob)
    html = colleague.get(row.get_absolute_url())
    assert html.status_code == 200 and "data-assign" not in html.text
    assert colleague.post(row.get_absolute_url(), {"student": "1"}).status_code == 404


def test_a_program_assigns_a_page(api, quiz, row):
    body = {"student": "0042", "sheet_page": 1, "corners": PAPER}
    answer = api.post(api_url(row, "/assign/"), body, format="json")
    assert (answer.status_code, answer["Location"]) == (202, f"http://testserver{api_url(row)}")
    assert (answer.json()["status"], answer.json()["job"]["status"]) == ("rejected", "queued")
    tasks.read_page(answer.json()["job"]["id"])
    found = api.get(api_url(row)).json()
    assert (found["status"], found["placed"], found["paper"]) == ("read", "hand", quiz.papers.get().pk)


def test_a_program_names_a_paper_in_place_of_a_student(api, quiz, upload, row):
    upload(filled_in(quiz, "0042", {1: "5"}), to=quiz)
    paper = quiz.papers.get()
    answer = api.post(api_url(row, "/assign/"), {"paper": paper.pk, "corners": PAPER}, format="json")
    assert answer.status_code == 400 and "keep both" in answer.json()["errors"][0]["detail"]
    body = {"paper": paper.pk, "corners": PAPER, "if_there": "replace"}
    tasks.read_page(api.post(api_url(row, "/assign/"), body, format="json").json()["job"]["id"])
    assert values(quiz.papers.get()) == GIVEN
    assert api.post(api_url(row, "/assign/"), {"paper": 10**9}, format="json").status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"sheet_page": 2},
        {"version": 9},
        {"corners": PAPER[:2]},
        {"corners": "x"},
        {"student": "김"},
        {"if_there": "no"},
    ],
)
def test_what_a_program_says_wrong_gets_a_sentence(api, row, body):
    answer = api.post(api_url(row, "/assign/"), {"student": "0042"} | body, format="json")
    assert answer.status_code == 400 and answer.json()["errors"][0]["detail"]
    assert not PageAssignment.objects.exists()


def test_a_program_types_a_paper_in(api, quiz, row):
    body = {"student": "0042", "scan": row.scan_id, "page": row.page, "answers": {"1": "1", "2": "3"}}
    answer = api.post(f"/api/exams/{quiz.pk}/papers/", body, format="json")
    assert (answer.status_code, answer.json()["score"], answer.json()["in_review"]) == (201, 1, 1)
    assert api.get(answer["Location"]).json()["student"] == "0042"
    again = api.post(f"/api/exams/{quiz.pk}/papers/", body, format="json")
    assert again.status_code == 400
    odd = api.post(f"/api/exams/{quiz.pk}/papers/", body | {"answers": {"x": "1"}}, format="json")
    assert odd.status_code == 400


def test_a_program_deletes_a_rejected_page_alone(api, quiz, upload, row):
    read = upload(filled_in(quiz, "0043", {1: "5"}), to=quiz).pages.get()
    assert api.delete(api_url(read)).status_code == 400
    assert api.delete(api_url(row)).status_code == 204
    assert api.get(api_url(row)).status_code == 404
    assert api.post(f"/api/trash/{Item.objects.get().pk}/restore/").status_code == 204
    assert api.get(api_url(row)).json()["reason_code"] == "no_markers"


def test_a_white_page_is_no_picture_of_another_size(quiz, upload, page):
    row = upload(np.full((300, 200), 255, np.uint8), to=quiz).pages.get()
    assert page.get(api_url(row, "/small.jpg")).status_code == 200
