import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from conftest import PASSWORD
from school import services, tasks
from school.models import SchoolClass
from school.roster.rows import RosterRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class(alice) -> SchoolClass:
    made = services.create_class(owner=alice, name="3-1")
    services.put_students(school_class=made, rows=[RosterRow("1", "Kim"), RosterRow("2", "Lee")])
    return made


def test_a_class_is_made_and_its_list_pasted(browse, alice):
    client = browse(alice)
    made = client.post("/classes/", {"name": "3-1", "year": 2026}, follow=True).context["class"]
    shown = client.post(f"/classes/{made.pk}/paste/", {"students": "1 Kim\n2 Lee"}, follow=True)
    assert "2 students" in shown.text and "Lee" in shown.text


def test_a_second_class_of_the_same_name_and_year_is_refused(browse, alice, school_class):
    shown = browse(alice).post("/classes/", {"name": "3-1", "year": school_class.year})
    assert "There is a class" in shown.text and SchoolClass.objects.count() == 1


def test_a_table_is_read_by_a_worker(browse, alice, school_class, monkeypatch):
    monkeypatch.setattr("school.views.lists.PATIENCE", 0)
    file = SimpleUploadedFile("class.csv", "번호,이름\n3,박도윤\n".encode())
    browse(alice).post(f"/classes/{school_class.pk}/upload/", {"file": file})
    tasks.read_list()
    assert "nothing of it is stored yet" in browse(alice).get(f"/classes/{school_class.pk}/").text


def test_what_is_no_table_is_refused_at_once(browse, alice, school_class):
    file = io.BytesIO(b"")
    file.name = "class.csv"
    shown = browse(alice).post(f"/classes/{school_class.pk}/upload/", {"file": file}, follow=True)
    assert "empty" in shown.text


def test_cards_are_for_who_has_not_signed_in(browse, alice, school_class):
    client = browse(alice)
    codes = [one["code"] for one in client.post(f"/classes/{school_class.pk}/cards/").context["cards"]]
    assert len(codes) == 2
    browse().post(f"/join/{codes[0]}/", {"username": "kim", "first_name": "Kim", "password": PASSWORD})
    again = client.post(f"/classes/{school_class.pk}/cards/").context["cards"]
    assert [one["enrollment"].student.name for one in again] == ["Lee"]


def test_cards_are_kept_nowhere(browse, alice, school_class):
    shown = browse(alice).post(f"/classes/{school_class.pk}/cards/")
    assert "no-store" in shown["Cache-Control"] and "<svg" in shown.text


def test_programs_make_classes_and_put_students(call, alice):
    client = call(alice)
    made = client.post("/api/classes/", {"name": "2-4"}, format="json").json()
    rows = {"students": [{"number": "1", "name": "Kim"}]}
    put = client.put(f"/api/classes/{made['id']}/students/", rows, format="json").json()
    assert [(row["number"], row["name"], row["username"]) for row in put] == [("1", "Kim", None)]
    assert client.get("/api/classes/").json()["results"][0]["student_count"] == 1


@pytest.mark.parametrize(
    ("host", "is_local"), [("localhost:8000", True), ("127.0.0.1", True), ("nunbit.school.kr", False)]
)
def test_cards_that_lead_nowhere_say_so(browse, alice, school_class, settings, host, is_local):
    settings.ALLOWED_HOSTS = ["*"]
    shown = browse(alice).post(f"/classes/{school_class.pk}/cards/", headers={"host": host})
    assert ("this computer alone" in shown.text) == is_local


@pytest.mark.parametrize("role", [Role.STUDENT, Role.MEMBER])
def test_who_is_no_teacher_is_not_greeted_as_one(browse, charlie, role):
    charlie.role = role
    charlie.save()
    shown = browse(charlie).get("/").text
    assert "Hello, charlie" in shown and "coffee" not in shown
