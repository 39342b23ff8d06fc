"""A class list is looked at before anything of it is stored, on pages and by programs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from school import lists, services, tasks
from school.models import ClassUpload, SchoolClass
from school.roster.changes import compare
from school.roster.rows import RosterRow

pytestmark = pytest.mark.django_db
TABLE = "번호,이름\n1,Kim\n2,Lee\n3,박도윤\n"


@pytest.fixture
def school_class(alice) -> SchoolClass:
    made = services.create_class(owner=alice, name="3-1")
    services.put_students(school_class=made, rows=[RosterRow("1", "Kim"), RosterRow("9", "Cho")])
    return made


@pytest.fixture
def preview(school_class, alice):
    """Send a table and read it as a worker does; answers the address of its preview."""

    def send(table: str = TABLE) -> str:
        file = SimpleUploadedFile("class.csv", table.encode())
        sent = lists.submit_list(school_class=school_class, file=file, owner=alice, is_preview=True)
        tasks.read_list(str(sent.job_id))
        return f"/classes/{school_class.pk}/lists/{sent.pk}/"

    return send


def present(school_class: SchoolClass) -> list[tuple[str, str]]:
    return [(one.number, one.student.name) for one in school_class.enrollments.present()]


def test_nothing_is_stored_before_the_teacher_says_yes(browse, alice, school_class, preview):
    address = preview()
    shown = browse(alice).get(address).text
    assert "박도윤" in shown and "2 new" in shown and "1 as they are" in shown and "1 not on it" in shown
    assert present(school_class) == [("1", "Kim"), ("9", "Cho")]
    browse(alice).post(address)
    assert present(school_class) == [("1", "Kim"), ("2", "Lee"), ("3", "박도윤"), ("9", "Cho")]


def test_who_is_not_on_a_whole_list_leaves_and_can_be_had_back(browse, alice, school_class, preview):
    client = browse(alice)
    shown = client.post(preview(), {"is_whole": "on"}, follow=True)
    assert "1 student was removed." in shown.text and ("9", "Cho") not in present(school_class)
    item = alice.pk and shown.context["messages"]
    [undo] = [message.extra_tags for message in item if message.extra_tags]
    client.post(f"/trash/{undo}/restore/")
    assert ("9", "Cho") in present(school_class)


def test_a_table_is_stored_once(browse, alice, school_class, preview):
    address = preview()
    browse(alice).post(address)
    shown = browse(alice).post(address, follow=True)
    assert "no longer here" in shown.text and not ClassUpload.objects.get().table


def test_a_person_says_which_column_is_what(browse, alice, school_class, preview):
    address = preview("A;B;C\nx;Kim;1\ny;Lee;2\n")
    chosen = {"of": "", "sheet": "", "header": "true", "column-1": "name", "column-2": "number"}
    shown = browse(alice).get(address, chosen).text
    assert 'value="name:1,number:2"' in shown
    browse(alice).post(address, {"header": "true", "columns": "name:1,number:2"})
    assert ("2", "Lee") in present(school_class)


def test_what_makes_no_sense_in_an_address_is_a_sentence(browse, alice, preview):
    shown = browse(alice).post(preview(), {"columns": "colour:1"}, follow=True)
    assert shown.status_code == 200 and "Columns are named like" in shown.text


def test_refused_rows_are_named_and_left_out(browse, alice, school_class, preview):
    address = preview("번호,이름\n3,박도윤\n3,최지우\n,Yun\n")
    shown = browse(alice).get(address).text
    assert (
        "Row 3: the student number 3 is there twice." in shown
        and "Row 4: Yun has no student number." in shown
    )
    browse(alice).post(address)
    assert ("3", "박도윤") in present(school_class)


def test_a_table_that_nobody_said_yes_to_is_forgotten(browse, alice, school_class, preview):
    address = preview()
    assert lists.forget_tables() == 0
    ClassUpload.objects.update(created_at=timezone.now() - lists.TABLES_KEPT)
    tasks.forget_tables()
    upload = ClassUpload.objects.get()
    assert (upload.table, upload.rows) == ([], [])
    assert "no longer here" in browse(alice).get(address, follow=True).text


def test_a_program_looks_first_and_says_yes_then(call, alice, school_class):
    client, base = call(alice), f"/api/classes/{school_class.pk}/list/"
    file = SimpleUploadedFile("class.csv", TABLE.encode())
    sent = client.put(f"{base}?preview=true", {"file": file}, format="multipart").json()
    tasks.read_list(sent["job"]["id"])
    found = client.get(sent["url"]).json()
    assert found["changes"] == {"added": 2, "changed": 0, "moved": 0, "same": 1, "removed": 1}
    assert found["found"]["columns"] == "number:0,name:1" and len(present(school_class)) == 2
    assert client.post(f"{sent['url']}?columns=number:0,name:1").json()["count"] == 3
    assert len(present(school_class)) == 4
    assert client.post(sent["url"]).status_code == 400


def test_a_program_adds_changes_moves_and_removes_a_student(call, alice, school_class):
    client, base = call(alice), f"/api/classes/{school_class.pk}/students/"
    other = services.create_class(owner=alice, name="3-2")
    one = client.post(base, {"number": "4", "name": "Yun"}, format="json").json()
    assert client.post(base, {"number": "4", "name": "Ahn"}, format="json").status_code == 400
    client.patch(f"{base}{one['id']}/", {"name": "Yoon"}, format="json")
    assert ("4", "Yoon") in present(school_class)
    moved = client.patch(f"{base}{one['id']}/", {"class": other.pk, "number": "1"}, format="json").json()
    assert present(other) == [("1", "Yoon")] and ("4", "Yoon") not in present(school_class)
    assert client.delete(f"/api/classes/{other.pk}/students/{moved['id']}/").status_code == 204
    assert present(other) == []


def test_a_student_moves_with_the_account(browse, alice, charlie, school_class):
    one = school_class.enrollments.get(number="1")
    one.student.account = charlie
    one.student.save()
    other = services.create_class(owner=alice, name="3-2")
    address = f"/classes/{school_class.pk}/students/{one.pk}/"
    assert "Move to the class" in browse(alice).get(address).text
    browse(alice).post(f"{address}move/", {"to": other.pk, "number": "7"})
    assert other.enrollments.get().student.account == charlie and present(school_class) == [("9", "Cho")]


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        ([("1", "Kim"), ("2", "Lee")], {"same": 2}),
        ([("2", "Kim"), ("3", "Lee")], {"moved": 2}),
        ([("1", "Kim"), ("2", "Cho")], {"same": 1, "changed": 1}),
        ([("1", "Kim"), ("3", "Cho")], {"same": 1, "added": 1, "removed": 1}),
        ([("1", ""), ("2", "")], {"same": 2}),
        ([], {"removed": 2}),
    ],
)
def test_a_list_is_held_against_the_one_before(rows, counts):
    before = [RosterRow("1", "Kim"), RosterRow("2", "Lee")]
    found = compare(before, [RosterRow(*row) for row in rows]).counts
    assert {name: count for name, count in found.items() if count} == counts
