"""An exam that travels: exported as one file, and taken in by another site, or refused with a sentence."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.grants import Right, grant
from accounts.models import User
from audit.models import Entry
from grading import services, tasks
from grading.key.orders import orders_from
from grading.models import Exam, ExamImport, PageCells, Scan, SheetLayout
from grading.papers.scores import rescore
from grading.papers.states import set_states
from grading.reading import rejected_pages
from grading.reading.again import read_scan_again
from grading.results.exports import results
from grading.results.grades import USUAL
from grading.results.item_analysis import item_analysis
from grading.review.rubrics import save_rubric
from grading.tests.conftest import RIGHT
from grading.tests.drawing import filled_in
from grading.tests.forms_of_others import NUMBER, hand_in, photo
from grading.tests.forms_of_others import RIGHT as ANSWERS
from grading.tests.test_rejected_pages import without_markers
from grading.transfer import imports
from grading.transfer.exam_export import export_exam
from jobs.models import Job
from jobs.services import kept_bytes
from school.models import Student
from school.roster.rows import RosterRow
from trash import services as trash


def exported(exam: Exam) -> bytes:
    return b"".join(export_exam(exam))


@pytest.fixture
def take_in(bob):
    """As a worker does it, as Bob's; answers what was asked."""

    def take(content: bytes, owner: User | None = None) -> ExamImport:
        file = SimpleUploadedFile("exam.zip", content)
        asked = imports.submit_import(owner=owner or bob, file=file)
        tasks.import_exam(str(asked.job_id))
        return ExamImport.objects.select_related("job", "exam").get(pk=asked.pk)

    return take


@pytest.fixture
def used(exam, upload, alice) -> Exam:
    """With a roster, an absent student, a doubt, corrections, a typed page and a rejected one."""
    rows = [RosterRow(f"00{number}", f"Kim {number}", "3-1") for number in range(41, 46)]
    services.replace_roster(exam=exam, rows=rows)
    pages = [filled_in(exam, f"00{number}", {**RIGHT, 1: str(number - 40)}) for number in range(41, 44)]
    scan = upload(*pages, *(without_markers(exam, page.copy()) for page in pages[:2]))
    services.correct_answer(paper=exam.papers.get(number="0041"), number=4, value="12", by=alice)
    page = scan.pages.filter(status="rejected").first()
    rejected_pages.type_in_page(page=page, student="0044", sheet_page=1, by=alice, answers={1: "3"})
    return exam


def as_seen(exam: Exam) -> dict[str, Any]:
    """All that people see of it, without keys of rows."""
    rows = results(exam)
    for row in rows:
        row.pop("paper")
    pages = exam.scans.get().pages.order_by("page", "part")
    shown = [(one.page, one.status, one.reason, one.sheet_page, one.placed, str(one.paper)) for one in pages]
    corrections = [
        (one.field, one.old, one.new, one.at)
        for paper in exam.papers.order_by("number")
        for one in paper.corrections.all()
    ]
    papers = [(paper.number, paper.reasons, paper.status) for paper in exam.papers.order_by("number")]
    analysis = json.dumps(item_analysis(exam))
    return {"rows": rows, "pages": shown, "corrections": corrections, "papers": papers, "all": analysis}


@pytest.mark.django_db
def test_it_comes_to_another_site_as_it_was(used, take_in, alice, bob, django_capture_on_commit_callbacks):
    before, content = as_seen(used), exported(used)
    layouts = list(used.layouts.values_list("key", "content"))
    code = used.code
    trash.purge(item=trash.delete(rows=[used], by=alice))
    Student.objects.all().delete()
    assert not Exam.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        asked = take_in(content)
    assert (asked.job.status, asked.job.error, asked.file.name) == ("done", "", "")
    moved = Exam.objects.get()
    assert (asked.exam, moved.owner, moved.code, moved.title) == (moved, bob, code, "Midterm")
    assert as_seen(moved) == before
    assert list(moved.layouts.values_list("key", "content")) == layouts
    assert {one.by for paper in moved.papers.all() for one in paper.corrections.all()} == {None}
    rescore(moved)
    assert as_seen(moved) == before  # also from what the networks said
    assert sum(kept_bytes(bob.pk)) == sum(
        default_storage.size(file["path"]) for file in moved.scans.get().files
    )


@pytest.mark.django_db
def test_it_goes_on_there_scans_are_read_and_pictures_shown(used, take_in, bob, upload, call):
    moved = take_in(exported(used)).exam
    assert moved.code != used.code and Exam.objects.count() == 2
    for paper in moved.papers.all():
        for page in paper.pages.filed():
            assert call(bob).get(f"/api/papers/{paper.pk}/pages/{page.sheet_page}.jpg").status_code == 200
            assert call(bob).get(f"/api/papers/{paper.pk}/answers/1/evidence/").status_code == 200
    Exam.objects.filter(pk=used.pk).update(code="AAAAAAAA")
    Exam.objects.filter(pk=moved.pk).update(code=used.code)
    before = as_seen(moved)
    scan = read_scan_again(scan=moved.scans.get(), by=bob)
    tasks.read_scan(str(scan.job_id))
    assert Scan.objects.get(pk=scan.pk).job.status == "done"
    assert as_seen(Exam.objects.get(pk=moved.pk)) == before


@pytest.mark.django_db
def test_nobodys_account_is_in_it(used, alice):
    alice.first_name, alice.email = "Alice-of-Alices", "alice@example.org"
    alice.save()
    archive = zipfile.ZipFile(io.BytesIO(exported(used)))
    texts = [archive.read(name) for name in archive.namelist() if name.endswith(".json")]
    assert texts and not any(b"alice" in text.lower() for text in texts)


@pytest.mark.django_db
def test_what_lies_in_the_trash_stays_behind(used, take_in, alice):
    trash.delete(rows=[used.papers.get(number="0042")], by=alice)
    moved = take_in(exported(used)).exam
    assert sorted(paper.number for paper in moved.papers.all()) == ["0041", "0043", "0044"]
    assert "0042" in [row["student"] for row in results(moved) if row["status"] == "absent"]


@pytest.mark.django_db
def test_an_exam_of_a_template_travels_too(harbour, take_in, alice, bob):
    hand_in(harbour, photo(NUMBER, ANSWERS), photo("     ", ANSWERS, "other.jpg"))
    before = [(paper.number, paper.score) for paper in harbour.papers.all()]
    asked = take_in(exported(harbour))
    assert asked.job.error == ""
    assert [(paper.number, paper.score) for paper in asked.exam.papers.all()] == before
    assert set(asked.exam.template["pictures"]) == set(harbour.template["pictures"])
    assert all(path.startswith(asked.exam.folder) for path in asked.exam.template["pictures"].values())


@pytest.mark.django_db
def test_an_exam_without_papers_travels_too(exam, take_in):
    assert take_in(exported(exam)).exam.items.count() == 6


@pytest.mark.django_db
def test_rules_rubrics_orders_grades_and_states_come_along(take_in, alice):
    items = [{"number": number, "kind": "choice", "options": 4, "answer": "2"} for number in (1, 2)]
    items[0]["marking"] = {"incorrect": -0.5, "counts": "bonus"}
    items.append({"number": 3, "kind": "open", "points": 4})
    how = {"versions": 2, "rounding": "0.5", "is_never_negative": True, "grades": {"nine": USUAL["nine"]}}
    exam = services.create_exam(owner=alice, title="Shuffled", language="en", items=items, **how)
    save_rubric(exam=exam, number=3, rows=[{"points": 4, "note": "All of it"}, {"points": 1}], by=alice)
    places = [
        {"version": 2, "place": 1, "item": 2},
        {"version": 2, "place": 2, "item": 1, "options": "4 3 2 1"},
    ]
    orders = orders_from([*places, {"version": 2, "place": 3, "item": 3}], exam.items.all(), 2)
    exam = services.update_exam(exam=exam, orders=orders)
    services.replace_roster(exam=exam, rows=[RosterRow("41", "Kim"), RosterRow("42", "Lee")])
    for student, state, score in (("41", "recognised", 3), ("42", "absent", None)):
        students = exam.candidates.filter(number=student)
        set_states(exam=exam, students=students, state=state, recognised_score=score, by=alice)
    asked = take_in(exported(exam))
    assert asked.job.error == ""
    for name in ("versions", "rounding", "is_never_negative", "grades", "orders"):
        assert getattr(asked.exam, name) == getattr(exam, name), name
    parts = ("answer", "answers", "marking", "rubric", "shuffled", "points")
    assert list(asked.exam.items.values(*parts)) == list(exam.items.values(*parts))
    kept = ("number", "state", "recognised_score")
    assert list(asked.exam.candidates.values(*kept)) == list(exam.candidates.values(*kept))


def test_an_exam_whose_points_were_lowered_travels_with_its_rubric_and_recognised_scores(take_in, alice):
    items = [{"number": 1, "kind": "open", "points": 4}, {"number": 2, "kind": "open", "points": 4}]
    exam = services.create_exam(owner=alice, title="Essay", language="en", items=items)
    for number in (1, 2):
        save_rubric(exam=exam, number=number, rows=[{"points": 4, "note": "All of it"}], by=alice)
    services.replace_roster(exam=exam, rows=[RosterRow("41", "Kim")])
    recognised = {"state": "recognised", "recognised_score": 8}
    set_states(exam=exam, students=exam.candidates.all(), by=alice, **recognised)
    items = [{"number": 1, "kind": "open", "points": 2}, {"number": 2, "kind": "ox", "answer": "O"}]
    services.update_exam(exam=exam, items=items)
    asked = take_in(exported(exam))
    assert asked.job.error == ""
    assert [row["points"] for row in asked.exam.items.get(number=1).rubric] == [4]
    assert asked.exam.items.get(number=2).rubric == []
    assert asked.exam.candidates.get().recognised_score == 8


def remade(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    archive = zipfile.ZipFile(io.BytesIO(content))
    files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as again:
        for name, data in files.items():
            again.writestr(name, data)
    return out.getvalue()


def changed(name: str, change: Callable[[Any], Any]) -> Callable[[dict[str, bytes]], None]:
    def apply(files: dict[str, bytes]) -> None:
        data = json.loads(files[name])
        result = change(data)
        files[name] = json.dumps(data if result is None else result).encode()

    return apply


def put(name: str, data: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.update({name: data})


def first_jpg(files: dict[str, bytes]) -> str:
    return next(name for name in files if name.endswith(".jpg"))


CELLS, PAPERS = "cells/0-0000.json", "papers/000000.json"
HOSTILE = {
    "another format": (changed("manifest.json", lambda one: one.update(format="x")), "no exam"),
    "a manifest that is a list": (changed("manifest.json", lambda one: [one]), "no exam"),
    "a newer one": (changed("manifest.json", lambda one: one.update(version=2)), "newer release"),
    "no JSON": (put("exam.json", b"{"), "damaged"),
    "deep JSON": (put("exam.json", b"[" * 100_000 + b"]" * 100_000), "damaged"),
    "not a number": (put(PAPERS, b"[NaN]"), "damaged"),
    "large JSON": (put(PAPERS, b" " * 20_000_001 + b"[]"), "damaged"),
    "no papers": (lambda files: files.pop(PAPERS), "scans were changed"),
    "a NUL": (changed("exam.json", lambda one: one["about"].update(title="a\0")), "items, key or roster"),
    "half a pair": (
        changed("exam.json", lambda one: one["about"].update(title="\ud800")),
        "items, key or roster",
    ),
    "no items": (changed("exam.json", lambda one: one.update(items=[])), "items, key or roster"),
    "twice an item": (changed("exam.json", lambda one: one["items"].append(one["items"][0])), "items, key"),
    "a huge paper": (changed("exam.json", lambda one: one["about"].update(id_digits=10**30)), "items, key"),
    "odd marking": (changed("exam.json", lambda one: one["items"][0].update(marking=[1])), "items, key"),
    "a template out of nothing": (
        changed("exam.json", lambda one: one.update(template={"values": {"a": 1}, "pictures": []})),
        "items, key",
    ),
    "twice a student": (changed("exam.json", lambda one: one["roster"].append(one["roster"][0])), "roster"),
    "a rule that nobody has": (
        changed("exam.json", lambda one: one["items"][0].update(marking={"counts": "double"})),
        "items, key",
    ),
    "a rubric of a choice": (
        changed("exam.json", lambda one: one.update(rubrics=[{"item": 1, "rows": []}])),
        "items, key",
    ),
    "an order of nothing": (
        changed(
            "exam.json", lambda one: one.update(orders=[{"version": 2, "place": 9, "item": 9, "options": []}])
        ),
        "items, key",
    ),
    "a score that nobody recognised": (
        changed("exam.json", lambda one: one["roster"][0].update(recognised_score=1)),
        "roster",
    ),
    "odd cuts": (changed("exam.json", lambda one: one["about"].update(grades={"nine": ["a"]})), "items, key"),
    "a layout of nothing": (changed("exam.json", lambda one: one["layouts"][0].update(content={})), "sheet"),
    "a layout of words": (changed("exam.json", lambda one: one["layouts"][0].update(content="x")), "sheet"),
    "an endless layout": (
        changed("exam.json", lambda one: one["layouts"][0]["content"]["pages"][0].update(width=1e308)),
        "sheet",
    ),
    "a box beyond": (
        changed(
            "exam.json",
            lambda one: one["layouts"][0]["content"]["pages"][0]["fields"][0].__setitem__(4, [1e9, 0, 1, 1]),
        ),
        "sheet",
    ),
    "an item that is not asked": (
        changed(PAPERS, lambda one: one[0]["answers"][0].update(item=99)),
        "papers",
    ),
    "an answer of a page of others": (
        changed(PAPERS, lambda one: one[0]["answers"][0].update(at=one[1]["answers"][0]["at"])),
        "papers",
    ),
    "twice an answer": (
        changed(PAPERS, lambda one: one[0]["answers"].append(one[0]["answers"][0])),
        "papers",
    ),
    "a reason that nobody has": (changed(PAPERS, lambda one: one[0].update(doubts=["<b>"])), "papers"),
    "a version before that is none": (
        changed(PAPERS, lambda one: one[0]["corrections"][0].update(field="version", old="x", item=None)),
        "papers",
    ),
    "an endless student": (
        changed(PAPERS, lambda one: one[0]["corrections"][0].update(field="student", old="9" * 99)),
        "papers",
    ),
    "an undo of the future": (
        changed(PAPERS, lambda one: one[0]["corrections"][0].update(undoes=7)),
        "papers",
    ),
    "a version that is not": (changed(PAPERS, lambda one: one[0].update(version=9)), "papers"),
    "a paper without a page": (
        changed(PAPERS, lambda one: one.append({**one[0], "answers": [], "corrections": []})),
        "papers",
    ),
    "twice a page": (changed("scans.json", lambda one: one[0]["pages"].append(one[0]["pages"][0])), "scans"),
    "a page of no paper": (changed("scans.json", lambda one: one[0]["pages"][0].update(paper=4000)), "scans"),
    "a page beyond the sheet": (
        changed("scans.json", lambda one: one[0]["pages"][0].update(sheet_page=77)),
        "scans",
    ),
    "a picture elsewhere": (
        changed("scans.json", lambda one: one[0]["pages"][0].update(kept="../a")),
        "scans",
    ),
    "no cells": (put(CELLS, b"[]"), "what was read"),
    "other cells": (changed(CELLS, lambda one: one[0].update(items={"1": [[1]]})), "what was read"),
    "cells that are words": (changed(CELLS, lambda one: one[0].update(items={"1": "x"})), "what was read"),
    "a ragged number": (
        changed(CELLS, lambda one: one[0]["identity"].update(bubbled=[[1], [1, 2]])),
        "what was",
    ),
    "looks of nothing": (changed(CELLS, lambda one: one[0].update(looks={"1": [1]})), "what was read"),
    "a strange channel": (changed(CELLS, lambda one: one[0]["identity"].update(spoken=[])), "what was read"),
    "networks of words": (
        changed(CELLS, lambda one: one[0].update(networks={"1": [["a"]]})),
        "what was read",
    ),
    "cells of no scan": (put("cells/x.json", b"[]"), "what was read"),
    "no picture": (lambda files: files.pop(first_jpg(files)), "picture or an upload"),
    "a picture that is none": (lambda files: files.update({first_jpg(files): b"<script>"}), "picture or an"),
    "an upload that is none": (put("scans/0/upload-0000", b"<script>"), "picture or an upload"),
}


@pytest.mark.django_db
def test_what_was_changed_is_refused_with_a_sentence_and_nothing_stays(
    used, take_in, alice, english, settings
):
    content = exported(used)
    trash.purge(item=trash.delete(rows=[used], by=alice))
    said = {}
    for name, (change, words) in HOSTILE.items():
        asked = take_in(remade(content, change))
        if asked.job.status != "failed" or words not in asked.job.error_text:
            said[name] = asked.job.error_text
        tables = (Exam.with_trashed, Scan.with_trashed, SheetLayout.objects, PageCells.objects)
        assert not any(rows.exists() for rows in tables), name
        assert not asked.file and not asked.job.size, name
    assert said == {}
    stored = default_storage.listdir("exams")[0] if default_storage.exists("exams") else []
    assert not any(default_storage.listdir(f"exams/{name}/scans")[0] for name in stored[1:])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "no exam"), (b"%PDF-1.4", "no exam"), (b"PK\x03\x04", "damaged"), (None, "choose a file")],
)
def test_what_is_no_exam_at_all_is_refused_at_once(bob, english, content, words):
    file = None if content is None else SimpleUploadedFile("exam.zip", content)
    with pytest.raises(ValidationError, match=words):
        imports.submit_import(owner=bob, file=file)
    assert not Job.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "C:\\evil"])
def test_paths_outside_of_it_are_refused_at_once(exam, bob, english, name):
    content = remade(exported(exam), put(name, b"x"))
    with pytest.raises(ValidationError, match="outside"):
        imports.submit_import(owner=bob, file=SimpleUploadedFile("exam.zip", content))


@pytest.mark.django_db
def test_points_and_scores_are_worked_out_here(used, take_in):
    def boast(papers: list[dict[str, Any]]) -> None:
        for paper in papers:
            paper.update(score=99, status="graded")
            for answer in paper["answers"]:
                answer.update(points=99)

    moved = take_in(remade(exported(used), changed(PAPERS, boast))).exam
    scores = [[paper.score for paper in exam.papers.order_by("number")] for exam in (used, moved)]
    assert scores[0] == scores[1]


@pytest.mark.django_db
def test_programs_fetch_it_and_send_it(used, call, alice, bob):
    answer = call(alice).get(f"/api/exams/{used.pk}/export/")
    content = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"] == 'attachment; filename="Midterm.zip"'
    assert Entry.objects.get(verb="exported").object_name == "Midterm"
    api, key = call(bob), {"Idempotency-Key": "once"}
    files = [SimpleUploadedFile("exam.zip", content) for _ in range(2)]
    sent = [api.post("/api/exams/import/", {"file": file}, headers=key) for file in files]
    assert [one.status_code for one in sent] == [202, 202]
    assert sent[0]["Location"] == sent[1]["Location"] and ExamImport.objects.count() == 1
    tasks.import_exam()
    found = api.get(sent[0]["Location"]).json()
    assert api.get(f"/api/exams/{found['exam']}/").json()["paper_count"] == 4
    assert call(alice).get(sent[0]["Location"]).status_code == 404
    wrong = api.post("/api/exams/import/", {"file": SimpleUploadedFile("a.zip", b"PK\3\4")})
    assert wrong.status_code == 400 and wrong.json()["errors"][0]["attr"] == "file"


@pytest.mark.django_db
def test_only_who_may_do_everything_takes_it_away(exam, call, browse, alice, bob):
    place = f"/api/exams/{exam.pk}/export/"
    for right, status in ((Right.VIEW, 404), (Right.MARK, 404), (Right.OWN, 200)):
        assert call(bob).get(place).status_code == 404
        grant(row=exam, who="bob", right=right, by=alice)
        assert call(bob).get(place).status_code == status
        assert (place in browse(bob).get(exam.get_absolute_url()).content.decode()) == (status == 200)
        exam.grants.all().delete()


@pytest.mark.django_db
def test_the_page_takes_it_in_and_leads_to_it(exam, browse, bob):
    page = browse(bob)
    file = SimpleUploadedFile("exam.zip", exported(exam))
    answer = page.post("/exams/import/", {"file": file})
    asked = ExamImport.objects.get()
    assert answer.url == f"/exams/imports/{asked.pk}/" and page.get(answer.url).status_code == 200
    tasks.import_exam()
    assert page.get(answer.url).url == page.get(asked.job.result_url, follow=True).redirect_chain[-1][0]
    file = SimpleUploadedFile("exam.zip", remade(exported(exam), put("exam.json", b"{")))
    answer = page.post("/exams/import/", {"file": file})
    tasks.import_exam()
    assert "damaged or too large" in page.get(answer.url).content.decode()
