"""Corrected answers as examples: cut from the kept pages of exams that may be learned from."""

import numpy as np
import pytest
from django.core.files.storage import default_storage

from grading import services, template_exams
from grading.models import Candidate, Paper
from grading.reading.cells import StraightPage
from grading.reading.corrected_cells import (
    corrected_letters,
    corrected_marks,
    corrected_numerals,
    is_of_held_out,
)
from grading.tests.conftest import RIGHT
from grading.tests.drawing import filled_in, strike
from grading.tests.forms_of_others import NUMBER, hand_in, photo
from grading.tests.forms_of_others import RIGHT as RIGHT_THERE
from school.roster.rows import RosterRow
from trash.services import delete, restore

ALL = {**RIGHT, 4: "12"}


@pytest.fixture
def exam(exam):
    return services.update_exam(exam=exam, is_learned_from=True)


@pytest.fixture
def cut(monkeypatch) -> dict[str, np.ndarray]:
    """What the networks got when pages were read."""
    seen: dict[str, np.ndarray] = {}
    take = StraightPage.take

    def note(page: StraightPage, network: str, said: np.ndarray, rows: np.ndarray) -> None:
        seen[network] = page.cells[network]
        take(page, network, said, rows)

    monkeypatch.setattr(StraightPage, "take", note)
    return seen


@pytest.fixture
def paper(exam, upload, cut) -> Paper:
    page = filled_in(exam, "0001", ALL)
    struck = next(field for field in exam.layout.pages[0].fields if field.item == 1 and field.option == "4")
    strike(page, struck.box)
    upload(page)
    return exam.papers.get()


def put_right(paper: Paper, by, **values: str) -> None:
    for number, value in values.items():
        services.correct_answer(paper=paper, number=int(number[1:]), value=value, by=by)


def test_a_corrected_row_gives_the_bubbles_that_are_sure(exam, paper, alice, cut):
    assert corrected_marks()[1] == []
    put_right(paper, alice, _1="3")
    cells, labels, is_held_out, count = corrected_marks()
    assert (labels, count) == (["empty", "empty", "filled", "empty"], 1)  # of the struck one nothing is said
    assert cells.shape == (4, 2, 32, 32) and len(set(is_held_out)) == 1
    fields = [field for field in exam.layout.pages[0].fields if field.kind == "bubble"]
    places = [at for at, field in enumerate(fields) if field.item == 1 and field.option != "4"]
    # as when it was read, but for the JPEG between
    assert np.abs(cells[:, 0].astype(int) - cut["marks"][places]).mean() < 3
    inks = 255 - cells.astype(float).mean(axis=(2, 3))
    assert inks[2, 0] > 2 * inks[2, 1] and inks[0, 0] == pytest.approx(inks[0, 1], rel=0.3)


def test_what_is_confirmed_counts_and_a_later_correction_is_what_holds(paper, alice):
    put_right(paper, alice, _3="O", _5="07", _6="B")
    assert corrected_letters()[1] == ["B"] and corrected_letters()[0].shape == (1, 64, 64)
    assert sorted(set(corrected_marks()[1])) == ["empty", "filled"] and len(corrected_marks()[1]) == 22
    put_right(paper, alice, _6="D", _4="12")
    assert corrected_letters()[1] == ["D"]
    assert (corrected_numerals()[1], corrected_numerals()[3]) == (["1", "2", "blank"], 1)
    put_right(paper, alice, _4="123")
    assert (corrected_numerals()[1], corrected_numerals()[3]) == ([], 0)


def test_they_go_with_the_consent_the_page_and_the_exam(exam, paper, alice):
    put_right(paper, alice, _3="O")
    assert len(corrected_marks()[1]) == 2
    services.update_exam(exam=exam, is_learned_from=False)
    assert corrected_marks()[1] == []
    services.update_exam(exam=exam, is_learned_from=True)
    item = delete(rows=[exam], by=alice)
    assert corrected_marks()[1] == []
    restore(item=item, by=alice)
    assert len(corrected_marks()[1]) == 2
    default_storage.delete(paper.pages.get().image)
    assert corrected_marks()[1] == []
    paper.delete()
    assert corrected_marks()[1:] == ([], [], 0)


def test_a_student_is_held_out_or_learned_from_whatever_they_write(exam, alice):
    other = services.create_exam(owner=alice, title="Final", id_digits=2, items=[{"number": 1, "kind": "ox"}])
    services.replace_roster(
        exam=exam, rows=[RosterRow(f"{number:04}", f"Kim {number}") for number in range(60)]
    )
    held_out = []
    for one in exam.candidates.all():
        again = Candidate.objects.create(exam=other, enrollment=one.enrollment, number=one.number[2:])
        papers = [Paper(exam=row.exam, number=row.number, candidate=row) for row in (one, again)]
        assert is_of_held_out(papers[0]) == is_of_held_out(papers[1])
        held_out.append(is_of_held_out(papers[0]))
    assert 3 <= sum(held_out) <= 25
    stranger = [Paper(exam=row, number="0042") for row in (exam, other)]
    assert is_of_held_out(stranger[0]) == is_of_held_out(stranger[1])


def test_sheets_that_were_printed_elsewhere_are_cut_where_they_are_printed(harbour, alice, cut):
    services.update_exam(exam=harbour, is_learned_from=True)
    hand_in(harbour, photo(NUMBER, {**RIGHT_THERE, "q3": "AC"}))
    answer = harbour.papers.get().answers.select_related("item").get(item__name="q3")
    services.correct_answer(paper=answer.paper, number=answer.item.number, value="C", by=alice)
    cells, labels, _is_held_out, _count = corrected_marks()
    assert labels == ["empty", "filled", "empty", "empty"]  # B to E: A may have been rubbed out
    fields = harbour.layout.pages[0].fields
    places = [at for at, field in enumerate(fields) if field.item == answer.item.number][1:]
    assert np.abs(cells[:, 0].astype(int) - cut["marks"][places]).mean() < 3
    name, block = next(iter(harbour.template["values"]["fieldBlocks"].items()))
    x, y = block["origin"]
    template_exams.move_blocks(exam=harbour, blocks={name: {"origin": [x + 5, y]}})
    assert corrected_marks()[1] == []  # nobody knows any more where its boxes were


def test_the_switch_is_off_until_it_is_set_and_is_said_where_answers_are_corrected(
    exam, paper, alice, call, browse
):
    url = f"/api/exams/{exam.pk}/"
    assert (
        call(alice).patch(url, {"is_learned_from": False}, format="json").json()["is_learned_from"] is False
    )
    line = "Networks may learn from what you put right here."
    pages = [f"/exams/{exam.pk}/review/", f"/exams/{exam.pk}/papers/{paper.pk}/"]
    assert not any(line in browse(alice).get(page).text for page in pages)
    call(alice).patch(url, {"is_learned_from": True}, format="json")
    assert all(line in browse(alice).get(page).text for page in pages)
    design = browse(alice).get(f"/exams/{exam.pk}/design/").text
    assert '<input type="checkbox" name="is_learned_from" id="id_is_learned_from" checked>' in design
    fresh = services.create_exam(owner=alice, title="New", items=[{"number": 1, "kind": "ox"}])
    assert call(alice).get(f"/api/exams/{fresh.pk}/").json()["is_learned_from"] is False


def test_the_switch_of_a_template_exam_is_beside_its_key(harbour, alice, browse):
    page = browse(alice)
    assert 'name="is_learned_from"' in page.get(f"/exams/{harbour.pk}/key/").text
    typed = {f"points-{item.number}": "1" for item in harbour.items.all()}
    page.post(f"/exams/{harbour.pk}/key/", {"title": "Harbour", "is_learned_from": "on", **typed})
    harbour.refresh_from_db()
    assert harbour.is_learned_from
