from datetime import date

import pytest

from accounts import services as accounts
from accounts.models import Role, User
from conftest import PASSWORD
from school import joining, lists, services
from school.models import Enrollment, SchoolClass, Student
from school.roster.rows import RosterRow
from siteconfig.services import change_site
from trash import services as trash

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ROWS = [RosterRow("1", "김하늘"), RosterRow("2", "이서연"), RosterRow("10", "Park")]


@pytest.fixture
def school_class(alice) -> SchoolClass:
    made = services.create_class(owner=alice, name="3학년 2반", year=2026)
    services.put_students(school_class=made, rows=ROWS)
    return made


def present(school_class: SchoolClass) -> list[tuple[str, str]]:
    return [(one.number, one.student.name) for one in school_class.enrollments.present()]


def first(school_class: SchoolClass) -> Enrollment:
    return school_class.enrollments.present()[0]


def test_students_stand_in_the_order_of_their_numbers(school_class):
    assert [number for number, _name in present(school_class)] == ["1", "2", "10"]


def test_a_list_that_is_sent_again_changes_nobody(school_class):
    students = set(Student.objects.values_list("pk", flat=True))
    services.put_students(school_class=school_class, rows=ROWS)
    assert set(Student.objects.values_list("pk", flat=True)) == students


def test_two_students_never_share_a_number(school_class):
    with pytest.raises(services.ValidationError, match="Somebody else has the number 2"):
        services.change_student(enrollment=first(school_class), number="2", name="김하늘")
    assert present(school_class)[0] == ("1", "김하늘")


def test_of_a_student_whom_nothing_knows_no_name_stays(school_class):
    trash.purge(item=services.remove_students(enrollments=[first(school_class)], by=school_class.owner))
    assert not Student.objects.filter(name="김하늘").exists()


def test_a_class_that_was_deleted_comes_back_with_its_students_or_goes_with_them(school_class, alice):
    item = services.delete_class(school_class=school_class, by=alice)
    assert joining.find_class(text=school_class.code or "") is None
    services.create_class(owner=alice, name="Another", year=school_class.year)
    trash.restore(item=item, by=alice)
    assert present(school_class)
    trash.purge(item=services.delete_class(school_class=school_class, by=alice))
    assert not Student.objects.exists()


def test_a_class_moves_up_with_its_students_and_their_accounts(school_class, alice):
    joining.make_codes(enrollments=school_class.enrollments.present(), by=alice)
    accounts_before = set(Student.objects.values_list("account", flat=True))
    up = services.move_up(
        school_class=school_class, name="4학년 2반", enrollments=school_class.enrollments.all()
    )
    assert (up.year, present(up)) == (2027, present(school_class))
    assert {one.student.account_id for one in up.enrollments.all()} == accounts_before
    school_class.refresh_from_db()
    assert school_class.is_archived


@pytest.mark.parametrize(
    ("month", "day", "year"), [(3, "2026-02-28", 2025), (3, "2026-03-01", 2026), (9, "2026-08-31", 2025)]
)
def test_a_school_year_begins_when_the_site_says(month, day, year):
    change_site(by=None, year_begins=month)
    assert services.school_year(date.fromisoformat(day)) == year


@pytest.mark.parametrize(
    ("pasted", "rows"),
    [
        ("1\t김하늘\n2\t이서연", [("1", "김하늘"), ("2", "이서연")]),
        ("1, Kim Haneul\n\n 2 Lee", [("1", "Kim Haneul"), ("2", "Lee")]),
        ("10101\n10102", [("10101", ""), ("10102", "")]),
    ],
)
def test_a_pasted_list_is_understood(pasted, rows):
    assert [(row.number, row.name) for row in lists.pasted_rows(pasted)] == rows


@pytest.mark.parametrize(
    ("pasted", "sentence"), [("김하늘 1", "Row 1"), ("1 Kim\n1 Lee", "Row 2"), (" \n", "Nobody")]
)
def test_a_pasted_list_that_cannot_be_says_which_line(pasted, sentence):
    with pytest.raises(services.ValidationError, match=sentence):
        lists.pasted_rows(pasted)


def test_a_card_makes_an_account_that_its_student_opens(school_class, alice, browse):
    [(_one, code)] = joining.make_codes(enrollments=[first(school_class)], by=alice)
    client = browse()
    assert "김하늘" in client.get(f"/join/{code}/").text
    client.post(f"/join/{code}/", {"username": "하늘", "first_name": "김하늘", "password": PASSWORD})
    account = User.objects.get(username="하늘")
    assert (account.role, first(school_class).student.account) == (Role.STUDENT, account)
    assert client.get("/exams/").status_code == 403


def test_a_teacher_cannot_get_into_an_account_that_is_no_students(school_class, alice, root):
    Student.objects.filter(enrollments=first(school_class)).update(account=root)
    with pytest.raises(services.ValidationError, match="Ask an administrator"):
        joining.make_codes(enrollments=school_class.enrollments.present(), by=alice)
    assert accounts.OneTimeCode.objects.count() == 0


def test_students_find_themselves_by_the_code_of_their_class(school_class, browse):
    services.set_class_code(school_class=school_class, is_open=True)
    shown = browse().post("/join/", {"code": school_class.code.lower()}, follow=True)
    assert "3학년 2반" in shown.text
    page = f"/join/class/{school_class.code}/"
    assert "Nobody with this number" in browse().post(page, {"number": "1", "name": "이서연"}).text
    shown = browse().post(page, {"number": "1", "name": " 김 하늘"}, follow=True)
    assert "Welcome, 김하늘" in shown.text


def test_who_signed_in_already_is_nobody_elses(school_class, alice, browse):
    services.set_class_code(school_class=school_class, is_open=True)
    [(_one, code)] = joining.make_codes(enrollments=[first(school_class)], by=alice)
    browse().post(f"/join/{code}/", {"username": "하늘", "first_name": "김하늘", "password": PASSWORD})
    shown = browse().post(f"/join/class/{school_class.code}/", {"number": "1", "name": "김하늘"})
    assert "Ask your teacher for a new code" in shown.text


def test_a_closed_or_archived_class_has_no_way_in(school_class, browse):
    services.set_class_code(school_class=school_class, is_open=True)
    page = f"/join/class/{school_class.code}/"
    services.change_class(school_class=school_class, is_archived=True)
    assert browse().get(page).status_code == 404
    services.change_class(school_class=school_class, is_archived=False)
    services.set_class_code(school_class=school_class, is_open=False)
    assert browse().get(page).status_code == 404


def test_of_children_each_waits_for_a_guardian(school_class, alice, browse):
    services.change_class(school_class=school_class, needs_consent=True)
    [(_one, code)] = joining.make_codes(enrollments=[first(school_class)], by=alice)
    fields = {"username": "하늘", "first_name": "김하늘", "password": PASSWORD}
    assert "parents agree" in browse().post(f"/join/{code}/", fields).text
    browse(alice).post(f"/classes/{school_class.pk}/consent/")
    assert browse().post(f"/join/{code}/", fields).status_code == 302


def test_who_has_another_number_on_the_next_list_is_the_same_student(school_class, alice):
    joining.make_codes(enrollments=school_class.enrollments.present(), by=alice)
    before = {one.student.name: one.student.account_id for one in school_class.enrollments.present()}
    moved = [
        RosterRow("1", "강서준"),
        RosterRow("2", "김하늘"),
        RosterRow("3", "이서연"),
        RosterRow("10", "Park"),
    ]
    services.put_students(school_class=school_class, rows=moved)
    after = {one.student.name: one.student.account_id for one in school_class.enrollments.present()}
    assert after == before | {"강서준": None}


def test_a_name_that_two_have_says_nothing_about_who_moved(school_class):
    services.put_students(school_class=school_class, rows=[RosterRow("3", "김하늘")])
    services.put_students(
        school_class=school_class, rows=[RosterRow("1", "이서연"), RosterRow("4", "김하늘")]
    )
    names = [("1", "이서연"), ("3", "김하늘"), ("4", "김하늘"), ("10", "Park")]
    assert present(school_class) == names and Student.objects.filter(name="김하늘").count() == 3


def test_an_exam_may_know_students_by_longer_numbers(school_class, alice):
    services.change_class(school_class=school_class, name="3-2", year=services.school_year())
    found = services.enroll(owner=alice, rows=[RosterRow("30201", "김하늘", "3-2")], otherwise="Quiz")
    assert [one.number for one in found] == ["1"] and len(present(school_class)) == 3


def test_a_student_is_nobody_else_of_the_class(school_class, alice):
    [(_one, _code), (two, _other)] = joining.make_codes(
        enrollments=school_class.enrollments.present()[:2], by=alice
    )
    account = first(school_class).student.account
    User.objects.filter(pk=account.pk).update(password="!set")
    with pytest.raises(services.ValidationError, match="in this class already"):
        joining.join_class(school_class=school_class, number="10", name="Park", account=account)
    assert two.student.account != account


def test_a_teacher_who_tries_the_code_is_no_student(school_class, alice):
    with pytest.raises(services.ValidationError, match="signed in as a teacher"):
        joining.join_class(school_class=school_class, number="1", name="김하늘", account=alice)


def test_no_account_gets_around_a_guardian(school_class, charlie):
    services.change_class(school_class=school_class, needs_consent=True)
    with pytest.raises(services.ValidationError, match="guardian"):
        joining.join_class(school_class=school_class, number="1", name="김하늘", account=charlie)


def test_no_card_is_printed_for_an_account_that_cannot_be_used(school_class, alice):
    joining.make_codes(enrollments=[first(school_class)], by=alice)
    User.objects.filter(students__enrollments=first(school_class)).update(is_active=False)
    with pytest.raises(services.ValidationError, match="deactivated"):
        joining.make_codes(enrollments=[first(school_class)], by=alice)
