"""From files to graded papers, through the real pages, printed and filled in."""

import io
import json
import zipfile

import cv2
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grading import services, tasks
from grading.models import Exam, Scan
from grading.reading.cells import PageReading
from grading.reading.files import store_page as really_store_page
from grading.reading.so_far import ReadSoFar
from grading.sheet.code import PageCode
from grading.sheet.interpret import LETTERS, MARKS, NUMERALS
from grading.sheet.tests.bombs import laughing_pdf
from grading.tests.drawing import PX, as_jpeg, as_pdf, filled_in, printed, write
from jobs.models import Job
from registry.models import BUILT_IN, ModelVersion
from registry.services import begin_shadow
from registry.tests.weights import mistaking
from school.roster.rows import RosterRow
from uploads import sandbox
from uploads.sandbox import Sandbox

CHOICES = [{"number": number, "kind": "choice", "answer": "1"} for number in range(1, 4)]
LONG = [{"number": number, "kind": "choice", "answer": "1"} for number in range(1, 101)]


def states(scan: Scan) -> list[tuple[str, str]]:
    return [(page.status, page.reason) for page in scan.pages.all()]


def values(paper) -> dict[int, str]:
    return {answer.item.number: answer.value for answer in paper.answers.select_related("item")}


def pdf(*pages) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.pdf", as_pdf(*pages))


@pytest.fixture
def quiz(alice) -> Exam:
    return services.create_exam(owner=alice, title="Quiz", id_digits=4, items=CHOICES)


@pytest.fixture
def long(alice) -> Exam:
    return services.create_exam(owner=alice, title="Long", id_digits=4, items=LONG)


def test_a_filled_in_sheet_becomes_a_graded_paper(quiz, upload):
    scan = upload(filled_in(quiz, "0042", {1: "1", 2: "2", 3: ""}), to=quiz)
    paper = quiz.papers.get()
    assert scan.job.status == "done" and states(scan) == [("read", "")]
    assert (paper.number, paper.status) == ("0042", "graded")
    assert values(paper) == {1: "1", 2: "2", 3: ""}
    assert (paper.score, paper.max_score) == (1, 3)
    assert scan.readers.count() == 2


def test_a_version_in_the_shadow_reads_the_same_cells_unseen(quiz, upload, background_at_once):
    empty, filled = MARKS.index("empty"), MARKS.index("filled")
    shadow = begin_shadow(version=mistaking("marks", empty, filled), percent=100)
    scan = upload(filled_in(quiz, "0042", {1: "1", 2: "2", 3: ""}), to=quiz)
    assert values(quiz.papers.get()) == {1: "1", 2: "2", 3: ""}
    assert shadow.live in scan.readers.all() and shadow.version not in scan.readers.all()
    shadow.refresh_from_db()
    bubbles = 3 * 5 + 4 * 10
    assert (shadow.requests, shadow.compared, shadow.agreed) == (1, bubbles, 0)
    said = {(row.live["name"], row.own["name"]) for row in shadow.disagreements.all()}
    assert said == {("empty", "mark"), ("mark", "empty")}


@pytest.mark.parametrize("turn", [cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE])
def test_a_turned_sheet_gives_the_same_answers(quiz, upload, turn):
    page = filled_in(quiz, "0042", {1: "1", 2: "2", 3: "5"})
    upload(cv2.rotate(page, turn), to=quiz)
    assert values(quiz.papers.get()) == {1: "1", 2: "2", 3: "5"}


def test_a_blank_sheet_has_not_one_mark_and_says_what_is_missing(exam, upload):
    upload(printed(exam)[0])
    paper = exam.papers.get()
    assert set(values(paper).values()) == {""}
    assert paper.reasons == ["student_missing", "empty_paper"]


def test_what_the_picture_does_not_show_is_not_certainly_empty(quiz, upload):
    page = filled_in(quiz, "1001", {1: "1", 2: "2"})
    fields = [field.box for field in quiz.layout.pages[0].fields if field.item == 3]
    top, bottom = (round(side * PX) for side in (fields[0][1] - 2, fields[0][1] + fields[0][3] + 2))
    left, right = (round(side * PX) for side in (fields[0][0] - 3, fields[-1][0] + 9))
    page[top:bottom, left:right] = 255  # a label stuck over the third item
    paper = upload(page, to=quiz).exam.papers.get()
    assert {answer.item.number for answer in paper.answers.filter(state="review")} == {3}


def test_a_number_beside_its_row_waits_for_a_person(quiz, upload):
    page = filled_in(quiz, "0042", {2: "2"})
    rows = {
        number: [field.box for field in quiz.layout.pages[0].fields if field.item == number]
        for number in (1, 2)
    }
    for boxes in rows.values():  # the second has a mark, which is enough
        x, y, width, height = boxes[-1]
        write(page, (x + width + 1, y - 1.5, height, height + 3), "4")
    upload(page, to=quiz)
    paper = quiz.papers.get()
    assert [(answer.value, answer.reason) for answer in paper.answers.all()] == [
        ("", "beside"),
        ("2", ""),
        ("", ""),
    ]
    services.regrade(exam=quiz)
    assert paper.answers.get(item__number=1).reason == "beside"


def test_two_marks_wait_for_a_person(quiz, upload):
    upload(filled_in(quiz, "0042", {1: "1,2", 2: "2", 3: "3"}), to=quiz)
    answer = quiz.papers.get().answers.get(item__number=1)
    assert (answer.value, answer.state, answer.reason) == ("1,2", "review", "two_marks")
    assert quiz.papers.get().status == "review"


def test_a_bad_page_never_stops_the_rest(quiz, upload):
    white = np.full((2339, 1654), 255, np.uint8)
    noise = np.random.default_rng(0).integers(0, 255, (2339, 1654)).astype(np.uint8)
    pages = [filled_in(quiz, f"000{k}", {1: "1"}) for k in range(3)]
    scan = upload(pages[0], white, pages[1], noise, pages[2], to=quiz)
    assert [status for status, _reason in states(scan)] == ["read", "rejected", "read", "rejected", "read"]
    assert states(scan)[1] == ("rejected", "blank_page")
    assert quiz.papers.count() == 3


def test_a_bad_file_beside_good_ones_is_named(quiz, upload):
    bad = SimpleUploadedFile("notes.pdf", b"hello")
    scan = upload(filled_in(quiz, "0042", {1: "1"}), more=(bad,), to=quiz)
    assert states(scan) == [("read", ""), ("rejected", "unknown_kind")]
    assert scan.pages.last().file_name == "notes.pdf"


def test_a_file_that_takes_too_long_leaves_no_time_for_those_after_it(quiz, upload, monkeypatch):
    monkeypatch.setattr(sandbox, "PATIENCE", 4)
    good = as_jpeg(filled_in(quiz, "0042", {1: "1", 2: "2", 3: "5"}))
    files = SimpleUploadedFile("a.pdf", laughing_pdf()), SimpleUploadedFile("b.jpg", good)
    scan = upload(more=files, to=quiz)
    assert states(scan)[-1] == ("rejected", "left_out")


def test_photos_of_one_upload_are_numbered_through(quiz, upload):
    photos = [SimpleUploadedFile(f"{k}.jpg", as_jpeg(filled_in(quiz, f"000{k}", {1: "1"}))) for k in range(2)]
    scan = upload(more=tuple(photos), to=quiz)
    assert [(page.page, page.file_name, page.file_page) for page in scan.pages.all()] == [
        (1, "0.jpg", 1),
        (2, "1.jpg", 1),
    ]


def test_an_odd_name_inside_a_zip_does_no_harm(quiz, upload):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("반\x01\x7f 1.jpg", as_jpeg(filled_in(quiz, "0042", {1: "1"})))
    scan = upload(more=(SimpleUploadedFile("class.zip", out.getvalue()),), to=quiz)
    assert [(page.status, page.file_name) for page in scan.pages.all()] == [("read", "반 1.jpg")]


def test_a_page_of_another_exam_is_turned_away_with_its_title(quiz, exam, upload):
    scan = upload(filled_in(exam, "0042"), to=quiz)
    assert states(scan) == [("rejected", "other_exam")]
    assert scan.pages.get().detail == "Midterm"
    assert not quiz.papers.exists()


def test_another_teachers_exam_is_not_named(quiz, upload, bob):
    secret = services.create_exam(owner=bob, title="Secret", id_digits=4, items=CHOICES)
    page = upload(filled_in(secret, "0042"), to=quiz).pages.get()
    assert (page.reason, page.detail) == ("other_exam", "")


def test_a_sheet_from_before_a_change_is_turned_away(quiz, upload):
    page = filled_in(quiz, "0042", {1: "1"})
    services.update_exam(exam=quiz, items=LONG[:7])
    assert states(upload(page, to=Exam.objects.get(pk=quiz.pk))) == [("rejected", "old_sheet")]


def test_a_sheet_without_its_code_is_read_by_its_print_and_flagged(quiz, upload):
    page = filled_in(quiz, "0042", {1: "1"})
    x, y, width, height = (round(side * 200 / 25.4) for side in quiz.layout.pages[0].qr_box)
    page[y : y + height, x : x + width] = 255
    assert states(upload(page, to=quiz)) == [("review", "code_unreadable")]
    assert quiz.papers.get().reasons == ["code_unreadable"]
    assert values(quiz.papers.get())[1] == "1"


def test_the_same_page_twice_overwrites_nothing(quiz, upload):
    page = filled_in(quiz, "0042", {1: "1"})
    scan = upload(page, page, to=quiz)
    assert states(scan) == [("read", ""), ("rejected", "duplicate_page")]
    assert quiz.papers.get().answers.count() == 3
    assert states(upload(page, to=quiz)) == [("rejected", "duplicate_page")]


def test_two_students_with_one_number_both_wait_for_a_person(quiz, upload):
    upload(filled_in(quiz, "0042", {1: "1"}), filled_in(quiz, "0042", {1: "3"}), to=quiz)
    papers = quiz.papers.all()
    assert [paper.reasons for paper in papers] == [["duplicate_student"]] * 2
    assert [values(paper)[1] for paper in papers] == ["1", "3"]


def test_pages_of_a_student_come_together_across_uploads(long, upload):
    answers = dict.fromkeys(range(1, 101), "1")
    scan = upload(filled_in(long, "0042", answers, page=2), to=long)
    paper = long.papers.get()
    assert len(long.layout.pages) == 2
    assert (paper.reasons, scan.pages.get().sheet_page) == (["missing_page"], 2)
    upload(filled_in(long, "0042", answers, page=1), to=long)
    paper.refresh_from_db()
    assert (paper.reasons, paper.score, paper.status) == ([], 100, "graded")


def test_personal_sheets_need_no_written_number(exam, upload):
    services.replace_roster(exam=exam, rows=[RosterRow("K-17", "Kim"), RosterRow("0042", "Lee")])
    upload(*printed(exam, for_roster=True))
    assert sorted(paper.number for paper in exam.papers.all()) == ["0042", "K-17"]
    assert exam.papers.get(number="K-17").candidate.name == "Kim"


def test_a_number_that_is_not_on_the_roster_waits_for_a_person(quiz, upload):
    services.replace_roster(exam=quiz, rows=[RosterRow("0042", "Lee")])
    upload(filled_in(quiz, "0043", {1: "1"}), to=quiz)
    assert quiz.papers.get().reasons == ["not_on_roster"]


def test_a_bubbled_number_that_contradicts_the_print_is_never_guessed(exam, upload):
    services.replace_roster(exam=exam, rows=[RosterRow("0042"), RosterRow("0043")])
    upload(filled_in(exam, "0043", for_roster=True))
    paper = exam.papers.get()
    assert paper.number == "" and "student_disagrees" in paper.reasons


def test_a_second_execution_of_a_scan_changes_nothing(quiz, upload, settings):
    scan = upload(filled_in(quiz, "0042", {1: "1"}), to=quiz)
    files = sorted((settings.MEDIA_ROOT / "exams").rglob("*.*"))
    Job.objects.filter(pk=scan.job_id).update(status="queued")
    quiz.papers.all().delete()
    scan.pages.all().delete()
    tasks.read_scan(str(scan.job_id))
    assert quiz.papers.count() == 1
    assert sorted((settings.MEDIA_ROOT / "exams").rglob("*.*")) == files


def test_a_long_scan_gives_way_to_other_people_and_goes_on_where_it_was(
    quiz, alice, bob, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("grading.reading.files.PAGES_TOGETHER", 1)
    other = services.create_exam(owner=bob, title="Other", id_digits=4, items=CHOICES)
    sheet = pdf(filled_in(other, "0001", {1: "1"}))
    read: list[int] = []

    def store_page(scan: Scan, *page) -> object:
        if not read:  # someone else comes while the first page is read
            services.submit_scans(exam=other, uploads=[sheet], owner=bob)
        read.append(scan.exam_id)
        return really_store_page(scan, *page)

    monkeypatch.setattr("grading.reading.files.store_page", store_page)
    pages = [filled_in(quiz, f"000{number}", {1: "1", 2: "2", 3: "3"}) for number in range(1, 4)]
    long = services.submit_scans(exam=quiz, uploads=[pdf(*pages)], owner=alice)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.read_scan()
    long.job.refresh_from_db()
    assert read == [quiz.pk, other.pk, quiz.pk, quiz.pk]
    assert (long.job.status, long.job.attempt, other.scans.get().job.status) == ("done", 2, "done")
    assert [paper.score for paper in quiz.papers.order_by("number")] == [1, 1, 1]
    assert not [*ReadSoFar(long, []).names()]


def test_what_another_network_read_so_far_is_read_anew(quiz, alice):
    scan = services.submit_scans(exam=quiz, uploads=[pdf(printed(quiz)[0])], owner=alice)
    page = PageReading(1, "a.pdf", 1, code=PageCode(quiz.code, 1, 1, "", quiz.layout.fingerprint))
    first, other = ModelVersion.objects.answering("marks", "numerals")
    ReadSoFar(scan, [first]).save([page], 0, Sandbox())
    assert ReadSoFar(scan, [first]).load(Sandbox()) == [page]
    assert ReadSoFar(scan, [first, other]).load(Sandbox()) == []


def test_a_message_that_comes_twice_is_read_once(quiz, upload):
    scan = upload(filled_in(quiz, "0042", {1: "1"}), to=quiz)
    tasks.read_scan(str(scan.job_id))
    assert scan.pages.count() == 1


def test_a_missing_network_is_a_sentence(quiz, alice):
    tasks.ModelVersion.objects.filter(kind="marks").update(state="retired")
    pdf = SimpleUploadedFile("a.pdf", as_pdf(filled_in(quiz)))
    scan = services.submit_scans(exam=quiz, uploads=[pdf], owner=alice)
    tasks.read_scan(str(scan.job_id))
    scan.job.refresh_from_db()
    assert (scan.job.status, scan.job.error) == ("failed", tasks.NO_WEIGHTS)


def test_versions_have_their_own_keys(alice, upload):
    items = [{"number": 1, "kind": "choice", "answer": "1", "answers": ["1", "2"]}]
    exam = services.create_exam(owner=alice, title="Two", id_digits=4, versions=2, items=items)
    upload(
        filled_in(exam, "0001", {1: "2"}, version=1), filled_in(exam, "0002", {1: "2"}, version=2), to=exam
    )
    assert [(paper.version, paper.score) for paper in exam.papers.all()] == [(1, 0), (2, 1)]


@pytest.mark.parametrize(
    ("kind", "classes"), [("marks", MARKS), ("numerals", NUMERALS), ("letters", LETTERS)]
)
def test_the_committed_networks_answer_in_the_order_that_is_interpreted(kind, classes):
    assert json.loads((BUILT_IN / f"{kind}.json").read_text())["classes"] == list(classes)


def test_a_network_that_is_older_than_a_class_gives_it_nothing():
    rows = np.array([[0.1, 0.7, 0.2]], np.float32)
    assert np.allclose(tasks.in_order(rows, ["b", "a", "c"], ["a", "b", ",", "c"]), [[0.7, 0.1, 0, 0.2]])
