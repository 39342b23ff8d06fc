"""The rule of an item: set in its row of the key or by a program, and what it does to scores."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from grading import services
from grading.key.rules import clean_marking, words_of
from grading.results.item_analysis import item_analysis
from grading.scoring import points_for
from grading.tests.conftest import RIGHT
from grading.tests.drawing import filled_in

ANSWERS = {"answer-1": "3", "answer-2": "A+C", "answer-3": "O", "answer-4": "12", "answer-5": "7"}
POINTS = {f"points-{number}": "1" for number in (1, 3, 4, 5, 6)} | {"points-2": "2"}
SENT = ANSWERS | POINTS | {"answer-6": "B"}


@pytest.fixture
def page(browse, alice):
    return browse(alice)


@pytest.fixture
def graded(exam, upload):
    """0001 is all right; of 0002 the first is wrong and the second half right, the third empty."""
    upload(filled_in(exam, "0001", RIGHT), filled_in(exam, "0002", RIGHT | {1: "4", 2: "A", 3: ""}))
    services.update_exam(exam=exam, items=None)
    return exam


def scores(exam) -> dict[str, tuple[float, float]]:
    return {one.number: (float(one.score), float(one.max_score)) for one in exam.papers.all()}


def save(page, exam, **sent):
    """What was asked about scores is answered with yes."""
    path = f"/exams/{exam.pk}/key/"
    answer = page.post(path, SENT | sent)
    if answer.status_code == 200 and "change" in answer.context:
        answer = page.post(path, SENT | sent | {"seal": answer.context["change"].seal})
    return answer


def test_a_rule_opens_in_its_row_and_is_saved_with_the_key(page, graded):
    path = f"/exams/{graded.pk}/key/"
    closed, opened = page.get(path), page.get(f"{path}?details=2")
    assert 'name="rule-2-partial"' not in closed.text
    assert 'name="rule-2-partial"' in opened.text and 'name="rule-1-counts"' not in opened.text
    assert scores(graded)["0002"] == (3, 7)

    rule = {"rule-2-counts": "", "rule-2-partial": "each", "rule-2-weights": ""}
    asked = page.post(path, SENT | rule)
    assert [(one.before, one.after) for one in asked.context["change"].scores] == [(3, 4)]
    assert 'name="rule-2-partial" value="each"' in asked.text
    assert save(page, graded, **rule).status_code == 302
    assert scores(graded) == {"0001": (7, 7), "0002": (4, 7)}
    assert graded.items.get(number=2).marking == {"partial": "each"}
    assert "Each right one" in page.get(path).text
    save(page, graded)  # with the row closed
    assert graded.items.get(number=2).marking == {"partial": "each"}


def test_negative_points_stop_at_0_where_no_score_is_below_it(page, call, alice, graded):
    rule = {"rule-1-counts": "", "rule-1-incorrect": "-9", "rule-3-counts": "", "rule-3-unmarked": "-0.25"}
    assert save(page, graded, **rule).status_code == 302
    assert scores(graded)["0002"] == (3 - 9.25, 7)
    assert save(page, graded, is_never_negative="on", **rule).status_code == 302
    assert scores(graded)["0002"] == (0, 7)
    found = item_analysis(graded)
    assert (found["lowest"], found["mean"]) == (0, 3.5)  # of the scores that students have
    assert call(alice).get(f"/api/exams/{graded.pk}/matrix/").data["students"][1]["total"] == 0


def test_scores_are_rounded_as_the_exam_says_and_the_preview_too(page, graded):
    rule = {"rule-1-counts": "", "rule-1-weights": "4: 0.5"}
    save(page, graded, **rule)
    assert scores(graded)["0002"] == (3.5, 7)
    asked = page.post(f"/exams/{graded.pk}/key/", SENT | rule | {"rounding": "1"})
    assert [(one.before, one.after) for one in asked.context["change"].scores] == [(3.5, 4)]
    assert save(page, graded, rounding="1", **rule).status_code == 302
    assert scores(graded)["0002"] == (4, 7)


@pytest.mark.parametrize(
    ("counts", "first", "second"),
    [
        ("for_everyone", (7, 7), (4, 7)),
        ("left_out", (6, 6), (3, 6)),
        ("bonus", (7, 6), (3, 6)),
    ],
)
def test_an_item_may_be_dropped_or_on_top(page, graded, counts, first, second):
    save(page, graded, **{"rule-1-counts": counts})
    assert scores(graded) == {"0001": first, "0002": second}
    found = item_analysis(graded)
    assert found["max_score"] == first[1] and found["highest"] == first[0]
    assert sum(bar["count"] for bar in found["histogram"]) == 2
    assert (1 in [item["item"] for item in found["items"]]) == (counts != "left_out")
    services.regrade(exam=graded)
    assert scores(graded) == {"0001": first, "0002": second}


def test_a_fraction_stands_in_brackets_in_the_key(page, graded):
    assert save(page, graded, **{"answer-4": "(24/2)"}).status_code == 302
    assert graded.items.get(number=4).answer == "24/2"
    assert scores(graded)["0001"] == (7, 7)
    assert 'value="(24/2)"' in page.get(f"/exams/{graded.pk}/key/").text
    save(page, graded, **{"answer-4": "11/12"})
    assert graded.items.get(number=4).answer == ["11", "12"]


ITEM = {"number": 3, "kind": "choice", "options": ["1", "2", "3", "4", "5"]}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"counts": "twice"}, "Item 3: “twice” is none of its rules."),
        ({"partial": ["each"]}, "is none of its rules"),
        ({"weights": {"7": 1}}, "Item 3: there is no option “7”."),
        ({"weights": "2: 1"}, "points of options are written like"),
        ({"weights": {"2": "much"}}, "“much” is no number of points"),
        ({"incorrect": "NaN"}, "“NaN” is no number of points"),
        ({"incorrect": 1e9}, "is no number of points"),
        ({"least": True}, "is no number of points"),
        ({"floor": 0}, "its rule knows no “floor”"),
        ("each", "its rule is an object"),
    ],
)
def test_what_is_no_rule_is_refused_with_a_sentence(rule, said):
    with pytest.raises(ValidationError) as refused:
        clean_marking(ITEM, rule)
    assert said in refused.value.messages[0]


def test_what_is_as_usual_is_not_kept():
    usual = {"counts": "", "partial": "", "weights": {}, "incorrect": None, "unmarked": ""}
    assert clean_marking(ITEM, usual) == {}
    assert clean_marking(ITEM, {"weights": {"②": "0.5"}}) == {"weights": {"2": 0.5}}


def test_what_is_wrong_with_a_rule_is_said_in_its_row(page, graded):
    answer = page.post(f"/exams/{graded.pk}/key/", SENT | {"rule-1-counts": "", "rule-1-weights": "9: 1"})
    assert answer.context["form"].errors == {"rule-1-weights": ["Item 1: there is no option “9”."]}


def test_a_program_sets_rules_and_what_it_leaves_out_stays(call, alice, graded):
    api, path = call(alice), f"/api/exams/{graded.pk}/"
    items = [{"number": number} for number in range(1, 7)]
    items[1]["marking"] = {"partial": "right_minus_wrong", "weights": {}}
    answer = api.patch(path, {"items": items, "rounding": "1"}, format="json")
    assert answer.data["items"][1]["marking"] == {"partial": "right_minus_wrong"}
    assert scores(graded)["0002"] == (4, 7)
    api.patch(path, {"items": [{"number": number} for number in range(1, 7)]}, format="json")
    assert graded.items.get(number=2).marking == {"partial": "right_minus_wrong"}
    items[1]["marking"] = {"partial": "half"}
    assert api.patch(path, {"items": items}, format="json").status_code == 400
    assert api.patch(path, {"rounding": "3"}, format="json").status_code == 400
    made = {"title": "New", "items": [{"number": 1, "kind": "choice", "marking": {"counts": "bonus"}}]}
    assert api.post("/api/exams/", made, format="json").data["items"][0]["marking"] == {"counts": "bonus"}


def test_a_design_that_is_changed_keeps_the_rules(page, graded):
    save(page, graded, **{"rule-1-counts": "", "rule-1-incorrect": "-1"})
    items = [{"number": item.number, "kind": item.kind} for item in graded.items.all()]
    services.update_exam(exam=graded, items=items)
    first = graded.items.get(number=1)
    assert (first.marking, list(words_of(first))) == ({"incorrect": -1}, ["wrong: -1"])


def test_a_wrong_or_empty_answer_is_never_worth_more_than_the_item():
    marking = {"incorrect": 9999, "unmarked": 9999}
    rule = {"kind": "choice", "key": "1", "points": Decimal(2), "marking": marking}
    assert [points_for(value=value, **rule) for value in ("1", "2", "1,2", "")] == [2, 2, 2, 2]


def test_points_for_which_papers_have_no_room_are_refused_with_a_sentence(call, alice):
    api = call(alice)
    items = [{"number": number, "kind": "ox", "answer": "O"} for number in range(1, 121)]
    fields = {"title": "Long", "language": "en", "items": [one | {"points": 9999.99} for one in items]}
    answer = api.post("/api/exams/", fields, format="json")
    assert answer.status_code == 400
    assert "at most 999999 points" in answer.json()["errors"][0]["detail"]
    url = api.post("/api/exams/", fields | {"items": items}, format="json").data["url"]
    rules = [one | {"marking": {"incorrect": -9999}} for one in items]
    assert api.patch(url, {"items": rules}, format="json").status_code == 400
    assert api.patch(url, {"items": rules[:100]}, format="json").status_code == 200
