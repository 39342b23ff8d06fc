import errno
import io
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from grading import services
from grading.forms.blocks import item_blocks
from grading.key.items import options_from
from grading.models import Exam
from grading.tests.conftest import ITEMS, RIGHT
from grading.tests.drawing import as_pdf, filled_in
from school.roster.rows import RosterRow

LONG = [{"number": number, "kind": "choice", "answer": "1"} for number in range(1, 101)]


@pytest.fixture
def paper(exam, upload):
    upload(filled_in(exam, "0001", RIGHT))
    return exam.papers.get()


@pytest.mark.parametrize(
    ("given", "labels"),
    [
        (4, ["1", "2", "3", "4"]),
        ("1-5", ["1", "2", "3", "4", "5"]),
        ("A–C", ["A", "B", "C"]),
        ("ㄱ-ㅁ", ["ㄱ", "ㄴ", "ㄷ", "ㄹ", "ㅁ"]),
        ("가~다", ["가", "나", "다"]),
        ("yes, no", ["yes", "no"]),
        (["T", "F"], ["T", "F"]),
    ],
)
def test_options_are_understood_as_people_write_them(given, labels):
    assert options_from(given) == labels


def test_every_wrong_item_is_named_at_once(alice):
    items = [{"number": 1, "kind": "ox", "answer": "5"}, {"number": 2, "kind": "letter", "answer": "Z"}]
    with pytest.raises(ValidationError) as refusal:
        services.create_exam(owner=alice, title="Bad", items=items)
    assert len(refusal.value.messages) == 2
    assert not Exam.objects.exists()


def test_an_exam_without_items_is_refused(alice):
    with pytest.raises(ValidationError):
        services.create_exam(owner=alice, title="Empty", items=[])


def test_a_roster_that_comes_late_finds_its_students(exam, paper):
    services.replace_roster(exam=exam, rows=[RosterRow("0001", "Kim")])
    paper.refresh_from_db()
    assert paper.candidate.name == "Kim" and "not_on_roster" not in paper.reasons
    services.replace_roster(exam=exam, rows=[RosterRow("0002", "Lee")])
    paper.refresh_from_db()
    assert paper.candidate is None and paper.reasons == ["not_on_roster"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04rubbish", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n" + b"x" * 300])
def test_what_cannot_be_a_table_of_students_is_refused_at_once(exam, alice, data):
    with pytest.raises(ValidationError):
        services.submit_roster(exam=exam, file=SimpleUploadedFile("r.csv", data), owner=alice)


def test_a_changed_key_counts_at_once_but_a_correction_stays(exam, paper, alice):
    services.correct_answer(paper=paper, number=3, value="X", by=alice)
    items = [item | ({"answer": "4"} if item["number"] == 1 else {}) for item in ITEMS]
    services.update_exam(exam=exam, items=items)
    answers = {answer.item.number: answer for answer in paper.answers.select_related("item")}
    assert (answers[1].value, answers[1].points) == ("3", 0)
    assert (answers[3].value, answers[3].state, answers[3].points) == ("X", "corrected", 0)


def test_a_key_that_asks_for_two_marks_makes_two_marks_an_answer(exam, upload):
    upload(filled_in(exam, "0001", {1: "1,2"}))
    items = [item | ({"answer": ["1", "2"]} if item["number"] == 1 else {}) for item in ITEMS]
    assert exam.papers.get().answers.get(item__number=1).reason == "two_marks"
    services.update_exam(exam=exam, items=items)
    answer = exam.papers.get().answers.get(item__number=1)
    assert (answer.state, answer.points) == ("certain", 1)


def test_regrade_tells_each_change_once(exam, paper, alice):
    before = float(paper.score)
    items = [item | ({"points": 5} if item["number"] == 1 else {}) for item in ITEMS]
    services.update_exam(exam=exam, items=items)
    assert [(old, new) for _paper, old, new in services.regrade(exam=exam)] == [(before, before + 4)]
    assert services.regrade(exam=exam) == []


def test_a_correction_is_logged_with_who_when_old_and_new(paper, alice):
    services.correct_answer(paper=paper, number=1, value="5", by=alice)
    services.correct_student(paper=paper, number="0007", by=alice)
    student, item = paper.corrections.all()
    assert (item.by, item.field, item.old, item.new) == (alice, "item 1", "3", "5")
    assert (student.field, student.old, student.new) == ("student", "0001", "0007")


def test_a_correction_of_the_student_settles_both_namesakes(exam, upload, alice):
    upload(filled_in(exam, "0001", RIGHT), filled_in(exam, "0001", RIGHT | {1: "5"}))
    first, second = exam.papers.all()
    assert first.reasons == second.reasons == ["duplicate_student"]
    services.correct_student(paper=second, number="0002", by=alice)
    assert [paper.reasons for paper in exam.papers.all()] == [[], []]


def test_a_page_whose_student_was_unknown_joins_the_paper_it_completes(alice, upload):
    exam = services.create_exam(owner=alice, title="Long", id_digits=4, items=LONG)
    upload(filled_in(exam, "0042", {1: "1"}, page=1), filled_in(exam, "", {100: "1"}, page=2), to=exam)
    lost = exam.papers.get(number="")
    whole = services.correct_student(paper=lost, number="0042", by=alice)
    assert exam.papers.get() == whole
    assert (whole.reasons, whole.score, whole.answers.count()) == ([], 2, 100)


def test_a_page_that_was_taken_for_a_copy_can_be_kept(exam, paper, upload, alice):
    scan = upload(filled_in(exam, "0001", RIGHT))
    kept = services.keep_page(page=scan.pages.get(), by=alice)
    assert [one.reasons for one in exam.papers.all()] == [["duplicate_student"]] * 2
    services.correct_student(paper=kept, number="0002", by=alice)
    assert [(one.number, one.reasons, one.score) for one in exam.papers.all()] == [
        ("0001", [], paper.score),
        ("0002", [], paper.score),
    ]
    with pytest.raises(ValidationError):
        services.keep_page(page=scan.pages.get(), by=alice)


def test_several_marks_are_corrected_in_any_order(paper, alice):
    assert services.correct_answer(paper=paper, number=2, value="C, A", by=alice).value == "A,C"


def test_points_of_a_written_answer_are_given_by_correcting_it(alice, upload):
    items = [{"number": 1, "kind": "open", "points": "3"}]
    exam = services.create_exam(owner=alice, title="Essay", id_digits=4, items=items)
    upload(filled_in(exam, "0001"), to=exam)
    paper = exam.papers.get()
    assert paper.status == "review"
    services.correct_answer(paper=paper, number=1, value="2.5", by=alice)
    paper.refresh_from_db()
    assert (paper.score, paper.max_score, paper.status) == (Decimal("2.5"), 3, "graded")
    with pytest.raises(ValidationError):
        services.correct_answer(paper=paper, number=1, value="4", by=alice)


def test_an_exam_comes_back_as_blocks_that_look_alike(exam):
    blocks = item_blocks(exam)
    assert [(block["kind"], block["count"], block["key"]) for block in blocks] == [
        ("choice", 1, "3"),
        ("choice", 1, "A+C"),
        ("ox", 1, "O"),
        ("number", 1, "12"),
        ("digits_grid", 1, "7"),
        ("letter", 1, "B"),
    ]


@pytest.mark.parametrize("how", [{"version": 2}, {"copies": 0}, {"for_roster": True}])
def test_sheets_that_cannot_be_are_refused(exam, how):
    with pytest.raises(ValidationError):
        services.write_sheets(exam=exam, out=io.BytesIO(), **how)


def test_of_an_upload_that_could_not_be_kept_no_file_stays(exam, alice, monkeypatch, settings):
    files = [SimpleUploadedFile(f"{name}.pdf", as_pdf(filled_in(exam, "0001", RIGHT))) for name in "ab"]

    def fill_the_disk(name, content):
        if "0001" in name:
            raise OSError(errno.ENOSPC, "No space left on device")
        return save(name, content)

    save = default_storage.save
    monkeypatch.setattr(default_storage, "save", fill_the_disk)
    with pytest.raises(OSError, match="No space"):
        services.submit_scans(exam=exam, uploads=files, owner=alice)
    assert not exam.scans.exists() and not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
