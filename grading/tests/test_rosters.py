"""Tables of students, in the forms that schools have them in, through the worker's child."""

import io

import openpyxl
import pytest
from django.utils import translation

from grading.models import RosterUpload
from grading.sheet.tests.bombs import laughing_xlsx

HEADER = ["학번", "이름", "반"]
ROSTER = "학번,이름,반\n0001,김하나,1\n0002,이두리,2\n"


def students(exam) -> list[tuple[str, str, str]]:
    return [(student.number, student.name, student.class_name) for student in exam.candidates.all()]


def workbook(*rows: list) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


TABLES = {
    "UTF-8": ROSTER.encode(),
    "UTF-8 with a mark": ROSTER.encode("utf-8-sig"),
    "CP949": ROSTER.encode("cp949"),
    "Excel's Unicode text": ROSTER.replace(",", "\t").encode("utf-16"),
    "lines of an old Mac": ROSTER.replace("\n", "\r").encode(),
    "lines of Windows, semicolons": ROSTER.replace("\n", "\r\n").replace(",", ";").encode(),
    "XLSX": workbook(HEADER, ["0001", "김하나", 1], ["0002", "이두리", 2.0]),
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_may_be_in_any_form_that_schools_use(exam, read_roster, kind):
    upload = read_roster(TABLES[kind], exam)
    assert (upload.job.status, upload.count, upload.problems) == ("done", 2, [])
    assert students(exam) == [("0001", "김하나", "1"), ("0002", "이두리", "2")]


WRONG = {
    "no number": b"name\nKim\n",
    "no letters": b"number\n\xff\xff\xff\n",
    "no workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
    "a number too long": b"number\n" + b"9" * 21,
    "a field without an end": b'number\n"' + b"9" * 200_000,
    "entities that unfold": laughing_xlsx(),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_table_that_is_none_leaves_the_roster_and_says_why(exam, read_roster, case):
    read_roster(ROSTER, exam)
    upload = read_roster(WRONG[case], exam)
    assert upload.job.status == "failed" and upload.job.error
    assert upload.problems[0].endswith(".")
    assert len(students(exam)) == 2


def test_a_preview_names_what_is_wrong_and_does_not_fail(exam, read_roster):
    with translation.override("en"):
        upload = read_roster("number,name\n1,Kim\n1,Lee\n", exam, is_preview=True)
    assert (upload.job.status, upload.columns) == ("done", ["number", "name"])
    assert upload.problems == ["Row 3: the student number 1 is there twice."]


def test_a_table_of_names_is_not_kept_once_it_is_read(
    exam, read_roster, settings, django_capture_on_commit_callbacks
):
    for table in (ROSTER, "name\nKim\n"):
        with django_capture_on_commit_callbacks(execute=True):
            read_roster(table, exam)
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_the_same_key_reads_a_table_once(exam, read_roster):
    first, second = (read_roster(ROSTER, exam, key="monday") for _ in range(2))
    assert first.pk == second.pk == RosterUpload.objects.get().pk
