from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.models import Job, Queue, Status
from jobs.services import submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(alice) -> Job:
    return Job.objects.create(owner=alice, task="grading.read_scan")


def test_the_history_lists_my_jobs_and_no_one_elses(browse, alice, bob, job):
    assert str(job.pk) in browse(alice).get("/history/").text
    assert str(job.pk) not in browse(bob).get("/history/").text


def test_the_history_without_jobs_says_so(browse, bob):
    assert "Nothing here yet." in browse(bob).get("/history/").text


def test_the_status_line_polls_while_the_job_is_open(browse, alice, job):
    answer = browse(alice).get(f"/history/{job.pk}/status/")
    assert answer.status_code == 200
    assert "hx-trigger" in answer.text


def test_polling_stops_with_286_when_the_job_has_ended(browse, alice, job):
    Job.objects.update(status=Status.FAILED, error="This page is not an answer sheet of this exam.")
    answer = browse(alice).get(f"/history/{job.pk}/status/")
    assert answer.status_code == 286
    assert "hx-trigger" not in answer.text
    assert "not an answer sheet" in answer.text


def test_a_stranger_gets_404_for_the_status_line(browse, bob, job):
    assert browse(bob).get(f"/history/{job.pk}/status/").status_code == 404


def test_cancel_goes_back_to_the_page_it_was_pressed_on(browse, alice, job):
    answer = browse(alice).post(f"/history/{job.pk}/cancel/", {"next": "/account/"})
    assert answer.headers["Location"] == "/account/"
    job.refresh_from_db()
    assert job.status == Status.CANCELLED


@pytest.mark.parametrize(
    "page",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "-1",
        "²",
        "word",
        "http://[",
    ],
)
@pytest.mark.parametrize("action", ["retry", "cancel"])
def test_the_way_back_is_a_page_of_this_site(browse, alice, job, action, page):
    answer = browse(alice).post(f"/history/{job.pk}/{action}/", {"next": page})
    assert answer.headers["Location"] == "/history/"


def test_the_site_is_alive_and_says_what_it_lacks(browse):
    assert browse().get("/healthz").json() == {"status": "ok"}
    answer = browse().get("/readyz")
    assert answer.json()["database"] and answer.json()["storage"]


def test_a_page_shows_how_many_jobs_are_at_work_and_asks_on_only_then(browse, alice, bob, job):
    assert "1 job at work" in browse(alice).get("/account/").text
    assert "load delay" in browse(alice).get("/account/").text
    assert "load delay" not in browse(bob).get("/account/").text


def test_the_closed_panel_is_the_number_alone_and_stops_at_the_end(browse, alice, job):
    answer = browse(alice).get("/history/panel/?open=").text
    assert "1 job at work" in answer and "load delay:3s" in answer and "jobs-list" not in answer
    Job.objects.update(status=Status.DONE, ended_at=timezone.now())
    assert "load delay" not in browse(alice).get("/history/panel/?open=").text


def test_the_open_panel_lists_mine_at_work_and_what_ended_but_no_quick_answers(browse, alice, bob, job):
    ended = {"owner": alice, "status": Status.FAILED, "error": "Too dark.", "ended_at": timezone.now()}
    Job.objects.create(task="grading.read_scan", **ended)
    quick = Job.objects.create(task="digits.read", queue=Queue.QUICK, **ended)
    answer = browse(alice).get("/history/panel/?open=1").text
    assert "Cancel" in answer and "Too dark." in answer and "Try again" in answer
    assert str(quick.pk) not in answer
    others = browse(bob).get("/history/panel/?open=1").text
    assert str(job.pk) not in others and "Nothing is at work" in others


def test_cancel_in_the_panel_answers_with_the_panel(browse, alice, job):
    answer = browse(alice).post(
        f"/history/{job.pk}/cancel/", {"open": "1"}, headers={"HX-Request": "true", "HX-Target": "jobs-ring"}
    )
    assert answer.status_code == 200
    assert "jobs-list" in answer.text and "Try again" in answer.text


def test_the_panel_costs_few_queries(browse, alice, job, django_assert_num_queries):
    site = browse(alice)
    site.get("/history/panel/")
    with django_assert_num_queries(3):  # session, user, what is at work
        site.get("/history/panel/")
    with django_assert_num_queries(4):
        site.get("/history/panel/?open=1")


def test_the_history_says_what_each_job_was_about_and_finds_it_by_that(browse, alice):
    for subject in ("Mathematics, midterm", "History, final"):
        submit(owner=alice, task="grading.read_scan", subject=subject)
    shown = browse(alice).get("/history/", {"text": "midterm"}).text
    assert "Read answer sheets · Mathematics, midterm" in shown and "History, final" not in shown


def test_the_history_is_filtered_by_app_state_and_day(browse, alice, job):
    yesterday = timezone.now() - timedelta(days=1)
    other = Job.objects.create(owner=alice, task="digits.read", status=Status.FAILED, created_at=yesterday)
    for wanted, found in [
        ({"app": "digits"}, other),
        ({"status": "queued"}, job),
        ({"last": timezone.localdate(yesterday).isoformat()}, other),
        ({"app": "no such app", "status": "?", "first": "?"}, job),
    ]:
        assert str(found.pk) in browse(alice).get("/history/", wanted).text, wanted
    assert str(job.pk) not in browse(alice).get("/history/", {"app": "digits"}).text


def test_the_history_says_how_long_a_job_waited_and_worked_and_how_often_it_began(browse, alice, job):
    begun = job.created_at + timedelta(seconds=5)
    Job.objects.update(
        started_at=begun, ended_at=begun + timedelta(seconds=90), attempt=2, status=Status.DONE
    )
    shown = " ".join(browse(alice).get("/history/").text.split())
    assert "waited 5.0 s" in shown and "worked 1 min 30 s" in shown and "begun 2 times" in shown
