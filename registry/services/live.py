"""Which version answers: activate, roll back, archive; who did is logged."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from audit.models import Verb
from audit.services import record
from registry.models import ANSWERS_FIRST, BUILT_IN, Change, Doubt, ModelVersion, Shadow
from registry.services.measurements import doubt_about, require_confirmed, require_measured
from registry.weight_files import is_readable

State = ModelVersion.State
BUILT_IN_FIRST = gettext_noop("It came with this site.")
BUILT_IN_GONE = gettext_noop("It no longer comes with this site.")
TAUGHT_NEW = gettext_noop("It has just been taught.")
ROLLED_BACK = gettext_noop("Back to the version before.")


@transaction.atomic
def activate(
    *, version: ModelVersion, by: User | None = None, why: str = "", doubt: Doubt | None = None
) -> None:
    """From now on `version` answers for its kind; where it does already, nothing changes. Without `by` the site itself
    does it; doubt: of which whoever wants it was asked. Raises ValidationError where it was archived and its weights
    are gone."""
    lock(version.kind)
    version.refresh_from_db(fields=["state"])
    if version.state != State.ACTIVE:
        put_live(version.kind, version, by, why, doubt=doubt)


def activate_measured(
    *, version: ModelVersion, by: User | None, why: str, is_confirmed: bool = False
) -> None:
    """As `activate`, for people: only what was measured here, which is asked for outside of the transaction that fails.

    Raises ValidationError where it is not measured yet or was archived and its weights are gone, and Unconfirmed where
    it is far worse than the one that answers or could not be measured, and nobody has said that it shall answer all the
    same.
    """
    check_readable(version)
    live = ModelVersion.objects.answering(version.kind).first()
    require_measured(version, live, by)
    with transaction.atomic():
        lock(version.kind)
        live = ModelVersion.objects.answering(version.kind).first()
        doubt = doubt_about(version, live)
        require_confirmed(doubt, is_confirmed)
        activate(version=version, by=by, why=why, doubt=doubt)


@transaction.atomic
def roll_back(
    *, kind: str, by: User | None = None, why: str = "", is_confirmed: bool = False
) -> ModelVersion:
    """The version that was live before answers again, by the log; asked again, the one before that. It need not wait to
    be measured.

    Raises ValidationError where there is none, or its weights are gone, and Unconfirmed where it is known to be far
    worse and nobody has said that it shall answer all the same.
    """
    lock(kind)
    last = Change.objects.to_take_back(kind)
    if last is None or last.before is None:
        raise ValidationError(_("There is no earlier version."))
    doubt = doubt_about(last.before, ModelVersion.objects.answering(kind).first())
    require_confirmed(doubt, is_confirmed)
    put_live(kind, last.before, by, why or ROLLED_BACK, takes_back=last, doubt=doubt)
    return last.before


def earlier(kind: str) -> ModelVersion | None:
    """To which one a roll back would lead."""
    last = Change.objects.to_take_back(kind)
    return last.before if last else None


def lock(kind: str) -> None:
    """Whoever else changes what answers for this kind waits for the end of this transaction."""
    list(ModelVersion.objects.filter(kind=kind).order_by("pk").select_for_update().values_list("pk"))


def put_live(
    kind: str,
    after: ModelVersion | None,
    by: User | None,
    why: str,
    takes_back: Change | None = None,
    doubt: Doubt | None = None,
) -> None:
    """States and logs, for whoever holds the lock of the kind. after: None where nothing answers any more."""
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
        despite=doubt.as_json() if doubt else {},
    )
    if after and doubt:
        record(actor=by, verb=Verb.CHANGED, row=after, note=doubt.figures, why=why)


def check_readable(version: ModelVersion) -> None:
    """Raises ValidationError where it was archived and its weights are gone."""
    if version.state == State.RETIRED and not is_readable(version):
        raise ValidationError(
            _("The weights of %(version)s are no longer kept here.") % {"version": version.exact_title}
        )


@transaction.atomic
def archive(*, version: ModelVersion) -> None:
    """Nobody is offered it any more; its weights stay, and it can be activated again.

    Raises ValidationError where it answers.
    """
    lock(version.kind)
    version.refresh_from_db(fields=["state"])
    if version.state == State.ACTIVE:
        raise ValidationError(
            _("%(version)s answers now. Activate another one first.") % {"version": version.exact_title}
        )
    Shadow.objects.filter(version=version).end()
    version.state = State.RETIRED
    version.save(update_fields=["state"])


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
