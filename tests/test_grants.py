import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from accounts.grants import Right, find_permitted, grant, revoke
from accounts.models import User
from audit.models import Entry, Verb
from classifier.models import Album
from conftest import PASSWORD
from grading.models import Exam
from grading.services import create_exam, replace_roster, take_classes
from school.models import SchoolClass
from school.roster.rows import RosterRow
from tests.support.everything import one_of_each_kind
from trash.models import Item
from trash.people import delete_person
from trash.services import delete, purge, restore

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
# what a colleague asks of an exam: method, address, the least right
ASKED = [
    ("get", "/exams/{exam}/", Right.VIEW),
    ("get", "/exams/{exam}/results/", Right.VIEW),
    ("post", "/exams/{exam}/duplicate/", Right.VIEW),
    ("get", "/exams/{exam}/papers/{paper}/", Right.VIEW),
    ("get", "/api/papers/{paper}/answers/1/crop.jpg", Right.VIEW),
    ("get", "/api/exams/{exam}/results.csv", Right.VIEW),
    ("post", "/exams/{exam}/papers/{paper}/accept/", Right.MARK),
    ("post", "/exams/{exam}/regrade/", Right.MARK),
    ("post", "/exams/{exam}/scans/", Right.MARK),
    ("get", "/exams/{exam}/design/", Right.OWN),
    ("post", "/exams/{exam}/roster/", Right.OWN),
    ("get", "/sharing/grading.exam/{exam}/", Right.OWN),
    ("post", "/exams/{exam}/delete/", Right.OWN),
]


@pytest.fixture
def rows(alice) -> dict[str, object]:
    return one_of_each_kind(alice)


@pytest.fixture
def exam(rows) -> Exam:
    return Exam.objects.get(pk=rows["exam"])


@pytest.mark.parametrize("right", [None, *Right])
def test_a_colleague_may_do_what_the_right_says_and_nothing_else(rows, exam, alice, bob, browse, right):
    if right:
        grant(row=exam, who="bob", right=right, by=alice)
    client, allowed = browse(bob), included_in(right) if right else []
    for method, address, least in ASKED:
        status = getattr(client, method)(address.format(**rows)).status_code
        assert (status != 404) == (least in allowed), (method, address, status)


def test_a_shared_exam_stands_in_the_colleagues_list_with_its_owners_name(exam, alice, bob, browse):
    grant(row=exam, who="bob", right=Right.VIEW, by=alice)
    shown = browse(bob).get("/exams/").text
    assert exam.title in shown and "alice" in shown


def test_who_may_only_look_is_offered_nothing_to_change(rows, exam, alice, bob, browse):
    grant(row=exam, who="bob", right=Right.VIEW, by=alice)
    for page in ("", "scans/", f"papers/{rows['paper']}/", "review/", "results/", "sheet/"):
        main = browse(bob).get(f"/exams/{exam.pk}/{page}").text.partition("<main")[2]
        assert 'class="save' not in main and "delete/" not in main and "design/" not in main, page


def test_what_is_taken_back_is_gone_at_once(exam, alice, bob, browse):
    grant(row=exam, who="bob", right=Right.OWN, by=alice)
    browse(alice).post(f"/sharing/grading.exam/{exam.pk}/{bob.pk}/stop/")
    assert browse(bob).get(f"/exams/{exam.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("who", "sentence"),
    [("nobody", "Nobody here"), ("alice", "theirs already"), ("charlie", "is no teacher")],
)
def test_an_exam_is_shared_with_another_teacher_only(exam, alice, charlie, who, sentence):
    with pytest.raises(ValidationError, match=sentence):
        grant(row=exam, who=who, right=Right.VIEW, by=alice)


def test_sharing_again_changes_the_right_and_both_are_logged(exam, alice, bob):
    grant(row=exam, who="bob", right=Right.OWN, by=alice)
    grant(row=exam, who="bob", right=Right.VIEW, by=alice)
    assert [one.right for one in exam.grants.all()] == [Right.VIEW]
    revoke(row=exam, user=bob, by=alice)
    entries = Entry.objects.filter(model="exam")
    assert list(entries.order_by("pk").values_list("verb", flat=True)) == [
        "shared",
        "shared",
        "unshared",
    ]


def test_an_address_of_two_people_names_neither(exam, alice, bob):
    User.objects.create_user("bobby", "b@school.example", PASSWORD, role="teacher")
    User.objects.filter(pk=bob.pk).update(email="b@school.example")
    with pytest.raises(ValidationError):
        grant(row=exam, who="b@school.example", right=Right.VIEW, by=alice)


def test_an_admin_looks_at_anything_which_the_log_tells_once_an_hour(exam, root, browse):
    for _time in range(2):
        assert browse(root).get(f"/exams/{exam.pk}/").status_code == 200
    assert browse(root).post(f"/exams/{exam.pk}/delete/").status_code == 404
    entry = Entry.objects.get(verb=Verb.OPENED)
    assert (entry.actor, entry.owner, entry.object_name) == (root, exam.owner, exam.title)


def test_owners_are_not_logged(exam, alice):
    find_permitted(Exam.objects.all(), alice, pk=exam.pk)
    assert not Entry.objects.filter(model="exam").exists()


@pytest.mark.parametrize("address", ["accounts.user/1", "nonsense/1", "grading.exam/x", "grading.paper/1"])
def test_only_what_can_be_shared_has_a_page_for_it(alice, browse, address):
    assert browse(alice).get(f"/sharing/{address}/").status_code == 404


# of an album and a classifier
OF_OTHERS = {
    "classifier.album": [
        ("get", "/pictures/albums/{album}/", Right.VIEW),
        ("get", "/api/albums/{album}/table.csv", Right.VIEW),
        ("post", "/pictures/albums/{album}/delete/", Right.OWN),
    ],
    "classifier.classifier": [
        ("get", "/classifiers/{classifier}/classes/{label}/", Right.VIEW),
        ("get", "/api/classifiers/{classifier}/examples/", Right.VIEW),
        ("post", "/classifiers/{classifier}/train/", Right.MARK),
        ("post", "/classifiers/{classifier}/rename/", Right.OWN),
        ("post", "/classifiers/{classifier}/delete/", Right.OWN),
    ],
    "school.schoolclass": [
        ("get", "/classes/{class}/", Right.VIEW),
        ("post", "/classes/{class}/consent/", Right.MARK),
        ("post", "/classes/{class}/archive/", Right.OWN),
    ],
}


@pytest.mark.parametrize("right", list(Right))
@pytest.mark.parametrize("label", OF_OTHERS)
def test_albums_classifiers_and_classes_are_shared_in_the_same_way(rows, alice, bob, browse, label, right):
    model = apps.get_model(label)
    row = model.objects.get(pk=rows[{"school.schoolclass": "class"}.get(label, model._meta.model_name)])
    grant(row=row, who="bob", right=right, by=alice)
    client = browse(bob)
    for method, address, least in OF_OTHERS[label]:
        status = getattr(client, method)(address.format(**rows)).status_code
        assert (status != 404) == (least in included_in(right)), (method, address, status)


def included_in(right: Right) -> list[Right]:
    return list(Right)[: list(Right).index(right) + 1]


def test_whoever_sees_an_album_sees_its_pictures_and_changes_none(rows, alice, bob, browse):
    album = Album.objects.get(pk=rows["album"])
    grant(row=album, who="bob", right=Right.VIEW, by=alice)
    picture, client = album.pictures.first(), browse(bob)
    assert client.get(f"/pictures/{picture.pk}/").status_code == 200
    assert client.post(f"/pictures/{picture.pk}/correct/", {"label": "cat"}).status_code == 404
    assert client.post(f"/pictures/{picture.pk}/delete/").status_code == 404
    assert client.get(f"/pictures/{rows['picture']}/").status_code == 404


def test_what_an_admin_looks_at_shows_nothing_that_changes_it(rows, root, browse):
    for page in (f"/digits/{rows['reading']}/", f"/pictures/{rows['picture']}/", f"/faces/{rows['order']}/"):
        main = browse(root).get(page).text.partition("<main")[2]
        assert "delete/" not in main and "share/" not in main, page


def test_the_code_of_a_class_is_its_owners(rows, alice, bob, call):
    grant(row=SchoolClass.objects.get(pk=rows["class"]), who="bob", right=Right.VIEW, by=alice)
    address = f"/api/classes/{rows['class']}/"
    assert [bool(call(one).get(address).json()["code"]) for one in (alice, bob)] == [True, False]


def test_a_roster_of_a_colleague_changes_no_class_of_the_owner(exam, alice, bob, rows):
    school_class = SchoolClass.objects.get(pk=rows["class"])
    replace_roster(exam=exam, rows=[RosterRow("1", "Lee", school_class.name)], by=bob)
    assert school_class.enrollments.present().get().student.name == "Kim"
    assert exam.candidates.get().enrollment.school_class.owner == bob


def test_a_deleted_teachers_class_goes_to_whose_exam_has_its_results(alice, bob, rows, root):
    school_class = SchoolClass.objects.get(pk=rows["class"])
    items = [{"number": 1, "kind": "ox", "answer": "O"}]
    quiz = create_exam(owner=bob, title="Quiz", id_digits=2, items=items)
    take_classes(exam=quiz, classes=[school_class])
    purge(item=delete_person(person=alice, by=root), by=root)
    school_class.refresh_from_db()
    assert (school_class.owner, school_class.is_archived) == (bob, True)
    assert quiz.candidates.get().name == "Kim"


def test_a_colleague_restores_only_what_they_may_still_change(exam, alice, bob):
    grant(row=exam, who="bob", right=Right.OWN, by=alice)
    item = delete(rows=[exam], by=bob)
    revoke(row=exam, user=bob, by=alice)
    with pytest.raises(Item.DoesNotExist):
        restore(item=item, by=bob)
    restore(item=item, by=alice)


def test_a_username_that_looks_like_an_address_gets_nothing_that_is_meant_for_it(exam, alice, bob):
    User.objects.filter(pk=bob.pk).update(email="bob@school.example")
    User.objects.create_user("bob@school.example", password=PASSWORD, role="teacher")
    with pytest.raises(ValidationError):
        grant(row=exam, who="bob@school.example", right=Right.VIEW, by=alice)


@pytest.mark.parametrize("key", ["abc", "9" * 30, "9" * 5000, "²"])
@pytest.mark.parametrize("kind", ["exams", "albums", "pictures", "papers", "scans", "classes"])
def test_what_can_be_no_key_is_not_found(alice, call, kind, key):
    assert call(alice).get(f"/api/{kind}/{key}/").status_code == 404


@pytest.mark.parametrize("number", ["abc", "9" * 30, "9" * 5000, "²"])
def test_what_can_be_no_class_is_taken_for_none(rows, alice, browse, call, number):
    client = browse(alice)
    assert client.post(f"/exams/{rows['exam']}/classes/", {"class": number}).status_code == 302
    assert client.post(f"/classes/{rows['class']}/consent/", {"enrollment": number}).status_code == 302
    assert client.post("/classes/", {"name": "9-9", "year": number}).status_code == 200
    answer = call(alice).post(f"/api/exams/{rows['exam']}/roster/", {"classes": [number]}, format="json")
    assert answer.status_code == 400
