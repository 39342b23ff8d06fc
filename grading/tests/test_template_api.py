"""Sheets that were printed elsewhere: a template goes in, photos of its sheets come out graded."""

import csv
import io

import pytest
from django.core.files.storage import default_storage

from grading.models import Exam
from grading.sheet.tests import template_sheets as sheets
from grading.sheet.tests.template_files import SCHEMES, evaluation, with_key, with_table, with_values
from grading.tests.forms_of_others import (
    NUMBER,
    QUESTIONS,
    RIGHT,
    hand_in,
    photo,
    template_uploads,
    uploads,
    zipped,
)
from grading.trash import purge_exam
from trash import services as trash


@pytest.fixture
def api(call, alice):
    return call(alice)


def post(api, files, **fields):
    return api.post("/api/templates/", {"files": files, **fields})


def test_a_template_becomes_an_exam_with_its_names_and_its_key(api):
    answer = post(api, template_uploads(), title="Harbour", language="en")
    assert answer.status_code == 201 and answer["Location"].endswith(f"/api/exams/{answer.data['id']}/")
    assert (answer.data["title"], answer.data["has_template"], answer.data["id_digits"]) == (
        "Harbour",
        True,
        6,
    )
    assert [item["name"] for item in answer.data["items"]] == QUESTIONS
    first = answer.data["items"][0]
    assert (first["kind"], first["options"], first["answer"]) == ("choice", list("ABCDE"), "A")
    assert (first["points"], first["marking"]) == (3, {"incorrect": -0.25, "unmarked": 0})


def test_a_photo_of_its_sheet_becomes_a_graded_paper(api, harbour):
    answers = {**RIGHT, "q1": "B", "q2": ""}
    scan = hand_in(harbour, photo(NUMBER, answers))
    assert [(page.status, page.reason) for page in scan.pages.all()] == [("read", "")]
    paper = harbour.papers.get()
    assert (paper.number, paper.status) == (NUMBER, "graded")
    assert {answer.item.name: answer.value for answer in paper.answers.all()} == answers
    assert (float(paper.score), float(paper.max_score)) == (18 * 3 - 0.25, 60)
    crop = api.get(f"/api/papers/{paper.pk}/answers/{paper.answers.first().item.number}/crop.jpg")
    whole = api.get(f"/api/papers/{paper.pk}/pages/1.jpg")
    assert crop["Content-Type"] == whole["Content-Type"] == "image/jpeg"
    assert api.get(f"/api/papers/{paper.pk}/student.jpg").status_code == 200
    content = b"".join(api.get(f"/api/exams/{harbour.pk}/results.csv").streaming_content).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(content))
    assert header[7:27] == QUESTIONS and row[0] == NUMBER and row[7:27] == list(answers.values())
    assert api.get(f"/api/exams/{harbour.pk}/statistics/").data["papers"] == 1


def test_two_marks_and_a_missing_number_are_for_a_person(api, harbour):
    hand_in(harbour, photo(NUMBER, {**RIGHT, "q3": "AC"}), photo("     ", RIGHT, "other.jpg"))
    doubtful = harbour.papers.get(number=NUMBER).answers.get(item__name="q3")
    assert (doubtful.value, doubtful.reason) == ("A,C", "two_marks")
    assert harbour.papers.get(number="").reasons == ["student_missing"]
    url = f"/api/papers/{doubtful.paper_id}/answers/{doubtful.item.number}/"
    assert api.patch(url, {"value": "C"}, format="json").status_code == 200
    assert float(harbour.papers.get(number=NUMBER).score) == 60


def test_another_sheet_is_turned_away_and_a_copy_is_told(harbour):
    scan = hand_in(
        harbour,
        photo(NUMBER, RIGHT),
        photo(NUMBER, RIGHT, "again.jpg"),
        *uploads({"a.png": sheets.encoded(sheets.marker(900))}),
    )
    assert [page.reason for page in scan.pages.all()] == ["", "duplicate_page", "not_this_form"]


def test_a_changed_key_scores_all_papers_anew_without_reading_them_again(api, harbour):
    hand_in(harbour, photo(NUMBER, {**RIGHT, "q1": "AC"}))
    assert harbour.papers.get().answers.get(item__name="q1").reason == "two_marks"
    number = harbour.items.get(name="q1").number
    change = {"items": [{"number": number, "kind": "choice", "answer": ["A", "C"], "points": 5}]}
    answer = api.patch(f"/api/exams/{harbour.pk}/", change, format="json")
    assert answer.status_code == 200, answer.data
    paper = harbour.papers.get()
    assert (paper.status, float(paper.score), float(paper.max_score)) == ("graded", 62, 62)
    assert harbour.items.count() == 20


@pytest.mark.parametrize("change", [{"id_digits": 4}, {"versions": 2}, {"paper": "Letter"}])
def test_what_is_on_the_sheets_cannot_be_changed(api, harbour, change):
    answer = api.patch(f"/api/exams/{harbour.pk}/", change, format="json")
    assert answer.status_code == 400
    assert answer.data["errors"][0]["detail"] == "What is on these sheets is fixed by their template."


def test_there_is_nothing_to_print(api, harbour):
    answer = api.get(f"/api/exams/{harbour.pk}/sheet.pdf")
    assert answer.status_code == 400 and "printed elsewhere" in answer.data["errors"][0]["detail"]


@pytest.mark.parametrize("kind", ["markers", "blank"])
def test_pictures_that_a_template_names_are_kept_with_it(api, kind):
    files = sheets.files(sheets.MARKERS if kind == "markers" else sheets.BLANK)
    answer = post(api, [zipped(files, "inputs/")])
    assert answer.status_code == 201, answer.data
    assert answer.data["title"] == "northern harbour"
    exam = Exam.objects.get(pk=answer.data["id"])
    assert list(exam.template["pictures"]) == ["marker.png" if kind == "markers" else "blank.png"]
    hand_in(exam, photo(NUMBER, RIGHT, kind=kind))
    assert exam.papers.get().number == NUMBER


WRONG = {
    "There is no template.json among these files.": {"marker.png": b"x"},
    "template.json is not a JSON file. Please check it for a missing comma or quote.": {
        "template.json": b"{"
    },
    "template.json: pageDimensions is missing. Please add it, for example [1654, 2339].": {
        "template.json": b"{}"
    },
    "The file marker.png, which the template needs, is not there. Please put it there, or correct its path.": {
        "template.json": sheets.files(sheets.MARKERS)["template.json"]
    },
    "Item q1 cannot be answered with “Z”.": with_key(evaluation(["q1"], ["Z"])),
    "The right answer of q1 cannot be read. Please write it like this: q1,A.": with_table(b"q1\n"),
    "q1: what a bubble means is one letter or several, without a comma.": {
        **with_values("a,b", "c", fieldLabels=["q1"]),
    },
}


@pytest.mark.parametrize("sentence", WRONG)
def test_a_wrong_template_is_one_sentence_that_names_the_part(api, sentence):
    answer = post(api, uploads(WRONG[sentence]))
    assert answer.status_code == 400
    assert answer.data["errors"] == [{"code": "invalid", "detail": sentence, "attr": "files"}]
    assert not Exam.objects.exists()


def test_nothing_and_too_much_are_refused(api, monkeypatch):
    assert post(api, []).data["errors"][0]["detail"] == "Please choose a file."
    monkeypatch.setattr("grading.reading.template_files.MOST_BYTES", 100)
    assert post(api, template_uploads()).status_code == 400


def test_points_of_a_key_are_those_of_each_answer(api):
    key = evaluation(["q1..3"], [["A", "B"], [["A", 2], ["B", "1/2"]], "AB"], marking_schemes=SCHEMES)
    exam = Exam.objects.get(pk=post(api, template_uploads(key)).data["id"])
    one, two, three = exam.items.filter(name__in=["q1", "q2", "q3"])
    assert (one.answer, one.any_of) == (["A", "B"], True)
    assert (two.answer, two.points, two.marking["accepted"]) == ("A", 2, {"A": 2, "B": 0.5})
    assert (three.answer, three.any_of, three.takes_several(1)) == (["A", "B"], False, True)
    assert exam.items.get(name="q4").answer == ""
    hand_in(exam, photo(NUMBER, {"q1": "B", "q2": "B", "q3": "AB", "q4": "A"}))
    points = dict(exam.papers.get().answers.values_list("item__name", "points"))
    assert [float(points[name]) for name in ("q1", "q2", "q3", "q4")] == [3, 0.5, 3, 0]


def test_fields_that_are_joined_are_one_item(api):
    joined = {"customLabels": {"Roll": ["roll1..5"], "code": ["medium", "q20"]}}
    answer = post(api, uploads(sheets.files(sheets.PAGE, **joined)))
    exam = Exam.objects.get(pk=answer.data["id"])
    item = exam.items.get(name="code")
    assert (item.kind, item.options) == ("joined", [["E", "H"], list("ABCD")])
    api.patch(
        f"/api/exams/{exam.pk}/",
        {"items": [{"number": item.number, "kind": "joined", "answer": "HC"}]},
        format="json",
    )
    hand_in(exam, photo("H50091", {"q20": "C"}))
    answer = exam.papers.get(number="50091").answers.get(item=item)
    assert (answer.value, answer.points) == ("HC", 1)


def test_a_block_is_put_where_it_is_printed(api, harbour):
    places = {"left": {"origin": [151, 759.5], "labelsGap": 55.2}}
    answer = api.patch(f"/api/exams/{harbour.pk}/template/", {"blocks": places}, format="json")
    assert answer.status_code == 200, answer.data
    left = api.get(f"/api/exams/{harbour.pk}/template/").data["fieldBlocks"]["left"]
    assert (left["origin"], left["labelsGap"], left["bubblesGap"]) == ([151, 759.5], 55.2, 62)
    hand_in(Exam.objects.get(pk=harbour.pk), photo(NUMBER, RIGHT))
    assert harbour.papers.get().score == 60


@pytest.mark.parametrize(
    "blocks",
    [
        {"nowhere": {"origin": [1, 1]}},
        {"left": {"origin": [9000, 1]}},
        {"left": {"labelsGap": 1}},
        {"left": {"origin": "x"}},
    ],
)
def test_a_block_that_cannot_be_there_is_refused(api, harbour, blocks):
    answer = api.patch(f"/api/exams/{harbour.pk}/template/", {"blocks": blocks}, format="json")
    assert answer.status_code == 400
    assert Exam.objects.get(pk=harbour.pk).template == harbour.template


def test_an_exam_of_ones_own_has_no_template(api, exam):
    assert api.get(f"/api/exams/{exam.pk}/template/").status_code == 404


def test_a_restored_template_reads_as_before(api, harbour):
    item = trash.delete(rows=[harbour], by=harbour.owner)
    trash.restore(item=item, by=harbour.owner)
    hand_in(harbour, photo(NUMBER, RIGHT))
    assert harbour.papers.get().score == 60


def test_its_files_go_with_it_for_good(api, django_capture_on_commit_callbacks):
    answer = post(api, uploads(sheets.files(sheets.MARKERS)))
    harbour = Exam.objects.get(pk=answer.data["id"])
    path = harbour.folder
    assert default_storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):
        purge_exam(exam=harbour)
    assert not default_storage.exists(path)
