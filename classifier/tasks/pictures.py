"""Find what is in pictures, one by one and album by album."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import cv2
import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from classifier.models import Album, Likeness, Picture, record
from classifier.models.pictures import PictureQuerySet
from classifier.tasks.teaching import add_taught_answer
from classifier.uploads import unpack_album
from jobs.claims import Claim, Rejected, finishing
from jobs.kinds import task
from jobs.models import Queue
from jobs.tidying import missing_rejected
from ml.core.cards import Card
from ml.core.parts import PartMissing
from ml.pictures.labeller import Findings
from ml.pictures.photo import photo_of
from ml.pictures.reader import PictureReader, load_picture_reader
from ml.pictures.similar import are_near_duplicates, cosine_distances
from prepared.queries import prepared
from registry.models import ModelVersion, ModelVersionQuerySet
from registry.shadow_runs import Prediction, ShadowComparison, chosen_version, run_in_shadow
from registry.weight_files import weights_folder
from uploads.pictures import Rgb, open_rgb
from uploads.problems import BadFile
from uploads.sandbox import Sandbox
from web.files import keep_to_show, remove_on_commit

Refuse: TypeAlias = Callable[[Picture, str], None]  # what becomes of a picture that cannot be opened

cv2.setNumThreads(1)  # the threads of the worker share the cores already
LONGEST = 4000  # px of a side: text is still read, and memory stays bounded
LONGEST_TO_LABEL = 1024  # the network sees a quarter of that
AT_ONCE = 8  # pictures of an album whose labels alone are wanted, between two reports
NEWEST = 2_000  # pictures of a person among which similar ones are looked for
MOST_ALIKE = 12  # how many are kept: as many as a page shows
FARTHEST = 0.4  # of their features: a larger one fills the list with what only shares a kind

NO_NETWORK = gettext_noop("The network that names pictures is missing. Please tell an administrator.")
UNPACKING = gettext_noop("Unpacking")
LOOKING = gettext_noop("Looking at pictures")
COMPARING = gettext_noop("Comparing it with your pictures")
STEPS = {  # of a card, in the order in which they are done
    "photo": gettext_noop("Reading what the camera wrote"),
    "labels": gettext_noop("Naming what it shows"),
    "objects": gettext_noop("Looking for objects"),
    "faces": gettext_noop("Looking for faces"),
    "text": gettext_noop("Reading text"),
    "colors": gettext_noop("Weighing colours"),
    "light": gettext_noop("Judging the light"),
}


def load_active() -> None:
    """The first picture after a start does not wait for the network."""
    version = active()
    if version:
        with suppress(PartMissing):  # whoever asks is told
            load_version(version.sha256).label([np.zeros((64, 64, 3), np.uint8)])


@task("classifier.look", queue=Queue.QUICK, threads=2, prepare=load_active)
def analyse_picture(job: Claim) -> None:
    """One whole card."""
    picture = Picture.objects.select_related("model", "taught").get(job_id=job.pk)
    parts = list(STEPS)

    def report(part: str) -> None:
        if part in STEPS:
            job.report(95 * parts.index(part) / len(parts), STEPS[part])

    seen = everything_in(picture, report, Sandbox())
    job.report(95, COMPARING)
    alike = likenesses(picture, seen)
    with finishing(job):
        store_findings(picture, seen, alike)


@task("classifier.label", queue=Queue.QUICK, most=4, threads=2, order="oldest")
def label_pictures(jobs: list[Claim]) -> None:
    """The pictures of many people. The network takes as long for each of many as for one, and one core: two threads
    use two."""
    claims = {job.pk: job for job in jobs}
    pictures = pictures_of(list(claims))
    seen = labelled(pictures, lambda picture, sentence: claims[picture.job_id].reject(sentence))
    with finishing(*jobs) as ours:
        held = {job.pk for job in ours}
        record({picture: seen[picture.pk] for picture in pictures if picture.job_id in held})


@prepared
def pictures_of(jobs: list[UUID]) -> PictureQuerySet:
    rows = Picture.objects.select_related("model", "taught").defer("model__card", "taught__card")
    return rows.filter(job__id__in=jobs).order_by()


@task("classifier.look_through")
def analyse_album(job: Claim) -> None:
    """Each answer is kept as it comes: a killed worker goes on where it was."""
    album = Album.objects.select_related("model").get(job_id=job.pk)
    for count in unpack_or_reject(album):
        job.report(0, UNPACKING, str(count))
    pictures = Picture.with_trashed.filter(album=album)  # one that is taken out of the trash has an answer
    total = pictures.count()
    unanswered = list(
        pictures.filter(answered_at=None, problem="").select_related("model", "taught").order_by("place")
    )
    at_once, sandbox = AT_ONCE if album.wants_labels_only else 1, Sandbox()
    for at in range(0, len(unanswered), at_once):
        done = total - len(unanswered) + at
        job.report(99 * done / total, LOOKING, f"{done} / {total}")
        analyse_some(unanswered[at : at + at_once], sandbox)
        job.make_way()
    with finishing(job):
        remove_on_commit([album.archive])
        album.archive = ""
        album.save(update_fields=["archive"])


def unpack_or_reject(album: Album) -> Iterator[int]:
    try:
        yield from unpack_album(album) if album.archive else ()
    except BadFile as problem:
        raise Rejected(str(problem)) from problem


def analyse_some(pictures: list[Picture], sandbox: Sandbox) -> None:
    """Some of an album; those that cannot be opened say why."""
    alone = [picture for picture in pictures if not picture.wants_labels_only]
    together = [picture for picture in pictures if picture.wants_labels_only]
    for picture in alone:
        try:
            seen = everything_in(picture, lambda part: None, sandbox)
            store_findings(picture, seen, likenesses(picture, seen))
        except Rejected as rejection:
            picture.note_problem(str(rejection))
    found = labelled(together, Picture.note_problem, sandbox)
    record({picture: found[picture.pk] for picture in together if picture.pk in found})


# --- what the networks see


def everything_in(picture: Picture, on_progress: Callable[[str], None], sandbox: Sandbox) -> Findings:
    """All that can be found; `on_progress` is called with the part that is next. Raises Rejected with a sentence."""
    on_progress("photo")
    with missing_rejected():
        rgb = rgb_of(picture, LONGEST, sandbox)
        keep_to_show(picture.file, rgb)
        photo = sandbox.open(Path(picture.file.path), photo_of)
    seen = reader_for(picture, active()).read(rgb, on_progress=on_progress, photo=photo)
    label_in_shadow(picture, seen, LONGEST)
    return add_taught_answer(picture, rgb, seen)


def labelled(
    pictures: Iterable[Picture], refuse: Refuse, sandbox: Sandbox | None = None
) -> dict[UUID, Findings]:
    """Labels alone, by the pictures' ids, in one pass for all that ask the same network. sandbox: of an album."""
    by_reader: dict[PictureReader, list[tuple[Picture, Rgb]]] = defaultdict(list)
    usual = active()
    for picture in pictures:
        try:
            with missing_rejected():
                rgb = rgb_of(picture, LONGEST_TO_LABEL, sandbox or Sandbox())
                keep_to_show(picture.file, rgb)
            by_reader[reader_for(picture, usual)].append((picture, rgb))
        except Rejected as rejection:
            refuse(picture, str(rejection))
    found: dict[UUID, Findings] = {}
    for reader, some in by_reader.items():
        try:
            seen = reader.label([rgb for _picture, rgb in some])
            named = list(zip(some, seen, strict=True))
            for (picture, _rgb), found_in_it in named:
                label_in_shadow(picture, found_in_it, LONGEST_TO_LABEL)
            found |= {
                picture.pk: add_taught_answer(picture, rgb, found_in_it)
                for (picture, rgb), found_in_it in named
            }
        except PartMissing as missing:
            for picture, _rgb in some:
                refuse(picture, missing.sentence)
    return found


def label_in_shadow(picture: Picture, seen: Findings, longest: int) -> None:
    """A version that runs in the shadow of the one which saw it names it, too."""
    labels = seen.found.get("labels")
    if labels and picture.model:
        run_in_shadow(picture.model, [(picture.job_id, partial(compare_live, picture, labels[0], longest))])


def compare_live(
    picture: Picture, live: Prediction, longest: int, version: ModelVersion
) -> list[ShadowComparison]:
    rgb = rgb_of(picture, longest, Sandbox())
    (seen,) = load_version(version.sha256).label([rgb])
    return [ShadowComparison(live, label, rgb) for label in seen.found["labels"][:1]]


def rgb_of(picture: Picture, longest: int, sandbox: Sandbox) -> Rgb:
    try:
        return sandbox.open(Path(picture.file.path), open_rgb, longest, may_move=True)
    except BadFile as problem:
        raise Rejected(str(problem)) from problem


def active() -> ModelVersion | None:
    return next(iter(active_versions()), None)


@prepared
def active_versions() -> ModelVersionQuerySet:
    return ModelVersion.objects.answering("classifier").defer("card")


def reader_for(picture: Picture, usual: ModelVersion | None) -> PictureReader:
    """That of the version which was asked for, else of the usual one or its canary; notes which on the row."""
    if picture.model is None and usual:
        picture.model = chosen_version(usual, picture.pk if picture.album_id else picture.job_id)
    if picture.model is None:
        raise Rejected(NO_NETWORK)
    return load_version(picture.model.sha256)


@lru_cache(maxsize=4)
def load_version(sha256: str) -> PictureReader:
    """Loaded once in this process; another version has another hash."""
    version = ModelVersion.objects.get(sha256=sha256)
    return load_picture_reader(Card.parse(version.card), weights_folder(version), settings.MODEL_CACHE_DIR)


# --- what is kept


def likenesses(picture: Picture, seen: Findings) -> list[Likeness]:
    """Those among the owner's newest pictures that look like it, by what the same network sees in both, or by their
    fingerprints; unsaved, the nearest first."""
    if seen.features is None:
        return []
    others = Picture.objects.filter(owner=picture.owner_id, model=picture.model, features__isnull=False)
    newest = others.exclude(pk=picture.pk).order_by("-created_at")
    rows = list(newest.values_list("pk", "features", "fingerprint")[:NEWEST])
    if not rows:
        return []
    features = np.frombuffer(b"".join(bytes(feature) for _pk, feature, _print in rows), np.float16)
    far = cosine_distances(seen.features, features.reshape(len(rows), -1))
    alike = [
        Likeness(
            picture=picture,
            other_id=pk,
            distance=max(float(far[at]), 0.0),
            is_near_duplicate=is_same_picture(seen, bits),
        )
        for at, (pk, _features, bits) in enumerate(rows)
        if far[at] <= FARTHEST or is_same_picture(seen, bits)
    ]
    return sorted(alike, key=lambda likeness: likeness.distance)[:MOST_ALIKE]


def is_same_picture(seen: Findings, bits: bytes | None) -> bool:
    if seen.fingerprint is None or bits is None:
        return False
    return are_near_duplicates(seen.fingerprint, int.from_bytes(bits, "big"))


@transaction.atomic
def store_findings(picture: Picture, seen: Findings, alike: list[Likeness]) -> None:
    """Nothing of what was deleted for good meanwhile, be it this picture or one that looks like it."""
    both = {picture.pk, *(likeness.other_id for likeness in alike)}
    there = set(Picture.with_trashed.select_for_update().filter(pk__in=both).values_list("pk", flat=True))
    record({picture: seen})
    Likeness.objects.filter(picture=picture).delete()  # of an attempt that was interrupted
    Likeness.objects.bulk_create(likeness for likeness in alike if {picture.pk, likeness.other_id} <= there)
