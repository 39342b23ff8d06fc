"""What a person does with digits: have them read, correct, share, look inside. Pages and API come through here."""

import re
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.sharing import ShareableQuerySet
from digits.models import Inside, Reading
from jobs.models import Job, Queue
from jobs.services import submit
from prepared.queries import prepared
from registry.models import Disagreement, ModelVersion
from web.files import extension, remove_on_commit

READ, LOOK_INSIDE = "digits.read", "digits.look_inside"
SIGNS = "-.,/+="
DASHES = str.maketrans("−–", "--")  # as keyboards and tables write minus
KEPT_INSIDES = 24  # of a person: they are megabytes each and made again when asked for


@transaction.atomic
def read(
    *,
    owner: User,
    source: str,
    pixels: bytes | None = None,
    picture: UploadedFile | None = None,
    saliency: bool = False,
    model: ModelVersion | None = None,
    replaces: UUID | None = None,
    key: str = "",
) -> Reading:
    """Ask for 784 pixels (bytes, ink high) or a picture to be read. `replaces` is of the same canvas a stroke ago."""
    job, is_new = submit(
        owner=owner, task=READ, key=key, queue=Queue.QUICK, files=[picture] if picture else []
    )
    if not is_new:
        return Reading.objects.select_related("job", "model").get(job=job)
    reading = Reading(
        owner=owner, job=job, source=source, pixels=pixels, wants_saliency=saliency, model=model
    )
    if picture is not None:
        reading.picture.save(f"{reading.pk}.{extension(picture.name)}", picture, save=False)
    reading.save(force_insert=True)
    for former in replaceable(owner.pk, replaces) if replaces else ():
        delete_replaced(former)
    return reading


@prepared
def replaceable(owner: int, pk: UUID) -> ShareableQuerySet:
    """The reading, unless somebody has corrected it, shared it or looked inside the network with it."""
    own = Reading.objects.filter(owner=owner, pk=pk, right_text="", share_key=None, insides=None)
    return own.only("job_id", "picture").order_by()


def delete_replaced(reading: Reading) -> None:
    """As `purge`, for every stroke: Django would ask each app what of its rows refers to the job, which takes longer
    than an answer. Only a shadow's findings may; where something else does, the database refuses.

    The job goes first: whoever is about to refer to it waits for this transaction, and finds nothing then.
    """
    Job.objects.filter(pk=reading.job_id)._raw_delete(DEFAULT_DB_ALIAS)
    Disagreement._base_manager.filter(job=reading.job_id).delete()
    Reading.objects.filter(pk=reading.pk).delete()
    remove_on_commit([reading.picture])


def correct(*, reading: Reading, text: str) -> None:
    """Keep what really stands there, digits and signs in rows; an empty text takes a correction back.

    Raises ValidationError where it is something else.
    """
    rows = [re.sub(r"\s", "", row).translate(DASHES) for row in text.strip().splitlines()]
    right = "\n".join(row for row in rows if row)
    if not re.fullmatch(rf"[0-9\n{re.escape(SIGNS)}]*", right) or len(right) > 500:
        raise ValidationError(
            _("Write the right answer in the digits 0 to 9 and the signs - . , / + =, one line for each row.")
        )
    reading.right_text = right
    reading.save(update_fields=["right_text"])


@transaction.atomic
def purge(*, reading: Reading) -> None:
    """An end of the row, its job and, once that is committed, its files."""
    insides = list(reading.insides.select_related("job"))
    for inside in insides:
        inside.job.delete()
    # locked first: a worker may be writing what a shadow says of it, which has to go along
    if job := Job.with_trashed.select_for_update().filter(pk=reading.job_id).first():
        job.delete()
    remove_on_commit([reading.picture, *(inside.file for inside in insides)])


@transaction.atomic
def look_inside(*, reading: Reading, place: int, label: int | None = None) -> Inside:
    """The numbers of the network on one digit, and with a label those of its way back; asked for once, then kept.

    Raises ValidationError where there is no such digit.
    """
    if place >= reading.frame_count:
        raise ValidationError(_("There is no digit number %(place)s in this picture.") % {"place": place})
    known = reading.insides.filter(place=place, label=label).select_related("job").first()
    if known is not None and known.job.status not in ("failed", "cancelled"):
        return known
    if known is not None:
        known.job.delete()
    delete_oldest_insides(reading.owner)
    job, _is_new = submit(owner=reading.owner, task=LOOK_INSIDE, queue=Queue.QUICK)
    return Inside.objects.create(reading=reading, place=place, label=label, job=job)


def delete_oldest_insides(owner: User) -> None:
    for inside in Inside.objects.filter(reading__owner=owner).select_related("job")[KEPT_INSIDES:]:
        if inside.job.has_ended:
            inside.file.delete(save=False)
            inside.job.delete()
