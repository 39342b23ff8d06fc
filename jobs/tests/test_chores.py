"""What must be done now and then is done by whoever comes by, and not more often."""

import time
from datetime import timedelta

import pytest

from jobs import chores, tasks


@pytest.fixture
def done(monkeypatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(chores, "CHORES", [])
    chores.chore(every=timedelta(hours=1))(lambda: done.append("seldom"))
    chores.chore(every=timedelta(0))(lambda: done.append("often"))
    chores.chore(every=timedelta(hours=1), at_start=False)(lambda: done.append("later"))
    return done


def test_what_is_due_is_done_at_once_and_then_after_its_time(done):
    for _ in range(3):
        chores.do_what_is_due()
    assert done == ["seldom", "often", "often", "often"]


@pytest.mark.django_db
def test_the_sweep_does_what_is_due(done):
    tasks.sweep()
    assert done == ["seldom", "often"]


def test_what_can_wait_is_not_done_at_the_start(done, monkeypatch):
    in_an_hour = time.monotonic() + 3601
    monkeypatch.setattr(chores.time, "monotonic", lambda: in_an_hour)
    chores.do_what_is_due()
    assert done == ["seldom", "often", "later"]
