"""From pictures to a version that answers, as the worker does it."""

import io
import json

import numpy as np
import onnx
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from classifier.models import Classifier, Delivery, Example, Picture, Training
from classifier.services import teaching
from classifier.tasks import pictures as picture_tasks
from classifier.tasks import teaching as teaching_tasks
from classifier.tests.things import folders, uploads, zipped
from classifier.things import THINGS, jpeg, photo
from classifier.uploads import FULL, NO_FOLDER, unpack_delivery
from conftest import wait_for_end, wait_until
from jobs.models import Job, Status
from jobs.services import cancel
from ml.core.cards import Card
from registry.models import ModelVersion
from registry.weight_files import open_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(alice) -> Classifier:
    return teaching.create(owner=alice, name="Things")


def taken(classifier: Classifier, files, label: str = "") -> Delivery:
    """What a worker makes of an upload."""
    delivery = teaching.add_examples(classifier=classifier, files=files, label=label)
    teaching_tasks.take_examples(str(delivery.job_id))
    classifier.refresh_from_db()
    return Delivery.objects.select_related("job").get(pk=delivery.pk)


def learned(classifier: Classifier, wants_tuning: bool = False) -> Training:
    training = teaching.train(classifier=classifier, wants_tuning=wants_tuning)
    teaching_tasks.train(str(training.job_id))
    return Training.objects.select_related("job", "version").get(pk=training.pk)


def answers(version: ModelVersion, pictures: list[Image.Image]):
    taught, backbone = teaching_tasks.loaded_taught(version.sha256), teaching_tasks.active_backbone()
    batch = np.stack([backbone.prepare(np.asarray(picture)) for picture in pictures])
    return taught.answers(batch, backbone.features(batch))


def test_a_zip_becomes_classes_and_then_a_version_that_answers(things):
    delivery = taken(things, [zipped(folders(6))])
    assert delivery.job.status == Status.DONE and not delivery.archive and delivery.skipped == []
    assert sorted(things.labels.values_list("name", flat=True)) == sorted(THINGS)
    training = learned(things)
    assert training.job.status == Status.DONE, training.job.error
    assert training.evaluation["accuracy"] >= 0.8 and training.evaluation["pictures"] == 24
    assert training.curves[0]["epoch"] == 1 and training.verdict == "not_wanted"
    assert training.version == things.active_version
    said = answers(training.version, [photo(thing, 99) for thing in THINGS])
    assert [answer.labels[0]["name"] for answer in said] == list(THINGS)


def test_a_version_comes_with_weights_card_and_a_network_that_says_the_same(things):
    taken(things, [zipped(folders(4))])
    version = learned(things).version
    with open_file(version, "taught.json") as file:
        assert Card.parse(json.load(file)).sha256 == version.sha256
    network = onnx.load_model_from_string(open_file(version, "taught.onnx").read())
    about = {pair.key: pair.value for pair in network.metadata_props}
    assert json.loads(about["classes"]) == version.card["classes"]
    assert {output.name for output in network.graph.output} == {"probabilities", "distance"}


def test_what_is_no_picture_is_named_and_skipped_and_the_rest_is_taken(things):
    cut_off = jpeg("sky", 1)[:900]
    members = folders(2, ("leaf", "coin")) | {
        "leaf/notes.txt": b"no picture at all " * 20,
        "leaf/empty.jpg": b"",
        "loose.jpg": jpeg("leaf", 7),
        "coin/broken.jpg": cut_off,
        "__MACOSX/coin/._1.jpg": b"x",
    }
    delivery = taken(things, [zipped(members)])
    problems = {one["name"]: one["problem"] for one in delivery.skipped}
    assert delivery.job.status == Status.DONE and things.examples.count() == 4
    assert set(problems) == {"leaf/notes.txt", "leaf/empty.jpg", "loose.jpg", "broken.jpg"}
    assert "not a picture" in problems["leaf/notes.txt"] and "empty" in problems["leaf/empty.jpg"]
    assert problems["loose.jpg"] == NO_FOLDER and "damaged" in problems["broken.jpg"]


def test_the_same_picture_in_two_classes_and_one_saved_again_are_found_before_teaching(things):
    taken(things, uploads("leaf", 3), "leaf")
    smaller = io.BytesIO()
    photo("leaf", 1).resize((90, 90)).save(smaller, "JPEG", quality=85)
    again = [*uploads("leaf", 1), SimpleUploadedFile("smaller.jpg", smaller.getvalue())]
    taken(things, [*again, *uploads("coin", 2)], "coin")
    names = {str(row.pk): row.name for row in things.examples.all()}
    assert [(names[one], names[other]) for one, other, _ in things.comparison["same"]] == [
        ("leaf-0.jpg", "leaf-0.jpg")
    ]
    assert ("leaf-1.jpg", "smaller.jpg") in {
        (names[one], names[other]) for one, other, _ in things.comparison["near"]
    }


def test_two_copies_are_not_enough_to_tell_a_class_by(things):
    taken(things, uploads("leaf", 3), "leaf")
    again = SimpleUploadedFile("again.jpg", jpeg("coin", 1) + b"\x00")  # other bytes, the same picture
    taken(things, [*uploads("coin", 1, first=1), again], "coin")
    things.refresh_from_db()
    with pytest.raises(ValidationError, match="coin"):
        teaching.train(classifier=things)
    assert things.active_version is None


def test_a_picture_is_looked_at_once_however_often_the_worker_is_killed(things, monkeypatch):
    delivery = teaching.add_examples(classifier=things, files=[zipped(folders(10))])
    backbone = teaching_tasks.active_backbone()
    looked: list[int] = []

    class Watched:
        card = backbone.card
        prepare = staticmethod(backbone.prepare)

        @staticmethod
        def features(batch):
            looked.append(len(batch))
            if len(looked) == 2:
                raise MemoryError("killed")
            return backbone.features(batch)

    monkeypatch.setattr(teaching_tasks, "active_backbone", Watched)
    for _ in range(2):
        teaching_tasks.take_examples(str(delivery.job_id))
        Job.objects.filter(pk=delivery.job_id, status=Status.RUNNING).update(status=Status.QUEUED)
    assert looked == [16, 16, 16, 8]
    assert Job.objects.get(pk=delivery.job_id).status == Status.DONE
    assert things.examples.count() == 40 and not things.examples.filter(features=None).exists()


def test_the_same_upload_twice_in_one_job_makes_no_doubles(things):
    delivery = teaching.add_examples(classifier=things, files=[zipped(folders(2, ("leaf", "coin")))])
    assert list(unpack_delivery(delivery)) == list(unpack_delivery(delivery)) == [1, 2, 3, 4]
    assert things.examples.count() == 4


def test_more_than_ten_thousand_are_left_out_with_a_sentence(things, monkeypatch):
    taken(things, uploads("sky", 1), "sky")
    monkeypatch.setattr("classifier.uploads.MOST_EXAMPLES", 4)
    delivery = taken(things, [zipped(folders(2, ("leaf", "coin")))])
    assert things.examples.count() == 4 and delivery.skipped[0]["problem"] == FULL


def test_two_uploads_at_once_look_at_each_picture_once_and_compare_all(things, monkeypatch):
    first = teaching.add_examples(classifier=things, files=uploads("leaf", 20), label="leaf")
    again = [*uploads("coin", 3), *uploads("leaf", 1)]
    second = teaching.add_examples(classifier=things, files=again, label="coin")
    looked, look = [], teaching_tasks.compute_batch

    def looking(rows, *how):
        looked.extend(row.pk for row in rows)
        if len(looked) == 16:  # the first batch of the first upload
            teaching_tasks.take_examples(str(second.job_id))
        return look(rows, *how)

    monkeypatch.setattr(teaching_tasks, "compute_batch", looking)
    teaching_tasks.take_examples(str(first.job_id))
    assert len(looked) == len(set(looked)) == 24
    assert not things.examples.filter(features=None).exists()
    things.refresh_from_db()
    assert len(things.found_among["shared"]) == 1


def test_an_upload_that_ends_last_but_has_seen_less_leaves_the_comparison_of_the_other(things, monkeypatch):
    first = teaching.add_examples(classifier=things, files=uploads("leaf", 2), label="leaf")
    second = teaching.add_examples(classifier=things, files=uploads("leaf", 1), label="coin")
    compare, left = teaching_tasks.compare_examples, [str(second.job_id)]

    def comparing(rows):
        found = compare(rows)
        if left:
            teaching_tasks.take_examples(left.pop())
        return found

    monkeypatch.setattr(teaching_tasks, "compare_examples", comparing)
    teaching_tasks.take_examples(str(first.job_id))
    things.refresh_from_db()
    assert len(things.comparison["same"]) == 1


def test_a_missing_network_is_a_sentence(things):
    ModelVersion.objects.filter(kind="classifier").update(state="ready")
    assert taken(things, uploads("leaf", 1), "leaf").job.error == teaching_tasks.NO_WEIGHTS


def test_a_cancelled_training_leaves_the_version_before(things):
    taken(things, [zipped(folders(3, ("leaf", "coin")))])
    first = learned(things).version
    training = teaching.train(classifier=things)
    cancel(job=training.job)
    teaching_tasks.train(str(training.job_id))
    assert things.active_version == first


def test_what_was_never_taught_is_not_certain(things):
    taken(things, [zipped(folders(10, ("leaf", "brick")))])
    version = learned(things).version
    said = answers(version, [photo("coin", number) for number in range(8)])
    assert sum(answer.is_certain for answer in said) == 0


def test_a_picture_is_named_by_a_taught_classifier_from_the_pages_of_pictures(things, browse, alice):
    taken(things, [zipped(folders(8, ("leaf", "brick")))])
    learned(things)
    client = browse(alice)
    client.post(
        "/pictures/", {"images": uploads("brick", 1, first=50), "classifier": things.pk, "only_labels": "on"}
    )
    picture = Picture.objects.get()
    picture_tasks.label_pictures(str(picture.job_id))
    picture.refresh_from_db()
    assert picture.card["taught"]["labels"][0]["name"] == {"en": "brick", "ko": "brick"}
    page = client.get(picture.get_absolute_url()).content.decode()
    assert "What your classes say" in page and "brick" in page


def test_a_picture_is_named_by_a_shared_classifier_by_program(things, call, bob):
    taken(things, [zipped(folders(8, ("leaf", "brick")))])
    learned(things)
    url, ask = "/api/pictures/", {"classifier": str(things.pk), "only": "labels"}
    refused = call(bob).post(url, ask | {"image": uploads("leaf", 1, first=60)[0]})
    assert refused.status_code == 400 and "no such classifier" in refused.json()["errors"][0]["detail"]
    teaching.share(classifier=things, is_shared=True)
    asked = call(bob).post(url, ask | {"image": uploads("leaf", 1, first=60)[0]})
    assert asked.status_code == 202, asked.data
    picture_tasks.label_pictures(asked.data["job"]["id"])
    told = call(bob).get(asked["Location"]).data["taught"]
    assert told["labels"][0]["name"] == "leaf" and set(told) >= {"is_known", "is_certain", "distance"}


@pytest.mark.full
@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_killed_workers_training_is_finished_by_the_next_one(things, worker):
    teaching.add_examples(classifier=things, files=[zipped(folders(12))])
    first = worker(JOB_LEASE_SECONDS="3")
    wait_until(lambda: Example.objects.exclude(features=None).count() >= 16)
    first.kill()
    seen = dict(Example.objects.exclude(features=None).values_list("place", "seen_by"))
    assert len(seen) < 48
    second = worker(JOB_LEASE_SECONDS="3")
    assert wait_for_end(things.deliveries.get().job).status == Status.DONE
    assert things.examples.count() == 48
    training = teaching.train(classifier=things)
    wait_until(lambda: Job.objects.get(pk=training.job_id).progress > 40)
    second.kill()
    worker(JOB_LEASE_SECONDS="3")
    job = wait_for_end(training.job)
    assert (job.status, job.attempt) == (Status.DONE, 2)
    assert things.active_version == Training.objects.get().version
