"""What admins do with versions: activate, roll back, archive, upload, train, run in the shadow; who did is logged."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from jobs.models import OPEN
from jobs.services import submit
from registry import trainings
from registry.models import (
    ANSWERS_FIRST,
    BUILT_IN,
    RIVALS,
    Change,
    Disagreement,
    ModelVersion,
    Shadow,
    TrainingRun,
    Upload,
)
from registry.weight_files import is_readable

TAKE_IN, TRAIN = "registry.take_in", "registry.train"
State = ModelVersion.State
BUILT_IN_FIRST = gettext_noop("It came with this site.")
BUILT_IN_GONE = gettext_noop("It no longer comes with this site.")
TAUGHT_NEW = gettext_noop("It has just been taught.")
ROLLED_BACK = gettext_noop("Back to the version before.")


# --- which version answers


@transaction.atomic
def activate(*, version: ModelVersion, by: User | None = None, why: str = "") -> None:
    """From now on `version` answers for its kind; where it does already, nothing changes. Without `by` the site itself
    does it. Raises ValidationError where it was archived and its weights are gone."""
    lock(version.kind)
    version.refresh_from_db(fields=["state"])
    if version.state != State.ACTIVE:
        put_live(version.kind, version, by, why)


@transaction.atomic
def roll_back(*, kind: str, by: User | None = None, why: str = "") -> ModelVersion:
    """The version that was live before answers again, by the log; asked again, the one before that.

    Raises ValidationError where there is none, or its weights are gone.
    """
    lock(kind)
    last = Change.objects.to_take_back(kind)
    if last is None or last.before is None:
        raise ValidationError(_("There is no earlier version."))
    put_live(kind, last.before, by, why or ROLLED_BACK, takes_back=last)
    return last.before


def earlier(kind: str) -> ModelVersion | None:
    """To which one a roll back would lead."""
    last = Change.objects.to_take_back(kind)
    return last.before if last else None


def lock(kind: str) -> None:
    """Whoever else changes what answers for this kind waits for the end of this transaction."""
    list(ModelVersion.objects.filter(kind=kind).order_by("pk").select_for_update().values_list("pk"))


def put_live(
    kind: str, after: ModelVersion | None, by: User | None, why: str, takes_back: Change | None = None
) -> None:
    """States and log, for whoever holds the lock of the kind. after: None where nothing answers any more."""
    if after:
        check_readable(after)
    before = ModelVersion.objects.answering(kind).first()
    if before:
        before.state = State.READY
        before.save(update_fields=["state"])
    if after:
        after.state = State.ACTIVE
        after.save(update_fields=["state"])
    Shadow.objects.running(kind).end()  # it ran beside another one
    Change.objects.create(
        kind=kind,
        by=by,
        by_name=by.get_username() if by else "",
        before=before,
        after=after,
        why=why,
        takes_back=takes_back,
    )


def check_readable(version: ModelVersion) -> None:
    """Raises ValidationError where it was archived and its weights are gone."""
    if version.state == State.RETIRED and not is_readable(version):
        raise ValidationError(_("The weights of %(version)s are no longer kept here.") % {"version": version})


@transaction.atomic
def archive(*, version: ModelVersion) -> None:
    """Nobody is offered it any more; its weights stay, and it can be activated again.

    Raises ValidationError where it answers.
    """
    lock(version.kind)
    version.refresh_from_db(fields=["state"])
    if version.state == State.ACTIVE:
        raise ValidationError(
            _("%(version)s answers now. Activate another one first.") % {"version": version}
        )
    Shadow.objects.filter(version=version).end()
    version.state = State.RETIRED
    version.save(update_fields=["state"])


# --- where versions come from


@transaction.atomic
def activate_new(*, card: dict, by: User | None = None) -> ModelVersion:
    """A version that someone taught, whose files are in the storage already; it answers from now on."""
    version, _is_new = ModelVersion.objects.get_or_create(sha256=card["sha256"], defaults=columns_of(card))
    activate(version=version, by=by, why=TAUGHT_NEW)
    return version


@transaction.atomic
def register_built_ins(*, folder: Path = BUILT_IN) -> None:
    """A row for every committed card; a new built-in version takes over from an older built-in one.

    Of a kind that nothing answers for, the version called like the kind does, or as ANSWERS_FIRST says; others lie
    beside it. What is no longer committed is archived.
    """
    cards = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    versions = [
        ModelVersion.objects.update_or_create(
            sha256=card["sha256"], defaults=columns_of(card) | {"is_built_in": True}
        )[0]
        for card in cards
    ]
    gone = ModelVersion.objects.filter(is_built_in=True).exclude(pk__in=[version.pk for version in versions])
    for version in versions:
        is_first = version.name == ANSWERS_FIRST.get(version.kind, version.kind)
        if is_first and not ModelVersion.objects.answering(version.kind).exclude(pk__in=gone).exists():
            activate(version=version, why=BUILT_IN_FIRST)
    for version in gone.filter(state=State.ACTIVE):
        put_live(version.kind, None, None, BUILT_IN_GONE)
    gone.update(state=State.RETIRED, is_built_in=False)


def columns_of(card: dict[str, Any]) -> dict[str, Any]:
    """What the row of a version holds of its card, beside the sha256."""
    return {"kind": card["kind"], "name": card["name"], "card": card}


def add_candidate(*, card: dict[str, Any], milliseconds: float | None = None) -> ModelVersion:
    """Weights whose files are in the storage already; an admin decides whether they answer."""
    defaults = columns_of(card) | {"state": State.CANDIDATE, "milliseconds": milliseconds}
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


# --- trainings


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


def note_figures(*, version: ModelVersion, rows: list[dict[str, Any]]) -> None:
    """What this site measured, in place of what it measured on the same sets before."""
    sets = {row["set"] for row in rows}
    version.measured = [*(row for row in version.measured if row["set"] not in sets), *rows]
    version.save(update_fields=["measured"])


@transaction.atomic
def begin_shadow(*, version: ModelVersion, percent: int, by: User | None = None) -> Shadow:
    """From now on `version` sees `percent` of what the live one of its kind answers; nobody is shown what it says. One
    that ran before ends.

    Raises ValidationError where it answers itself, cannot be compared, or its weights are gone.
    """
    if version.kind not in RIVALS:
        raise ValidationError(_("Networks of this kind are not compared: what they make is never the same."))
    lock(version.kind)
    version.refresh_from_db(fields=["state"])
    live = ModelVersion.objects.answering(version.kind).first()
    if live is None or live == version:
        raise ValidationError(_("A version runs in the shadow of another one that answers."))
    check_readable(version)
    Shadow.objects.running(version.kind).end()
    return Shadow.objects.create(
        kind=version.kind,
        version=version,
        live=live,
        percent=percent,
        by=by,
        by_name=by.get_username() if by else "",
    )


def end_shadow(*, version: ModelVersion) -> None:
    """Its counts and disagreements stay."""
    Shadow.objects.filter(version=version).end()


def judge_disagreement(*, disagreement: Disagreement, right: str) -> None:
    """Keep which of the two is right (Disagreement.Right), as an admin sees it; empty: not judged."""
    disagreement.right = right
    disagreement.save(update_fields=["right"])
