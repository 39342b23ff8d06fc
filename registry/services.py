"""Activate versions; take in what the repository ships; write down trainings."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from registry.models import ANSWERS_FIRST, BUILT_IN, ModelVersion, TrainingRun

ACTIVE, READY, RETIRED = ModelVersion.State.ACTIVE, ModelVersion.State.READY, ModelVersion.State.RETIRED


@transaction.atomic
def activate(*, version: ModelVersion) -> None:
    """From now on `version` answers for its kind."""
    ModelVersion.objects.filter(kind=version.kind, state=ACTIVE).update(state=READY)
    version.state = ACTIVE
    version.save(update_fields=["state"])


@transaction.atomic
def roll_back(*, kind: str) -> ModelVersion | None:
    """The version made before the active one answers again; None, and nothing changes, where there is none."""
    active = ModelVersion.objects.active(kind)
    earlier = ModelVersion.objects.filter(kind=kind, state=READY, created_at__lt=active.created_at)
    version = earlier.order_by("-created_at").first()
    if version is not None:
        activate(version=version)
    return version


@transaction.atomic
def keep(*, card: dict) -> ModelVersion:
    """A version that was made here; its files are in the storage already (registry.files). It answers from now on."""
    version, _is_new = ModelVersion.objects.get_or_create(
        sha256=card["sha256"], defaults={"kind": card["kind"], "name": card["name"], "card": card}
    )
    activate(version=version)
    return version


@transaction.atomic
def take_in_built_in(*, folder: Path = BUILT_IN) -> None:
    """A row for every committed card; a new built-in version takes over from an older built-in one.

    Of a kind that nothing answers for, the version called like the kind does, or as ANSWERS_FIRST says; others lie
    beside it.
    """
    cards = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    current = {card["sha256"] for card in cards}
    ModelVersion.objects.filter(is_built_in=True).exclude(sha256__in=current).update(state=RETIRED)
    for version in [take_in(card) for card in cards]:
        is_first = version.name == ANSWERS_FIRST.get(version.kind, version.kind)
        if is_first and not ModelVersion.objects.answering(version.kind).exists():
            activate(version=version)


def take_in(card: dict) -> ModelVersion:
    version, _is_new = ModelVersion.objects.update_or_create(
        sha256=card["sha256"],
        defaults={"kind": card["kind"], "name": card["name"], "card": card, "is_built_in": True},
    )
    return version


@transaction.atomic
def begin_training(
    *, kind: str, architecture: str, seed: int, epochs: int, curves: list[dict[str, Any]]
) -> TrainingRun:
    """A new row, or where `curves` say that an interrupted training goes on, that one's."""
    same = TrainingRun.objects.filter(kind=kind, architecture=architecture, seed=seed)
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
