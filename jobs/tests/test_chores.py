"""What must be done now and then is done by whoever comes by, and not more often."""

from datetime import timedelta

import pytest

from jobs import chores, tasks


@pytest.fixture
def done(monkeypatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(chores, "CHORES", [])
    chores.chore(every=timedelta(hours=1))(lambda: done.append("seldom"))
    chores.chore(every=timedelta(0))(lambda: done.append("often"))
    return done


def test_what_is_due_is_done_at_once_and_then_after_its_time(done):
    for _ in range(3):
        chores.do_what_is_due()
    assert done == ["seldom", "often", "often", "often"]


@pytest.mark.django_db
def test_the_sweep_does_what_is_due(done):
    tasks.sweep()
    assert done == ["seldom", "often"]
