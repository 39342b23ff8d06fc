"""Classifiers as a worker would have left them, without one."""

import io
import itertools

import numpy as np
from django.core.files.base import ContentFile
from PIL import Image

from accounts.models import User
from classifier.models import Classifier, Delivery, Example, Training
from classifier.services import teaching
from jobs.models import Status
from jobs.services import submit
from registry.models import ModelVersion
from registry.services import activate_new
from registry.weight_files import store

COLOURS = {"cat": (200, 120, 40), "dog": (90, 90, 90), "owl": (60, 120, 60)}
numbers = itertools.count()


def a_classifier(owner: User, count: int = 3, classes: tuple[str, ...] = ("cat", "dog")) -> Classifier:
    """With so many pictures of each class, looked at already."""
    classifier = teaching.create(owner=owner, name="Pets", labels=classes)
    for label in classifier.labels.all():
        delivery = a_delivery(classifier)
        for place in range(count):
            an_example(delivery, label, place)
    return classifier


def a_delivery(classifier: Classifier) -> Delivery:
    job, _is_new = submit(owner=classifier.owner, task=teaching.TAKE)
    job.status = Status.DONE
    job.save()
    return Delivery.objects.create(classifier=classifier, job=job)


def an_example(delivery: Delivery, label, place: int) -> Example:
    number = next(numbers)
    example = Example(classifier=delivery.classifier, label=label, delivery=delivery, place=place)
    out = io.BytesIO()
    Image.new("RGB", (20, 20), COLOURS.get(label.name, (0, 0, 0))).save(out, "PNG")
    example.file.save(f"{number}.png", ContentFile(out.getvalue()), save=False)
    example.name, example.sha256, example.seen_by = f"{label.name} {place}.png", f"{number:064}", "x" * 64
    example.features = np.random.default_rng(number).random(1280).astype(np.float16).tobytes()
    example.fingerprint = number.to_bytes(8, "big")
    example.save()
    return example


def a_version(classifier: Classifier, accuracy: float = 0.9) -> ModelVersion:
    """That answers from now on, with its training and its files."""
    sha256 = f"{next(numbers):064}"
    job, _is_new = submit(owner=classifier.owner, task=teaching.TRAIN)
    job.status = Status.DONE
    job.save()
    training = Training.objects.create(classifier=classifier, job=job)
    store(
        sha256=sha256,
        files={"taught.safetensors": b"weights", "taught.json": b"{}", "taught.onnx": b"network"},
    )
    version = activate_new(
        card={"sha256": sha256, "kind": classifier.kind, "name": "taught"}, by=classifier.owner
    )
    training.record(version, evaluation(classifier, accuracy), Training.Verdict.TOO_FEW)
    point = {"train_loss": 0.5, "train_accuracy": 0.8, "validation_loss": 0.6, "validation_accuracy": 0.7}
    training.note("head", [point | {"epoch": 1}, point | {"epoch": 2}])
    return version


def evaluation(classifier: Classifier, accuracy: float) -> dict:
    names = [label.name for label in classifier.labels.all()]
    recall = {"recall": accuracy, "interval": [0.4, 1.0], "pictures": 3}
    examples = classifier.examples.all()[:1]
    return {
        "classes": names,
        "accuracy": accuracy,
        "interval": [0.5, 0.99],
        "pictures": 6,
        "distinct": 6,
        "ece": 0.1,
        "certain_share": 0.5,
        "certain_accuracy": 1.0,
        "confusion": [[3.0 if one == other else 0.5 for one in names] for other in names],
        "recalls": [recall] * len(names),
        "weakest": 0,
        "mistakes": [
            {"place": 0, "id": str(one.pk), "label": 0, "answer": 1, "probability": 0.7} for one in examples
        ],
    }
