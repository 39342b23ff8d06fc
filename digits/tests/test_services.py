"""What a person does with digits, below pages and API."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils.translation import override

from accounts.sharing import share
from digits import services, tasks
from digits.models import Inside, Reading
from digits.tests.pictures import as_file, grey
from digits.tests.readings import a_reading
from jobs.models import Job, Queue, Status
from registry.models import Disagreement, ModelVersion, Shadow
from tests.support.deletions import delete_for_good

pytestmark = pytest.mark.django_db


def asked(owner, **more) -> Reading:
    return services.read(owner=owner, **{"source": "pixels", "pixels": bytes(784)} | more)


def test_reading_and_looking_inside_never_wait_behind_long_work(alice):
    reading = a_reading(alice, "4")
    services.look_inside(reading=reading, place=0)
    asked(alice)
    assert set(Job.objects.exclude(pk=reading.job_id).values_list("queue", flat=True)) == {Queue.QUICK}


def test_the_same_key_gives_the_same_reading_and_stores_no_second_file(alice, settings):
    made = [
        asked(
            alice,
            pixels=None,
            picture=SimpleUploadedFile("a.png", as_file(grey())),
            source="upload",
            key="once",
        )
        for _ in range(2)
    ]
    assert made[0] == made[1] and len(list(settings.MEDIA_ROOT.rglob("*.png"))) == 1


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("A.PNG", "png"), ("a.tar.gz", "gz"), ("a", "bin"), ("a.p hp", "bin"), ("../x.jpeg", "jpeg")],
)
def test_a_file_keeps_only_a_harmless_ending_of_its_name(alice, name, suffix):
    made = asked(alice, pixels=None, picture=SimpleUploadedFile(name, as_file(grey())), source="upload")
    assert made.picture.name.endswith(f"{made.pk}.{suffix}")


def test_what_someone_corrected_shared_or_looked_into_is_not_replaced_by_the_next_stroke(alice):
    plain, corrected, shared = (asked(alice) for _ in range(3))
    seen = a_reading(alice, "4")
    services.correct(reading=corrected, text="3")
    share(row=shared)
    services.look_inside(reading=seen, place=0)
    for earlier in (plain, corrected, shared, seen):
        asked(alice, replaces=earlier.pk)
    before = [plain.pk, corrected.pk, shared.pk, seen.pk]
    assert set(Reading.objects.filter(pk__in=before)) == {corrected, shared, seen}
    assert not Job.objects.filter(pk=plain.job_id).exists()


@pytest.mark.parametrize("leaves", ["by the next stroke", "by its owner"])
def test_what_a_shadow_says_of_a_reading_goes_with_it(alice, leaves):
    reading, other = asked(alice), asked(alice)
    live, version = ModelVersion.objects.filter(kind="digits")[:2]
    shadow = Shadow.objects.create(kind="digits", version=version, live=live, percent=100)
    for one in (reading, other):
        Disagreement.objects.create(shadow=shadow, job=one.job, live={}, own={}, crop=b"")
    if leaves == "by its owner":
        delete_for_good(reading)
    else:
        asked(alice, replaces=reading.pk)
    connection.check_constraints()
    assert [row.job for row in shadow.disagreements.all()] == [other.job]
    assert not Reading.objects.filter(pk=reading.pk).exists()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" 3 1 4 ", "314"),
        ("31\n\n59\r\n", "31\n59"),
        ("", ""),
        ("  \n ", ""),
        ("3.14", "3.14"),
        ("−5\n1/2 + 1,5 = 2", "-5\n1/2+1,5=2"),
    ],
)
def test_a_correction_is_digits_and_signs_in_rows(alice, text, kept):
    reading = a_reading(alice, "314")
    services.correct(reading=reading, text=text)
    assert Reading.objects.get().right_text == kept


@pytest.mark.parametrize("text", ["x", "3:14", "١٢", "³", "1" * 501])
def test_what_is_no_digits_of_ours_is_refused(alice, text):
    with override("en"), pytest.raises(ValidationError, match="in the digits 0 to 9"):
        services.correct(reading=a_reading(alice, "314"), text=text)


def test_a_link_stays_the_same_until_it_is_taken_back(alice):
    reading = a_reading(alice, "4")
    share(row=reading)
    first = reading.share_key
    share(row=reading)
    assert reading.share_key == first and list(Reading.objects.shared()) == [reading]
    share(row=reading, is_shared=False)
    assert not Reading.objects.shared().exists()


def test_deleting_takes_every_job_and_once_committed_every_file(
    alice, settings, django_capture_on_commit_callbacks
):
    reading = asked(
        alice, pixels=None, picture=SimpleUploadedFile("a.png", as_file(grey("4"))), source="upload"
    )
    tasks.read(str(reading.job_id))
    reading.refresh_from_db()
    for label in (None, 4):
        tasks.look_inside(str(services.look_inside(reading=reading, place=0, label=label).job_id))
    kept = settings.MEDIA_ROOT / "digits"
    assert len(list(kept.rglob("*.*"))) == 3
    with django_capture_on_commit_callbacks() as after:
        delete_for_good(reading)
    assert len(list(kept.rglob("*.*"))) == 3
    [one() for one in after]
    assert not list(kept.rglob("*.*"))
    assert not Job.objects.exists() and not Inside.objects.exists()


def test_the_network_is_looked_into_once_for_each_question(alice):
    reading = a_reading(alice, "47")
    asked_twice = [services.look_inside(reading=reading, place=1, label=7) for _ in range(2)]
    other = services.look_inside(reading=reading, place=1)
    assert asked_twice[0] == asked_twice[1] != other


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_a_look_that_failed_is_tried_again_when_asked_again(alice, status):
    reading = a_reading(alice, "4")
    first = services.look_inside(reading=reading, place=0)
    Job.objects.filter(pk=first.job_id).update(status=status)
    again = services.look_inside(reading=reading, place=0)
    assert again.job.status == Status.QUEUED and Inside.objects.get() == again


def test_there_is_no_looking_at_a_digit_that_is_not_there(alice):
    with override("en"), pytest.raises(ValidationError, match="no digit number 2"):
        services.look_inside(reading=a_reading(alice, "47"), place=2)


def test_of_what_was_looked_into_only_the_latest_is_kept_and_what_runs_is_left(
    alice, bob, monkeypatch, settings
):
    monkeypatch.setattr(services, "KEPT_INSIDES", 2)
    reading, strange = a_reading(alice, "0123"), a_reading(bob, "4")
    kept = services.look_inside(reading=strange, place=0)
    running = services.look_inside(reading=reading, place=0)
    Job.objects.filter(pk__in=[running.job_id, kept.job_id]).update(status=Status.RUNNING)
    for place in (1, 2, 3):
        tasks.look_inside(str(services.look_inside(reading=reading, place=place).job_id))
    services.look_inside(reading=reading, place=0, label=1)
    left = set(Inside.objects.filter(reading=reading).values_list("place", "label"))
    assert left == {(0, None), (2, None), (3, None), (0, 1)}
    assert Inside.objects.filter(pk__in=[kept.pk, running.pk]).count() == 2
    assert len(list(settings.MEDIA_ROOT.rglob("*.npz"))) == 2
