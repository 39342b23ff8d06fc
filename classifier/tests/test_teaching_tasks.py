"""From pictures to a version that answers, as the worker does it."""

import pytest

from classifier import teaching, teaching_tasks
from classifier.models import Classifier, Delivery, Example, Training
from classifier.tests.things import folders, jpeg, photo, uploads, zipped
from jobs.models import Job, Status
from ml.cards import Card
from registry.models import ModelVersion

pytestmark = pytest.mark.django_db


def taken(classifier: Classifier, files, label: str = "") -> Delivery:
    """What a worker makes of an upload."""
    delivery = teaching.add_examples(classifier=classifier, files=files, label=label)
    teaching_tasks.take_examples(str(delivery.job_id))
    return Delivery.objects.select_related("job", "classifier").get(pk=delivery.pk)


def learned(classifier: Classifier, wants_tuning: bool = False) -> Training:
    training = teaching.train(classifier=classifier, wants_tuning=wants_tuning)
    teaching_tasks.train(str(training.job_id))
    return Training.objects.select_related("job", "version").get(pk=training.pk)


@pytest.fixture
def things(alice) -> Classifier:
    return teaching.create(owner=alice, name="Things")


def test_a_zip_becomes_classes_and_then_a_version_that_answers(things):
    delivery = taken(things, [zipped(folders(5))])
    assert delivery.job.status == Status.DONE and not delivery.archive and delivery.skipped == []
    assert sorted(things.labels.values_list("name", flat=True)) == ["brick", "coin", "leaf", "sky"]
    training = learned(things)
    assert training.job.status == Status.DONE, training.job.error
    assert training.evaluation["accuracy"] >= 0.8 and training.curves
    assert training.version == things.active_version == ModelVersion.objects.active(things.kind)
    taught, backbone = teaching_tasks.loaded_taught(training.version.sha256), teaching_tasks.backbone_now()
    import numpy as np

    batch = backbone.prepare(np.asarray(photo("brick", 99)))[None]
    answer = taught.answers(batch, backbone.features(batch))[0]
    assert answer.labels[0]["name"] == "brick"
