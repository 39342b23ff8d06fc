"""What a person does with digits: have them read, correct, share, look inside. Pages and API come through here."""

import re
import uuid

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from accounts.models import User
from digits.models import Inside, Reading
from jobs.models import Queue
from jobs.services import submit
from prepared.rows import insert
from registry.models import ModelVersion

READ, LOOK_INSIDE = "digits.read", "digits.look_inside"
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
    replaces: Reading | None = None,
    key: str = "",
) -> Reading:
    """Ask for 784 pixels (bytes, ink high) or a picture to be read. `replaces` is the same canvas a stroke ago."""
    job, is_new = submit(owner=owner, task=READ, key=key, queue=Queue.QUICK)
    if not is_new:
        return Reading.objects.select_related("job", "model").get(job=job)
    reading = Reading(
        owner=owner, job=job, source=source, pixels=pixels, wants_saliency=saliency, model=model
    )
    if picture is not None:
        reading.picture.save(f"{reading.pk}.{extension(picture)}", picture, save=False)
    insert(reading)
    if replaces is not None and is_passing(replaces):
        delete(reading=replaces)
    return reading


def is_passing(reading: Reading) -> bool:
    """Whether nobody has corrected it, shared it or looked inside the network with it."""
    return not reading.right_text and reading.share_key is None and not reading.insides.exists()


def extension(picture: UploadedFile) -> str:
    """A short harmless one; what the file is, is told by its content."""
    found = re.search(r"\.([a-z0-9]{1,5})$", (picture.name or "").lower())
    return found[1] if found else "bin"


def correct(*, reading: Reading, text: str) -> None:
    """Keep what really stands there, digits in rows; an empty text takes a correction back.

    Raises ValidationError where it is not digits.
    """
    rows = [re.sub(r"\s", "", row) for row in text.strip().splitlines()]
    right = "\n".join(row for row in rows if row)
    if not re.fullmatch(r"[0-9\n]*", right) or len(right) > 500:
        raise ValidationError(_("Write the right answer in the digits 0 to 9, one line for each row."))
    reading.right_text = right
    reading.save(update_fields=["right_text"])


def share(*, reading: Reading) -> None:
    """Whoever has the link sees the picture and its answer; the same link every time."""
    if reading.share_key is None:
        reading.share_key = uuid.uuid4()
        reading.save(update_fields=["share_key"])


def unshare(*, reading: Reading) -> None:
    reading.share_key = None
    reading.save(update_fields=["share_key"])


@transaction.atomic
def delete(*, reading: Reading) -> None:
    """The row, its job and, once that is committed, its files."""
    files = [reading.picture, *(inside.file for inside in reading.insides.all())]
    for inside in reading.insides.select_related("job"):
        inside.job.delete()
    reading.job.delete()
    transaction.on_commit(lambda: remove(files))


def remove(files: list[FieldFile]) -> None:
    for file in files:
        if file.name:
            file.storage.delete(file.name)


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
    forget_oldest(reading.owner)
    job, _is_new = submit(owner=reading.owner, task=LOOK_INSIDE, queue=Queue.QUICK)
    return Inside.objects.create(reading=reading, place=place, label=label, job=job)


def forget_oldest(owner: User) -> None:
    for inside in Inside.objects.filter(reading__owner=owner).select_related("job")[KEPT_INSIDES:]:
        if inside.job.has_ended:
            inside.file.delete(save=False)
            inside.job.delete()
