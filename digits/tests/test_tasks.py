"""From waiting readings to answers, as the worker's thread does it."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from conftest import wait_for_end, wait_until
from digits import services, tasks
from digits.comparison import comparisons
from digits.models import Reading
from digits.tests.calls import SEVEN, ask
from digits.tests.pictures import as_file, grey
from digits.tests.readings import a_reading
from jobs.models import Job, Status
from jobs.services import cancel
from ml.core.cards import card_file
from ml.digits.reader import DigitReading
from registry.models import ModelVersion, Shadow
from registry.services import begin_shadow, register_built_ins, roll_back
from registry.tests.weights import card_of, kept, mistaking, packed, tensors
from tests.support.deletions import delete_for_good

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
    delete_for_good(reading)
    tasks.read(str(reading.job_id))
    assert not Reading.objects.exists()


def test_a_missing_network_is_a_sentence(alice):
    ModelVersion.objects.filter(kind="digits").update(state="retired")
    reading = waiting(alice, "7")
    tasks.read(str(reading.job_id))
    assert (fresh(reading).job.status, fresh(reading).job.error) == (Status.FAILED, tasks.NO_WEIGHTS)


def test_weights_of_an_earlier_release_that_answered_can_answer_again(alice, root, tmp_path):
    tasks.load_version.cache_clear()
    first = waiting(alice, "7")
    tasks.read(str(first.job_id))
    earlier, release = fresh(first).model, tmp_path / "release"
    release.mkdir()
    content = packed(tensors())
    card = card_of(content, name="digits", kind="digits")
    (release / "digits.json").write_bytes(card_file(card))
    register_built_ins(folder=release)
    earlier.refresh_from_db()
    assert (earlier.state, earlier.is_built_in) == ("retired", False)
    assert ModelVersion.objects.active("digits").sha256 == card["sha256"]
    tasks.load_version.cache_clear()
    assert roll_back(kind="digits", by=root) == earlier
    again = waiting(alice, "7")
    tasks.read(str(again.job_id))
    assert (fresh(again).text, fresh(again).model) == ("7", earlier)


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


def test_a_version_in_the_shadow_reads_the_same_digits_unseen(alice, background_at_once):
    shadow = begin_shadow(version=mistaking("digits", 1, 4), percent=100)
    reading, other = waiting(alice, "314"), waiting(alice, "9")
    asked = services.read(owner=alice, source="pixels", pixels=bytes(SEVEN), model=shadow.version)
    tasks.read(str(reading.job_id))
    assert (fresh(reading).text, fresh(other).text) == ("314", "9")
    assert fresh(reading).model == fresh(other).model == shadow.live
    shadow.refresh_from_db()
    assert fresh(asked).text == "7"
    assert (shadow.requests, shadow.compared, shadow.agreed) == (2, 4, 2)
    four, one = shadow.disagreements.all()
    assert [(row.live_text, row.own_text, row.job_id) for row in (one, four)] == [
        ("1", "4", reading.job_id),
        ("4", "1", reading.job_id),
    ]
    frame = np.asarray(Image.open(BytesIO(one.crop)))
    assert frame.tobytes() == fresh(reading).frame(1)


def test_a_version_in_the_shadow_that_is_broken_harms_nobody(alice, background_at_once):
    content = packed(tensors(77))  # of which no other test has made a network ready
    version = kept(content, card_of(content, architecture="ml.digits.unknown"))
    shadow = begin_shadow(version=version, percent=100)
    reading = waiting(alice, "7")
    tasks.read(str(reading.job_id))
    assert (fresh(reading).text, fresh(reading).job.status) == ("7", Status.DONE)
    shadow.refresh_from_db()
    assert (shadow.requests, shadow.failed) == (0, 1)


def test_digits_that_only_one_of_two_versions_found_are_told():
    def digits(*boxes: tuple[int, int]) -> DigitReading:
        found = [
            {"value": at, "confidence": 0.9, "box": [left, 0, width, 30]}
            for at, (left, width) in enumerate(boxes)
        ]
        frames = np.stack([np.full((28, 28), left, np.uint8) for left, _width in boxes])
        return DigitReading("", found, [], [], frames, True, (30, 100))

    live, own = digits((0, 20), (30, 20)), digits((1, 20), (30, 9), (41, 9))
    found = [(one.live["name"], one.own["name"], one.crop[0, 0]) for one in comparisons(live, own)]
    assert found == [("0", "0", 0), ("1", "", 30), ("", "1", 30), ("", "2", 41)]
    (both_found_none,) = comparisons(*[replace(live, digits=[], frames=live.frames[:0])] * 2)
    assert both_found_none.live == both_found_none.own


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_runs_already_notices_a_shadow(api, root, call, at_work):
    wait_for_end(Job.objects.get(pk=ask(api, {"pixels": SEVEN}).data["job"]["id"]))
    dense = ModelVersion.objects.get(name="digits_dense")
    call(root).post(f"/api/models/{dense.pk}/shadow/", {"percent": 100})

    def was_compared() -> bool:
        answer = ask(api, {"pixels": SEVEN}, prefer="wait=30").data
        assert (answer["text"], answer["model"]["name"]) == ("7", "digits")
        return Shadow.objects.get().compared > 0

    wait_until(was_compared)


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_who_prefers_to_wait_gets_201_with_the_answer(api, at_work):
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
