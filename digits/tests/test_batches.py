"""Digits of many people are read together, each with an answer of its own."""

import numpy as np
import pytest

from digits import services
from digits.models import Reading
from digits.tasks import read
from jobs.models import Job, Status
from jobs.services import cancel
from siteconfig.services import site_settings
from tests.support.deletions import delete_for_good
from tests.support.strokes import drawing

pytestmark = pytest.mark.django_db


def ask(owner, digit: int) -> Reading:
    pixels = drawing(digit, np.random.default_rng(digit)).tobytes()
    return services.read(owner=owner, source=Reading.Source.PIXELS, pixels=pixels)


def test_one_message_answers_all_who_wait(alice, bob):
    asked = {digit: ask(owner, digit) for digit, owner in ((3, alice), (1, bob), (4, alice))}
    read()
    for digit, reading in asked.items():
        reading.refresh_from_db()
        assert (reading.text, reading.owner_id) == (str(digit), reading.job.owner_id)
    assert set(Job.objects.values_list("status", flat=True)) == {Status.DONE}


def test_a_drawing_that_was_cancelled_or_deleted_does_not_hold_up_the_others(alice):
    cancelled, deleted, kept = ask(alice, 3), ask(alice, 1), ask(alice, 4)
    cancel(job=cancelled.job)
    delete_for_good(deleted)
    read()
    kept.refresh_from_db()
    cancelled.refresh_from_db()
    assert (kept.text, cancelled.text) == ("4", "")


def test_an_answer_is_the_same_whether_numbers_come_as_numbers_or_as_text(call, alice):
    frame = drawing(7, np.random.default_rng(7)).ravel()
    scaled = [value / 255 for value in frame.tolist()]
    for pixels in (frame.tolist(), scaled, ",".join(map(str, scaled)), [str(one) for one in frame]):
        answer = call(alice).post("/api/digits/", {"pixels": pixels}, format="json")
        assert answer.status_code == 202
        assert Reading.objects.get(pk=answer.json()["id"]).pixels == frame.tobytes()


def test_asking_costs_few_queries(call, alice, django_assert_num_queries):
    # A savepoint for the two rows, in a test's transaction; how many jobs are open, and how many are before this one,
    # which only who does not wait for the answer is told. How the site is set, a process has read before.
    site_settings()
    with django_assert_num_queries(6):
        call(alice).post("/api/digits/", {"pixels": [0] * 784}, format="json")
