"""Versions that are the first one in another order: one key, one item in the statistics."""

import numpy as np
import pytest
from django.core.exceptions import ValidationError

from grading import services
from grading.key.orders import as_text, places_of, read_orders, shuffle
from grading.models import Answer, Exam, Item, Paper
from grading.papers.scores import points_of
from grading.results.item_analysis import column_of, item_analysis
from grading.results.statistics import statistics as statistics_of
from grading.tests.drawing import filled_in
from grading.tests.test_statistics import LSAT_6

ITEMS = [
    {"number": 1, "kind": "choice", "answer": "1", "points": 1},
    {"number": 2, "kind": "choice", "answer": ["2", "3"], "any_of": True, "points": 2},
    {"number": 3, "kind": "choice", "answer": "5", "points": 3, "marking": {"weights": {"4": 1}}},
    {"number": 4, "kind": "ox", "answer": "O", "points": 4},
]
# Version 2 begins with item 3, whose options 5 4 3 2 1 are printed as 1 to 5
MAP = "version,place,item,options\n2,1,3,5 4 3 2 1\n2,2,1\n2,3,2,21345\n2,4,4"
RIGHT = {1: {1: "1", 2: "2", 3: "5", 4: "O"}, 2: {1: "1", 2: "1", 3: "1", 4: "O"}}
# In version 1 item 3 is answered with 4, which is worth a point; printed as 2 in version 2
HALF = {1: RIGHT[1] | {3: "4"}, 2: RIGHT[2] | {1: "2"}}


@pytest.fixture
def page(browse, alice):
    return browse(alice)


@pytest.fixture
def two(alice):
    return services.create_exam(owner=alice, title="Two", language="en", id_digits=4, versions=2, items=ITEMS)


@pytest.fixture
def graded(two, upload):
    sheets = [("0001", 1, RIGHT), ("0002", 2, RIGHT), ("0003", 1, HALF), ("0004", 2, HALF)]
    upload(
        *(filled_in(two, number, said[version], version=version) for number, version, said in sheets), to=two
    )
    return two


def put(exam, text=MAP):
    orders = read_orders(text, list(exam.items.all()), exam.versions)
    return services.update_exam(exam=exam, orders=orders)


def scores(exam) -> dict[str, tuple[float, float]]:
    return {one.number: (float(one.score), float(one.max_score)) for one in exam.papers.all()}


def test_one_key_scores_both_versions(page, graded):
    assert scores(graded)["0002"] != (10, 10)
    path = f"/exams/{graded.pk}/orders/"
    asked = page.post(path, {"text": MAP})
    assert {one.paper.number for one in asked.context["change"].scores} == {"0002", "0004"}
    page.post(path, {"text": MAP, "seal": asked.context["change"].seal})
    assert scores(graded) == {"0001": (10, 10), "0002": (10, 10), "0003": (8, 10), "0004": (8, 10)}
    shown = page.get(path).text
    assert "2, 1, 3, 5 4 3 2 1" in shown
    key = page.get(f"/exams/{graded.pk}/key/")
    assert "by the key of version 1: version 2." in key.text
    assert 'name="answer-1"' in key.text and 'name="answer-1-2"' not in key.text


def test_another_key_and_other_points_reach_the_other_version_too(page, graded):
    graded = put(graded)
    items = [item | ({"answer": "4", "points": 5} if item["number"] == 3 else {}) for item in ITEMS]
    foreseen = services.preview_exam(exam=graded, items=items)
    graded = services.update_exam(exam=graded, items=items)
    assert scores(graded) == {"0001": (7, 12), "0002": (7, 12), "0003": (12, 12), "0004": (12, 12)}
    assert {one.paper.number: float(one.after) for one in foreseen.scores} == {
        number: score for number, (score, _most) in scores(graded).items()
    }
    services.regrade(exam=graded)
    assert scores(graded)["0004"] == (12, 12)
    paper = graded.papers.get(number="0004")
    assert float(paper.answers.get(item__number=1).most_points) == 5
    shown = page.get(f"/exams/{graded.pk}/papers/{paper.pk}/").text
    assert "item 3 of version 1" in shown


def test_an_item_is_one_in_the_statistics_wherever_it_was_printed(graded):
    found = item_analysis(put(graded))
    third = found["items"][2]
    assert (third["item"], third["difficulty"]) == (3, round((3 + 3 + 1 + 1) / 4 / 3, 4))
    counts = {one["value"]: (one["count"], one["is_right"]) for one in third["distractors"]}
    assert counts["5"] == (2, True) and counts["4"] == (2, False)
    assert not any("version" in one for one in third["distractors"])
    assert found["mean"] == 9


def test_a_key_pasted_or_saved_asks_for_the_versions_with_their_own(page, alice, two):
    put(two)
    sent = {f"points-{item['number']}": item["points"] for item in ITEMS}
    filled = page.post(f"/exams/{two.pk}/key/", sent | {"fill": "1", "text": "2 1 4 X"}).context["form"]
    assert [filled[f"answer-{number}"].value() for number in range(1, 5)] == ["2", "1", "4", "X"]
    sent |= {"answer-1": "2", "answer-2": "1", "answer-3": "4", "answer-4": "X"}
    assert page.post(f"/exams/{two.pk}/key/", sent).status_code == 302
    first = two.items.get(number=1)
    assert (first.key(1), first.key(2), first.answers) == ("2", "2", [])  # item 3 has 4, printed as 2


def test_a_filled_sheet_of_the_other_version_suggests_the_key(page, graded):
    put(graded)
    paper = graded.papers.get(number="0004")
    form = page.get(f"/exams/{graded.pk}/key/?from={paper.pk}").context["form"]
    assert [form[f"answer-{number}"].value() for number in range(1, 5)] == ["1", "2", "4", "O"]


def test_without_a_map_each_version_has_its_own_key_again(page, graded):
    put(graded)
    assert page.post(f"/exams/{graded.pk}/orders/", {"text": ""}).status_code == 200  # asks
    services.update_exam(exam=graded, orders={})
    assert all(item.shuffled == [] for item in graded.items.all())
    assert scores(graded)["0002"] != (10, 10)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3,1,1", "Line 1: the exam has versions 2 to 2."),
        ("2,1,9", "Line 1: there is no item 9."),
        ("2,1,1\n2,1,2", "Line 2: place 1 is there twice."),
        ("2,1,1,1 2 3 4 4", "Line 1: “1 2 3 4 4” is not 1 2 3 4 5 in another order."),
        ("2: 3 1", "Line 1: these are 2 numbers for 4 items."),
        ("2 1 3", "Line 1: write version, place, item"),
        ("2,1,1\n2,2,1", "Order of version 2: item 2 is nowhere."),
        ("2,1,4\n2,4,1", "Order of version 2: item 4 is not answered as place 1 is."),
    ],
)
def test_what_is_no_order_is_said(page, two, text, said):
    answer = page.post(f"/exams/{two.pk}/orders/", {"text": text})
    assert said in " ".join(sum(answer.context["form"].errors.values(), []))
    two.refresh_from_db()
    assert two.orders == {}


def test_the_items_in_order_are_enough(two):
    exam = put(two, "2: 3 1 2 4")
    assert as_text(exam.orders) == "2, 1, 3\n2, 2, 1\n2, 3, 2\n2, 4, 4"
    assert [item.key(2) for item in exam.items.all()] == ["5", "1", ["2", "3"], "O"]


def test_a_map_that_no_longer_fits_keeps_a_design_from_being_saved(two):
    exam = put(two)
    with pytest.raises(ValidationError, match="item 4 is nowhere|names items that are not there"):
        services.update_exam(exam=exam, items=ITEMS[:3])


def test_a_program_gives_the_order(call, alice, bob, graded):
    api, path = call(alice), f"/api/exams/{graded.pk}/orders/"
    places = [
        {"version": 2, "place": 1, "item": 3, "options": ["5", "4", "3", "2", "1"]},
        {"version": 2, "place": 2, "item": 1},
        {"version": 2, "place": 3, "item": 2, "options": ["2", "1", "3", "4", "5"]},
    ]
    answer = api.put(path, {"places": places}, format="json")
    assert answer.status_code == 200 and answer.data["places"][1]["options"] == []
    assert scores(graded)["0002"] == (10, 10)
    assert api.get(path).data == answer.data
    places[0]["item"] = 4
    assert api.put(path, {"places": places}, format="json").status_code == 400
    assert call(bob).put(path, {"places": places}, format="json").status_code == 404


def test_the_published_figures_come_out_where_half_the_papers_are_of_another_version():
    """Section 6 of the LSAT again (see test_statistics.py), every other paper in a version with an order of its own."""
    patterns = np.repeat(np.array([list(f"{number:05b}") for number in range(32)], float), LSAT_6, axis=0)
    exam = Exam(versions=2)
    rows = [
        Item(exam=exam, number=place, kind="choice", options=["1", "2"], answer="1") for place in range(1, 6)
    ]
    for place, row in enumerate(rows, start=1):
        row.pk = place
    order = {"1": [4, ["2", "1"]], "2": [1, []], "3": [5, []], "4": [2, ["2", "1"]], "5": [3, []]}
    shuffle(rows, {"2": order}, 2)
    papers = [Paper(pk=pk, exam=exam, version=1 + pk % 2) for pk in range(len(patterns))]
    answers = {paper.pk: answered(paper, rows, patterns[paper.pk]) for paper in papers}
    columns = [column_of(row, papers, answers, places_of(rows)) for row in rows]
    found = statistics_of(columns)
    assert found["reliability"]["value"] == pytest.approx(0.2950, abs=1e-4)
    assert [item["difficulty"] for item in found["items"]] == [0.924, 0.709, 0.553, 0.763, 0.870]
    correlations = [item["point_biserial"] for item in found["items"]]
    assert correlations == pytest.approx([0.1128, 0.1532, 0.1728, 0.1444, 0.1216], abs=2e-4)
    sd = patterns.sum(1).std(ddof=1)
    assert found["sem"] == pytest.approx(sd * np.sqrt(1 - found["reliability"]["value"]), abs=1e-4)
    counts = {one["value"]: one["count"] for one in found["items"][3]["distractors"]}
    assert counts == {"1": 763, "2": 237}


def answered(paper: Paper, rows: list[Item], pattern: np.ndarray) -> dict[int, Answer]:
    """As it was printed in the paper's version."""
    found = {}
    for row in rows:
        asked = row.asked(paper.version) or {"item": row.number, "labels": {"1": "1", "2": "2"}}
        own = "1" if pattern[asked["item"] - 1] else "2"
        value = next(label for label, meant in asked["labels"].items() if meant == own)
        found[row.pk] = Answer(
            paper=paper, item=row, value=value, points=points_of(row, paper.version, value)
        )
    return found
