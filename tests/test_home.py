"""The first page of who is signed in: what waits for them, and what they had lately."""

import pytest
from django.urls import reverse

from accounts.models import Role
from classifier.services import teaching
from conftest import person
from grading.models import Paper
from jobs.models import Job, Status

pytestmark = pytest.mark.django_db


def test_a_visitor_is_told_what_can_be_done_here(browse):
    shown = browse().get("/").text
    assert "Answer sheets, graded while you drink your coffee" in shown and "Sign in" in shown


def test_who_teaches_and_has_nothing_yet_is_shown_three_steps_and_an_example(browse, alice, root):
    for teacher in (alice, root):
        shown = browse(teacher).get("/").text
        assert all(step in shown for step in ("Bring your class", "Set an exam", "Scan what was handed in"))
        assert "twelve sheets" in shown and "Load the example" in shown and "What waits" not in shown


def test_a_member_is_offered_an_example_without_an_exam(browse, charlie):
    shown = browse(charlie).get("/").text
    assert "Load the example" in shown and "twelve sheets" not in shown and "Set an exam" not in shown


def test_a_student_is_offered_no_example(browse):
    assert "Load the example" not in browse(person("minsu", Role.STUDENT)).get("/").text


def test_who_loaded_the_example_is_told_what_removing_it_takes_along(browse, charlie):
    browse(charlie).post("/example/")
    shown = browse(charlie).get("/").text
    assert "also what you or others made in it" in shown and "Remove the example" in shown


def test_who_has_things_of_their_own_is_not_offered_it_any_more(browse, owned, alice):
    browse(alice).post("/example/remove/")
    teaching.create(owner=alice, name="Pets")
    assert "Load the example" not in browse(alice).get("/").text


def test_an_exam_with_papers_to_review_stands_first_with_a_button(browse, owned, alice):
    Paper.objects.filter(exam=owned["exam"]).update(status=Paper.Status.REVIEW)
    shown = browse(alice).get("/").text
    assert "1 paper wants a look" in shown and reverse("grading:review", args=[owned["exam"]]) in shown


def test_a_job_that_failed_says_why_and_one_at_work_is_counted(browse, owned, alice):
    Job.objects.filter(owner=alice).update(status=Status.DONE)
    first, second = Job.objects.filter(owner=alice)[:2]
    Job.objects.filter(pk=first.pk).update(status=Status.FAILED, error="Out of paper.")
    Job.objects.filter(pk=second.pk).update(status=Status.RUNNING, ended_at=None)
    shown = browse(alice).get("/").text
    assert "1 job is at work" in shown and "1 job at work" in shown and "Look at it" in shown


def test_what_someone_had_lately_leads_back_to_it(browse, owned, alice):
    shown = browse(alice).get("/").text
    pages = {"grading:exam": "exam", "classifier:picture": "picture", "digits:reading": "reading"}
    for page, name in (pages | {"generator:order": "order", "classifier:classifier": "classifier"}).items():
        assert reverse(page, args=[owned[name]]) in shown, page


def test_nobody_sees_what_others_have(browse, owned, bob):
    shown = browse(bob).get("/").text
    assert not any(str(owned[name]) in shown for name in ("picture", "reading", "order"))
