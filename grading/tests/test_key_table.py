"""The page of the key, and what another key does to the scores."""

import pytest

from audit.models import Entry, Verb
from grading import services
from grading.forms.blocks import item_blocks
from grading.models import Answer, Exam, Paper
from grading.papers.key_changes import Unseen
from grading.tests.conftest import ITEMS, RIGHT
from grading.tests.drawing import filled_in

OTHER = {
    "answer-1": "4",
    "answer-2": "A/C",
    "answer-3": "O",
    "answer-4": "12",
    "answer-5": "7",
    "answer-6": "B",
}
POINTS = {f"points-{number}": "1" for number in (1, 3, 4, 5, 6)} | {"points-2": "2"}
SENT = OTHER | POINTS


@pytest.fixture
def page(browse, alice):
    return browse(alice)


@pytest.fixture
def graded(exam, upload) -> Exam:
    """One paper is all right, of the other the first answer is 4 and the second A alone."""
    upload(filled_in(exam, "0001", RIGHT), filled_in(exam, "0002", RIGHT | {1: "4", 2: "A"}))
    return exam


def scores(exam) -> dict[str, float]:
    return {paper.number: float(paper.score) for paper in exam.papers.all()}


def stored(exam) -> list[tuple]:
    answers = Answer.objects.filter(paper__exam=exam).order_by("pk")
    names = ("value", "state", "reason", "points", "confidence")
    return [
        *answers.values_list(*names),
        *exam.papers.order_by("pk").values_list("score", "max_score", "status"),
    ]


def test_the_key_is_a_table_with_a_row_for_each_item(page, exam):
    shown = page.get(f"/exams/{exam.pk}/key/")
    for value in ("3", "A+C", "O", "12", "7", "B"):
        assert f'value="{value}"' in shown.text
    assert shown.context["form"].total == 7
    sent = SENT | {"answer-1": "⑤", "answer-2": " a + d ", "answer-4": "", "points-1": "2.5"}
    assert page.post(f"/exams/{exam.pk}/key/", sent).status_code == 302
    items = list(exam.items.all())
    assert [item.answer for item in items] == ["5", ["A", "D"], "O", "", "7", "B"]
    assert (items[0].points, items[1].any_of) == (2.5, False)


def test_what_is_wrong_is_said_at_its_item(page, exam):
    answer = page.post(f"/exams/{exam.pk}/key/", SENT | {"answer-1": "7", "answer-3": "O+X"})
    errors = answer.context["form"].errors
    assert errors["answer-1"] == ["Item 1 cannot be answered with “7”."]
    assert list(errors) == ["answer-1", "answer-3"]
    assert exam.items.get(number=1).answer == "3"


def test_a_pasted_key_fills_the_table_and_stores_nothing(page, exam):
    fill = SENT | {"fill": "1", "text": "1. ⑤ 2. B/C 3. X 4. ? 5. 99 6. z"}
    answer = page.post(f"/exams/{exam.pk}/key/", fill)
    form = answer.context["form"]
    assert [form[f"answer-{number}"].value() for number in range(1, 7)] == ["5", "B/C", "X", "", "99", "z"]
    assert form.errors == {"answer-6": ["Item 6 cannot be answered with “z”."]}
    assert exam.items.get(number=1).answer == "3"
    short = page.post(f"/exams/{exam.pk}/key/", fill | {"text": "1 A O"})
    assert "The key has 3 of 6 answers: 3 missing." in short.text


def test_a_pasted_key_that_is_too_long_is_refused_unread(page, exam, monkeypatch):
    monkeypatch.setattr("grading.views.keys.read_pasted", pytest.fail)
    answer = page.post(f"/exams/{exam.pk}/key/", SENT | {"fill": "1", "text": "3" * 10_001})
    assert "at most 10000 characters" in answer.text


def test_options_with_the_signs_that_join_answers_are_answers(page, alice):
    items = [
        {"number": 1, "kind": "choice", "options": ["+", "-"], "answer": "+"},
        {"number": 2, "kind": "choice", "options": ["A+", "A", "B/C"], "answer": "B/C"},
    ]
    exam = services.create_exam(owner=alice, title="Signs", items=items)
    sent = {"answer-1": "+", "answer-2": "A+", "points-1": 1, "points-2": 1}
    assert page.post(f"/exams/{exam.pk}/key/", sent).status_code == 302
    assert [item.answer for item in exam.items.all()] == ["+", "A+"]


def test_versions_have_a_column_each(page, alice):
    items = [{"number": number, "kind": "choice"} for number in (1, 2)]
    exam = services.create_exam(owner=alice, title="Two", versions=2, items=items)
    points = {"points-1": 1, "points-2": 1}
    filled = page.post(f"/exams/{exam.pk}/key/", points | {"fill": "1", "text": "1 2\n3 2"}).context["form"]
    assert [filled[name].value() for name in ("answer-1", "answer-1-2", "answer-2-2")] == ["1", "3", "2"]
    sent = points | {"answer-1": "1", "answer-2": "2", "answer-1-2": "3", "answer-2-2": "2"}
    page.post(f"/exams/{exam.pk}/key/", sent)
    first, second = exam.items.all()
    assert (first.answers, second.answers) == (["1", "3"], [])
    mixed = page.post(f"/exams/{exam.pk}/key/", sent | {"answer-1": "1/2", "answer-1-2": "1+2"})
    assert "write 1+3 where both are to be marked" in mixed.text


def test_what_is_not_known_of_one_version_is_not_taken_from_another(page, alice):
    exam = services.create_exam(owner=alice, title="Two", versions=2, items=[{"number": 1, "kind": "choice"}])
    page.post(f"/exams/{exam.pk}/key/", {"answer-1": "1", "answer-1-2": "", "points-1": 1})
    assert [exam.items.get().key(version) for version in (1, 2)] == ["1", ""]


def test_scores_are_shown_before_another_key_is_saved(page, graded):
    path, before = f"/exams/{graded.pk}/key/", stored(graded)
    asked = page.post(path, SENT)
    assert "2 of 2 papers get another score. Nothing is saved yet." in asked.text
    changes = {one.paper.number: (one.before, one.after) for one in asked.context["change"].scores}
    assert changes == {"0001": (7, 4), "0002": (4, 7)}
    assert stored(graded) == before and graded.items.get(number=1).answer == "3"
    assert 'name="answer-2" value="A/C"' in asked.text

    seal = asked.context["change"].seal
    assert 'value="A/C"' in page.post(path, SENT | {"back": "1", "seal": seal}).text
    assert page.post(path, SENT | {"answer-3": "X", "seal": seal}).status_code == 200  # that was not shown
    assert stored(graded) == before

    assert page.post(path, SENT | {"seal": seal}).status_code == 302
    assert scores(graded) == {"0001": 4, "0002": 7}
    entry = Entry.objects.get(verb=Verb.CHANGED, model="exam")
    assert (entry.actor_name, entry.details) == ("alice", {"count": 2})
    assert page.post(path, SENT).status_code == 302  # no score changes any more: nothing to ask


def test_the_design_asks_as_the_table_does(page, graded):
    design = page.get(f"/exams/{graded.pk}/design/")
    blocks = design.context["blocks"]
    sent = {
        "title": "Midterm",
        "language": "en",
        "paper": "A4",
        "id_kind": "digits",
        "id_digits": 4,
        "versions": 1,
    }
    sent |= {"block-TOTAL_FORMS": len(blocks), "block-INITIAL_FORMS": 0}
    for place, block in enumerate(blocks):
        sent |= {f"block-{place}-{name}": value for name, value in block.initial.items() if value is not None}
    asked = page.post(f"/exams/{graded.pk}/design/", sent | {"block-0-key": "4"})
    assert "papers get another score" in asked.text
    assert scores(graded) == {"0001": 7, "0002": 4}
    sealed = sent | {"block-0-key": "4", "seal": asked.context["change"].seal}
    assert page.post(f"/exams/{graded.pk}/design/", sealed).status_code == 302
    assert scores(graded) == {"0001": 6, "0002": 5}


def test_points_that_differ_item_by_item_stay_one_block_of_the_design(page, alice):
    items = [{"number": number, "kind": "choice", "points": number, "answer": "1"} for number in (1, 2, 3)]
    exam = services.create_exam(owner=alice, title="Three", language="en", items=items)
    (block,) = item_blocks(exam)
    assert (block["count"], block["points"]) == (3, "")
    sent = {
        "title": "Three",
        "language": "en",
        "paper": "A4",
        "id_kind": "digits",
        "id_digits": 8,
        "versions": 1,
    }
    sent |= {"block-TOTAL_FORMS": 1, "block-INITIAL_FORMS": 0}
    sent |= {f"block-0-{name}": value or "" for name, value in block.items()} | {"block-0-key": "1 2 3"}
    assert page.post(f"/exams/{exam.pk}/design/", sent).status_code == 302
    assert [(item.points, item.answer) for item in exam.items.all()] == [(1, "1"), (2, "2"), (3, "3")]


def test_what_is_stored_is_what_a_fresh_reading_would_say(graded):
    changes = [
        {1: {"answer": ["3", "4"], "any_of": True}, 2: {"answer": "A"}},
        {1: {"answer": ["3", "4"]}, 2: {"answer": ["A", "C"]}},
        {1: {"answer": ""}, 4: {"answer": ["12", "13"], "points": 3}, 5: {"tolerance": 1}},
    ]
    paper = graded.papers.get(number="0002")
    services.correct_answer(paper=paper, number=6, value="C", by=graded.owner)
    for change in changes:
        items = [item | change.get(item["number"], {}) for item in ITEMS]
        foreseen = services.preview_exam(exam=graded, items=items)
        before = scores(graded)
        graded = services.update_exam(exam=graded, items=items)
        found = stored(graded)
        told = {one.paper.number: float(one.after) for one in foreseen.scores}
        assert scores(graded) == before | told
        services.regrade(exam=graded)
        assert stored(graded) == found


def test_a_program_is_told_whose_score_would_change(call, alice, graded):
    api, path = call(alice), f"/api/exams/{graded.pk}/"
    items = [{"number": item["number"]} for item in ITEMS]
    items[0]["answer"] = "4"
    told = api.patch(f"{path}?preview=true", {"items": items}, format="json")
    papers = {paper.number: paper.pk for paper in Paper.objects.all()}
    changed = [
        {"paper": papers["0001"], "student": "0001", "old_score": 7, "new_score": 6, "change": -1},
        {"paper": papers["0002"], "student": "0002", "old_score": 4, "new_score": 5, "change": 1},
    ]
    assert told.data == {"papers": 2, "old_total": 7, "new_total": 7, "changed": changed}
    assert scores(graded) == {"0001": 7, "0002": 4}
    assert api.patch(path, {"items": items}, format="json").status_code == 200
    assert scores(graded) == {"0001": 6, "0002": 5}


def test_a_program_has_a_text_read(call, alice, exam):
    api, path = call(alice), f"/api/exams/{exam.pk}/key/"
    said = api.post(path, {"text": "1,B/C,O,12,7,z"}, format="json").data
    assert said["answers"][1] == {
        "item": 2,
        "version": 1,
        "typed": "B/C",
        "answer": ["B", "C"],
        "any_of": True,
        "detail": "",
    }
    assert [(one["item"], one["detail"]) for one in said["problems"]] == [
        (6, "Item 6 cannot be answered with “z”.")
    ]
    assert [
        one["item"] for one in api.post(path, {"text": "9 C", "first": 5}, format="json").data["answers"]
    ] == [5, 6]
    assert api.post(path, {}, format="json").status_code == 400
    assert exam.items.get(number=1).answer == "3"


def test_a_filled_sheet_suggests_the_key(page, graded):
    paper = graded.papers.get(number="0002")
    Answer.objects.filter(paper=paper, item__number=4).update(state="review", reason="unsure_digit")
    shown = page.get(f"/exams/{graded.pk}/key/?from={paper.pk}")
    form = shown.context["form"]
    assert [form[f"answer-{number}"].value() for number in range(1, 7)] == ["4", "A", "O", "12", "07", "B"]
    assert [row.item.number for row in form.rows() if row.doubt] == [4]
    assert graded.items.get(number=1).answer == "3"
    assert page.get(f"/exams/{graded.pk}/key/?from=999999").status_code == 200


def test_a_change_that_was_not_shown_is_not_saved(graded):
    items = [item | ({"answer": "4"} if item["number"] == 1 else {}) for item in ITEMS]
    with pytest.raises(Unseen) as unseen:
        services.update_exam(exam=graded, items=items, shown="")
    assert graded.items.get(number=1).answer == "3"
    services.update_exam(exam=graded, items=items, shown=unseen.value.change.seal)
    assert graded.items.get(number=1).answer == "4"
