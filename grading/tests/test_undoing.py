"""Corrections that are taken back, one save after the other, also long after."""

import pytest
from django.core.exceptions import ValidationError

from accounts.grants import Right, grant
from grading import services, tasks
from grading.models import Exam, Paper, ScanPage
from grading.papers.versions import correct_version
from grading.reading import rejected_pages
from grading.removals import remove_paper
from grading.review.undoing import undo_correction, undoable
from grading.tests.drawing import filled_in
from grading.tests.test_rejected_pages import CHOICES, GIVEN, LONG, values, without_markers

ALL = dict.fromkeys(range(1, 101), "1")


@pytest.fixture
def quiz(alice) -> Exam:
    return services.create_exam(owner=alice, title="Quiz", language="en", id_digits=4, items=CHOICES)


@pytest.fixture
def paper(quiz, upload) -> Paper:
    upload(filled_in(quiz, "0042", GIVEN | {2: "1,4"}), to=quiz)
    return quiz.papers.get()


def answer_of(paper: Paper, number: int) -> tuple:
    answer = paper.answers.get(item__number=number)
    return answer.value, answer.state, answer.reason, answer.points


def undo(paper: Paper, by, place: int = 0):
    return undo_correction(correction=paper.corrections.filter(undoes=None)[place], by=by)


def test_an_answer_is_as_it_was_read_again(paper, alice):
    before = answer_of(paper, 2), paper.status, paper.score
    services.correct_answer(paper=paper, number=2, value="1", by=alice)
    paper.refresh_from_db()
    assert paper.score == 2 and paper.status == "graded"
    undo(paper, alice)
    paper.refresh_from_db()
    assert (answer_of(paper, 2), paper.status, paper.score) == before
    last = paper.corrections.first()
    assert (last.old, last.new, last.by, last.undoes.new) == ("1", "1,4", alice, "1")


def test_saves_are_taken_back_one_after_the_other(paper, alice, english):
    for value in ("1", "2", "3"):
        services.correct_answer(paper=paper, number=2, value=value, by=alice)
    services.correct_answer(paper=paper, number=3, value="5", by=alice)
    with pytest.raises(ValidationError, match="take that back first"):
        undo(paper, alice, place=2)
    undo(paper, alice, place=1)
    assert answer_of(paper, 2)[:2] == ("2", "corrected")
    undo(paper, alice, place=2)
    undo(paper, alice, place=3)
    assert answer_of(paper, 2)[:2] == ("1,4", "review")
    with pytest.raises(ValidationError, match="already"):
        undo(paper, alice, place=3)
    assert answer_of(paper, 3)[0] == "5"


def test_a_correction_after_an_undo_can_be_taken_back_too(paper, alice):
    services.correct_answer(paper=paper, number=2, value="1", by=alice)
    undo(paper, alice)
    services.correct_answer(paper=paper, number=2, value="4", by=alice)
    undo(paper, alice)
    assert answer_of(paper, 2)[:2] == ("1,4", "review")


def test_whose_paper_it_is_goes_back(paper, alice):
    services.correct_student(paper=paper, number="0050", by=alice)
    undo(paper, alice)
    paper.refresh_from_db()
    assert paper.number == "0042"


def test_a_paper_that_was_joined_to_another_is_by_itself_again(alice, upload):
    long = services.create_exam(owner=alice, title="Long", language="en", id_digits=4, items=LONG)
    upload(filled_in(long, "0041", ALL), filled_in(long, "0042", ALL, page=2), to=long)
    services.correct_answer(paper=long.papers.get(number="0042"), number=100, value="2", by=alice)
    joined = services.correct_student(paper=long.papers.get(number="0042"), number="0041", by=alice)
    assert joined.reasons == [] and joined.pages.count() == 2
    shown = undo(joined, alice)
    assert [
        (one.number, one.pages.get().sheet_page, one.reasons) for one in long.papers.order_by("number")
    ] == [
        ("0041", 1, ["missing_page"]),
        ("0042", 2, ["missing_page"]),
    ]
    assert (shown.number, values(shown)[100]) == ("0042", "2")
    undo(shown, alice, place=1)
    assert answer_of(shown, 100)[:2] == ("1", "certain")


def test_what_was_let_pass_is_asked_again(quiz, upload, alice):
    upload(filled_in(quiz, "0042", GIVEN), filled_in(quiz, "0042", {1: "5", 2: "5", 3: "5"}), to=quiz)
    paper = services.accept_paper(paper=quiz.papers.first(), by=alice)
    assert not paper.reasons
    undo(paper, alice)
    paper.refresh_from_db()
    assert (paper.reasons, paper.status) == (["duplicate_student"], "review")


def test_a_page_that_was_assigned_or_typed_in_waits_for_a_place_again(quiz, upload, alice):
    scan = upload(without_markers(quiz, filled_in(quiz, "0042", GIVEN)), to=quiz)
    paper = rejected_pages.type_in_page(page=scan.pages.get(), student="0050", sheet_page=1, by=alice)
    assert undo(paper, alice) == scan.pages.get()
    assert (scan.pages.get().reason, scan.pages.get().placed) == ("taken_out", "print")
    assert not Paper.objects.exists()
    corners = [[0, 0], [1, 0], [1, 1], [0, 1]]
    rejected_pages.assign_page(page=scan.pages.get(), student="0042", sheet_page=1, by=alice, corners=corners)
    tasks.read_page()
    assert undo(quiz.papers.get(), alice).is_rejected and not Paper.objects.exists()


def test_an_answer_that_was_typed_in_waits_for_typing_again(quiz, upload, alice):
    scan = upload(without_markers(quiz, filled_in(quiz, "0042", GIVEN)), to=quiz)
    paper = rejected_pages.type_in_page(page=scan.pages.get(), student="0050", sheet_page=1, by=alice)
    services.correct_answer(paper=paper, number=1, value="3", by=alice)
    undo(paper, alice)
    assert answer_of(paper, 1)[:3] == ("", "review", "typed_in")


def test_the_page_and_programs_take_back(paper, browse, call, alice, bob):
    services.correct_answer(paper=paper, number=2, value="1", by=alice)
    services.correct_answer(paper=paper, number=3, value="1", by=alice)
    newest, older = paper.corrections.all()
    page = browse(alice).get(paper.get_absolute_url()).content.decode()
    assert page.count("/undo/") == 2 and "Item 3" in page
    url = f"{paper.get_absolute_url()}corrections/{newest.pk}/undo/"
    assert browse(bob).post(url).status_code == 404
    assert browse(alice).post(url).url == paper.get_absolute_url()
    assert "Taken back" in browse(alice).get(paper.get_absolute_url()).content.decode()
    assert "already" in browse(alice).post(url, follow=True).content.decode()
    place = f"/api/papers/{paper.pk}/corrections/{older.pk}/undo/"
    assert call(bob).post(place).status_code == 404
    grant(row=paper.exam, who="bob", right=Right.VIEW, by=alice)
    assert call(bob).post(place).status_code == 404
    assert browse(bob).get(paper.get_absolute_url()).content.decode().count("/undo/") == 0
    grant(row=paper.exam, who="bob", right=Right.MARK, by=alice)
    answer = call(bob).post(place).json()
    log = answer["corrections"]
    assert [(one["by"], one["undoes"], one["is_undone"]) for one in log] == [
        ("bob", older.pk, False),
        ("alice", newest.pk, False),
        ("alice", None, True),
        ("alice", None, True),
    ]
    assert call(bob).post(place).status_code == 400
    assert call(bob).post(f"/api/papers/{paper.pk}/corrections/999/undo/").status_code == 404


def test_the_last_page_of_a_paper_leaves_nothing_behind_for_programs(quiz, upload, call, alice):
    scan = upload(without_markers(quiz, filled_in(quiz, "0042", GIVEN)), to=quiz)
    paper = rejected_pages.type_in_page(page=scan.pages.get(), student="0050", sheet_page=1, by=alice)
    place = f"/api/papers/{paper.pk}/corrections/{paper.corrections.get().pk}/undo/"
    assert call(alice).post(place).status_code == 204
    assert ScanPage.objects.get().is_rejected


def test_an_answer_on_a_page_that_took_anothers_place_is_not_as_the_other_was_corrected(quiz, upload, alice):
    upload(filled_in(quiz, "0042", GIVEN), to=quiz)
    paper = quiz.papers.get()
    services.correct_answer(paper=paper, number=2, value="3", by=alice)
    scan = upload(without_markers(quiz, filled_in(quiz, "0042", GIVEN)), to=quiz)
    same = {"student": "0042", "sheet_page": 1, "if_there": "replace"}
    page = scan.pages.get()
    rejected_pages.type_in_page(page=page, by=alice, answers={1: "1", 2: "5", 3: "5"}, **same)
    services.correct_answer(paper=quiz.papers.get(), number=2, value="4", by=alice)
    undo(quiz.papers.get(), alice)
    assert answer_of(quiz.papers.get(), 2)[:2] == ("5", "corrected")


def test_a_page_that_left_a_paper_with_others_is_not_offered_to_be_taken_out_again(alice, upload):
    long = services.create_exam(owner=alice, title="Long", language="en", id_digits=4, items=LONG)
    upload(filled_in(long, "0042", ALL), to=long)
    scan = upload(without_markers(long, filled_in(long, "0042", ALL, page=2)), to=long)
    paper = rejected_pages.type_in_page(page=scan.pages.get(), student="0042", sheet_page=2, by=alice)
    undo(paper, alice)
    assert undoable(paper.corrections.select_related("undone_by")) == set()
    assert [one.by for one in paper.corrections.exclude(undoes=None)] == [alice]


def test_what_two_teachers_do_with_one_paper_at_once_is_logged_as_it_was(quiz, upload, alice, english):
    upload(filled_in(quiz, "0042", GIVEN), to=quiz)
    one, two = quiz.papers.get(), quiz.papers.get()  # as both have it on their screens
    services.correct_student(paper=one, number="0050", by=alice)
    services.correct_student(paper=two, number="0051", by=alice)
    assert [(log.old, log.new) for log in one.corrections.all()] == [("0050", "0051"), ("0042", "0050")]
    undo(quiz.papers.get(), alice)
    assert quiz.papers.get().number == "0050"
    remove_paper(paper=quiz.papers.get(), by=alice)
    for change in (
        lambda: services.correct_student(paper=one, number="0052", by=alice),
        lambda: services.accept_paper(paper=one, by=alice),
        lambda: correct_version(paper=one, version=1, by=alice),
        lambda: undo(one, alice, place=1),
    ):
        with pytest.raises(ValidationError, match="no longer there"):
            change()


def test_a_copy_is_kept_as_a_paper_of_its_own_once(quiz, upload, alice, english):
    upload(filled_in(quiz, "0042", GIVEN), filled_in(quiz, "0042", GIVEN), to=quiz)
    [page] = ScanPage.objects.filter(reason="duplicate_page")
    again = ScanPage.objects.get(pk=page.pk)
    services.keep_page(page=page, by=alice)
    with pytest.raises(ValidationError, match="taken for a copy"):
        services.keep_page(page=again, by=alice)
    assert quiz.papers.count() == 2
