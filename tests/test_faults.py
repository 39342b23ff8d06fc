"""benchmarks/faults.py notices what is wrong, and its hostile file is one."""

import uuid

import pytest

from accounts.models import User
from benchmarks.fault_jobs import Ledger, hostile_pdf
from benchmarks.fault_site import Rows
from benchmarks.fault_verdict import verdict
from conftest import database_url
from digits.models import Reading
from digits.services import read
from grading.models import Exam, Paper
from grading.sheet.pdf_pages import Pdf
from jobs.models import Job
from registry.models import ModelVersion

pytestmark = pytest.mark.django_db(transaction=True)


def wrong(*accepted: Job, hostile: str = "") -> dict[str, list[str]]:
    ledger = Ledger()
    ledger.accepted = {job.pk.hex: job.task for job in accepted}
    cases = verdict(Rows(database_url()), ledger, hostile)
    return {what: found for what, found in cases.items() if found}


def answered(owner: User) -> Job:
    reading = read(owner=owner, source=Reading.Source.PIXELS, pixels=bytes(784))
    Reading.objects.filter(pk=reading.pk).update(model=ModelVersion.objects.active("digits"))
    Job.objects.filter(pk=reading.job_id).update(status="done")
    return reading.job


def test_nothing_is_wrong_where_all_is_done(charlie):
    assert wrong(answered(charlie)) == {}


def test_what_was_accepted_and_is_gone_is_lost(charlie):
    job = answered(charlie)
    gone = Job(pk=uuid.uuid4(), task="digits.read")
    assert wrong(job, gone) == {"lost": [f"digits.read {gone.pk.hex}"]}


def test_a_result_that_is_not_there_is_lost(charlie):
    Reading.objects.filter(job=answered(charlie)).update(model=None)
    bare = Job.objects.create(owner=charlie, task="generator.draw", status="done")
    row, reading = wrong()["lost"]
    assert row.replace("-", "") == f"row of generator.draw {bare.pk.hex}"
    assert reading.startswith("readings of")


def test_a_paper_that_a_failed_attempt_left_behind_is_doubled(alice):
    Paper.objects.create(exam=Exam.objects.create(owner=alice, title="Midterm", id_digits=2))
    assert list(wrong()) == ["doubled"]


def test_what_is_open_at_the_end_is_stuck(charlie):
    read(owner=charlie, source=Reading.Source.PIXELS, pixels=bytes(784))
    assert list(wrong()) == ["stuck"]


def test_only_the_hostile_job_may_fail(charlie):
    job = answered(charlie)
    Job.objects.filter(pk=job.pk).update(status="failed")
    assert list(wrong(job)) == ["others failed"]
    assert wrong(job, hostile=job.pk.hex) == {}


def test_the_hostile_file_is_a_page_that_paints_again_and_again():
    page = Pdf(hostile_pdf(depth=2)).page(0)
    assert page.mean() < 128
    assert hostile_pdf().count(b"/X Do ") == 90
    assert len(hostile_pdf()) < 2_500
