import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grading.models import Exam, Paper
from grading.services import create_exam
from grading.tests.conftest import RIGHT
from grading.tests.drawing import as_jpeg, as_pdf, filled_in
from grading.views import rosters as roster_views
from tests.support.tiers import seldom

PAGES = ["exam", "design", "sheet", "scans", "papers", "review", "results", "statistics"]
ACTIONS = ["delete", "roster", "regrade"]


KEYLESS = [{"number": 1, "kind": "choice"}]


@pytest.fixture
def page(browse, alice):
    return browse(alice)


@pytest.fixture
def paper(exam, upload) -> Paper:
    upload(filled_in(exam, "0001", RIGHT | {1: ""}))
    return exam.papers.get()


def blocks(*rows: dict, **more) -> dict:
    """What the design page posts."""
    fields = {
        "title": "Quiz",
        "language": "en",
        "paper": "A4",
        "id_kind": "digits",
        "id_digits": 5,
        "versions": 1,
    }
    fields |= {"block-TOTAL_FORMS": len(rows), "block-INITIAL_FORMS": 0} | more
    for index, row in enumerate(rows):
        whole = {"kind": "choice", "count": 1, "options": "1-5", "digits": 3, "points": 1, "key": ""} | row
        fields |= {f"block-{index}-{name}": value for name, value in whole.items()}
    return fields


def test_the_list_shows_own_exams_only(page, browse, bob, exam):
    assert b"Midterm" in page.get("/exams/").content
    assert b"Midterm" not in browse(bob).get("/exams/").content


def test_an_exam_is_typed_as_blocks_with_a_key(page):
    rows = [
        {"count": 3, "options": "A-E", "key": "A B,C D/E", "points": 2},
        {"kind": "number", "count": 2, "key": "5:-12 4:7"},
        {"kind": "ox", "count": 2, "key": "O\nX"},
    ]
    answer = page.post("/exams/new/", blocks(*rows))
    items = list(Exam.objects.get().items.all())
    assert answer.url == reverse("grading:sheet", args=[Exam.objects.get().pk])
    assert [item.answer for item in items] == ["A", ["B", "C"], ["D", "E"], "7", "-12", "O", "X"]
    assert [item.any_of for item in items[:3]] == [False, False, True]
    assert items[0].points == 2


def test_each_version_has_its_line_of_the_key(page):
    page.post("/exams/new/", blocks({"count": 2, "key": "1 2\n3 4"}, versions=2))
    first, second = Exam.objects.get().items.all()
    assert [first.key(1), first.key(2), second.key(1), second.key(2)] == ["1", "3", "2", "4"]


@pytest.mark.parametrize("options", ["11", "1-11", "9" * 5000])
def test_more_options_than_a_sheet_has_are_refused(page, options):
    answer = page.post("/exams/new/", blocks({"options": options, "key": "10"}))
    assert "Item 1 needs 2 to 10 different options." in answer.text
    assert not Exam.objects.exists()


def test_a_key_with_commas_is_an_answer_for_each_item(page):
    page.post("/exams/new/", blocks({"count": 20, "key": ",".join("12345" * 4)}))
    assert [item.answer for item in Exam.objects.get().items.all()] == list("12345" * 4)


def test_what_is_wrong_with_a_key_is_said_at_its_block(page):
    answer = page.post("/exams/new/", blocks({"count": 2, "key": "1 2"}, {"count": 20, "key": "3 1 5"}))
    _first, second = answer.context["blocks"]
    sentence = "The key has 3 of 20 answers: 17 missing. Write ? where one is not known yet."
    assert second.errors == {"key": [sentence]}
    assert 'id="id_block-1-key_error"' in answer.text
    assert not Exam.objects.exists()


def test_versions_have_a_line_each_and_agree_on_what_several_answers_mean(page):
    three = blocks({"count": 2, "key": "1 2\n3 4\n5 1"}, versions=2)
    assert (
        "These are 3 lines for 2 versions: write one line for each." in page.post("/exams/new/", three).text
    )
    other = blocks({"count": 2, "key": "1/2 2\n1+2 4"}, versions=2)
    assert "Item 1: write 1+3 where both are to be marked" in page.post("/exams/new/", other).text
    assert not Exam.objects.exists()


@pytest.mark.parametrize("count", [10**24, *seldom([1050])])
def test_more_blocks_than_an_exam_has_are_refused_without_showing_them_all(page, exam, count):
    for address in ("/exams/new/", f"/exams/{exam.pk}/design/"):
        answer = page.post(address, blocks({}, **{"block-TOTAL_FORMS": count}))
        assert "An exam has at most 50 blocks of items." in answer.text
        assert len(answer.context["blocks"].forms) == 100


def test_blocks_that_were_removed_do_not_count(page):
    rows = [{"key": "1", "DELETE": "on"}] * 49 + [{"key": "1"}] * 2
    assert page.post("/exams/new/", blocks(*rows)).status_code == 302


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"key": "7"}, "Item 1 cannot be answered with “7”."),
        ({"key": "2:2"}, "The key names item 2, but these are items 1 to 1."),
        ({"key": "1 2"}, "The key has 2 answers, but there are 1 items."),
        ({"key": "x:1"}, "Item 1 cannot be answered with “x:1”."),
        ({"options": "1"}, "Item 1 needs 2 to 10 different options."),
        ({"key": "9" * 5000 + ":1"}, "but these are items 1 to 1."),
        ({"key": "٣:1"}, "Item 1 cannot be answered with “٣:1”."),
        ({"options": "²", "key": "1"}, "Item 1 needs 2 to 10 different options."),
        ({"points": "sNaN"}, "Enter a number."),
        ({"points": "NaN"}, "Enter a number."),
        ({"points": "-Infinity"}, "Enter a number."),
        ({"kind": "number", "tolerance": "sNaN"}, "Enter a number."),
    ],
)
def test_a_wrong_key_is_said_in_words_and_what_was_typed_stays(page, row, words):
    answer = page.post("/exams/new/", blocks(row))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert 'value="Quiz"' in answer.content.decode()
    assert not Exam.objects.exists()


def test_the_design_page_shows_the_exam_as_it_was_typed_and_saving_it_changes_nothing(page, exam):
    shown = page.get(f"/exams/{exam.pk}/design/").context
    data = {
        f"{form.prefix}-{name}": form.initial.get(name, "")
        for form in shown["blocks"]
        for name in form.fields
    }
    data = {
        name: "" if value is None else value for name, value in data.items() if not name.endswith("DELETE")
    }
    data |= {
        "block-TOTAL_FORMS": len(shown["blocks"].forms),
        "block-INITIAL_FORMS": len(shown["blocks"].forms),
    }
    data |= {name: shown["form"].initial.get(name, "digits") for name in shown["form"].fields}
    before = list(exam.items.values())
    assert page.post(f"/exams/{exam.pk}/design/", data).status_code == 302
    assert list(exam.items.values()) == before


def test_a_sheet_is_previewed(page, exam):
    assert page.get(f"/exams/{exam.pk}/sheet/1.png").content.startswith(b"\x89PNG")


def test_an_upload_leads_to_its_scan_and_the_scan_to_its_papers(page, exam):
    files = [
        SimpleUploadedFile("class.pdf", as_pdf(filled_in(exam, "0001"))),
        SimpleUploadedFile("one.jpg", as_jpeg(filled_in(exam, "0002"))),
    ]
    answer = page.post(f"/exams/{exam.pk}/scans/", {"files": files}, follow=True)
    scan = exam.scans.get()
    assert answer.redirect_chain[0][0] == scan.get_absolute_url()
    assert "class.pdf" in answer.text and "1 page" not in answer.text  # which nobody has counted yet
    assert page.get(reverse("grading:result", args=[scan.job_id])).url == scan.get_absolute_url()


def test_a_page_is_to_review_as_long_as_its_paper_is(page, exam, upload):
    scan = upload(filled_in(exam, "0001", RIGHT | {1: "1,4"}), filled_in(exam, "0002", RIGHT))
    waiting = page.get(f"/exams/{exam.pk}/papers/?status=review").context["page"].object_list
    counts = page.get(scan.get_absolute_url()).context["counts"]
    assert (len(waiting), counts["review"], counts["read"]) == (1, 1, 1)


def test_an_upload_of_nothing_usable_says_why(page, exam):
    answer = page.post(f"/exams/{exam.pk}/scans/", {"files": [SimpleUploadedFile("notes.pdf", b"hello")]})
    assert "notes.pdf: This file is not a PDF" in answer.content.decode()
    assert not exam.scans.exists()


def test_the_paper_page_draws_every_reading_beside_its_crop(page, paper):
    html = page.get(paper.get_absolute_url()).content.decode()
    for answer in paper.answers.all():
        assert f'data-reading="{answer.pk}"' in html
        assert reverse("grading:api-crop", args=[paper.pk, answer.item.number]) in html


def test_a_correction_by_htmx_answers_with_the_new_score(page, paper):
    url = reverse("grading:correct_answer", args=[paper.exam_id, paper.pk, 1])
    html = page.post(url, {"value": "3"}, headers={"hx-request": "true"}).content.decode()
    assert "Corrected" in html and 'id="score"' in html
    assert paper.answers.get(item__number=1).state == "corrected"


def test_a_correction_from_a_page_that_is_older_than_another_says_so(page, paper):
    url = reverse("grading:correct_answer", args=[paper.exam_id, paper.pk, 1])
    shown = paper.answers.get(item__number=1).value
    page.post(url, {"value": "3", "was": shown}, headers={"hx-request": "true"})
    html = page.post(url, {"value": "4", "was": shown}, headers={"hx-request": "true"}).content.decode()
    assert "in another window" in html
    assert paper.answers.get(item__number=1).value == "3"
    assert 'name="was" value="3"' in html


def test_a_correction_without_scripts_leads_back_to_the_paper(page, paper):
    url = reverse("grading:correct_answer", args=[paper.exam_id, paper.pk, 1])
    assert page.post(url, {"value": "3"}).url == paper.get_absolute_url()
    assert "Item 1 cannot be" in page.post(url, {"value": "8"}, follow=True).content.decode()


def test_whose_paper_it_is_can_be_corrected(page, paper):
    page.post(reverse("grading:correct_student", args=[paper.exam_id, paper.pk]), {"student": "0044"})
    paper.refresh_from_db()
    assert paper.number == "0044"


def test_a_roster_with_mistakes_leaves_the_old_one_and_says_which_rows_are_wrong(page, exam, read_roster):
    read_roster("number,name\n1,Kim\n", exam)
    read_roster("number\n2\n2\n", exam)
    shown = page.get(reverse("grading:sheet", args=[exam.pk])).content.decode()
    assert "Row 3: the student number 2 is there twice." in shown
    assert [student.number for student in exam.candidates.all()] == ["1"]


def test_a_roster_that_waits_is_said_to_wait(page, exam, monkeypatch):
    monkeypatch.setattr(roster_views, "PATIENCE", 0)
    file = SimpleUploadedFile("a.csv", b"number,name\n1,Kim\n")
    answer = page.post(reverse("grading:roster", args=[exam.pk]), {"file": file}, follow=True)
    assert f'id="job-{exam.roster_uploads.get().job_id}"' in answer.content.decode()


def test_a_paper_that_is_right_as_it_is_leaves_the_review(page, exam, upload):
    upload(filled_in(exam))
    paper = exam.papers.get()
    assert "student_missing" in paper.reasons and "empty_paper" in paper.reasons
    page.post(reverse("grading:accept", args=[exam.pk, paper.pk]))
    paper.refresh_from_db()
    assert paper.status == "graded"


def test_a_copy_can_be_kept_as_another_students_paper(page, browse, bob, exam, paper, upload):
    copy = upload(filled_in(exam, "0001", RIGHT | {1: ""})).pages.get()
    url = reverse("grading:keep_page", args=[exam.pk, copy.pk])
    assert url in page.get(copy.scan.get_absolute_url()).content.decode()
    assert browse(bob).post(url).status_code == 404
    assert page.post(url).url == exam.papers.last().get_absolute_url()
    assert exam.papers.count() == 2


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_an_exam_are_its_teachers_alone(page, browse, bob, charlie, exam, paper, name):
    url = reverse(f"grading:{name}", args=[exam.pk])
    assert page.get(url).status_code == 200
    assert browse().get(url).url.startswith("/account/login/")
    assert browse(charlie).get(url).status_code == 403
    assert browse(bob).get(url).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
def test_only_the_teacher_changes_an_exam(browse, bob, charlie, exam, name):
    url = reverse(f"grading:{name}", args=[exam.pk])
    assert browse(charlie).post(url).status_code == 403
    assert browse(bob).post(url).status_code == 404
    assert Exam.objects.filter(pk=exam.pk).exists()


def test_papers_that_come_before_the_key_have_statistics_that_say_so(page, call, alice):
    exam = create_exam(owner=alice, title="Early", language="en", items=KEYLESS)
    Paper.objects.create(exam=exam)
    assert "enter it" in page.get(reverse("grading:statistics", args=[exam.pk])).content.decode()
    found = call(alice).get(f"/api/exams/{exam.pk}/statistics/").data
    assert (found["left_out"]["in_review"], found["items"], found["mean"]) == (1, [], None)
