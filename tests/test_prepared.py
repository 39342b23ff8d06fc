"""Queries and rows whose SQL is made once find and keep what Django's own do."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Model, QuerySet

from digits.models import ANSWER, Reading
from digits.tests.readings import a_reading
from jobs.models import Job, Status
from prepared.queries import prepared
from prepared.rows import update

pytestmark = pytest.mark.django_db


def of_jobs(owner, jobs) -> QuerySet[Reading]:
    rows = Reading.objects.select_related("job", "model").defer("pixels", "model__card")
    return rows.filter(owner=owner, job__id__in=jobs).exclude(job__status=Status.FAILED).order_by("text")


def contents(row: Model) -> dict[str, object]:
    """What was fetched of it."""
    return {name: value for name, value in vars(row).items() if name != "_state"}


@pytest.fixture
def rows(alice, bob) -> list[Reading]:
    made = [a_reading(owner, text) for owner, text in ((alice, "7"), (alice, "31"), (alice, "4"), (bob, "9"))]
    Job.objects.filter(pk=made[2].job_id).update(status=Status.FAILED)
    return made


def test_the_rows_are_those_of_the_query_with_all_that_it_fetches(alice, rows, django_assert_num_queries):
    keys = [row.job_id for row in rows]
    found, expected = prepared(of_jobs)(alice.pk, keys), list(of_jobs(alice.pk, keys))
    assert [row.text for row in found] == ["31", "7"]
    with django_assert_num_queries(0):
        for part in (lambda row: row, lambda row: row.job, lambda row: row.model):
            assert [contents(part(row)) for row in found] == [contents(part(row)) for row in expected]


def test_sql_is_made_once_for_each_number_of_values(alice, bob, rows):
    made = []

    @prepared
    def readings(owner, jobs) -> QuerySet[Reading]:
        made.append(len(jobs))
        return of_jobs(owner, jobs)

    texts = [
        [row.text for row in readings(owner.pk, [row.job_id for row in rows[:count]])]
        for count in (1, 4, 1, 4)
        for owner in (alice, bob)
    ]
    assert texts == [["7"], [], ["31", "7"], ["9"]] * 2
    assert made == [1, 4]


def test_nothing_is_found_in_an_empty_list(alice, rows):
    assert prepared(of_jobs)(alice.pk, []) == []


def test_times_and_lists_of_values_are_taken_and_given_as_by_django(alice, rows):
    @prepared
    def before(moment) -> QuerySet:
        return (
            Job.objects.filter(created_at__lt=moment).order_by("created_at").values_list("pk", "created_at")
        )

    first = rows[0].job
    assert before(first.created_at) == []
    assert before(first.created_at + timedelta(microseconds=1)) == [(first.pk, first.created_at)]


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection(alice, rows):
    readings, found = prepared(of_jobs), []
    readings(alice.pk, [rows[0].job_id])

    def ask() -> None:
        found.extend(readings(alice.pk, [rows[0].job_id]))
        connection.close()

    with transaction.atomic():
        Reading.objects.filter(pk=rows[0].pk).update(text="not seen by others")
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert [row.text for row in found] == ["7"]


def test_the_named_fields_of_all_rows_are_changed_and_no_others(rows):
    for row in rows:
        row.text, row.digits, row.frames, row.right_text = row.text * 2, [], bytes(784), "not named"
    Reading.objects.filter(pk=rows[3].pk).delete()
    update(rows, ANSWER)
    kept = {row.pk: row for row in Reading.objects.all()}
    assert set(kept) == {row.pk for row in rows[:3]}
    assert [kept[row.pk].text for row in rows[:3]] == ["77", "3131", "44"]
    assert {(str(row.digits), bytes(row.frames), row.right_text) for row in kept.values()} == {
        ("[]", bytes(784), "")
    }
