import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from accounts.grants import Right, find_permitted, grant, revoke
from accounts.models import User
from audit.models import Entry, Verb
from classifier.models import Album
from conftest import PASSWORD
from grading.models import Exam
from tests.support.everything import one_of_each_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
# what a colleague asks of an exam: method, address, the least right
ASKED = [
    ("get", "/exams/{exam}/", Right.VIEW),
    ("get", "/exams/{exam}/results/", Right.VIEW),
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
