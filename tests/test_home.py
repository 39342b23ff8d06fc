"""The first page of who is signed in: what waits for them, and what they had lately."""

import pytest
from django.urls import reverse

from grading.models import Paper
from jobs.models import Job, Status

pytestmark = pytest.mark.django_db


def test_a_visitor_is_told_what_can_be_done_here(browse):
    shown = browse().get("/").text
    assert "Answer sheets, graded while you drink your coffee" in shown and "Sign in" in shown


def test_who_has_nothing_yet_is_told_so_too(browse, alice):
    shown = browse(alice).get("/").text
    assert "Go to my exams" in shown and "What waits" not in shown


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
    assert "1 job is at work" in shown and "Look at it" in shown


def test_what_someone_had_lately_leads_back_to_it(browse, owned, alice):
    shown = browse(alice).get("/").text
    pages = {"grading:exam": "exam", "classifier:picture": "picture", "digits:reading": "reading"}
    for page, name in (pages | {"generator:order": "order", "classifier:classifier": "classifier"}).items():
        assert reverse(page, args=[owned[name]]) in shown, page


def test_nobody_sees_what_others_have(browse, owned, bob):
    shown = browse(bob).get("/").text
    assert not any(str(owned[name]) in shown for name in ("picture", "reading", "order"))
