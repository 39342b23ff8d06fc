import csv
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grading import services, tasks
from grading.models import Exam
from grading.tests.conftest import ITEMS, RIGHT
from grading.tests.drawing import as_pdf, filled_in
from school.roster.rows import RosterRow

ROSTER = "학번,이름,반\n0001,김하나,1\n0002,이두리,2\n0003,박세찬,1\n"


def roster(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("roster.csv", text.encode())


@pytest.fixture
def api(call, alice):
    return call(alice)


@pytest.fixture
def paper(api, exam, upload):
    """One paper with everything right but item 1, which is empty."""
    upload(filled_in(exam, "0001", RIGHT | {1: ""}))
    [found] = api.get(f"/api/exams/{exam.pk}/papers/").data["results"]
    return api.get(f"/api/papers/{found['id']}/").data


def test_an_exam_is_made_with_one_request(api):
    answer = api.post("/api/exams/", {"title": "Final", "id_groups": "school", "items": ITEMS}, format="json")
    assert answer.status_code == 201, answer.data
    assert answer.data["items"][0]["options"] == ["1", "2", "3", "4", "5"]
    assert answer.data["items"][2]["options"] == ["O", "X"]
    assert answer.data["items"][1]["points"] == 2
    assert answer.data["id_groups"] == [["학년", 1], ["반", 2], ["번호", 2]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"options": ["1"]}, "Item 7 needs 2 to 10 different options."),
        ({"answer": "9"}, "Item 7 cannot be answered with “9”."),
        (
            {"kind": "number", "digits": 3, "answer": "3.14"},
            "Item 7 has 3 boxes, but “3.14” needs 4: one for each digit, sign and point.",
        ),
        ({"number": 1}, "Item 1 is there twice."),
    ],
)
def test_a_wrong_item_is_answered_with_its_number(api, change, words):
    item = {"number": 7, "kind": "choice", "answer": "1"} | change
    answer = api.post("/api/exams/", {"title": "Final", "items": [*ITEMS, item]}, format="json")
    assert answer.status_code == 400
    assert [error["detail"] for error in answer.data["errors"]] == [words]


def test_the_layout_says_where_every_option_of_every_item_is(api, exam):
    [page] = api.get(f"/api/exams/{exam.pk}/layout/").data["pages"]
    bubbles = {(field["item"], field["option"]) for field in page["fields"] if field["kind"] == "bubble"}
    assert {(1, str(option)) for option in range(1, 6)} <= bubbles
    assert {("id", str(digit)) for digit in range(10)} <= bubbles


def test_sheets_come_as_pdf_whatever_the_client_accepts(api, exam):
    for accept in ("application/pdf", "*/*", "text/html"):
        answer = api.get(f"/api/exams/{exam.pk}/sheet.pdf", {"copies": 2}, headers={"accept": accept})
        assert answer.status_code == 200
        assert answer.getvalue().startswith(b"%PDF")


def test_one_sheet_a_student_needs_a_roster(api, exam):
    answer = api.get(f"/api/exams/{exam.pk}/sheet.pdf?roster=1")
    assert answer.data["errors"][0]["detail"] == "This exam has no roster yet."


def test_a_roster_is_read_by_a_worker_and_its_resource_says_what_it_came_to(api, exam):
    answer = api.put(f"/api/exams/{exam.pk}/roster/", {"file": roster(ROSTER)}, format="multipart")
    assert answer.status_code == 202 and answer.data["job"]["status"] == "queued"
    tasks.read_roster(answer.data["job"]["id"])
    found = api.get(answer["Location"]).data
    assert (found["count"], found["job"]["status"]) == (3, "done")
    assert {**found["students"][1], "id": 0} == {
        "id": 0,
        "number": "0002",
        "name": "이두리",
        "class_name": "2",
        "state": "sits",
        "recognised_score": None,
    }


def test_a_preview_of_a_roster_says_what_is_in_it_and_stores_nothing(api, exam):
    url = f"/api/exams/{exam.pk}/roster/"
    answer = api.put(f"{url}?preview=true", {"file": roster(ROSTER)}, format="multipart")
    tasks.read_roster(answer.data["job"]["id"])
    found = api.get(answer["Location"]).data
    assert (found["columns"], found["problems"]) == (["학번", "이름", "반"], [])
    assert found["rows"][0] == {"number": "0001", "name": "김하나", "class_name": "1"}
    assert not exam.candidates.exists()


def test_a_roster_without_a_file_is_refused(api, exam):
    answer = api.put(f"/api/exams/{exam.pk}/roster/", {}, format="multipart")
    assert answer.status_code == 400


def test_an_upload_answers_202_with_its_place_and_its_job(api, exam):
    pdf = SimpleUploadedFile("class.pdf", as_pdf(filled_in(exam, "0001")))
    answer = api.post(f"/api/exams/{exam.pk}/scans/", {"files[]": [pdf]}, format="multipart")
    assert answer.status_code == 202, answer.data
    assert answer["Location"].endswith(f"/api/scans/{answer.data['id']}/")
    assert answer.data["job"]["status"] == "queued"


def test_the_same_idempotency_key_gives_the_same_scan(api, exam):
    def post():
        pdf = SimpleUploadedFile("class.pdf", as_pdf(filled_in(exam, "0001")))
        headers = {"idempotency-key": "monday"}
        return api.post(
            f"/api/exams/{exam.pk}/scans/", {"files[]": [pdf]}, format="multipart", headers=headers
        )

    assert post().data["id"] == post().data["id"]


def test_an_upload_of_nothing_usable_names_each_file(api, exam):
    files = [SimpleUploadedFile("notes.pdf", b"hello"), SimpleUploadedFile("empty.png", b"")]
    answer = api.post(f"/api/exams/{exam.pk}/scans/", {"files[]": files}, format="multipart")
    assert answer.status_code == 400
    details = [error["detail"] for error in answer.data["errors"]]
    assert details[0].startswith("notes.pdf: This file is not a PDF")


def test_a_scan_says_of_each_page_what_became_of_it(api, exam, upload):
    scan = upload(filled_in(exam, "0001", RIGHT), more=(SimpleUploadedFile("notes.pdf", b"hello"),))
    pages = api.get(f"/api/scans/{scan.pk}/").data["pages"]
    assert [page["status"] for page in pages][1] == "rejected"
    assert pages[1]["reason"].startswith("This file is not a PDF")
    assert pages[0]["paper"]


def test_a_paper_says_what_was_read_and_what_it_is_worth(paper):
    answers = {answer["item"]: answer for answer in paper["answers"]}
    assert paper["student"] == "0001"
    assert answers[1]["value"] == "" and answers[1]["state"] == "certain"
    assert answers[2]["value"] == "A,C" and answers[2]["points"] == 2
    assert answers[3]["value"] == "O"
    assert paper["max_score"] == 7
    assert paper["models"]


@pytest.mark.parametrize("name", ["image_url", "overlay_url"])
def test_pictures_of_a_paper_are_jpegs(api, paper, name):
    answer = api.get(paper[name])
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xff\xd8")


def test_every_answer_has_its_crop(api, paper):
    for answer in paper["answers"]:
        assert api.get(answer["crop_url"]).content.startswith(b"\xff\xd8")


def test_a_correction_changes_one_answer_and_the_score_at_once(api, paper):
    answer = api.patch(f"/api/papers/{paper['id']}/answers/1/", {"value": "3"}, format="json")
    assert answer.data["state"] == "corrected" and answer.data["points"] == 1
    after = api.get(f"/api/papers/{paper['id']}/").data
    assert after["score"] == paper["score"] + 1
    assert after["answers"][1:] == paper["answers"][1:]
    assert [(one["field"], one["old"], one["new"], one["by"]) for one in after["corrections"]] == [
        ("item 1", "", "3", "alice")
    ]


@pytest.mark.parametrize(("item", "value"), [(1, "9"), (3, "Z"), (4, "x1"), (6, "F")])
def test_an_impossible_correction_is_refused(api, paper, item, value):
    answer = api.patch(f"/api/papers/{paper['id']}/answers/{item}/", {"value": value}, format="json")
    assert answer.status_code == 400
    assert answer.data["errors"][0]["detail"] == f"Item {item} cannot be answered with “{value}”."


def test_a_corrected_student_leaves_the_answers_alone(api, paper):
    after = api.patch(f"/api/papers/{paper['id']}/", {"student": "0002"}, format="json").data
    assert after["student"] == "0002"
    assert after["answers"] == paper["answers"]


def test_review_lists_uncertain_answers_of_all_papers(api, exam, paper):
    rows = api.get(f"/api/exams/{exam.pk}/review/").data["results"]
    assert {row["item"] for row in rows} == {
        one["item"] for one in paper["answers"] if one["state"] == "review"
    }
    assert api.get(f"/api/exams/{exam.pk}/review/?item=3").data["results"] == []
    assert api.get(f"/api/exams/{exam.pk}/review/?item=x").status_code == 400


def test_results_come_as_csv_that_excel_reads(api, exam, paper):
    answer = api.get(f"/api/exams/{exam.pk}/results.csv")
    text = answer.getvalue()
    assert text.startswith(b"\xef\xbb\xbf")
    header, row = csv.reader(io.StringIO(text.decode("utf-8-sig")))
    assert header[:3] == ["Number", "Name", "Class"]
    assert row[0] == "0001" and float(row[5]) == paper["score"]


def test_results_come_as_xlsx_and_json_too(api, exam, paper):
    book = openpyxl.load_workbook(io.BytesIO(api.get(f"/api/exams/{exam.pk}/results.xlsx").getvalue()))
    assert book.worksheets[0]["A2"].value == "0001"
    assert api.get(f"/api/exams/{exam.pk}/results.json").data[0]["score"] == paper["score"]


def test_a_formula_in_a_name_stays_a_text(api, exam):
    services.replace_roster(exam=exam, rows=[RosterRow("0009", "=1+1")])
    assert ",'=1+1," in api.get(f"/api/exams/{exam.pk}/results.csv").getvalue().decode()


def test_a_changed_key_scores_at_once_and_regrade_says_who_changed(api, exam, paper):
    items = [item | ({"answer": "X"} if item["number"] == 3 else {}) for item in ITEMS]
    assert api.patch(f"/api/exams/{exam.pk}/", {"items": items}, format="json").status_code == 200
    assert api.get(f"/api/papers/{paper['id']}/").data["score"] == paper["score"] - 1
    [changed] = api.post(f"/api/exams/{exam.pk}/regrade/").data["changed"]
    assert (changed["student"], changed["change"]) == ("0001", -1)
    assert api.post(f"/api/exams/{exam.pk}/regrade/").data["changed"] == []


def test_what_is_printed_cannot_change_once_sheets_were_scanned(api, exam, paper):
    answer = api.patch(f"/api/exams/{exam.pk}/", {"items": ITEMS[:-1]}, format="json")
    assert answer.status_code == 400
    assert "already scanned" in answer.data["errors"][0]["detail"]
    assert Exam.objects.get(pk=exam.pk).items.count() == len(ITEMS)


def test_statistics_count_what_was_chosen(api, exam, paper):
    found = api.get(f"/api/exams/{exam.pk}/statistics/").data
    assert found["papers"] == 1
    third = next(item for item in found["items"] if item["item"] == 3)
    assert {"value": "O", "count": 1, "is_right": True} in third["distractors"]


def test_an_exam_that_is_gone_for_good_takes_its_scans_and_files_along(
    api, exam, paper, settings, django_capture_on_commit_callbacks
):
    assert list(settings.MEDIA_ROOT.rglob("*.jpg"))
    with django_capture_on_commit_callbacks(execute=True):
        assert api.delete(f"/api/exams/{exam.pk}/?for_good=true").status_code == 204
    assert not list((settings.MEDIA_ROOT / "exams").rglob("*.*"))


PLACES = ["", "layout/", "sheet.pdf", "scans/", "papers/", "review/", "results.csv", "statistics/", "roster/"]


@pytest.mark.parametrize("place", PLACES)
def test_another_teacher_finds_nothing_and_a_member_may_not(call, bob, charlie, exam, place):
    path = f"/api/exams/{exam.pk}/{place}"
    assert call().get(path).status_code == 401
    assert call(charlie).get(path).status_code == 403
    assert call(bob).get(path).status_code == 404


@pytest.mark.parametrize(
    "place", ["", "answers/1/crop.jpg", "pages/1.jpg", "pages/1/overlay.jpg", "student.jpg"]
)
def test_a_paper_is_its_teachers_alone(call, bob, charlie, paper, place):
    path = f"/api/papers/{paper['id']}/{place}"
    assert call().get(path).status_code == 401
    assert call(charlie).get(path).status_code == 403
    assert call(bob).get(path).status_code == 404


@pytest.mark.parametrize("number", ["\u0001", "00\n1", "1\x7f"])
def test_a_student_number_that_cannot_be_printed_is_refused_in_words(api, paper, number):
    answer = api.patch(f"/api/papers/{paper['id']}/", {"student": number}, format="json")
    assert answer.status_code == 400 and "is not a student number" in answer.data["errors"][0]["detail"]


@pytest.mark.parametrize(("item", "status"), [("9" * 5000, 200), ("²", 400), ("-1", 400), ("1", 200)])
def test_whatever_item_is_asked_for_the_review_answers(api, exam, item, status):
    assert api.get(f"/api/exams/{exam.pk}/review/", {"item": item}).status_code == status


@pytest.mark.parametrize(
    ("field", "value"),
    [("points", "sNaN"), ("points", "NaN"), ("tolerance", "Infinity"), ("options", "²")],
)
def test_what_an_item_cannot_be_is_a_400(api, field, value):
    items = [{"number": 1, "kind": "choice", "options": 5, "answer": "1", field: value}]
    answer = api.post("/api/exams/", {"title": "Final", "items": items}, format="json")
    assert answer.status_code == 400, answer.data


@pytest.mark.parametrize("options", [11, "11", "1-11", "9" * 5000])
def test_more_options_than_a_sheet_has_are_a_400(api, options):
    items = [{"number": 1, "kind": "choice", "options": options, "answer": "10"}]
    answer = api.post("/api/exams/", {"title": "Final", "items": items}, format="json")
    assert answer.status_code == 400
    assert answer.data["errors"][0]["detail"] == "Item 1 needs 2 to 10 different options."


def test_what_a_patch_leaves_out_of_an_item_stays_but_any_of_which_goes_with_its_key(api, exam):
    path = f"/api/exams/{exam.pk}/"
    any_of = [*ITEMS[:1], {**ITEMS[1], "any_of": True, "points": 3}, *ITEMS[2:]]
    api.patch(path, {"items": any_of}, format="json")
    numbers = [{"number": item["number"]} for item in ITEMS]
    kept = api.patch(path, {"items": numbers}, format="json").data["items"][1]
    assert (kept["answer"], kept["any_of"], kept["points"]) == (["A", "C"], True, 3)
    numbers[1]["answer"] = ["B", "C"]
    changed = api.patch(path, {"items": numbers}, format="json").data["items"][1]
    assert (changed["answer"], changed["any_of"], changed["points"]) == (["B", "C"], False, 3)


@pytest.mark.parametrize(
    ("item", "sentence"),
    [({"answer": "1"}, "This field is required."), ({"number": 9, "answer": "1"}, "Item 9 has no kind.")],
)
def test_a_patch_says_which_item_and_of_which_kind_a_new_one_is(api, exam, item, sentence):
    answer = api.patch(f"/api/exams/{exam.pk}/", {"items": [item]}, format="json")
    assert answer.status_code == 400
    assert answer.data["errors"][0]["detail"] == sentence


def test_an_answer_is_taken_in_any_width_and_stored_in_one(api, exam):
    items = [{"number": item["number"]} for item in ITEMS]
    items[0]["answer"], items[1]["answer"] = "⑤", "ｂ"
    data = api.patch(f"/api/exams/{exam.pk}/", {"items": items}, format="json").data["items"]
    assert [data[0]["answer"], data[1]["answer"]] == ["5", "B"]
