"""What a person does with pictures: have them looked at, alone or as an album, and correct what was said of them.

Pages and API come through here; links are given by accounts.sharing.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from classifier.models import Album, Picture, index_new, index_pictures
from classifier.uploads import MOST_PICTURES, count_packed, is_zip, new_picture
from jobs.models import Queue
from jobs.services import find, require_quota, submit
from registry.models import ModelVersion
from web.files import extension, remove_on_commit, validate_picture
from web.refusals import bad_file_refused

LOOK, LABEL, LOOK_THROUGH = "classifier.look", "classifier.label", "classifier.look_through"


def submit_pictures(
    *, owner: User, files: Sequence[UploadedFile], name: str = "", **how: Any
) -> Picture | Album:
    """One picture by itself, several or a ZIP of them as an album.

    Raises ValidationError with a sentence where there is nothing to look at.
    """
    if len(files) != 1 or is_zip(files[0]):
        return submit_album(owner=owner, files=files, name=name, **how)
    validate_picture(files[0], may_move=True)
    return submit_picture(owner=owner, image=files[0], **how)


@transaction.atomic
def submit_picture(
    *,
    owner: User,
    image: UploadedFile,
    only_labels: bool = False,
    model: ModelVersion | None = None,
    taught: ModelVersion | None = None,
    key: str = "",
) -> Picture:
    """Ask what is in a picture: everything, or quickly its labels alone. `taught` names it, too."""
    task, name = LABEL if only_labels else LOOK, image.name or ""
    job, is_new = submit(owner=owner, task=task, subject=name, key=key, queue=Queue.QUICK, files=[image])
    if not is_new:
        return Picture.objects.select_related("job", "model").get(job=job)
    picture = Picture(owner=owner, job=job, name=name[-200:], model=model, taught=taught)
    picture.wants_labels_only = only_labels
    picture.file.save(f"{picture.pk}.{extension(image.name)}", image, save=False)
    picture.save(force_insert=True)
    index_new([picture])
    return picture


def submit_album(
    *,
    owner: User,
    files: Sequence[UploadedFile],
    name: str = "",
    only_labels: bool = False,
    model: ModelVersion | None = None,
    taught: ModelVersion | None = None,
    key: str = "",
) -> Album:
    """Ask about many pictures at once, or about those in one ZIP; what is no picture does not stop the others.

    Raises ValidationError where there are none or too many of them, or where the ZIP cannot be opened.
    """
    if not find(owner=owner, task=LOOK_THROUGH, key=key):  # before anything is stored
        require_quota(owner=owner, size=sum(file.size or 0 for file in files))
    album = Album(owner=owner, name=name[:200], wants_labels_only=only_labels, model=model, taught=taught)
    pictures = []
    if len(files) == 1 and is_zip(files[0]):
        with bad_file_refused():
            check_count(count_packed(files[0], MOST_PICTURES))
        album.archive.save(f"{album.pk}.zip", files[0], save=False)
    else:
        check_count(len(files))
        pictures = [new_picture(album, place, file.name or "", file) for place, file in enumerate(files)]
    return save_album(album, pictures, key, files)


@transaction.atomic
def save_album(album: Album, pictures: Sequence[Picture], key: str, files: Sequence[UploadedFile]) -> Album:
    """The rows with their job; or, where this key was used before, the album of then."""
    subject = album.name or ", ".join(file.name or "" for file in files)
    album.job, is_new = submit(owner=album.owner, task=LOOK_THROUGH, subject=subject, key=key, files=files)
    if not is_new:
        remove_on_commit([album.archive, *(picture.file for picture in pictures)])
        return Album.objects.select_related("job").get(job=album.job)
    album.save(force_insert=True)
    for picture in pictures:
        picture.job = album.job
    Picture.objects.bulk_create(pictures)
    index_new(pictures)
    return album


def check_count(count: int) -> None:
    if not count:
        raise ValidationError(_("There is no picture. Please choose one, or several."))
    if count > MOST_PICTURES:
        raise ValidationError(_("These are more than 2,000 pictures. Please send them in parts."))


@transaction.atomic
def correct(*, picture: Picture, label: str) -> None:
    """Keep what it really shows, in the person's own words; an empty label takes a correction back.

    Raises ValidationError where it is too long.
    """
    right = " ".join(label.replace("\x00", "").split())
    if len(right) > 100:
        raise ValidationError(_("Say it in at most 100 letters."))
    picture.right_label = right
    picture.save(update_fields=["right_label"])
    index_pictures([picture])


@transaction.atomic
def purge(*, picture: Picture) -> None:
    """An end of the row, its job if that was for it alone and, once that is committed, its file."""
    remove_on_commit([picture.file])
    if picture.album_id:
        picture.delete()
    else:
        picture.job.delete()


@transaction.atomic
def purge_album(*, album: Album) -> None:
    """An end of it, with all its pictures."""
    pictures = Picture.with_trashed.filter(album=album).only("file")
    remove_on_commit([album.archive, *(picture.file for picture in pictures)])
    album.job.delete()
