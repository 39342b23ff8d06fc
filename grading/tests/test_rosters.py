"""Tables of students, in the forms that schools have them in, through the worker's child."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from grading import services, tasks
from grading.models import RosterUpload
from grading.sheet.tests.bombs import laughing_xlsx
from school.models import Enrollment

pytestmark = pytest.mark.usefixtures("english")

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
    assert upload.problems_text[0].endswith(".")
    assert len(students(exam)) == 2


def test_a_preview_names_what_is_wrong_and_does_not_fail(exam, read_roster):
    upload = read_roster("number,name\n1,Kim\n1,Lee\n", exam, is_preview=True)
    assert (upload.job.status, upload.columns) == ("done", ["number", "name"])
    with translation.override("en"):
        assert upload.problems_text == ["Row 3: the student number 1 is there twice."]


def test_what_is_wrong_is_said_in_the_language_of_whoever_looks(exam, read_roster):
    with translation.override("ko"):
        upload = read_roster("number,name\n" + "".join(f"{n},\n" for n in range(5001)), exam)
        assert "5000명" in upload.problems_text[0]
    with translation.override("en"):
        assert "more than 5000 students" in upload.problems_text[0]
        upload.problems = ["명단이 비어 있습니다."]  # as rows of before keep them
        assert upload.problems_text == upload.problems


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


SCHOOL = [["학년", 1], ["반", 2], ["번호", 2]]


@pytest.fixture
def school_exam(alice):
    items = [{"number": 1, "kind": "ox", "answer": "O"}]
    return services.create_exam(owner=alice, title="Quiz", language="ko", id_groups=SCHOOL, items=items)


@pytest.fixture
def preview(alice, read_roster):
    """The address of what a table would come to."""

    def send(table: str, to) -> str:
        upload = read_roster(table, to, is_preview=True)
        return f"/exams/{to.pk}/roster/{upload.pk}/"

    return send


def test_a_roster_is_looked_at_before_it_replaces_the_one_that_is_there(
    browse, alice, exam, read_roster, preview
):
    read_roster("number,name\n0001,Kim\n0002,Lee\n0003,Cho\n", exam)
    address = preview("number,name\n0001,Kim\n0002,Yun\n0004,Cho\n", exam)
    shown = browse(alice).get(address).text
    for said in ("1 with another name", "1 with another number", "1 as they are", "0 removed"):
        assert said in shown
    assert [number for number, _name, _class in students(exam)] == ["0001", "0002", "0003"]
    browse(alice).post(address)
    assert [number for number, _name, _class in students(exam)] == ["0001", "0002", "0004"]


def test_what_the_number_lacks_is_asked_for(browse, alice, school_exam, preview):
    address = preview("반,번호,이름\n1,1,김하나\n", school_exam)
    shown = browse(alice).get(address).text
    assert "The number begins with the grade" in shown and 'name="grade"' in shown
    assert "10101" in browse(alice).get(address, {"of": "", "sheet": "", "grade": "1"}).text
    browse(alice).post(address, {"grade": "1"})
    assert students(school_exam) == [("10101", "김하나", "1-1")]


def test_a_list_of_grade_class_and_number_fits_the_sheet_of_a_school(school_exam, read_roster):
    upload = read_roster("학년,반,번호,성명\n1,1,1,김\n1,1,2,이\n1,2,1,박\n", school_exam)
    assert upload.changes["added"] == 3 and upload.found["columns"] == "grade:0,class:1,seat:2,name:3"
    assert [number for number, _name, _class in students(school_exam)] == ["10101", "10102", "10201"]


def test_a_program_says_which_column_is_what(call, alice, exam):
    url = f"/api/exams/{exam.pk}/roster/?columns=number:2,name:1&header=true&skip_refused=true"
    file = SimpleUploadedFile("a.csv", b"A,B,C\nx,Kim,0001\ny,Lee,none\n")
    sent = call(alice).put(url, {"file": file}, format="multipart").json()
    tasks.read_roster(sent["job"]["id"])
    found = call(alice).get(sent["url"]).json()
    assert students(exam) == [("0001", "Kim", "Midterm")] and len(found["problems"]) == 1
    assert call(alice).put(f"{url}&columns=colour:1", {"file": file}, format="multipart").status_code == 400


def test_a_program_says_yes_to_a_preview(call, alice, exam):
    client, url = call(alice), f"/api/exams/{exam.pk}/roster/?preview=true"
    file = SimpleUploadedFile("a.csv", b"number,name\n0001,Kim\n")
    sent = client.put(url, {"file": file}, format="multipart").json()
    tasks.read_roster(sent["job"]["id"])
    assert students(exam) == []
    assert client.post(sent["url"]).json()["students"][0]["number"] == "0001"
    assert client.post(sent["url"]).status_code == 400


def test_students_are_added_changed_and_taken_off_by_hand(browse, alice, exam):
    client, base = browse(alice), f"/exams/{exam.pk}/students/"
    client.post(base, {"number": "0007", "name": "Kim", "class_name": "3-1"})
    assert "The sheet asks for 4 digits." in client.post(base, {"number": "00071", "name": "Lee"}).text
    assert "Somebody else has the number 0007" in client.post(base, {"number": "0007", "name": "Lee"}).text
    one = exam.candidates.get()
    client.post(f"{base}{one.pk}/", {"number": "0008", "name": "Kim Min"})
    assert students(exam) == [("0008", "Kim Min", "3-1")]
    client.post(f"{base}{one.pk}/remove/")
    assert students(exam) == [] and Enrollment.objects.get().student.name == "Kim Min"


def test_programs_add_change_and_take_off_students(call, alice, exam):
    client, base = call(alice), f"/api/exams/{exam.pk}/students/"
    one = client.post(base, {"number": "0007", "name": "Kim"}, format="json").json()
    assert client.post(base, {"number": "K-1"}, format="json").status_code == 400
    client.patch(f"{base}{one['id']}/", {"number": "0008"}, format="json")
    assert client.get(base).json()[0] | {"id": 0} == {
        "id": 0,
        "number": "0008",
        "name": "Kim",
        "class_name": "Midterm",
        "state": "sits",
        "recognised_score": None,
    }
    assert client.delete(f"{base}{one['id']}/").status_code == 204 and students(exam) == []
