"""Versions in the shadow of the one that answers, and canaries, which give a share of the answers."""

import logging

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit.models import Verb
from audit.services import record
from registry.canaries import Worse, worse
from registry.models import CANARIES, RIVALS, Disagreement, ModelVersion, Shadow
from registry.services.live import check_readable, lock
from registry.services.measurements import doubt_about, require_measured
from web import mail

log = logging.getLogger(__name__)


@transaction.atomic
def begin_shadow(
    *, version: ModelVersion, percent: int, by: User | None = None, is_canary: bool = False
) -> Shadow:
    """From now on `version` sees `percent` of what the live one of its kind answers; nobody is shown what it says. What
    ran before ends.

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
        is_canary=is_canary,
        by=by,
        by_name=by.get_username() if by else "",
    )


def begin_canary(*, version: ModelVersion, percent: int, by: User | None = None) -> Shadow:
    """From now on `version` gives `percent` of the answers of its kind, until someone ends that or it is found worse.
    What ran before ends.

    Raises ValidationError as `begin_shadow`, and where it was not measured here or is far worse than the live one.
    """
    if version.kind not in CANARIES:
        raise ValidationError(_("Only networks for pictures and digits may give a share of the answers."))
    live = ModelVersion.objects.answering(version.kind).first()
    require_measured(version, live, by)
    if doubt := doubt_about(version, live):
        raise ValidationError(doubt.text)
    with transaction.atomic():
        canary = begin_shadow(version=version, percent=percent, by=by, is_canary=True)
        record(actor=by, verb=Verb.CHANGED, row=version, note=f"canary {percent} %")
    return canary


@transaction.atomic
def end_shadow(*, version: ModelVersion, by: User | None = None) -> None:
    """Its counts and disagreements stay."""
    running = Shadow.objects.running(version.kind).filter(version=version)
    if running.filter(is_canary=True).exists():
        record(actor=by, verb=Verb.CHANGED, row=version, note="canary ended")
    running.end()


def judge_disagreement(*, disagreement: Disagreement, right: str) -> None:
    """Keep which of the two is right (Disagreement.Right), as an admin sees it; empty: not judged."""
    disagreement.right = right
    disagreement.save(update_fields=["right"])
    if disagreement.shadow.is_canary:
        end_where_worse(disagreement.shadow)


def end_worse_canaries() -> None:
    for canary in Shadow.objects.filter(is_canary=True, ended_at=None).select_related("version", "live"):
        end_where_worse(canary)


def end_where_worse(canary: Shadow) -> None:
    """The live one gives all of the answers again; admins are told by mail, where the site has a mail server."""
    found = worse(canary)
    if found is None:
        return
    with transaction.atomic():
        running = Shadow.objects.filter(pk=canary.pk, ended_at=None)
        if not running.update(ended_at=timezone.now(), ended_because=found.reason):
            return
        record(
            actor=None,
            verb=Verb.CHANGED,
            row=canary.version,
            note=f"canary ended: {found.figures}",
            why=found.reason,
        )
    log.warning("The canary %s was ended: %s, %s.", canary.version, found.reason, found.figures)
    tell_admins(canary, found)


def tell_admins(canary: Shadow, found: Worse) -> None:
    if not mail.is_configured():
        return
    for admin in User.objects.filter(is_staff=True, is_active=True).exclude(email=""):
        with override(settings.LANGUAGE_CODE):
            version, live = canary.version.exact_title, canary.live.exact_title
            words = {"version": version, "live": live, "figures": found.figures}
            subject = _("%(version)s gives no answers any more") % words
            reason = Shadow.Worse(found.reason).label
            text = _(
                "The site ended its canary: %(reason)s (%(figures)s). %(live)s gives all of the answers again."
            )
            try:
                mail.send(to=admin.email, subject=subject, text=text % (words | {"reason": reason}))
            except mail.NotSent as problem:
                log.warning("%s", problem)
