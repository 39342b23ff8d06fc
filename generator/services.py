"""What a person does with faces: order them, mark favourites, keep or delete a photo. Pages and API come through here.

Links are given by accounts.sharing.
"""

import secrets
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from generator import order_settings
from generator.models import Order, Photo
from jobs.models import Job
from jobs.services import submit
from registry.models import ModelVersion
from siteconfig.services import site_settings
from trash import services as trash
from trash.models import Item
from web.files import extension, remove_on_commit

DRAW = "generator.draw"
SHORT_SEED = 2**32  # seeds of chance are short enough to be read out
FORGOTTEN_AT_ONCE = 100


@transaction.atomic
def draw(
    *,
    owner: User,
    model: ModelVersion,
    settings: Mapping[str, Any],
    image: UploadedFile | None = None,
    keeps_photo: bool = False,
    key: str = "",
) -> Order:
    """Ask for faces; `settings` as generator.order_settings has them, checked. `image` is a face to start from."""
    files = [image] if image else []
    job, is_new = submit(owner=owner, task=DRAW, subject=settings.get("prompt", ""), key=key, files=files)
    if not is_new:
        return Order.objects.select_related("job", "model").get(job=job)
    seed = settings.get("seed")
    seed = secrets.randbelow(SHORT_SEED) if seed is None else seed
    order = Order(
        owner=owner, job=job, model=model, seed=seed, **order_settings.order_columns(dict(settings))
    )
    order.save(force_insert=True)
    if image is not None:
        photo = Photo(order=order, is_kept=keeps_photo)
        photo.file.save(f"{order.pk}.{extension(image.name)}", image, save=False)
        photo.save(force_insert=True)
    return order


@transaction.atomic
def mark(*, order: Order, is_favourite: bool, place: int | None = None) -> None:
    """Make the order or one of its faces a favourite, or no more. Raises ValidationError where it is not there."""
    if place is None:
        order.is_favourite = is_favourite
        order.save(update_fields=["is_favourite"])
    elif not order.faces.filter(place=place).update(is_favourite=is_favourite):
        raise ValidationError(_("There is no face number %(place)s here.") % {"place": place + 1})


def delete_chosen(*, owner: User, ids: Collection[UUID]) -> Item | None:
    """Into the trash, as one thing: one undo brings all of them back. None where they are not there."""
    return trash.delete(rows=list(Order.objects.for_user(owner).filter(pk__in=ids)), by=owner)


@transaction.atomic
def purge(*, order: Order) -> None:
    """An end of the row, its pictures, its job and, once that is committed, its photo."""
    remove_on_commit(photo.file for photo in Photo.objects.filter(order=order))
    order.job.delete()


def keep_photo(*, photo: Photo) -> None:
    """It is not deleted by itself."""
    photo.is_kept = True
    photo.save(update_fields=["is_kept"])


@transaction.atomic
def forget_photo(*, photo: Photo) -> None:
    """The file and what was cut out of it; what the network made of it stays."""
    remove_on_commit([photo.file])
    Job.with_trashed.filter(order=photo.order_id).update(size=None)
    photo.file, photo.aligned, photo.is_kept = "", None, False
    photo.save(update_fields=["file", "aligned", "is_kept"])


def photo_stays() -> timedelta:
    """How long one is there that nobody keeps."""
    return timedelta(days=site_settings().photo_days)


def forget_photos() -> int:
    """Those that nobody keeps, after the days that the site sets. Answers how many."""
    due = Photo.objects.filter(is_kept=False, created_at__lte=timezone.now() - photo_stays()).exclude(file="")
    photos = list(due[:FORGOTTEN_AT_ONCE])
    for photo in photos:
        forget_photo(photo=photo)
    return len(photos)
