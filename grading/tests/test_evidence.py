"""Whoever doubts a reading is shown what it rests on."""

import pytest
from django.core.files.storage import default_storage

from grading import services
from grading.models import Exam, PageCells, Paper
from grading.tests.conftest import RIGHT
from grading.tests.drawing import filled_in
from grading.tests.forms_of_others import NUMBER, hand_in, photo
from grading.tests.forms_of_others import RIGHT as RIGHT_OF_OTHERS


@pytest.fixture
def api(call, alice):
    return call(alice)


@pytest.fixture
def page(browse, alice):
    return browse(alice)


def paper_of(exam: Exam) -> Paper:
    return exam.papers.get()


def evidence(api, paper: Paper, item: int) -> dict:
    answer = api.get(f"/api/papers/{paper.pk}/answers/{item}/evidence/")
    assert answer.status_code == 200, answer.data
    return answer.data


def test_a_mark_is_shown_beside_an_empty_bubble_with_what_each_reader_said(api, exam, upload):
    upload(filled_in(exam, "0001", RIGHT))
    found = evidence(api, paper_of(exam), 1)
    assert found["rule"] == "One mark, and nothing else."
    marked = [cell for cell in found["cells"] if cell["option"] == "3"][0]
    others = [cell for cell in found["cells"] if cell["option"] != "3"]
    assert marked["ink"] > 0.8 > found["mark"] > found["faint"] > 0.2 > max(cell["ink"] for cell in others)
    assert marked["network"]["filled"] > 0.5 and marked["page"]["filled"] > marked["certain"]
    assert all(
        cell["picture"].startswith("data:image/png;base64,") and cell["empty"] for cell in found["cells"]
    )


def test_every_kind_of_item_says_which_rule_decided(api, exam, upload):
    upload(filled_in(exam, "0001", RIGHT | {1: "", 3: "O,X"}))
    paper = paper_of(exam)
    rules = {item: evidence(api, paper, item)["rule"] for item in range(1, 7)}
    assert rules[1] == "Nothing is marked here."
    assert rules[2] == "Several marks, as asked for."
    assert rules[3] == "More than one option is marked."
    assert {rules[5], rules[4]} <= {
        "Every place can be read with certainty.",
        "A digit cannot be read with certainty.",
    }
    cells = evidence(api, paper, 5)["cells"]
    assert len(cells) == 20 and {cell["part"] for cell in cells} == {0, 1}
    boxes = evidence(api, paper, 4)["cells"]
    assert [cell["kind"] for cell in boxes] == ["digit"] * 3 and boxes[0]["ink"] is None
    assert "1" in boxes[0]["network"]


def test_a_correction_names_who_made_it(api, exam, upload, alice):
    upload(filled_in(exam, "0001", RIGHT))
    services.correct_answer(paper=paper_of(exam), number=1, value="4", by=alice)
    assert evidence(api, paper_of(exam), 1)["rule"] == "alice put it right: “3” became “4”."


def test_a_student_number_is_shown_place_by_place_with_both_channels(api, exam, upload):
    page = filled_in(exam, "0472", RIGHT)
    upload(page)
    found = api.get(f"/api/papers/{paper_of(exam).pk}/student/evidence/").data
    assert [place["digit"] for place in found["places"]] == ["0", "4", "7", "2"]
    assert [place["bubbled"] for place in found["places"]] == [["sure", digit] for digit in "0472"]
    assert len(found["cells"]) == 4 * 10 + 4
    assert found["rule"] == "Nothing that was marked or written contradicts this number."


def test_what_ink_and_network_contradict_each_other_about_is_said(api, exam, upload):
    """By the rows that are kept: the network was sure, and nothing is believed any more."""
    upload(filled_in(exam, "0001", RIGHT))
    cells = PageCells.objects.get()
    cells.items["1"][2] = [0.5 / 6, 0.5, *[0.5 / 6] * 5]
    cells.save()
    found = evidence(api, paper_of(exam), 1)["cells"]
    assert [bool(cell["note"]) for cell in found] == [False, False, True, False, False]


def test_a_page_that_was_read_before_is_shown_as_far_as_it_was_kept(api, page, exam, upload):
    upload(filled_in(exam, "0001", RIGHT))
    PageCells.objects.update(networks=None)
    paper = paper_of(exam)
    default_storage.delete(paper.pages.get().image)
    found = evidence(api, paper, 1)
    assert {cell["network"] for cell in found["cells"] if cell["network"]} == set()
    assert {cell["picture"] for cell in found["cells"]} == {""} and found["cells"][2]["page"]["filled"] > 0.9
    text = page.get(f"/exams/{exam.pk}/papers/{paper.pk}/answers/1/evidence/").text
    assert "The picture of this page is not there any more." in text
    assert "What the network alone said was not kept when this page was read." in text


def test_sheets_of_others_have_evidence_too(api, page, harbour):
    hand_in(harbour, photo(NUMBER, RIGHT_OF_OTHERS))
    paper = paper_of(harbour)
    item = harbour.items.get(name="q2")
    cells = evidence(api, paper, item.number)["cells"]
    assert [cell["option"] for cell in cells] == list("ABCDE")
    assert cells[1]["ink"] > 0.7 > 0.2 > max(cell["ink"] for cell in cells if cell is not cells[1])
    shown = page.get(f"/exams/{harbour.pk}/papers/{paper.pk}/student/evidence/")
    assert "Nothing that was marked or written contradicts this number." in shown.text


def test_what_is_written_in_boxes_is_shown_without_ink(page, exam, upload):
    upload(filled_in(exam, "0001", RIGHT))
    paper = paper_of(exam)
    marked, written = (
        page.get(f"/exams/{exam.pk}/papers/{paper.pk}/answers/{item}/evidence/").text for item in (1, 4)
    )
    assert "Empty here" in marked and "usual mark" in marked
    assert "Empty here" not in written and "usual mark" not in written
    assert "100.00 %" not in marked + written
