"""Rules, orders, states and grades in what leaves the exam: its file for another site, workbook, reports, releases."""

import io
import json
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from grading import services, tasks
from grading.key.orders import read_orders
from grading.models import Exam, ExamImport
from grading.papers.scores import settle
from grading.papers.states import set_states
from grading.results.exports import results
from grading.results.item_analysis import item_analysis
from grading.results.releases import settled_papers
from grading.tests.classes import hand_in
from grading.tests.drawing import filled_in
from grading.transfer import imports
from grading.transfer.exam_export import export_exam
from school.roster.rows import RosterRow
from trash import services as trash

ITEMS = [
    {"number": 1, "kind": "choice", "answer": "1", "marking": {"weights": {"2": 0.5}, "incorrect": -1}},
    {"number": 2, "kind": "choice", "answer": ["1", "3"], "points": 2, "marking": {"partial": "each"}},
    {"number": 3, "kind": "choice", "answer": "5", "marking": {"counts": "bonus"}},
]
GRADES = {"achievement": [90, 80], "five": [10, 34, 66, 90]}


@pytest.fixture
def graded(alice, upload) -> Exam:
    """Two versions in different orders; Park is exempt and handed in, Choi has a recognised score."""
    exam = services.create_exam(owner=alice, title="Two", language="en", id_digits=4, versions=2, items=ITEMS)
    orders = read_orders("2: 3 2 1", list(exam.items.all()), 2)
    exam = services.update_exam(
        exam=exam, orders=orders, rounding="0.5", is_never_negative=True, grades=GRADES
    )
    names = {"0001": "Kim", "0002": "Lee", "0003": "Park", "0004": "Choi"}
    services.replace_roster(exam=exam, rows=[RosterRow(*one, "3-1") for one in names.items()])
    upload(
        filled_in(exam, "0001", {1: "2", 2: "1", 3: "5"}),
        filled_in(exam, "0002", {1: "5", 2: "1,3", 3: "1"}, version=2),
        filled_in(exam, "0003", {1: "1"}),
        to=exam,
    )
    people = {one.number: one for one in exam.candidates.all()}
    set_states(exam=exam, students=[people["0003"]], state="exempt", by=alice)
    set_states(exam=exam, students=[people["0004"]], state="recognised", recognised_score=2.5, by=alice)
    return exam


def as_seen(exam: Exam) -> str:
    rows = results(exam)
    for row in rows:
        row.pop("paper")
    return json.dumps([rows, item_analysis(exam)])


def taken_in(content: bytes, owner) -> ExamImport:
    asked = imports.submit_import(owner=owner, file=SimpleUploadedFile("exam.zip", content))
    tasks.import_exam(str(asked.job_id))
    return ExamImport.objects.select_related("job", "exam").get(pk=asked.pk)


def test_rules_orders_states_and_grades_travel(graded, bob):
    scores = {row["student"]: row["score"] for row in results(graded)}
    assert scores == {"0001": 2.5, "0002": 4, "0003": None, "0004": 2.5}
    copy = taken_in(b"".join(export_exam(graded)), bob).exam
    assert as_seen(copy) == as_seen(graded)
    assert (copy.orders, copy.grades, copy.rounding) == (graded.orders, GRADES, "0.5")
    assert [item.marking for item in copy.items.all()] == [item["marking"] for item in ITEMS]


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (("items", 0, "marking"), {"counts": "twice"}),
        (("items", 0, "marking"), {"weights": {"9": 1}}),
        (("orders", 0, "item"), 9),
        (("orders", 0, "options"), ["1", "1"]),
        (("roster", 3, "recognised_score"), None),
        (("about", "grades"), {"five": [1]}),
        (("about", "rounding"), "7"),
    ],
)
def test_what_was_changed_in_the_file_is_refused(graded, bob, where, what):
    archive = zipfile.ZipFile(io.BytesIO(b"".join(export_exam(graded))))
    files = {name: archive.read(name) for name in archive.namelist()}
    document = json.loads(files["exam.json"])
    part = document
    for step in where[:-1]:
        part = part[step]
    part[where[-1]] = what
    files["exam.json"] = json.dumps(document).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as changed:
        for name, content in files.items():
            changed.writestr(name, content)
    asked = taken_in(out.getvalue(), bob)
    assert asked.exam is None and asked.job.status == "failed" and asked.job.error


def test_the_workbook_has_states_and_grades(call, alice, graded):
    book = b"".join(call(alice).get(f"/api/exams/{graded.pk}/results.xlsx").streaming_content)
    header, *rows = load_workbook(io.BytesIO(book)).worksheets[0].iter_rows(values_only=True)
    told = {row[header.index("Number")]: dict(zip(header, row, strict=True)) for row in rows}
    assert told["0002"]["5 grades"] == 2 and told["0002"]["Achievement A–E"] == "A"
    assert (told["0003"]["Status"], told["0003"]["Score"]) == ("Exempt", None)
    assert (told["0004"]["Status"], told["0004"]["Score"]) == ("Recognised score", 2.5)


def test_the_report_says_why_there_is_no_score(call, alice, graded):
    answer = call(alice).get(f"/api/exams/{graded.pk}/report.pdf")
    assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF")


def test_a_paper_that_does_not_count_is_not_given_out(graded):
    assert {paper.number for paper in settled_papers(graded)} == {"0001", "0002"}


def test_answers_of_pages_that_were_removed_are_in_no_preview(graded, alice):
    other = services.create_exam(owner=alice, title="Other", items=ITEMS[:1])
    item = trash.delete(rows=[other], by=alice)
    paper = graded.papers.get(number="0002")
    paper.answers.filter(item__number=2).update(trashed=item)
    settle(graded, [paper])
    paper.refresh_from_db()
    items = [{"number": number} for number in (1, 2, 3)]
    assert services.preview_exam(exam=graded, items=items).scores == []
    assert paper.score == 2


def test_a_rounded_score_is_never_above_the_most_that_can_be_reached(alice):
    items = [{"number": 1, "kind": "ox", "answer": "O", "points": "9.5"}]
    exam = services.create_exam(
        owner=alice, title="Quiz", language="en", id_digits=4, items=items, rounding="1"
    )
    hand_in(exam, {"0001": {1: "O"}, "0002": {1: "X"}})
    assert [(paper.score, paper.max_score) for paper in exam.papers.order_by("number")] == [(10, 10), (0, 10)]
    assert {row["max_score"] for row in results(exam) if row["paper"]} == {10}
    change = services.preview_exam(exam=exam, rounding="0.5")
    assert (change.old_total, change.new_total) == (10, Decimal("9.5"))
