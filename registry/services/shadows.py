"""Versions in the shadow of the one that answers."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from registry.models import RIVALS, Disagreement, ModelVersion, Shadow
from registry.services.live import check_readable, lock


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
