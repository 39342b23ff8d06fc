"""Where versions come from: uploads and trainings."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.models import OPEN
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
        raise ValidationError(_("These weights are here already: %(version)s.") % {"version": known})


@transaction.atomic
def upload(*, owner: User, weights: File, card: dict[str, Any], key: str = "") -> Upload:
    """Have weights looked at, and kept as a candidate. card: theirs, as `registry.uploads` has checked it.

    Raises ValidationError where they are here already.
    """
    check_new(card)
    job, is_new = submit(owner=owner, task=TAKE_IN, key=key, files=[weights])
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
    run.state, run.ended_at = TrainingRun.State.RUNNING, None
    note_training(run=run, epochs=epochs, curves=curves)
    return run


def note_training(*, run: TrainingRun, epochs: int, curves: list[dict[str, Any]]) -> None:
    run.epochs, run.curves, run.seen_at = epochs, curves, timezone.now()
    run.save()


def end_training(*, run: TrainingRun, state: str, version: ModelVersion | None = None) -> None:
    """version: the one with the weights, where they were kept."""
    run.state, run.version, run.ended_at = state, version, timezone.now()
    run.save()


@transaction.atomic
def train(
    *, owner: User, kind: str, architecture: str, source: str, epochs: int, seed: int, key: str = ""
) -> TrainingRun:
    """Have a worker train a network, which ends as a candidate.

    Raises ValidationError where that is not offered, or one is being trained already.
    """
    trainings.check_offered(kind, architecture, source)
    job, is_new = submit(owner=owner, task=TRAIN, key=key)
    if not is_new:
        return TrainingRun.objects.select_related("job", "version").get(job=job)
    if TrainingRun.objects.filter(job__status__in=OPEN).exists():
        raise ValidationError(_("A network is being trained already. Wait for its end, or cancel it."))
    return TrainingRun.objects.create(
        kind=kind, architecture=architecture, source=source, epochs=epochs, seed=seed, job=job
    )
