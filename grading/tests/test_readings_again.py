"""A scan that is read again, and pages of students who have theirs already."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.grants import Right, grant
from audit.models import Entry
from grading import removals, services, tasks
from grading.archive import archive_exam
from grading.models import Answer, Exam, Paper, Scan, ScanPage
from grading.papers.versions import correct_version
from grading.reading import rejected_pages
from grading.reading.again import read_scan_again
from grading.tests.drawing import as_jpeg, as_pdf, filled_in
from grading.tests.test_rejected_pages import CHOICES, GIVEN, states, values, without_markers
from jobs.models import Job, Status
from trash import services as trash

OTHER = {1: "4", 2: "5", 3: "1"}


@pytest.fixture
def quiz(alice) -> Exam:
    return services.create_exam(owner=alice, title="Quiz", language="en", id_digits=4, items=CHOICES)


@pytest.fixture
def again(alice):
    """As a worker does it."""

    def read(scan: Scan) -> Scan:
        read_scan_again(scan=scan, by=alice)
        tasks.read_scan(str(scan.job_id))
        return Scan.objects.get(pk=scan.pk)

    return read


def rows_of(exam: Exam) -> list[tuple]:
    pages = ScanPage.objects.filter(scan__exam=exam).order_by("pk")
    return [(row.pk, row.page, row.paper_id, row.status, row.reason, row.image) for row in pages]


def papers_of(exam: Exam) -> list[tuple]:
    return [(one.pk, one.number, one.score, one.reasons, values(one)) for one in exam.papers.order_by("pk")]


def test_nothing_is_doubled_and_corrections_stay(quiz, upload, again, alice):
    scan = upload(filled_in(quiz, "0042", GIVEN), filled_in(quiz, "0043", GIVEN), to=quiz)
    services.correct_answer(paper=quiz.papers.get(number="0042"), number=2, value="1", by=alice)
    services.correct_student(paper=quiz.papers.get(number="0043"), number="0044", by=alice)
    before = rows_of(quiz), papers_of(quiz)
    assert again(scan).job.status == Status.DONE
    assert (rows_of(quiz), papers_of(quiz)) == before
    assert quiz.papers.get(number="0042").answers.get(item__number=2).state == "corrected"
    assert Job.objects.count() == 1 and quiz.papers.get(number="0044").corrections.count() == 1


def test_what_was_misread_before_is_read_as_it_is_now(quiz, upload, again):
    scan = upload(filled_in(quiz, "0042", GIVEN), to=quiz)
    Answer.objects.filter(item__number=1).update(value="5", points=0, state="review", reason="faint")
    Paper.objects.update(score=0, doubts=["student_unreadable"])
    again(scan)
    paper = quiz.papers.get()
    assert (values(paper), states(paper), paper.score, paper.doubts) == (GIVEN, {("certain", "")}, 1, [])


def test_a_page_that_turns_out_to_be_another_students_takes_its_corrections_along(
    quiz,
    upload,
    again,
    alice,
):
    scan = upload(filled_in(quiz, "0042", GIVEN), to=quiz)
    services.correct_answer(paper=quiz.papers.get(), number=2, value="1", by=alice)
    Paper.objects.update(number="", doubts=["student_unreadable"])
    again(scan)
    paper = quiz.papers.get()
    assert (paper.number, values(paper)) == ("0042", {**GIVEN, 2: "1"})
    assert (paper.doubts, paper.score, paper.corrections.count()) == ([], 2, 1)


def test_rejected_pages_get_another_chance_but_not_what_lies_in_the_trash(quiz, upload, again, alice):
    scan = upload(*(filled_in(quiz, number, GIVEN) for number in ("0041", "0042", "0043")), to=quiz)
    first, second, third = scan.pages.all()
    first.answers.all().delete()
    ScanPage.objects.filter(pk=first.pk).update(paper=None, status="rejected", reason="no_markers")
    quiz.papers.get(number="0041").delete()
    removals.remove_paper(paper=second.paper, by=alice)
    again(scan)
    assert [paper.number for paper in quiz.papers.order_by("number")] == ["0041", "0043"]
    assert ScanPage.with_trashed.count() == 3
    assert ScanPage.with_trashed.get(pk=second.pk).trashed_id is not None
    assert quiz.papers.get(number="0041").pages.get().pk == first.pk
    assert quiz.papers.get(number="0043").pages.get().pk == third.pk


def test_a_page_that_a_person_placed_stays_where_it_is(quiz, upload, again, alice):
    scan = upload(without_markers(quiz, filled_in(quiz, "0042", GIVEN)), to=quiz)
    page = scan.pages.get()
    rejected_pages.type_in_page(page=page, student="0050", sheet_page=1, by=alice, answers={1: "2"})
    before = rows_of(quiz), papers_of(quiz)
    again(scan)
    assert (rows_of(quiz), papers_of(quiz)) == before


def test_what_cannot_be_read_any_more_keeps_what_was_read(quiz, upload, again, monkeypatch):
    scan = upload(filled_in(quiz, "0042", GIVEN), to=quiz)
    before = rows_of(quiz), papers_of(quiz)
    Exam.objects.filter(pk=quiz.pk).update(code="AAAAAAAA")
    again(scan)
    assert (rows_of(quiz), papers_of(quiz)) == before


def test_asked_twice_it_is_read_once(quiz, upload, call, alice):
    scan = upload(filled_in(quiz, "0042", GIVEN), to=quiz)
    answers = [call(alice).post(f"/api/scans/{scan.pk}/read-again/") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["job"]["status"] == "queued"
    assert Entry.objects.filter(verb="changed", model="scan").count() == 1


def test_strangers_read_nothing_again_and_colleagues_do(quiz, upload, call, alice, bob):
    scan = upload(filled_in(quiz, "0042", GIVEN), to=quiz)
    place = f"/api/scans/{scan.pk}/read-again/"
    assert call(bob).post(place).status_code == 404
    grant(row=quiz, who="bob", right=Right.VIEW, by=alice)
    assert call(bob).post(place).status_code == 404
    grant(row=quiz, who="bob", right=Right.MARK, by=alice)
    assert call(bob).post(place).status_code == 202


def test_an_archived_exam_reads_nothing_and_takes_nothing(quiz, upload, call, alice):
    scan = upload(filled_in(quiz, "0042", GIVEN), to=quiz)
    archive_exam(exam=quiz, is_archived=True, by=alice)
    file = SimpleUploadedFile("a.jpg", as_jpeg(filled_in(quiz)))
    for place, data in (
        (f"/api/scans/{scan.pk}/read-again/", {}),
        (f"/api/exams/{quiz.pk}/scans/", {"files": file}),
    ):
        answer = call(alice).post(place, data)
        assert answer.status_code == 400 and "archived" in answer.json()["errors"][0]["detail"]


def hand_in_again(api, exam: Exam, *pages, **how) -> Scan:
    file = SimpleUploadedFile("again.pdf", as_pdf(*pages))
    made = api.post(f"/api/exams/{exam.pk}/scans/", {"files": file, **how}).json()
    scan = Scan.objects.get(pk=made["id"])
    tasks.read_scan(str(scan.job_id))
    return scan


@pytest.mark.parametrize(
    ("how", "papers", "words"),
    [
        ({}, [GIVEN, GIVEN, OTHER], {"1 paper is of a student", "1 page was there already"}),
        ({"if_there": "replace"}, [GIVEN, OTHER], {"2 pages took the place"}),
        ({"if_there": "keep"}, [GIVEN, GIVEN, GIVEN, OTHER], {"2 papers are of students"}),
    ],
)
def test_pages_of_students_who_have_theirs_do_what_was_asked(
    quiz,
    upload,
    call,
    browse,
    alice,
    how,
    papers,
    words,
):
    upload(filled_in(quiz, "0041", GIVEN), filled_in(quiz, "0042", GIVEN), to=quiz)
    api = call(alice)
    scan = hand_in_again(api, quiz, filled_in(quiz, "0041", GIVEN), filled_in(quiz, "0042", OTHER), **how)
    assert sorted(map(str, map(values, quiz.papers.all()))) == sorted(map(str, papers))
    page = browse(alice).get(scan.get_absolute_url()).content.decode()
    assert all(sentence in page for sentence in words)
    assert api.get(f"/api/scans/{scan.pk}/").json()["if_there"] == how.get("if_there", "")


def test_a_page_that_was_replaced_waits_among_the_rejected_and_names_the_other(
    quiz, upload, call, browse, alice
):
    old = upload(filled_in(quiz, "0042", GIVEN), to=quiz)
    scan = hand_in_again(call(alice), quiz, filled_in(quiz, "0042", OTHER), if_there="replace")
    assert (old.pages.get().reason, scan.pages.get().instead_of) == ("replaced", old.pages.get())
    page = browse(alice).get(scan.get_absolute_url()).content.decode()
    assert "It took the place of page 1 of class.pdf." in page
    removals.remove_scan(scan=scan, by=alice)
    rejected_pages.assign_page(page=old.pages.get(), student="0042", sheet_page=1, by=alice)
    tasks.read_page()
    assert values(quiz.papers.get()) == GIVEN


def test_two_pages_of_one_student_in_the_same_upload_do_not_replace_each_other(quiz, call, alice):
    pages = filled_in(quiz, "0042", GIVEN), filled_in(quiz, "0042", OTHER)
    hand_in_again(call(alice), quiz, *pages, if_there="replace")
    assert quiz.papers.count() == 2 and not ScanPage.objects.filter(status="rejected").exists()


def test_the_page_asks_where_papers_are_there(quiz, upload, browse, alice):
    place = f"/exams/{quiz.pk}/scans/"
    assert "Replace the pages" not in browse(alice).get(place).content.decode()
    upload(filled_in(quiz, "0042", GIVEN), to=quiz)
    assert "Replace the pages" in browse(alice).get(place).content.decode()
    file = SimpleUploadedFile("a.jpg", as_jpeg(filled_in(quiz, "0042", OTHER)))
    answer = browse(alice).post(place, {"files": file, "if_there": "burn"}, follow=True)
    assert "burn" in answer.content.decode() and Scan.objects.count() == 1
    file.seek(0)
    browse(alice).post(place, {"files": file, "if_there": "replace"})
    assert Scan.objects.latest("pk").if_there == "replace"


def test_a_scan_in_the_trash_is_read_by_nobody(quiz, upload, call, alice):
    scan = upload(filled_in(quiz, "0042", GIVEN), to=quiz)
    item = removals.remove_scan(scan=scan, by=alice)
    assert call(alice).post(f"/api/scans/{scan.pk}/read-again/").status_code == 404
    trash.restore(item=item, by=alice)
    assert call(alice).post(f"/api/scans/{scan.pk}/read-again/").status_code == 202


def test_a_version_that_a_person_set_stays(upload, again, alice):
    two = services.create_exam(
        owner=alice, title="Two", language="en", id_digits=4, versions=2, items=CHOICES
    )
    scan = upload(filled_in(two, "0042", GIVEN), to=two)
    correct_version(paper=two.papers.get(), version=2, by=alice)
    before = rows_of(two), papers_of(two)
    again(scan)
    assert (rows_of(two), papers_of(two), two.papers.get().version) == (*before, 2)


def test_what_was_corrected_is_scored_by_the_key_of_the_version_that_it_turns_out_to_be(upload, again, alice):
    items = [one | {"answer": "1", "answers": ["1", "2"]} for one in CHOICES]
    two = services.create_exam(owner=alice, title="Two", language="en", id_digits=4, versions=2, items=items)
    scan = upload(filled_in(two, "0042", GIVEN), to=two)
    Paper.objects.update(version=2)  # as if its version had been misread
    services.correct_answer(paper=two.papers.get(), number=2, value="2", by=alice)
    assert two.papers.get().answers.get(item__number=2).points == 1
    again(scan)
    answer = two.papers.get().answers.get(item__number=2)
    assert (two.papers.get().version, answer.value, answer.state, answer.points) == (1, "2", "corrected", 0)
