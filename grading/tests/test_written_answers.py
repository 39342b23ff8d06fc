"""Written answers: empty ones are seen, like ones are side by side, and a rubric gives them their points."""

from string import ascii_lowercase

import cv2
import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from grading import services
from grading.models import Correction
from grading.papers.corrections import Change, correct_answers
from grading.removals import remove_paper
from grading.review.groups import alike_in_a_row, answers_in, groups_of
from grading.review.rubrics import save_rubric
from grading.review.undoing import undo_correction, undo_corrections
from grading.tests.drawing import INK, PX, filled_in

pytestmark = pytest.mark.django_db
ITEMS = [
    {"number": 1, "kind": "choice", "answer": "3"},
    {"number": 2, "kind": "open", "points": 5, "lines": 4},
]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def exam(alice):
    return services.create_exam(owner=alice, title="Essay", language="en", id_digits=4, items=ITEMS)


def written(exam, number: str, text: str) -> np.ndarray:
    """A sheet with this in the box of its written answer."""
    picture = filled_in(exam, number, {1: "3"})
    (box,) = (field.box for field in exam.layout.pages[0].fields if field.kind == "open")
    at = round((box[0] + 8) * PX), round((box[1] + 14) * PX)
    cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.6, INK, 3, cv2.LINE_AA)
    return picture


def answers(exam) -> dict:
    return {paper.number: paper.answers.get(item__number=2) for paper in exam.papers.all()}


def test_a_box_in_which_nothing_is_written_is_offered_no_points(exam, upload):
    dusty = written(exam, "0003", "")
    (box,) = (field.box for field in exam.layout.pages[0].fields if field.kind == "open")
    cv2.circle(dusty, (round((box[0] + 30) * PX), round((box[1] + 9) * PX)), 2, INK, -1)
    upload(written(exam, "0001", "Newton"), written(exam, "0002", ""), dusty, written(exam, "0004", "1"))
    found = {number: (one.value, one.reason) for number, one in answers(exam).items()}
    assert found == {
        "0001": ("", "open_answer"),
        "0002": ("0", "nothing_written"),
        "0003": ("0", "nothing_written"),
        "0004": ("", "open_answer"),
    }
    assert [(group.title, group.count) for group in groups_of(exam)] == [
        ("Item 2: Nothing is written in the box of this answer.", 2),
        ("Item 2: A written answer: please give it points.", 2),
    ]


def test_a_box_that_is_not_in_the_picture_is_not_taken_for_an_empty_one(exam, upload):
    page = written(exam, "0001", "")
    (box,) = (field.box for field in exam.layout.pages[0].fields if field.kind == "open")
    top, bottom = round((box[1] + 5) * PX), round((box[1] + box[3] + 3) * PX)
    page[top:bottom] = 255  # covered
    upload(page)
    assert answers(exam)["0001"].reason == "open_answer"


def test_answers_that_look_alike_are_side_by_side(exam, upload):
    texts = ["gravity", "no", "gravity", "no", "gravity", "no"]
    upload(*(written(exam, f"000{place}", text) for place, text in enumerate(texts, 1)))
    order = alike_in_a_row(answers_in(exam, "open-open_answer-2"))
    by_key = {one.pk: texts[int(number) - 1] for number, one in answers(exam).items()}
    shown = [by_key[pk] for pk in order]
    assert shown in (["no"] * 3 + ["gravity"] * 3, ["gravity"] * 3 + ["no"] * 3)


def test_an_answer_that_nobody_gave_points_is_not_saved_as_it_stands(exam, upload, alice, browse):
    upload(written(exam, "0001", "Newton"), written(exam, "0002", "Newton"))
    one, two = (answers(exam)[number] for number in ("0001", "0002"))
    fields = {f"value-{one.pk}": "", f"value-{two.pk}": "4", "group": "open-open_answer-2"}
    page = browse(alice).post(reverse("grading:review", args=[exam.pk]), fields, follow=True)
    assert "Please give the points first" in page.content.decode()
    assert [(one.value, one.state) for one in answers(exam).values()] == [("", "review"), ("4", "corrected")]


@pytest.fixture
def given(exam, upload, alice):
    """Three papers, two of which were given rows of a rubric."""
    upload(*(written(exam, f"000{place}", "Newton") for place in (1, 2, 3)))
    save_rubric(
        exam=exam,
        number=2,
        rows=[
            {"points": 2, "note": "formula"},
            {"points": 3, "note": "result"},
            {"points": -1, "note": "unit"},
        ],
        by=alice,
    )
    one, two, three = (answers(exam)[number].paper_id for number in ("0001", "0002", "0003"))
    changes = [Change(one, 2, "ab"), Change(two, 2, "a+c"), Change(three, 2, "4")]
    assert not correct_answers(exam=exam, changes=changes, by=alice).refused
    return exam


def points(exam) -> list[float]:
    return [float(answers(exam)[number].points) for number in ("0001", "0002", "0003")]


def test_rows_of_a_rubric_are_points(given):
    assert [answers(given)[number].value for number in ("0001", "0002", "0003")] == ["a+b", "a+c", "4"]
    assert points(given) == [5, 1, 4]


def test_a_row_that_changes_scores_all_that_were_given_it(given, alice):
    rows = given.items.get(number=2).rubric
    rows[0]["points"] = 1
    assert save_rubric(exam=given, number=2, rows=rows, by=alice) == 2
    assert points(given) == [4, 0, 4]
    assert [float(paper.score) for paper in given.papers.order_by("number")] == [5, 1, 5]


def test_a_row_that_was_given_is_not_removed_and_new_ones_get_new_letters(given, alice):
    rows = given.items.get(number=2).rubric
    with pytest.raises(ValidationError, match="“b” was given"):
        save_rubric(exam=given, number=2, rows=[rows[0], rows[2]], by=alice)
    save_rubric(exam=given, number=2, rows=[*rows, {"points": 1, "note": "neat"}], by=alice)
    assert [row["mark"] for row in given.items.get(number=2).rubric] == ["a", "b", "c", "d"]
    with pytest.raises(ValidationError, match="-5 to 5 points"):
        save_rubric(exam=given, number=2, rows=[*rows, {"points": 6}], by=alice)


def test_a_rubric_is_typed_on_the_page_and_sent_by_a_program(given, browse, alice, bob, call):
    upload = reverse("grading:review", args=[given.pk])
    url = f"/api/exams/{given.pk}/items/2/rubric/"
    rows = given.items.get(number=2).rubric
    assert call(bob).put(url, {"rows": rows}, format="json").status_code == 404
    said = call(alice).put(url, {"rows": [*rows, {"points": 1}]}, format="json").json()
    assert [row["mark"] for row in said["rows"]] == ["a", "b", "c", "d"]
    fields = {"form-TOTAL_FORMS": 3, "form-INITIAL_FORMS": 0, "group": "open-open_answer-2"}
    for place, row in enumerate(rows):
        fields |= {f"form-{place}-{name}": row[name] for name in ("mark", "points", "note")}
    answer = browse(alice).post(
        reverse("grading:rubric", args=[given.pk, 2]), fields | {"form-0-points": "1,5"}, follow=True
    )
    assert "Please give points as a number" in answer.content.decode()
    browse(alice).post(reverse("grading:rubric", args=[given.pk, 2]), fields | {"form-0-points": "0.5"})
    assert points(given)[0] == 3.5
    assert upload in answer.redirect_chain[-1][0]


def test_a_key_that_changes_keeps_the_rubric(given, alice):
    items = [
        {"number": 1, "kind": "choice", "answer": "4"},
        {"number": 2, "kind": "open", "points": 5, "lines": 4},
    ]
    services.update_exam(exam=given, items=items)
    assert points(given) == [5, 1, 4]


def test_a_correction_that_is_taken_back_never_means_another_row_than_was_given(given, alice):
    paper, rows = answers(given)["0001"].paper, given.items.get(number=2).rubric
    correct_answers(exam=given, changes=[Change(paper.pk, 2, "a")], by=alice)  # no b any more
    save_rubric(exam=given, number=2, rows=[rows[0], rows[2]], by=alice)
    save_rubric(exam=given, number=2, rows=[rows[0], rows[2], {"points": -2}], by=alice)
    assert [row["mark"] for row in given.items.get(number=2).rubric] == ["a", "c", "d"]
    last = paper.corrections.first()
    with pytest.raises(ValidationError, match="no longer in the rubric"):
        undo_correction(correction=last, by=alice)
    assert undo_corrections(exam=given, corrections=[last.pk], by=alice) == []
    assert answers(given)["0001"].value == "a"


def test_a_row_that_an_answer_in_the_trash_was_given_is_not_removed(given, alice):
    rows = given.items.get(number=2).rubric
    remove_paper(paper=answers(given)["0001"].paper, by=alice)
    with pytest.raises(ValidationError, match="“b” was given"):
        save_rubric(exam=given, number=2, rows=[rows[0], rows[2]], by=alice)


def test_a_letter_that_is_sent_twice_names_one_row(given, alice, call):
    rows = given.items.get(number=2).rubric
    said = call(alice).put(
        f"/api/exams/{given.pk}/items/2/rubric/", {"rows": [*rows, rows[0] | {"points": 1}]}, format="json"
    )
    assert [(row["mark"], float(row["points"])) for row in said.data["rows"]][-1] == ("d", 1)
    assert points(given) == [5, 1, 4]


def test_a_rubric_that_has_used_up_its_letters_says_so(given, alice):
    item = given.items.get(number=2)
    paper = answers(given)["0001"].paper
    log = [Correction(paper=paper, item=item, field="item 2", new=mark, by=alice) for mark in ascii_lowercase]
    Correction.objects.bulk_create(log)
    with pytest.raises(ValidationError, match="all letters"):
        save_rubric(exam=given, number=2, rows=[*item.rubric, {"points": 1}], by=alice)
