"""Knocks at the doors of one machine, what is said with them, and the lease of what is held."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from jobs.doors import Door, door_of, ended_of, knock, tell_ended
from jobs.models import Job
from jobs.worker import claim, heartbeat

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_ending_knocks_where_someone_waits(alice):
    done, rejected = (Job.objects.create(owner=alice, task="a.b") for _ in range(2))
    with Door(settings.DATA_DIR / "someone.ended") as door:
        with claim(str(done.pk)).finishing():
            assert door.wait(0) == []
        assert ended_of(b"".join(door.wait(5))) == [done.pk]
        claim(str(rejected.pk)).reject("No.")
        assert ended_of(b"".join(door.wait(5))) == [rejected.pk]


def test_a_knock_where_nobody_listens_is_no_error(alice):
    (settings.DATA_DIR / "gone.ended").touch()
    tell_ended([Job.objects.create(owner=alice, task="a.b").pk])
    assert not knock(door_of("quick"), b"a.b")


def test_several_knocks_are_heard_together(alice):
    with Door(door_of("quick")) as door:
        assert knock(door_of("quick"), b"a.b")
        assert knock(door_of("quick"), b"a.c")
        assert door.wait(5) == [b"a.b", b"a.c"]
        assert door.wait(0) == []


def test_a_door_that_cannot_be_opened_is_silent(tmp_path):
    with Door(tmp_path / ("long" * 40)) as door:
        assert not door.is_open
        assert door.wait(0) == []


def test_the_heartbeat_renews_what_is_held_and_no_more(alice):
    held, other = (claim(str(Job.objects.create(owner=alice, task="a.b").pk)) for _ in range(2))
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.update(seen_at=long_ago)
    with heartbeat(held):
        heartbeat.beat()
    heartbeat.beat()
    assert Job.objects.get(pk=held.pk).seen_at > long_ago
    assert Job.objects.get(pk=other.pk).seen_at == long_ago
