"""Where versions come from: uploads and trainings."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.models import OPEN, Job, Status
from jobs.services import submit
from registry import trainings
from registry.models import ModelVersion, TrainingRun, Upload
from registry.services.live import columns_of

TAKE_IN, TRAIN = "registry.take_in", "registry.train"


def add_candidate(
    *, card: dict[str, Any], milliseconds: float | None = None, is_uploaded: bool = False
) -> ModelVersion:
    """Weights whose files are in the storage already; an admin decides whether they answer, once they are measured."""
    new = {"state": ModelVersion.State.CANDIDATE, "milliseconds": milliseconds, "is_uploaded": is_uploaded}
    defaults = columns_of(card) | new
    return ModelVersion.objects.get_or_create(sha256=card["sha256"], defaults=defaults)[0]


def check_new(card: dict[str, Any]) -> None:
    """Raises ValidationError where these weights are here already."""
    known = ModelVersion.objects.filter(sha256=card["sha256"]).first()
    if known:
        raise ValidationError(
            _("These weights are here already: %(version)s.") % {"version": known.exact_title}
        )


@transaction.atomic
def upload(*, owner: User, weights: File, card: dict[str, Any], key: str = "") -> Upload:
    """Have weights looked at, and kept as a candidate. card: theirs, as `registry.uploads` has checked it.

    Raises ValidationError where they are here already.
    """
    check_new(card)
    job, is_new = submit(owner=owner, task=TAKE_IN, subject=card["name"], key=key, files=[weights])
    if not is_new:
        return Upload.objects.select_related("job", "version").get(job=job)
    row = Upload(owner=owner, job=job, card=card)
    row.file.save(f"{job.pk}.safetensors", weights, save=False)
    row.save()
    return row


@transaction.atomic
def begin_training(
    *, kind: str, architecture: str, seed: int, epochs: int, curves: list[dict[str, Any]]
) -> TrainingRun:
    """A new row, or where `curves` say that an interrupted training goes on, that one's."""
    same = TrainingRun.objects.filter(kind=kind, architecture=architecture, seed=seed, job=None)
    unfinished = same.exclude(state=TrainingRun.State.DONE)
    run = unfinished.first() if curves else None
    unfinished.filter(ended_at=None).update(state=TrainingRun.State.STOPPED, ended_at=timezone.now())
    run = run or TrainingRun(kind=kind, architecture=architecture, seed=seed)
    run.state, run.ended_at, run.epochs = TrainingRun.State.RUNNING, None, epochs
    run.save()
    note_training(run=run, epochs=epochs, curves=curves)
    return run


def note_training(*, run: TrainingRun, epochs: int, curves: list[dict[str, Any]]) -> None:
    run.epochs, run.curves, run.seen_at = epochs, curves, timezone.now()
    run.save(update_fields=["epochs", "curves", "seen_at"])


def note_beginning(*, run: TrainingRun, begins_from: str) -> None:
    """From what of the former training it goes on (TrainingRun.Begin)."""
    run.begins_from = begins_from
    run.save(update_fields=["begins_from"])


def end_training(*, run: TrainingRun, state: str, version: ModelVersion | None = None) -> None:
    """version: the one with the weights, where they were kept."""
    run.state, run.version, run.ended_at = state, version, timezone.now()
    run.save(update_fields=["state", "version", "ended_at"])


@transaction.atomic
def train(
    *, owner: User, kind: str, architecture: str, source: str, epochs: int, seed: int, key: str = ""
) -> TrainingRun:
    """Have a worker train a network, which ends as a candidate.

    Raises ValidationError where that is not offered, or one is being trained already.
    """
    trainings.check_offered(kind, architecture, source)
    asked = {"kind": kind, "architecture": architecture, "source": source, "epochs": epochs, "seed": seed}
    return submit_training(owner, key, asked)


@transaction.atomic
def go_on(*, run: TrainingRun, epochs: int, owner: User, key: str = "") -> TrainingRun:
    """Have a worker train it for so many epochs more, as a training of its own: from its checkpoint where the worker
    has that, else from the weights that it became.

    Raises ValidationError where nothing is left of it, it has not ended, or a network is being trained already.
    """
    if run.is_live:
        raise ValidationError(_("It is still being trained."))
    if not run.may_go_on:
        raise ValidationError(
            _(
                "Only what a worker trained goes on, from its checkpoint or its weights; nothing is left of this."
            )
        )
    trainings.check_offered(run.kind, run.architecture, run.source)
    same = {name: getattr(run, name) for name in ("kind", "architecture", "source", "seed")}
    more = {"epochs": epochs, "more_epochs": epochs, "goes_on_from": run}
    return submit_training(owner, key, same | more)


def submit_training(owner: User, key: str, asked: dict[str, Any]) -> TrainingRun:
    """One at a time. asked: fields of the row."""
    subject = " ".join(filter(None, [asked["kind"], asked.get("architecture")]))
    job, is_new = submit(owner=owner, task=TRAIN, subject=subject, key=key)
    if not is_new:
        return TrainingRun.objects.select_related("job", "version").get(job=job)
    if TrainingRun.objects.filter(job__status__in=OPEN).exists():
        raise ValidationError(_("A network is being trained already. Wait for its end, or cancel it."))
    return TrainingRun.objects.create(job=job, **asked)


@transaction.atomic
def stop_training(*, run: TrainingRun) -> None:
    """It ends at its next report, and what it has learned by then becomes a candidate. Raises ValidationError where no
    worker is at it."""
    job = Job.objects.select_for_update().filter(training_run=run, status=Status.RUNNING)
    if not job.exists():
        raise ValidationError(_("Only what a worker is training now can be stopped."))
    run.stop_asked_at = run.stop_asked_at or timezone.now()
    run.save(update_fields=["stop_asked_at"])
