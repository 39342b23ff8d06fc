"""Blocks of items that change places in the design: what was said of an item elsewhere goes with it."""

import pytest

from grading import services
from grading.forms.blocks import item_blocks
from grading.models import Exam
from grading.tests.drawing import filled_in
from grading.tests.test_views import blocks

PARTIAL = {"partial": "each"}
RUBRIC = [{"mark": "a", "points": 1, "text": "The idea"}]


@pytest.fixture
def page(browse, alice):
    return browse(alice)


@pytest.fixture
def mixed(alice) -> Exam:
    """1–2: choice, of which the second counts in parts; 3: written, with a rubric; 4–5: O/X of different points."""
    items = [
        {"number": 1, "kind": "choice", "answer": "1"},
        {"number": 2, "kind": "choice", "answer": ["1", "2"], "marking": PARTIAL},
        {"number": 3, "kind": "open", "points": 4},
        {"number": 4, "kind": "ox", "answer": "O", "points": 2},
        {"number": 5, "kind": "ox", "answer": "X", "points": 3},
    ]
    exam = services.create_exam(owner=alice, title="Mixed", language="en", id_digits=5, items=items)
    exam.items.filter(number=3).update(rubric=RUBRIC)
    return exam


def sent(exam: Exam, *order: int, **more) -> dict:
    """Its blocks as the design page posts them, those that `order` names (by their places, from 0) in this order."""
    rows = [
        {name: "" if value is None else value for name, value in row.items()} for row in item_blocks(exam)
    ]
    for place, row in enumerate(rows):
        row |= {"ORDER": order.index(place) + 1} if place in order else {"ORDER": 9, "DELETE": "on"}
    return blocks(*rows, title=exam.title, **{"block-INITIAL_FORMS": len(rows)}, **more)


def look(exam: Exam) -> list[tuple]:
    fields = ("kind", "answer", "points", "marking", "rubric")
    return [
        tuple(getattr(item, name) for name in fields) for item in Exam.objects.get(pk=exam.pk).items.all()
    ]


def test_blocks_change_places_with_all_that_was_said_of_their_items(page, mixed):
    first, second, written, right, wrong = look(mixed)
    assert page.post(f"/exams/{mixed.pk}/design/", sent(mixed, 2, 1, 0)).status_code == 302
    assert look(mixed) == [right, wrong, written, first, second]


def test_items_after_a_removed_block_keep_what_was_said_of_them(page, mixed):
    _first, _second, written, right, wrong = look(mixed)
    assert page.post(f"/exams/{mixed.pk}/design/", sent(mixed, 1, 2)).status_code == 302
    assert look(mixed) == [written, right, wrong]


def test_what_is_new_takes_nothing_from_the_item_that_had_its_number(page, mixed):
    data = sent(mixed, 0, 1, 2) | {"block-0-count": 3, "block-0-key": "1 1+2 ?"}
    assert page.post(f"/exams/{mixed.pk}/design/", data).status_code == 302
    first, second, new, *_others = look(mixed)
    assert (second[3], new) == (PARTIAL, ("choice", "", 1, {}, []))
    data = blocks({"kind": "open"}, {"kind": "open", "was_first": 4, "was_last": 4, "points": 4})
    assert page.post(f"/exams/{mixed.pk}/design/", data).status_code == 302
    assert [rubric for *_rest, rubric in look(mixed)] == [[], RUBRIC]


def test_the_order_stays_where_something_is_wrong(page, mixed):
    answer = page.post(f"/exams/{mixed.pk}/design/", sent(mixed, 2, 0, 1) | {"block-0-key": "1"})
    assert "missing" in answer.text
    assert [block["kind"].value() for block in answer.context["blocks"]] == ["ox", "choice", "open"]


def test_sheets_that_were_scanned_keep_their_order(page, mixed, upload):
    upload(filled_in(mixed, "00001"), to=mixed)
    before = look(mixed)
    answer = page.post(f"/exams/{mixed.pk}/design/", sent(mixed, 1, 0, 2))
    assert "already scanned" in answer.text and look(mixed) == before


def test_nothing_offers_to_move_what_is_on_scanned_sheets(page, mixed, upload):
    url, tools = f"/exams/{mixed.pk}/design/", ("data-handle", 'data-move="', "data-remove", "data-add-block")
    before = page.get(url).text
    upload(filled_in(mixed, "00001"), to=mixed)
    after = page.get(url).text
    assert all(tool in before and tool not in after for tool in tools)
    assert "already scanned" in after and "already scanned" not in before
