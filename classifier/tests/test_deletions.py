"""Pictures, classes and classifiers that are deleted while a worker is at them."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from classifier.models import Classifier, Example, Picture
from classifier.services import pictures as services
from classifier.services import teaching
from classifier.tasks import pictures as tasks
from classifier.tasks import teaching as teaching_tasks
from classifier.tests.photos import as_file, packed, photo, upload
from classifier.tests.taught import a_delivery, an_example
from classifier.tests.things import folders, uploads, zipped
from classifier.uploads import CLASS_GONE
from jobs.models import Job, Status
from tests.support.deletions import before, delete_for_good, files_in, is_quiet
from trash import services as trash
from trash.models import Item

pytestmark = pytest.mark.django_db(transaction=True)
LARGE = (1500, 1400)  # so many pixels that a copy is kept to show


@pytest.fixture
def things(alice) -> Classifier:
    return teaching.create(owner=alice, name="Things")


@pytest.fixture
def media(settings) -> Path:
    return Path(settings.MEDIA_ROOT)


def large() -> bytes:
    return as_file(photo().resize(LARGE))


def album_of(owner, *contents: bytes, is_packed: bool = False):
    if is_packed:
        members = {f"{place}.jpg": content for place, content in enumerate(contents)}
        return services.submit_album(owner=owner, files=[upload(packed(members), "a.zip")], only_labels=True)
    files = [upload(content, f"{place}.jpg") for place, content in enumerate(contents)]
    return services.submit_album(owner=owner, files=files, only_labels=True)


# --- pictures and albums


@pytest.mark.parametrize(
    ("step", "only_labels"), [("rgb_of", True), ("keep_to_show", False), ("reader_for", False)]
)
def test_of_a_picture_that_is_deleted_while_it_is_looked_at_no_copy_stays(
    alice, media, monkeypatch, caplog, step, only_labels
):
    picture = services.submit_picture(owner=alice, image=upload(large()), only_labels=only_labels)
    before(monkeypatch, f"classifier.tasks.pictures.{step}", lambda: delete_for_good(picture))
    (tasks.label_pictures if only_labels else tasks.analyse_picture)()
    assert files_in(media) == [] and is_quiet(caplog) and not Job.objects.exists()


def test_a_copy_that_is_written_while_its_picture_is_deleted_goes_too(alice, media, monkeypatch, caplog):
    picture = services.submit_picture(owner=alice, image=upload(large()), only_labels=True)
    before(monkeypatch, "web.files.encoded", lambda: delete_for_good(picture))
    tasks.label_pictures()
    assert files_in(media) == [] and is_quiet(caplog)


def test_one_that_is_deleted_does_not_hold_up_others_of_its_batch(alice, monkeypatch, caplog):
    gone, other = (
        services.submit_picture(owner=alice, image=upload(as_file(photo(name))), only_labels=True)
        for name in ("chelsea", "coffee")
    )
    before(monkeypatch, "classifier.tasks.pictures.rgb_of", lambda: delete_for_good(gone))
    tasks.label_pictures()
    assert is_quiet(caplog) and Job.objects.get(pk=other.job_id).attempt == 1
    assert Picture.objects.get().is_read


def test_a_picture_that_is_deleted_from_its_album_does_not_stop_it(alice, monkeypatch, caplog):
    album = services.submit_album(owner=alice, files=[upload(name="a.jpg"), upload(name="b.jpg")])
    first = album.pictures.order_by("place")[0]
    before(monkeypatch, "classifier.tasks.pictures.rgb_of", lambda: delete_for_good(first))
    tasks.analyse_album()
    job = Job.objects.get()
    assert (job.status, job.attempt) == (Status.DONE, 1) and album.pictures.get().is_read
    assert is_quiet(caplog)


def test_a_similar_picture_that_is_deleted_meanwhile_does_no_harm(alice, monkeypatch, caplog):
    earlier = services.submit_picture(owner=alice, image=upload())
    tasks.analyse_picture()
    services.submit_picture(owner=alice, image=upload())
    before(monkeypatch, "classifier.tasks.pictures.store_findings", lambda: delete_for_good(earlier))
    tasks.analyse_picture()
    assert is_quiet(caplog) and Job.objects.get().attempt == 1 and Picture.objects.get().is_read


@pytest.mark.parametrize(("step", "whose"), [("new_picture", "album"), ("insert", "account")])
def test_of_an_album_that_is_deleted_while_it_is_unpacked_nothing_stays(
    alice, media, monkeypatch, caplog, step, whose
):
    album = album_of(alice, as_file(photo()), as_file(photo("coffee")), is_packed=True)
    deletes = {"album": lambda: delete_for_good(album), "account": alice.delete}
    before(monkeypatch, f"classifier.uploads.{step}", deletes[whose])
    tasks.analyse_album()
    left = [] if whose == "album" else [album.archive.name]  # which the clean-up takes
    assert files_in(media) == left and is_quiet(caplog) and not Job.objects.exists()


def test_of_an_album_that_is_deleted_while_it_is_looked_at_nothing_stays(alice, media, monkeypatch, caplog):
    album = album_of(alice, large(), large())
    before(monkeypatch, "classifier.tasks.pictures.keep_to_show", lambda: delete_for_good(album))
    tasks.analyse_album()
    assert files_in(media) == [] and is_quiet(caplog) and not Job.objects.exists()


# --- classes


@pytest.mark.parametrize("step", ["classifier.uploads.new_example", "classifier.uploads.insert"])
def test_a_class_that_is_deleted_while_its_pictures_are_unpacked_ends_the_job_with_a_sentence(
    things, media, monkeypatch, caplog, step
):
    files = [zipped(folders(2, ("leaf",)))]
    delivery = teaching.add_examples(classifier=things, files=files, label="leaf")
    before(monkeypatch, step, lambda: delete_for_good(things.labels.get()))
    teaching_tasks.take_examples()
    job = Job.objects.get()
    assert (job.status, job.error, job.attempt) == (Status.FAILED, teaching_tasks.CLASS_GONE, 1)
    assert is_quiet(caplog) and files_in(media) == [] and not things.labels.exists()
    assert things.deliveries.get() == delivery


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_class_that_is_deleted_before_its_pictures_are_read_ends_the_job_with_a_sentence(
    things, media, caplog, is_packed
):
    files = [zipped(folders(2, ("leaf",)))] if is_packed else uploads("leaf", 2)
    teaching.add_examples(classifier=things, files=files, label="leaf")
    delete_for_good(things.labels.get())
    teaching_tasks.take_examples()
    job = Job.objects.get()
    assert (job.status, job.error, job.attempt) == (Status.FAILED, teaching_tasks.CLASS_GONE, 1)
    assert is_quiet(caplog) and files_in(media) == []


@pytest.mark.parametrize("step", ["picture_of", "keep_to_show"])
def test_the_pictures_of_other_classes_are_read_where_one_class_is_deleted(
    things, media, monkeypatch, caplog, step
):
    delivery = teaching.add_examples(classifier=things, files=[zipped(folders(2, ("leaf", "coin")))])
    leaf = lambda: things.labels.get(name="leaf")  # noqa: E731
    before(monkeypatch, f"classifier.tasks.teaching.{step}", lambda: delete_for_good(leaf()))
    teaching_tasks.take_examples()
    delivery.refresh_from_db()
    job = Job.objects.get()
    assert (job.status, job.attempt, delivery.skipped) == (Status.DONE, 1, []) and is_quiet(caplog)
    assert {row.label.name for row in things.examples.exclude(features=None)} == {"coin"}
    assert len(files_in(media)) == 2


def test_a_class_of_a_folder_that_is_deleted_does_not_come_back_with_its_next_picture(
    things, monkeypatch, caplog
):
    delivery = teaching.add_examples(classifier=things, files=[zipped(folders(2, ("coin", "leaf")))])
    before(monkeypatch, "classifier.uploads.insert", lambda: delete_for_good(things.labels.get()))
    teaching_tasks.take_examples()
    delivery.refresh_from_db()
    assert [one["problem"] for one in delivery.skipped] == [CLASS_GONE] * 2
    assert things.labels.get().name == "leaf" and things.examples.count() == 2 and is_quiet(caplog)


def test_two_classes_that_are_joined_keep_their_pictures_also_those_that_are_still_unpacked(
    things, monkeypatch
):
    files = [zipped(folders(3, ("leaf",)))]
    teaching.add_examples(classifier=things, files=files, label="leaf")
    teaching.add_label(classifier=things, name="leaves")
    teaching_tasks.take_examples()
    teaching.add_examples(classifier=things, files=uploads("coin", 2), label="leaf")

    def join() -> None:
        teaching.rename_label(label=things.labels.get(name="leaf"), name="leaves")

    before(monkeypatch, "classifier.tasks.teaching.picture_of", join)
    teaching_tasks.take_examples()
    assert {row.label.name for row in things.examples.exclude(features=None)} == {"leaves"}
    assert things.examples.count() == 5


def test_pictures_that_were_moved_to_another_class_outlive_their_first_one(things, media):
    teaching.add_examples(classifier=things, files=uploads("leaf", 2), label="leaf")
    teaching_tasks.take_examples()
    coin = teaching.add_label(classifier=things, name="coin")
    moved = things.examples.first()
    teaching.move_examples(classifier=things, ids=[moved.pk], label=coin)
    delete_for_good(things.labels.get(name="leaf"))
    assert Example.objects.get() == moved and files_in(media) == [moved.file.name]


# --- classifiers


@pytest.mark.parametrize(
    ("step", "label"),
    [
        ("classifier.uploads.class_named", ""),
        ("classifier.uploads.insert", "leaf"),
        ("classifier.tasks.teaching.picture_of", "leaf"),
    ],
)
def test_of_a_classifier_that_is_deleted_while_its_pictures_are_read_nothing_stays(
    things, media, monkeypatch, caplog, step, label
):
    files = [zipped(folders(2, ("leaf",)))]
    teaching.add_examples(classifier=things, files=files, label=label)
    before(monkeypatch, step, lambda: delete_for_good(things))
    teaching_tasks.take_examples()
    assert files_in(media) == [] and is_quiet(caplog) and not Job.objects.exists()


@pytest.mark.parametrize("step", ["teach", "finishing"])
def test_of_a_classifier_that_is_deleted_while_it_learns_nothing_stays(
    things, media, settings, monkeypatch, caplog, step
):
    teaching.add_examples(classifier=things, files=[zipped(folders(3, ("leaf", "coin")))])
    teaching_tasks.take_examples()
    training = teaching.train(classifier=things, wants_tuning=False)
    folder = Path(settings.DATA_DIR) / training.FOLDERS.of(training.pk)
    folder.mkdir(parents=True)
    (folder / "maps.npy").touch()
    before(monkeypatch, f"classifier.tasks.teaching.{step}", lambda: delete_for_good(things))
    teaching_tasks.train()
    assert files_in(media) == [] and is_quiet(caplog) and not folder.exists()


def test_a_training_goes_on_with_what_is_left_where_some_pictures_are_deleted(things, monkeypatch, caplog):
    teaching.add_examples(classifier=things, files=[zipped(folders(3, ("leaf", "coin", "sky")))])
    teaching_tasks.take_examples()
    teaching.train(classifier=things, wants_tuning=False)
    teach = teaching_tasks.teach

    def opening(examples, backbone, prepared, *how):
        prepared([0, len(examples.labels) - 1])  # as fine-tuning does
        return teach(examples, backbone, prepared, *how)

    monkeypatch.setattr(teaching_tasks, "teach", opening)
    sky = lambda: things.labels.get(name="sky")  # noqa: E731
    before(monkeypatch, "classifier.tasks.teaching.teach", lambda: delete_for_good(sky()))
    teaching_tasks.train()
    training = things.trainings.get()
    assert training.job.status == Status.DONE and is_quiet(caplog)
    assert sorted(training.evaluation["classes"]) == ["coin", "leaf"]


def test_thousands_of_pictures_are_deleted_had_back_and_ended_in_a_few_statements(things, alice, media):
    """Not one more for each: 7,000 took 19 seconds."""
    label = teaching.add_label(classifier=things, name="leaf")
    delivery = a_delivery(things)
    few, many = (
        [an_example(delivery, label, start + place).pk for place in range(count)]
        for start, count in ((0, 2), (2, 40))
    )

    def statements(ids) -> list[int]:
        counts = []
        for act in (
            lambda: teaching.remove_examples(classifier=things, ids=ids, by=alice),
            lambda: trash.restore(item=Item.objects.get(), by=alice),
            lambda: teaching.remove_examples(classifier=things, ids=ids, by=alice),
            lambda: trash.purge(item=Item.objects.get(), by=alice),
        ):
            with CaptureQueriesContext(connection) as captured:
                act()
            counts.append(len(captured))
        return counts

    assert statements(few) == statements(many)
    assert not Example.with_trashed.exists() and files_in(media) == []
