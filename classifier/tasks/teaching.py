"""Take in pictures to learn from, and train a classifier on them."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from classifier.models import Classifier, Delivery, Example, Picture, Training
from classifier.services.teaching import submit_training
from classifier.uploads import MOST_EXAMPLES, unpack_delivery
from jobs.claims import Claim, Interrupted, Rejected, finishing
from jobs.kinds import task
from jobs.tidying import missing_rejected, tidying
from ml.core.cards import Card, card_file
from ml.pictures.backbone import Backbone, load_backbone
from ml.pictures.labeller import Findings
from ml.pictures.similar import fingerprint
from ml.teaching.comparison import Comparison, Pair, compare_features
from ml.teaching.doubts import doubts_among
from ml.teaching.export import export_onnx, packed
from ml.teaching.head_training import Examples, Progress, TooFewExamples
from ml.teaching.reader import TaughtClassifier, load_taught
from ml.teaching.train import LONGEST as LONGEST_TUNING
from ml.teaching.train import Outcome, teach
from registry.models import ModelVersion
from registry.services import activate_new
from registry.weight_files import fetch, remove_unknown, store, weights_folder
from uploads.pictures import open_rgb
from uploads.problems import BadFile
from uploads.sandbox import Sandbox
from web.files import keep_to_show, remove_on_commit

AT_ONCE = 16  # pictures between two commits: what a killed worker loses
LONGEST = 1024  # px of a picture that a network of 260 px looks at
UNPACKING = gettext_noop("Unpacking")
LOOKING = gettext_noop("Looking at pictures")
STAGES = {"head": gettext_noop("Learning"), "tuning": gettext_noop("Fine-tuning")}
NO_WEIGHTS = gettext_noop("The network that looks at pictures is missing. Please tell an administrator.")
CLASS_GONE = gettext_noop("The class of these pictures was deleted before all of them were taken in.")
TOO_FEW = gettext_noop(  # as rows of before have it
    "A class has only one picture when duplicates are counted once, or there is only one class. Please add pictures."
)
NO_SECOND_CLASS = gettext_noop("Only one class has pictures. Please add pictures to a second one.")
ONE_PICTURE = gettext_noop(
    "A class has only one picture when copies are counted once: the classifier's page says which. Please add some."
)


@task("classifier.take_examples")
def take_examples(job: Claim) -> None:
    delivery = Delivery.objects.select_related("classifier", "label").get(job_id=job.pk)
    if not delivery.archive and delivery.label is None:
        raise Rejected(CLASS_GONE)
    with missing_rejected(CLASS_GONE):
        for count in unpack_delivery(delivery) if delivery.archive else ():
            if count % AT_ONCE == 0:
                job.report(25 * min(1, count / MOST_EXAMPLES), UNPACKING, str(count))
    delivery.skipped += compute_features(job, delivery.classifier, active_backbone(), 25, 95)
    rows = usable_examples(delivery.classifier)
    found = compare_examples(rows)
    with finishing(job):
        store_comparison(delivery.classifier, found, len(rows))
        remove_on_commit([delivery.archive])
        delivery.archive = ""
        delivery.save(update_fields=["skipped", "archive"])
        if delivery.then_trains:
            submit_training(delivery.classifier, wants_tuning=False)


@task("classifier.train", silence=600)
def train(job: Claim) -> None:
    training = Training.objects.select_related("classifier").get(job_id=job.pk)
    folder = Path(settings.DATA_DIR) / training.FOLDERS.of(training.pk)
    with tidying(job, partial(shutil.rmtree, folder, ignore_errors=True)):
        learn(job, training, folder)
    shutil.rmtree(folder, ignore_errors=True)


def learn(job: Claim, training: Training, folder: Path) -> None:
    backbone, classifier = active_backbone(), training.classifier
    compute_features(job, classifier, backbone, 0, 40)
    rows = usable_examples(classifier)
    examples = examples_of(rows)
    seconds = LONGEST_TUNING if training.wants_tuning else 0
    watch = partial(report_progress, job, training)
    try:
        outcome = teach(examples, backbone, partial(prepared_batch, rows, backbone), folder, watch, seconds)
    except TooFewExamples as few:
        raise Rejected(ONE_PICTURE if len(examples.classes) > 1 else NO_SECOND_CLASS) from few
    except BadFile as problem:
        if Example.objects.filter(pk__in=[row.pk for row in rows]).count() < len(rows):
            raise Interrupted from problem  # some were deleted: it begins anew with what is left
        raise
    version = store_version(classifier, outcome, examples, backbone)
    with tidying(job, partial(remove_unknown, version["sha256"])), finishing(job):
        training.record(
            activate_new(card=version, by=classifier.owner),
            with_ids(outcome.taught.evaluation, examples, rows),
            outcome.verdict,
        )


def report_progress(job: Claim, training: Training, report: Progress) -> None:
    """How the learning stands: as the job's progress, and as curves for its page."""
    position = f"{report.curves[-1]['epoch']:.0f}" if report.curves else ""
    job.report(40 + 55 * report.share, STAGES[report.stage], position)
    training.note(report.stage, report.curves)


# --- looking


@lru_cache(maxsize=2)
def loaded_backbone(sha256: str) -> Backbone:
    """Loaded once in this process; another version has another hash."""
    version = ModelVersion.objects.get(sha256=sha256)
    return load_backbone(Card.parse(version.card), weights_folder(version), settings.MODEL_CACHE_DIR)


def active_backbone() -> Backbone:
    """The network that answers for pictures now. Raises Rejected."""
    version = ModelVersion.objects.answering("classifier").first()
    if version is None:
        raise Rejected(NO_WEIGHTS)
    return loaded_backbone(version.sha256)


def compute_features(
    job: Claim, classifier: Classifier, backbone: Backbone, start: float, end: float
) -> list[dict[str, str]]:
    """Features and fingerprints of the examples that lack them, kept as they come; answers [{"name", "problem"}] of
    those that turned out to be no picture, which are left out. Progress goes from start to end percent."""
    rows = classifier.examples.unseen(backbone.card.sha256).left_to(job.pk)
    unseen = list(rows.values_list("pk", flat=True))
    problems: list[dict[str, str]] = []
    sandbox = Sandbox()
    for at in range(0, len(unseen), AT_ONCE):
        rows = list(Example.objects.filter(pk__in=unseen[at : at + AT_ONCE]))
        problems += compute_batch(rows, backbone, sandbox)
        seen = min(at + AT_ONCE, len(unseen))
        job.report(start + (end - start) * seen / len(unseen), LOOKING, f"{seen} / {len(unseen)}")
    return problems


def compute_batch(rows: Sequence[Example], backbone: Backbone, sandbox: Sandbox) -> list[dict[str, str]]:
    whole_ones, pictures, problems = [], [], {}
    for row in rows:
        try:
            picture = picture_of(row, sandbox)
            with missing_is_bad():
                keep_to_show(row.file, picture)
            whole_ones.append(row)
            pictures.append(picture)
        except BadFile as problem:
            problems[row.pk] = {"name": row.name, "problem": str(problem)}
    features = (
        backbone.features(np.stack([backbone.prepare(picture) for picture in pictures])) if pictures else ()
    )
    for row, picture, feature in zip(whole_ones, pictures, features, strict=True):
        row.features, row.seen_by = feature.astype(np.float16).tobytes(), backbone.card.sha256
        row.fingerprint = fingerprint(picture).to_bytes(8, "big")
    with transaction.atomic():
        Example.objects.bulk_update(whole_ones, ["features", "fingerprint", "seen_by"])
        bad = list(Example.objects.filter(pk__in=problems))  # others were deleted meanwhile
        remove_on_commit([row.file for row in bad])
        Example.objects.filter(pk__in=problems).delete()
    return [problems[row.pk] for row in bad]


def picture_of(row: Example, sandbox: Sandbox) -> np.ndarray:
    """Raises BadFile, also where the file is gone."""
    with missing_is_bad():
        return sandbox.open(Path(row.file.path), open_rgb, LONGEST)


@contextmanager
def missing_is_bad() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as gone:
        raise BadFile("broken_picture") from gone


def prepared_batch(rows: Sequence[Example], backbone: Backbone, places: np.ndarray) -> np.ndarray:
    """(n, 3, s, s) of the examples at these places, as the network takes them."""
    sandbox = Sandbox()
    return np.stack([backbone.prepare(picture_of(rows[place], sandbox)) for place in places])


# --- learning


def usable_examples(classifier: Classifier) -> list[Example]:
    """What can be learned from, in an order that stays."""
    rows = classifier.examples.exclude(features=None).select_related("label")
    return list(rows.order_by("label", "created_at", "delivery", "place"))


def stack_features(rows: Sequence[Example]) -> np.ndarray:
    """(n, 1280) float16."""
    return np.stack([np.frombuffer(row.features, np.float16) for row in rows])


def comparison_of(rows: Sequence[Example]) -> Comparison:
    prints = np.array([int.from_bytes(row.fingerprint, "big") for row in rows], np.uint64)
    labels = np.unique([row.label_id for row in rows], return_inverse=True)[1]
    return compare_features(stack_features(rows), labels, prints, [row.sha256 for row in rows])


def compare_examples(rows: Sequence[Example]) -> dict[str, list[list[Any]]]:
    """What `Classifier.comparison` keeps."""
    if not rows:
        return {}
    found, labels = comparison_of(rows), sorted({row.label_id for row in rows})
    doubts = doubts_among(
        stack_features(rows), np.searchsorted(labels, [row.label_id for row in rows]), found.groups
    )
    kinds: dict[str, list[Pair]] = {"same": found.same, "near": found.near, "look_alikes": found.look_alikes}
    return {
        kind: [[str(rows[pair.first].pk), str(rows[pair.second].pk), pair.distance] for pair in pairs]
        for kind, pairs in kinds.items()
    } | {
        "mislabelled": [
            [str(rows[place].pk), rows[place].label_id, labels[other], probability]
            for place, other, probability in doubts.labels
        ],
        "confused": [[labels[first], labels[second], share] for first, second, share in doubts.confused],
    }


def store_comparison(classifier: Classifier, found: dict[str, list[list[Any]]], count: int) -> None:
    """Unless another upload has brought more meanwhile: its job looks at all of them after this one did."""
    locked = Classifier.with_trashed.select_for_update().get(pk=classifier.pk)
    if locked.examples.exclude(features=None).count() <= count:
        locked.comparison = found
        locked.save(update_fields=["comparison"])


def examples_of(rows: Sequence[Example]) -> Examples:
    """Raises Rejected where there are none."""
    if not rows:
        raise Rejected(NO_SECOND_CLASS)
    ids, labels = np.unique([row.label_id for row in rows], return_inverse=True)
    names = {row.label_id: row.label.name for row in rows}
    return Examples(stack_features(rows), labels, comparison_of(rows).groups, [names[pk] for pk in ids])


def store_version(
    classifier: Classifier, outcome: Outcome, examples: Examples, backbone: Backbone
) -> dict[str, Any]:
    """Stores weights, card and the ONNX network; answers the card."""
    content, card = packed(outcome, examples, kind=classifier.kind, name="taught", backbone=backbone.card)
    network = export_onnx(outcome, backbone, examples.classes, settings.MODEL_CACHE_DIR)
    files = {"taught.safetensors": content, "taught.json": card_file(asdict(card)), "taught.onnx": network}
    store(sha256=card.sha256, files=files)
    return asdict(card)


def with_ids(evaluation: dict[str, Any], examples: Examples, rows: Sequence[Example]) -> dict[str, Any]:
    """With the names of the classes, and ids of examples in place of their places."""
    mistakes = [{**mistake, "id": str(rows[mistake["place"]].pk)} for mistake in evaluation["mistakes"]]
    return evaluation | {"classes": examples.classes, "mistakes": mistakes}


@lru_cache(maxsize=8)
def loaded_taught(sha256: str) -> TaughtClassifier:
    """A version that someone taught, loaded once in this process."""
    version = ModelVersion.objects.get(sha256=sha256)
    card = Card.parse(version.card)
    for name in ("taught.safetensors", "taught.onnx") if card.config["tuned"] else ("taught.safetensors",):
        fetch(version, name)
    return load_taught(card, version.folder)


def add_taught_answer(picture: Picture, rgb: np.ndarray, seen: Findings) -> Findings:
    """With what the taught classifier that was asked for calls it, among all that was found."""
    if picture.taught is None:
        return seen
    taught = loaded_taught(picture.taught.sha256)
    backbone = loaded_backbone(taught.card.config["backbone_sha256"])
    batch, features = backbone.prepare(rgb)[None], seen.features
    if features is None or picture.model is None or picture.model.sha256 != backbone.card.sha256:
        features = backbone.features(batch)[0]
    answer = taught.answers(batch, features[None])[0]
    labels = [label | {"name": {"en": label["name"], "ko": label["name"]}} for label in answer.labels]
    seen.found["taught"] = asdict(answer) | {"labels": labels, "version": picture.taught.pk}
    return seen
