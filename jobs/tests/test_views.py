import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone
from django.utils.formats import date_format

from jobs.models import Job, Queue, Status
from jobs.services import forget, retry, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(alice) -> Job:
    return Job.objects.create(owner=alice, task="grading.read_scan")


def test_the_history_lists_my_jobs_and_no_one_elses(browse, alice, bob, job):
    assert str(job.pk) in browse(alice).get("/history/").text
    assert str(job.pk) not in browse(bob).get("/history/").text


def test_the_history_without_jobs_says_so(browse, bob):
    assert "Nothing here yet." in browse(bob).get("/history/").text


def line_of(job: Job, user, browse, **more) -> str:
    return browse(user).get("/history/panel/", {"job": job.pk, **more}).text


def test_the_line_of_a_job_is_told_until_it_has_ended(browse, alice, job):
    assert f'data-job="{job.pk}"' in line_of(job, alice, browse)
    error = "This page is not an answer sheet of this exam."
    Job.objects.update(status=Status.FAILED, error=error, ended_at=timezone.now())
    ended = line_of(job, alice, browse)
    assert error in ended and "data-job=" not in ended and 'data-seconds=""' in ended


def test_nobody_is_told_of_the_line_of_anothers_job(browse, bob, job):
    assert str(job.pk) not in line_of(job, bob, browse)


@pytest.mark.parametrize("odd", ["", "1", "-", "é" * 400])
def test_a_line_that_is_none_is_left_out(browse, alice, odd):
    assert browse(alice).get("/history/panel/", {"job": odd, "state": odd}).status_code == 200


def test_what_has_not_changed_is_answered_with_nothing(browse, alice, job):
    site, asked = browse(alice), {"job": job.pk}
    state = site.get("/history/panel/", asked).context["state"]
    assert site.get("/history/panel/", asked | {"state": state}).status_code == 204
    for change in (
        {"progress": 40},
        {"step": "Reading pages"},
        {"status": Status.DONE, "ended_at": timezone.now()},
    ):
        Job.objects.update(**change)
        answer = site.get("/history/panel/", asked | {"state": state})
        assert answer.status_code == 200, change
        state = answer.context["state"]


def test_the_number_is_told_anew_where_the_oldest_of_many_has_ended(browse, alice, job):
    Job.objects.bulk_create(Job(owner=alice, task="grading.read_scan") for _ in range(25))
    site = browse(alice)
    state = site.get("/history/panel/").context["state"]
    Job.objects.filter(pk=job.pk).update(status=Status.DONE, ended_at=timezone.now())
    assert "25 jobs at work" in site.get("/history/panel/", {"state": state}).text


def test_who_waits_is_told_how_long_about(browse, alice, job):
    cache.clear()
    begun = timezone.now() - timedelta(minutes=9)
    took = {"started_at": begun, "ended_at": begun + timedelta(minutes=4), "status": Status.DONE}
    Job.objects.create(owner=alice, task="grading.read_scan", **took)
    assert "About 4 minutes to go." in line_of(job, alice, browse)
    Job.objects.filter(pk=job.pk).update(
        status=Status.RUNNING, progress=90, started_at=timezone.now() - timedelta(minutes=9)
    )
    assert "About 1 minute to go." in line_of(job, alice, browse)


def test_the_list_of_jobs_says_how_long_as_the_line_does(browse, alice, job):
    cache.clear()
    begun = timezone.now() - timedelta(minutes=9)
    took = {"started_at": begun, "ended_at": begun + timedelta(seconds=9), "status": Status.DONE}
    Job.objects.create(owner=alice, task="grading.read_scan", **took)
    assert "Less than a minute to go." in browse(alice).get("/history/panel/?open=1").text


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
    assert 'data-seconds="1"' in browse(alice).get("/account/").text
    assert 'data-seconds=""' in browse(bob).get("/account/").text


def test_the_closed_panel_is_the_number_alone_and_stops_at_the_end(browse, alice, job):
    answer = browse(alice).get("/history/panel/?open=").text
    assert "1 job at work" in answer and 'data-seconds="3"' in answer and "jobs-list" not in answer
    Job.objects.update(status=Status.DONE, ended_at=timezone.now())
    assert 'data-seconds=""' in browse(alice).get("/history/panel/?open=").text


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
    site.get("/history/panel/?open=1")  # how long such work takes is kept for a minute
    with django_assert_num_queries(3):  # session, user, what is at work
        site.get("/history/panel/")
    with django_assert_num_queries(6):  # what ended, whose turn it is
        site.get("/history/panel/?open=1")
    with django_assert_num_queries(6):
        site.get("/history/panel/", {"job": [job.pk]})


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


@pytest.fixture
def ended(alice) -> Job:
    """Of which nothing came."""
    return Job.objects.create(
        owner=alice, task="digits.read", status=Status.DONE, ended_at=timezone.now(), subject="seven"
    )


def test_a_job_that_is_deleted_from_the_history_can_be_had_back(browse, alice, ended):
    site = browse(alice)
    said = site.post("/history/forget/", {"job": ended.pk}, follow=True)
    assert "1 job was deleted from the history" in said.text and "seven" not in said.text
    assert Job.objects.get() == ended and site.get("/api/jobs/").json()["count"] == 0
    [undo] = re.findall(r"/history/recall/[-0-9a-f]+/", said.text)
    assert "seven" in site.post(undo, follow=True).text


def test_several_are_deleted_at_once_and_nobody_elses_and_none_at_work(browse, alice, bob, job, ended):
    others = Job.objects.create(owner=bob, task="digits.read", status=Status.DONE, ended_at=timezone.now())
    ids = [job.pk, ended.pk, others.pk, uuid4(), "-"]
    assert "1 job was deleted" in browse(alice).post("/history/forget/", {"job": ids}, follow=True).text
    assert set(Job.objects.listed()) == {job, others}
    assert "Tick jobs" in browse(alice).post("/history/forget/", {"job": ids}, follow=True).text


def test_who_deletes_and_has_back_stays_at_what_was_filtered(browse, alice, ended):
    site, filtered = browse(alice), "/history/?app=digits"
    answer = site.post("/history/forget/?app=digits", {"job": ended.pk})
    assert answer.headers["Location"] == filtered
    [undo] = re.findall(r"/history/recall/[^\"]+", site.get(filtered).text)
    assert site.post(undo).headers["Location"] == filtered


def test_nobody_brings_back_what_others_deleted(browse, alice, bob, ended):
    deletion, _count = forget(owner=alice, ids=[ended.pk])
    assert browse(bob).post(f"/history/recall/{deletion}/").status_code == 404
    assert not Job.objects.listed().exists()


def test_a_job_that_begins_again_is_in_the_history(alice, ended):
    Job.objects.update(status=Status.FAILED)
    forget(owner=alice, ids=[ended.pk])
    assert retry(job=ended) and Job.objects.listed().get() == ended


def test_the_history_tells_when_what_happened(browse, alice, ended):
    begun = ended.created_at + timedelta(seconds=5)
    Job.objects.update(started_at=begun, attempt=3, ended_at=begun + timedelta(seconds=1))
    shown = " ".join(browse(alice).get("/history/").text.split())
    for said in ("Asked for", "Begun again, after 2 attempts", "Done"):
        assert re.search(rf"\d\d:\d\d:\d\d · {said}", shown), said


def test_a_long_history_costs_as_few_queries_as_a_short_one(browse, alice, ended, django_assert_num_queries):
    Job.objects.bulk_create(
        Job(owner=alice, task="digits.read", status=Status.DONE, ended_at=ended.ended_at) for _ in range(120)
    )
    site = browse(alice)
    site.get("/history/")
    with django_assert_num_queries(5):  # session, user, what is at work, how many, the page
        assert "2 / 3" in site.get("/history/", {"page": 2, "app": "digits"}).text


def test_a_job_that_was_cancelled_before_it_began_waits_no_more(browse, alice, ended):
    Job.objects.update(status=Status.CANCELLED)
    shown = browse(alice).get("/history/").text
    assert "never begun" in shown and "waits" not in shown


def test_what_happened_on_another_day_says_on_which(browse, alice, ended):
    day = ended.created_at + timedelta(days=2)
    Job.objects.update(started_at=day, ended_at=day)
    shown = browse(alice).get("/history/").text
    assert shown.count(f"{date_format(timezone.localtime(day), 'SHORT_DATE_FORMAT')} ") == 2


def test_doing_again_is_offered_only_of_what_can_be(browse, alice, ended):
    again = f"/history/{ended.pk}/repeat/"
    assert again in browse(alice).get("/history/").text
    for change in ({"task": "school.read_list"}, {"task": "digits.read", "status": Status.FAILED}):
        Job.objects.update(**change)
        assert again not in browse(alice).get("/history/").text, change


@pytest.mark.parametrize(
    "wanted", [{"text": "x" * 300}, {"page": "x"}, {"page": 10**30}, {"first": "9999-99-99"}, {"app": "%"}]
)
def test_a_filter_that_is_none_shows_all(browse, alice, ended, wanted):
    assert str(ended.pk) in browse(alice).get("/history/", wanted).text


def test_what_cannot_be_done_again_says_why(browse, alice, ended):
    site = browse(alice)
    again = f"/history/{ended.pk}/repeat/"
    assert "What it was about was deleted." in site.post(again, follow=True).text
    Job.objects.update(task="school.read_list")
    assert "send what it was made from again" in site.post(again, follow=True).text
    Job.objects.update(status=Status.RUNNING, ended_at=None)
    assert "It has not ended yet." in site.post(again, follow=True).text
