import json
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.sheet.boxes import EDGE, MARKER, PAPERS
from grading.sheet.layout import Layout, lay_out
from grading.sheet.spec import ItemSpec, LayoutError, SheetSpec

from .exams import ALL, FIVE, FORTY, MIXED, SCHOOL, items
from .frozen import FROZEN

LABELS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10")
kinds = st.one_of(
    st.builds(lambda n: {"kind": "choice", "options": LABELS[:n]}, st.integers(2, 10)),
    st.just({"kind": "ox"}),
    st.builds(lambda n: {"kind": "number", "digits": n}, st.integers(1, 12)),
    st.builds(lambda n: {"kind": "digits_grid", "digits": n}, st.integers(1, 12)),
    st.just({"kind": "letter"}),
    st.builds(lambda n: {"kind": "open", "lines": n}, st.integers(1, 40)),
)
runs = st.lists(st.tuples(kinds, st.integers(1, 30)), min_size=1, max_size=12)
groups = st.lists(st.tuples(st.just("반"), st.integers(1, 3)), max_size=4).map(tuple)


@st.composite
def exams(draw) -> SheetSpec:
    asked = [kind for kind, count in draw(runs) for _ in range(count)]
    spec = SheetSpec(
        "Any exam",
        tuple(ItemSpec(number, **kind) for number, kind in enumerate(asked, start=1)),
        paper=draw(st.sampled_from(sorted(PAPERS))),
        id_digits=draw(st.integers(0, 12)),
        id_groups=draw(groups),
    )
    try:
        lay_out(spec)
    except LayoutError:  # too large for small paper
        return replace(spec, paper="A4")
    return spec


def overlapping(boxes):
    """Pairs of boxes that share more than an edge."""
    boxes = sorted(boxes)
    for index, (x, y, width, height) in enumerate(boxes):
        for other in boxes[index + 1 :]:
            if other[0] >= x + width - 1e-3:
                break
            if other[1] < y + height - 1e-3 and y < other[1] + other[3] - 1e-3:
                yield (x, y, width, height), other


def meanings(layout: Layout) -> Counter:
    return Counter((f.item, f.part, f.option, f.kind) for page in layout.pages for f in page.fields)


def asked(item: ItemSpec) -> set:
    """What an item must have on the sheet."""
    if item.kind in ("choice", "ox"):
        return {(item.number, 0, option, "bubble") for option in item.options or ("O", "X")}
    if item.kind == "digits_grid":
        return {
            (item.number, part, option, "bubble") for part in range(item.digits) for option in "0123456789"
        }
    if item.kind == "number":
        return {(item.number, part, None, "digit") for part in range(item.digits)}
    return {(item.number, 0, None, item.kind)}


@given(exams())
def test_whatever_is_asked_nothing_overlaps_and_nothing_leaves_the_page(spec):
    layout = lay_out(spec)
    for page in layout.pages:
        quiet = [(x - 2, y - 2, w + 4, h + 4) for x, y, w, h in (marker.box for marker in page.markers)]
        assert not list(overlapping([*quiet, page.qr_box, *(field.box for field in page.fields)]))
        for x, y, width, height in (thing.box for thing in (*page.fields, *page.frames)):
            assert EDGE - 1e-3 <= x <= x + width <= page.width - EDGE + 1e-3
            assert EDGE <= y <= y + height <= page.height - EDGE - MARKER - 2


@given(exams())
def test_every_box_of_every_item_is_there_once_and_all_of_an_item_on_one_page(spec):
    layout = lay_out(spec)
    on_items = {meaning: count for meaning, count in meanings(layout).items() if isinstance(meaning[0], int)}
    read = {meaning: count for meaning, count in on_items.items() if meaning[3] != "text"}
    assert read == dict.fromkeys(set().union(*(asked(item) for item in spec.items)), 1)
    pages = {(f.item, page.number) for page in layout.pages for f in page.fields if isinstance(f.item, int)}
    assert len(pages) == len(spec.items)


@given(exams())
def test_items_follow_each_other_in_reading_order_and_no_page_is_empty(spec):
    layout = lay_out(spec)
    order = [frame.first for page in layout.pages for frame in page.frames if frame.role == "heading"]
    assert order == sorted(order)
    assert order[0] == 1
    assert all(any(isinstance(field.item, int) for field in page.fields) for page in layout.pages)
    headings = [f for page in layout.pages for f in page.frames if f.role == "heading"]
    assert all(before.last + 1 == after.first for before, after in pairwise(headings))
    assert headings[-1].last == len(spec.items)


@given(exams())
def test_neighbouring_bubbles_stay_outside_the_square_that_is_cut_around_one(spec):
    for page in lay_out(spec).pages:
        bubbles = [field.box for field in page.fields if field.kind == "bubble"]
        cells = [(x - 0.3 * w, y - 0.3 * h, 1.6 * w, 1.6 * h) for x, y, w, h in bubbles]
        assert not list(overlapping(cells))


@pytest.mark.parametrize("paper", ["A4", "B4", "Letter"])
@pytest.mark.parametrize("spec", [MIXED, FORTY], ids=["20 choice, 5 ox, 5 numbers", "40 choice"])
def test_a_usual_exam_fits_on_one_page(spec, paper):
    assert spec.id_digits == 8
    assert len(lay_out(replace(spec, paper=paper)).pages) == 1


@pytest.mark.parametrize("id_digits", [5, 8])
def test_four_kinds_of_item_stand_on_one_page_where_less_room_between_them_makes_it_do(id_digits):
    four = (
        items(1, 20, "choice", options=FIVE)
        + items(21, 25, "ox")
        + items(26, 30, "number", digits=3)
        + items(31, 32, "digits_grid", digits=2)
    )
    assert len(lay_out(SheetSpec("Four", four, id_digits=id_digits)).pages) == 1


def test_a_quiz_without_a_number_fits_on_a5():
    quiz = SheetSpec("Quiz", items(1, 20, "choice", options=FIVE), paper="A5", id_digits=0)
    assert len(lay_out(quiz).pages) == 1


def test_500_items_take_as_many_pages_as_they_need():
    layout = lay_out(SheetSpec("Long", items(1, 500, "choice", options=FIVE)))
    assert 5 <= len(layout.pages) <= 10
    assert [page.number for page in layout.pages] == list(range(1, len(layout.pages) + 1))


def test_every_page_asks_for_the_student_number_in_digits_and_in_bubbles():
    layout = lay_out(SheetSpec("Long", items(1, 200, "choice", options=FIVE), id_digits=6))
    assert len(layout.pages) > 1
    for page in layout.pages:
        mine = [field for field in page.fields if field.item == "id"]
        assert [f.part for f in mine if f.kind == "digit"] == list(range(6))
        assert {(f.part, f.option) for f in mine if f.kind == "bubble"} == {
            (part, option) for part in range(6) for option in "0123456789"
        }
        assert page.fields[: len(mine)] == layout.pages[0].fields[: len(mine)]


def test_grade_class_and_number_count_their_parts_through_from_the_left():
    (page, *_) = lay_out(SCHOOL).pages
    digits = [field for field in page.fields if field.item == "id" and field.kind == "digit"]
    assert [field.part for field in digits] == [0, 1, 2, 3, 4]
    lefts = [field.box[0] for field in digits]
    assert lefts == sorted(lefts)
    gaps = [round(after - before, 1) for before, after in pairwise(lefts)]
    assert gaps == [13.0, 10.0, 13.0, 10.0]
    for field in page.fields:
        if field.item == "id" and field.kind == "bubble":
            above = digits[field.part].box
            assert field.box[0] + field.box[2] / 2 == pytest.approx(above[0] + above[2] / 2, abs=0.01)


def test_a_sheet_without_student_number_has_no_boxes_for_it_but_a_line_to_write_it_on():
    (page,) = lay_out(replace(MIXED, id_digits=0)).pages
    assert "id" not in {field.item for field in page.fields}
    assert {field.item for field in page.fields if field.kind == "text"} == {"name", "class", "student"}


def test_few_odd_items_in_a_row_share_a_heading_but_a_long_run_has_its_own():
    odd = (
        ItemSpec(1, "ox"),
        ItemSpec(2, "choice", FIVE),
        ItemSpec(3, "ox"),
        *items(4, 8, "choice", options=FIVE),
    )
    (page,) = lay_out(SheetSpec("Odd", odd)).pages
    headings = [(f.kind, f.first, f.last) for f in page.frames if f.role == "heading"]
    assert headings == [("choice", 1, 3), ("choice", 4, 8)]


def test_the_layout_as_json_says_what_the_api_promises():
    layout = lay_out(SCHOOL)
    told = json.loads(json.dumps(layout.as_json()))
    assert set(told) == {"pages"}
    (first, *_) = told["pages"]
    assert set(first) == {"number", "width", "height", "markers", "fields"}
    assert (first["number"], first["width"], first["height"]) == (1, 210.0, 297.0)
    assert [marker["id"] for marker in first["markers"]] == [0, 1, 2, 3]
    assert all(set(f) == {"item", "part", "option", "kind", "box"} for f in first["fields"])
    assert {f["kind"] for f in first["fields"]} == {"bubble", "digit", "open", "text"}
    options = [f["option"] for f in first["fields"] if f["item"] == 1]
    assert options == ["ㄱ", "ㄴ", "ㄷ", "ㄹ", "ㅁ"]


@pytest.mark.parametrize(
    "change",
    [
        {"paper": "Letter"},
        {"id_digits": 7},
        {"items": MIXED.items[:-1]},
        {"items": (replace(MIXED.items[0], options=("A", "2", "3", "4", "5")), *MIXED.items[1:])},
        {"items": (*MIXED.items[:-1], replace(MIXED.items[-1], number=99))},
    ],
    ids=["paper", "student number", "fewer items", "another option", "another number"],
)
def test_the_fingerprint_changes_with_any_box_or_its_meaning(change):
    before, after = lay_out(MIXED).fingerprint, lay_out(replace(MIXED, **change)).fingerprint
    assert before != after
    assert all(len(fingerprint) == 4 and fingerprint.isalnum() for fingerprint in (before, after))


def test_the_fingerprint_stays_when_only_words_or_points_change():
    other = replace(
        MIXED, title="Other", language="en", items=tuple(replace(i, points=9) for i in MIXED.items)
    )
    assert lay_out(other).fingerprint == lay_out(MIXED).fingerprint


@pytest.mark.parametrize("name", FROZEN)
def test_paper_that_was_printed_before_an_upgrade_is_still_that_of_its_exam(name):
    fingerprint, spec = FROZEN[name]
    assert lay_out(spec).fingerprint == fingerprint


@pytest.mark.parametrize("name", ALL)
def test_the_same_exam_is_always_laid_out_the_same(name):
    assert lay_out(ALL[name]) == lay_out(ALL[name])


@pytest.mark.parametrize(
    ("code", "item", "change"),
    [
        ("options", 1, {"items": (ItemSpec(1, "choice", ("1",)),)}),
        ("options", 1, {"items": (ItemSpec(1, "choice", tuple(map(str, range(11)))),)}),
        ("options", 1, {"items": (ItemSpec(1, "choice", ("A", "A")),)}),
        ("digits", 4, {"items": (ItemSpec(4, "number", digits=0),)}),
        ("digits", 4, {"items": (ItemSpec(4, "digits_grid", digits=13),)}),
        ("lines", 2, {"items": (ItemSpec(2, "open", lines=0),)}),
        ("kind", 2, {"items": (ItemSpec(2, "essay"),)}),
        ("twice", 2, {"items": (ItemSpec(2, "ox"), ItemSpec(2, "ox"))}),
        ("no_items", None, {"items": ()}),
        ("paper", None, {"paper": "A3"}),
        ("id_digits", None, {"id_digits": 13}),
        ("id_digits", None, {"id_groups": (("반", 0),)}),
        ("id_digits", None, {"id_groups": (("a", 1),) * 7}),
    ],
)
def test_what_cannot_be_printed_is_refused_with_a_reason(code, item, change):
    with pytest.raises(LayoutError) as caught:
        lay_out(replace(MIXED, **change))
    assert (caught.value.code, caught.value.item) == (code, item)
    assert str(caught.value).endswith(".")
