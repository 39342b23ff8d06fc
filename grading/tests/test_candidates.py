"""Who sits an exam: students of classes that are kept once."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from grading import services
from school import services as school
from school.models import Enrollment, SchoolClass
from school.roster.rows import RosterRow
from trash import services as trash

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
ROWS = [RosterRow("1", "김하늘"), RosterRow("2", "이서연"), RosterRow("10", "Park")]


@pytest.fixture
def school_class(alice) -> SchoolClass:
    made = school.create_class(owner=alice, name="3학년 2반", year=2026)
    school.put_students(school_class=made, rows=ROWS)
    return made


def present(school_class: SchoolClass) -> list[tuple[str, str]]:
    return [(one.number, one.student.name) for one in school_class.enrollments.present()]


def first(school_class: SchoolClass) -> Enrollment:
    return school_class.enrollments.present()[0]


def an_exam(alice: User, **fields):
    items = [{"number": 1, "kind": "ox", "answer": "O"}]
    return services.create_exam(owner=alice, title="Midterm", items=items, **fields)


def test_another_name_at_a_number_is_another_student_and_old_results_keep_their_name(school_class, alice):
    exam = an_exam(alice, id_digits=2)
    services.take_classes(exam=exam, classes=[school_class])
    school.put_students(school_class=school_class, rows=[RosterRow("1", "최지우")])
    assert ("1", "최지우") in present(school_class) and ("1", "김하늘") not in present(school_class)
    assert exam.candidates.get(number="01").name == "김하늘"


def test_a_corrected_name_is_corrected_everywhere(school_class, alice):
    exam = an_exam(alice, id_digits=2)
    services.take_classes(exam=exam, classes=[school_class])
    school.change_student(enrollment=first(school_class), number="1", name="김하늘솔")
    assert exam.candidates.get(number="01").name == "김하늘솔"


def test_a_removed_student_is_gone_but_not_from_results(school_class, alice):
    exam = an_exam(alice, id_digits=2)
    services.take_classes(exam=exam, classes=[school_class])
    trash.purge(item=school.remove_students(enrollments=[first(school_class)], by=alice))
    assert len(present(school_class)) == 2 and exam.candidates.get(number="01").name == "김하늘"


def test_a_class_with_results_cannot_be_deleted_but_archived(school_class, alice):
    services.take_classes(exam=an_exam(alice, id_digits=2), classes=[school_class])
    with pytest.raises(ValidationError, match="Archive it"):
        school.delete_class(school_class=school_class, by=alice)
    assert len(present(school_class)) == 3


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"id_digits": 5}, "00001"),
        ({"id_groups": [["학년", 1], ["반", 2], ["번호", 2]]}, "30201"),
        ({"id_digits": 1}, "1"),
    ],
)
def test_the_number_of_a_class_is_as_wide_as_the_sheet_asks_for(school_class, alice, fields, number):
    exam = an_exam(alice, **fields)
    services.take_classes(exam=exam, classes=[school_class])
    assert exam.candidates.get(enrollment=first(school_class)).number == number


def test_two_classes_with_the_same_numbers_need_a_sheet_that_tells_them_apart(school_class, alice):
    other = school.create_class(owner=alice, name="3학년 3반", year=2026)
    school.put_students(school_class=other, rows=ROWS)
    with pytest.raises(ValidationError, match="grade, class and number"):
        services.take_classes(exam=an_exam(alice, id_digits=5), classes=[school_class, other])
    exam = an_exam(alice, id_groups=[["학년", 1], ["반", 2], ["번호", 2]])
    assert len(services.take_classes(exam=exam, classes=[school_class, other])) == 6


def test_a_roster_of_an_exam_is_in_the_teachers_classes_afterwards(alice):
    services.replace_roster(exam=an_exam(alice), rows=[RosterRow("7", "Kim", "1-2"), RosterRow("8", "Lee")])
    assert {one.name for one in SchoolClass.objects.for_user(alice)} == {"1-2", "Midterm"}


def test_an_exam_takes_the_list_of_a_class(browse, call, alice, school_class):
    fields = {"title": "Quiz", "id_digits": 2, "items": [{"number": 1, "kind": "ox", "answer": "O"}]}
    exam = call(alice).post("/api/exams/", fields, format="json").json()["id"]
    browse(alice).post(f"/exams/{exam}/classes/", {"class": [school_class.pk]})
    roster = call(alice).get(f"/api/exams/{exam}/roster/").json()
    assert [row["number"] for row in roster] == ["01", "02", "10"]


def test_nobody_takes_the_list_of_somebody_elses_class(call, bob, school_class):
    items = [{"number": 1, "kind": "ox", "answer": "O"}]
    exam = call(bob).post("/api/exams/", {"title": "Quiz", "items": items}, format="json").json()["id"]
    answer = call(bob).post(f"/api/exams/{exam}/roster/", {"classes": [school_class.pk]}, format="json")
    assert answer.status_code == 400 and "not yours" in answer.text
    assert call(bob).get(f"/api/exams/{exam}/roster/").json() == []
