"""The search of the top line: what is one's own, what can be done, in any language."""

import pytest
from django.urls import reverse

from accounts.grants import Right, grant
from accounts.models import Role, User
from classifier.models import Album
from generator.models import Order
from grading.models import Candidate, Paper
from grading.services import create_exam
from school.models import Student
from tests.support.everything import a_candidate, one_of_each_kind

pytestmark = pytest.mark.django_db
ITEM = {"number": 1, "kind": "ox", "answer": "O"}
FIELD = {"HX-Target": "search-choices"}


def links(answer) -> list[str]:
    return [hit.url for group in answer.context["groups"] for hit in group.hits]


def test_what_is_ones_own_is_found_by_its_name(browse, alice, bob):
    owned = one_of_each_kind(alice)
    Album.objects.update(name="Summer")
    for text, route, row in (
        ("midt", "grading:exam", "exam"),
        ("pets", "classifier:classifier", "classifier"),
        ("summer", "classifier:album", "album"),
        ("cat.jpg", "classifier:picture", "picture"),
        ("3-1", "school:class", "class"),
    ):
        url = reverse(route, args=[owned[row]])
        assert url in links(browse(alice).get("/search/", {"q": text}))
        assert url not in links(browse(bob).get("/search/", {"q": text}))


def test_what_a_colleague_shares_is_found(browse, alice, bob):
    exam = create_exam(owner=alice, title="Midterm", language="en", items=[ITEM])
    grant(row=exam, who="bob", right=Right.VIEW, by=alice)
    assert links(browse(bob).get("/search/", {"q": "midt"})) == [exam.get_absolute_url()]


def test_what_can_be_done_is_found_in_every_language(browse, alice):
    for text in ("new EXAM", "새 시험"):
        assert links(browse(alice).get("/search/", {"q": text})) == [reverse("grading:new")]


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("exam new", "grading:new"),  # in any order
        ("OTP", "accounts:second_factor"),
        ("인증 앱", "accounts:second_factor"),
        ("token", "accounts:account"),  # by what is done there
        ("토큰", "accounts:account"),
        ("다른 프로그램", "grading:new_template"),
        ("download", "dataexport:export"),
        ("내려받기", "dataexport:export"),
        ("API", "docs"),
    ],
)
def test_a_place_is_found_by_what_else_it_is_called(browse, alice, text, route):
    assert reverse(route) in links(browse(alice).get("/search/", {"q": text}))


def test_the_middle_of_a_word_finds_no_place(browse, alice):
    assert reverse("accounts:second_factor") not in links(browse(alice).get("/search/", {"q": "cat"}))


def test_a_student_finds_results_and_no_place_of_teachers(browse, alice):
    owned = one_of_each_kind(alice)
    student = User.objects.create_user("sena", role=Role.STUDENT)
    paper = Paper.objects.get(pk=owned["paper"])
    candidate = Candidate.objects.filter(exam=paper.exam).first() or a_candidate(paper.exam, alice)
    Student.objects.filter(pk=candidate.enrollment.student_id).update(account=student)
    Paper.objects.filter(pk=paper.pk).update(candidate=candidate)
    assert links(browse(student).get("/search/", {"q": "midt"})) == [reverse("grading:my_results")]
    assert links(browse(student).get("/search/", {"q": "내 성적"})) == [reverse("grading:my_results")]


def test_faces_are_found_by_what_was_changed_in_them_in_any_language(browse, alice, bob):
    order = Order.objects.get(pk=one_of_each_kind(alice)["order"])
    Order.objects.filter(pk=order.pk).update(edits={"beard": 2.0})
    for text in ("beard", "수염"):
        assert order.get_absolute_url() in links(browse(alice).get("/search/", {"q": text}))
        assert order.get_absolute_url() not in links(browse(bob).get("/search/", {"q": text}))


def test_only_what_one_may_do_is_offered(browse, charlie, root):
    invite, exams = reverse("accounts:invite"), reverse("grading:exams")
    assert not {invite, exams} & set(links(browse(charlie).get("/search/")))
    assert {invite, exams} <= set(links(browse(root).get("/search/")))


def test_people_are_found_by_administrators_alone(browse, root, charlie):
    url = reverse("accounts:person", args=[charlie.pk])
    assert url in links(browse(root).get("/search/", {"q": "charl"}))
    assert url not in links(browse(charlie).get("/search/", {"q": "charl"}))


def test_faces_that_are_switched_off_are_not_offered(browse, alice, settings):
    assert reverse("generator:faces") in links(browse(alice).get("/search/"))
    settings.FACES = False
    assert reverse("generator:faces") not in links(browse(alice).get("/search/"))


def test_the_field_gets_choices_and_a_browser_a_page(browse, alice):
    assert 'role="option"' in browse(alice).get("/search/", {"q": "exam"}, headers=FIELD).text
    assert "<h1>" in browse(alice).get("/search/", {"q": "exam"}).text


@pytest.mark.parametrize("text", ["%", "\ud800", "x" * 5000, "<b>"])
def test_odd_texts_find_nothing(browse, alice, text):
    one_of_each_kind(alice)
    answer = browse(alice).get("/search/", {"q": text.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 200 and links(answer) == []


def test_fewer_than_ten_queries_are_enough(browse, alice, django_assert_max_num_queries):
    one_of_each_kind(alice)
    client = browse(alice)
    client.get("/search/")  # what is asked now and then
    with django_assert_max_num_queries(9):
        client.get("/search/", {"q": "e"}, headers=FIELD)
