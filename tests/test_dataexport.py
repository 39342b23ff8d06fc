"""All that is somebody's in one file: each table that leads to a person, each file, and nothing of others."""

import json
from zipfile import ZipFile

from accounts.models import RecoveryCode, User
from accounts.services import make_token
from dataexport import services, tasks
from dataexport.archive import rows_of, ways_to_owner
from dataexport.models import Export
from digits.models import Reading
from grading.models import Exam, Scan, ScanPage
from jobs.models import Job
from school.models import Student
from tests.support.second_factor import with_second_factor


def test_all_that_is_ones_own_and_nothing_else_is_in_it(owned, browse, alice, bob):
    Job.objects.exclude(pk=owned["export_job"]).update(status="done")
    _token, key = make_token(user=alice, name="script")
    secret, codes = with_second_factor(alice)
    Exam.objects.create(owner=bob, title="Bob's exam")
    wanted = services.ask(owner=alice)
    tasks.write()
    wanted.refresh_from_db()
    answer = browse(alice).get(f"/account/export/{wanted.pk}/file/")
    assert 'filename="nunbit-alice-' in answer["Content-Disposition"]
    path = wanted.file.path
    with ZipFile(path) as archive:
        names = set(archive.namelist())
        rows = {
            name.removeprefix("rows/").removesuffix(".json"): json.loads(archive.read(name))
            for name in names
            if name.startswith("rows/")
        }
        about = json.loads(archive.read("manifest.json"))
        whole = b"".join(archive.read(name) for name in names)
        picture = Reading.objects.get(pk=owned["reading"]).picture
        assert archive.read(f"files/{picture.name}") == picture.read()
    assert {label: len(found) for label, found in rows.items()} == about["rows"]
    for label in ("grading.answer", "grading.pagecells", "classifier.example", "generator.face", "jobs.job"):
        assert rows[label], label
    assert {exam["title"] for exam in rows["grading.exam"]} == {"Midterm", "Harbour"}
    assert {row["id"] for row in rows["digits.reading"]} == {
        str(pk) for pk in Reading.with_trashed.values_list("pk", flat=True)
    }
    face = rows["generator.face"][0]
    assert face["png"] in names and face["png"].endswith(".png")
    exam, other = Exam.objects.filter(owner=alice).order_by("pk")
    assert any(name.startswith(f"files/{exam.folder}/scans/") for name in names)
    assert f"files/{other.template['sheet']}" in names
    digest = RecoveryCode.objects.first().digest
    assert not [text for text in (secret, digest, *codes) if text.encode() in whole]
    hidden = [alice.password, key, "Bob's exam", "bob", str(Export.objects.get(pk=owned["export"]).file.name)]
    assert not [text for text in hidden[:4] if text.encode() in whole]
    assert f"files/{hidden[4]}" not in names


def test_every_table_of_a_person_leads_to_them():
    ways = {table._meta.label: way for table, way in ways_to_owner().items()}
    assert ways["grading.Answer"] in ("paper__exam__owner", "item__exam__owner")
    assert ways["digits.Reading"] == "owner" and ways["accounts.User"] == "pk"
    assert "registry.ModelVersion" not in ways and User._meta.label in ways


def test_a_scan_belongs_to_whose_exam_it_is_and_names_to_whose_class(owned, alice, bob):
    Job.objects.filter(pk=owned["job"]).update(owner=bob)  # a colleague who sent it
    found = {
        (table._meta.label, person.username)
        for person in (alice, bob)
        for table in (Scan, ScanPage, Student)
        if rows_of(table, person).exists()
    }
    assert found == {("grading.Scan", "alice"), ("grading.ScanPage", "alice"), ("school.Student", "alice")}
