"""From waiting readings to answers, as the worker's thread does it."""

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import wait_for_end
from digits import services, tasks
from digits.models import Reading
from digits.tests.calls import SEVEN, ask
from digits.tests.pictures import as_file, grey
from digits.tests.readings import a_reading
from jobs.models import Job, Status
from jobs.services import cancel
from registry.models import ModelVersion

pytestmark = pytest.mark.django_db


def waiting(owner, text: str, content: bytes | None = None) -> Reading:
    picture = SimpleUploadedFile(f"{text}.png", content or as_file(grey(text)))
    return services.read(owner=owner, source="upload", picture=picture)


def fresh(reading: Reading) -> Reading:
    return Reading.objects.select_related("job", "model").get(pk=reading.pk)


def test_what_waits_is_read_together_each_with_its_own_answer(alice, bob):
    rows = [waiting(owner, text) for owner, text in ((alice, "314"), (bob, "15"), (alice, "9"))]
    tasks.read(str(rows[0].job_id))
    assert [(fresh(row).text, fresh(row).job.status) for row in rows] == [
        ("314", "done"),
        ("15", "done"),
        ("9", "done"),
    ]
    assert {fresh(row).model for row in rows} == {ModelVersion.objects.active("digits")}


def test_a_broken_picture_fails_alone(alice):
    good, whole = waiting(alice, "7"), as_file(grey("12"))
    bad = waiting(alice, "12", whole[: len(whole) // 2])
    gone = waiting(alice, "3")
    cancel(job=gone.job)
    tasks.read(str(bad.job_id))
    assert fresh(good).text == "7"
    assert fresh(bad).job.status == Status.FAILED and "damaged" in fresh(bad).job.error
    assert fresh(gone).job.status == Status.CANCELLED and fresh(gone).text == ""


def test_a_message_that_comes_twice_is_read_once(alice):
    reading = waiting(alice, "7")
    for _ in range(2):
        tasks.read(str(reading.job_id))
    assert fresh(reading).job.attempt == 1


def test_what_was_deleted_meanwhile_does_no_harm(alice):
    reading = waiting(alice, "7")
    services.delete(reading=reading)
    tasks.read(str(reading.job_id))
    assert not Reading.objects.exists()


def test_a_missing_network_is_a_sentence(alice):
    ModelVersion.objects.filter(kind="digits").update(state="retired")
    reading = waiting(alice, "7")
    tasks.read(str(reading.job_id))
    assert (fresh(reading).job.status, fresh(reading).job.error) == (Status.FAILED, tasks.NO_WEIGHTS)


def test_saliency_is_made_only_where_it_is_wanted(alice):
    pixels = bytes(SEVEN)
    plain = services.read(owner=alice, source="pixels", pixels=pixels)
    wanted = services.read(owner=alice, source="pixels", pixels=pixels, saliency=True)
    tasks.read(str(plain.job_id))
    assert fresh(plain).saliency is None and len(fresh(wanted).saliency) == 784


def test_looking_inside_twice_gives_the_same_numbers(alice):
    reading = a_reading(alice, "4")
    inside = services.look_inside(reading=reading, place=0)
    tasks.look_inside(str(inside.job_id))
    inside.refresh_from_db()
    with np.load(inside.file.open(), allow_pickle=False) as kept:
        first = {name: kept[name] for name in kept.files}
    inside.job.status = Status.QUEUED
    inside.job.save()
    tasks.look_inside(str(inside.job_id))
    inside.refresh_from_db()
    with np.load(inside.file.open(), allow_pickle=False) as kept:
        assert all((kept[name] == first[name]).all() for name in first)


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_who_prefers_to_wait_gets_201_with_the_answer(api, worker):
    worker()
    first = ask(api, {"pixels": SEVEN}).data["job"]["id"]
    wait_for_end(Job.objects.get(pk=first))  # the network is loaded now
    answer = ask(api, {"pixels": SEVEN}, prefer="wait=30")
    assert (answer.status_code, answer.data["text"]) == (201, "7")
    assert answer["Location"] == answer.data["url"]
    again = ask(api, {"pixels": SEVEN}, prefer="wait=30", **{"idempotency-key": "k"})
    assert (
        ask(api, {"pixels": SEVEN}, prefer="wait=30", **{"idempotency-key": "k"}).data["id"]
        == again.data["id"]
    )
    steps = api.get(answer.data["layers_url"])
    assert steps.status_code == 200 and steps.data[-1]["name"] == "is_digit"
