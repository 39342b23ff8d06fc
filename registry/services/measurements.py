"""What workers of this site find of a version before it may answer, and of what someone must be asked then."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.models import Status
from jobs.services import submit
from registry.models import Doubt, Measurement, ModelVersion

MEASURE = "registry.measure"
# Of the share by which versions are compared. Between the two networks for digits that come with this site, a choice
# that people may want, lie 2.4 points of 100; random weights are 60 and more below. Of 500 pictures, the fewest of a
# set that tells good networks apart, chance makes 5 points between equal networks that read 95 % less than once in a
# thousand times.
FAR_WORSE = 0.05


class Unconfirmed(ValidationError):
    """It can be done, once someone has said that they know of the doubt."""


@transaction.atomic
def measure(*, version: ModelVersion, owner: User, key: str = "") -> Measurement:
    """Have a worker measure it; while one does, or with the same key, that measurement. Raises ValidationError."""
    if not version.can_be_measured:
        raise ValidationError(
            _("Networks of this kind are not measured here: their figures are on their card.")
        )
    under_way = version.measurements.under_way().first()
    if under_way:
        return under_way
    job, _is_new = submit(owner=owner, task=MEASURE, subject=version.name, key=key)
    version.measuring = job
    version.save(update_fields=["measuring"])
    return Measurement.objects.get_or_create(job=job, defaults={"version": version})[0]


def require_measured(version: ModelVersion, live: ModelVersion | None, by: User | None) -> None:
    """Raises ValidationError where nobody here knows yet how good it is beside the one that answers; then a worker
    finds out. What people teach is measured where it is taught."""
    if is_failed(version) or is_measured(version, live):
        return
    if by:
        measure(version=version, owner=by)
    raise ValidationError(
        _("%(version)s is measured first, which takes seconds. Then ask again.")
        % {"version": version.exact_title}
    )


def is_measured(version: ModelVersion, live: ModelVersion | None) -> bool:
    """On the same pictures as the one that answers, or what nobody measures here."""
    if not version.can_be_measured or version == live:
        return True
    is_compared = bool(version.probe) and (live is None or has_same_set(version, live))
    return is_compared and not version.measurements.under_way().exists()


def has_same_set(version: ModelVersion, other: ModelVersion) -> bool:
    """Whether the two were measured on the same pictures."""
    own, theirs = version.probe, other.probe
    return bool(theirs) and (own["set"], own["md5"]) == (theirs["set"], theirs["md5"])


def is_failed(version: ModelVersion) -> bool:
    """Whether the last attempt to measure it found nothing, and nothing was found since."""
    job = version.measuring
    if job is None or job.status != Status.FAILED or job.ended_at is None:
        return False
    return version.measured_at is None or version.measured_at < job.ended_at


def doubt_about(version: ModelVersion, live: ModelVersion | None) -> Doubt | None:
    """What speaks against letting it answer, as far as it was measured."""
    if not version.can_be_measured or version == live:
        return None
    if is_failed(version):
        return Doubt.of("unmeasured", version)
    if live is None or not version.probe or not has_same_set(version, live):
        return None
    if live.probe["value"] is None:
        return Doubt.of("incomparable", version, live)
    if version.probe["value"] < live.probe["value"] - FAR_WORSE:
        return Doubt.of("far_worse", version, live)
    return None


def require_confirmed(doubt: Doubt | None, is_confirmed: bool) -> None:
    """Raises Unconfirmed."""
    if doubt and not is_confirmed:
        sentence = _("%(doubt)s Confirm that it shall answer all the same.") % {"doubt": doubt.text}
        raise Unconfirmed(sentence, code="unconfirmed")


def note_probe(*, version: ModelVersion, probe: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """What was found of it here. probe: the row of the figure by which versions are compared, with its `count`."""
    version.probe, version.measured_at = probe, timezone.now()
    version.save(update_fields=["probe", "measured_at"])
    note_figures(version=version, rows=rows)


def note_figures(*, version: ModelVersion, rows: list[dict[str, Any]]) -> None:
    """What this site measured, in place of what it measured on the same sets before."""
    sets = {row["set"] for row in rows}
    version.measured = [*(row for row in version.measured if row["set"] not in sets), *rows]
    version.save(update_fields=["measured"])
