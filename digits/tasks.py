"""Read pictures of digits, look inside the network. The one module here that knows the networks."""

import json
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.translation import gettext_noop

from accounts.sharing import ShareableQuerySet
from digits.comparison import comparisons
from digits.models import SIDE, Inside, Reading, record
from jobs.claims import Claim, Rejected, finishing
from jobs.kinds import task
from jobs.models import Queue
from jobs.tidying import missing_rejected, tidying
from ml.core.cards import Card
from ml.digits.inside import look_inside as look
from ml.digits.reader import DigitReader, DigitReading, load_digit_reader
from prepared.queries import prepared
from registry.models import ModelVersion, ModelVersionQuerySet
from registry.shadow_runs import ShadowComparison, chosen_version, run_in_shadow
from registry.weight_files import weights_folder
from uploads.pictures import open_rgb
from uploads.problems import BadFile
from uploads.sandbox import Sandbox
from web.files import keep_to_show

cv2.setNumThreads(1)  # the threads of the worker share the cores already
# Not kept with every digit: digits.presentation.layers reads them from their version.
WEIGHTS = ("kernels", "weight", "bias")
NO_WEIGHTS = gettext_noop("The network that reads digits is missing. Please tell an administrator.")


def load_active() -> None:
    """The first stroke after a start does not wait for the network."""
    version = ModelVersion.objects.answering("digits").first()
    if version:
        stroke = np.zeros((SIDE, SIDE), np.uint8)
        stroke[4:24, 13:15] = 255  # without ink nothing would be asked of the network
        load_version(version.sha256).read(stroke, True)


@task("digits.read", queue=Queue.QUICK, most=16, order="oldest", prepare=load_active)
def read(jobs: list[Claim]) -> None:
    readings = {reading.job_id: reading for reading in readings_of([job.pk for job in jobs])}
    active = next(iter(active_versions()), None)
    usual = [pk for pk, reading in readings.items() if reading.model is None]  # others asked for a version
    answers: dict[object, DigitReading] = {}
    for job in (claim for claim in jobs if claim.pk in readings):  # others were deleted meanwhile
        try:
            answers[job.pk] = read_reading(readings[job.pk], active)
        except Rejected as rejection:
            job.reject(str(rejection))
    with finishing(*jobs) as ours:
        record({readings[job.pk]: answers[job.pk] for job in ours})
    asked: dict[ModelVersion, list[UUID]] = {}
    for job in (claim for claim in ours if claim.pk in usual):
        asked.setdefault(readings[job.pk].model, []).append(job.pk)
    for version, its in asked.items():
        run_in_shadow(version, [(pk, partial(compare_live, readings[pk], answers[pk])) for pk in its])


@prepared
def readings_of(jobs: list[UUID]) -> ShareableQuerySet:
    return Reading.objects.select_related("model").defer("model__card").filter(job__id__in=jobs).order_by()


@prepared
def active_versions() -> ModelVersionQuerySet:
    return ModelVersion.objects.answering("digits").defer("card")


def read_reading(reading: Reading, active: ModelVersion | None) -> DigitReading:
    """Reads with the version that was asked for, else the active one or its canary. Raises Rejected with a sentence."""
    if reading.model is None and active:
        reading.model = chosen_version(active, reading.job_id)
    if reading.model is None:
        raise Rejected(NO_WEIGHTS)
    with missing_rejected():
        pixels = pixels_of(reading)
        if reading.picture:
            keep_to_show(reading.picture, pixels)
    return load_version(reading.model.sha256).read(pixels, reading.wants_saliency)


def pixels_of(reading: Reading) -> np.ndarray:
    if reading.pixels is not None:
        return np.frombuffer(reading.pixels, np.uint8).reshape(SIDE, SIDE)
    try:
        return Sandbox().open(Path(reading.picture.path), open_rgb)
    except BadFile as problem:
        raise Rejected(str(problem)) from problem


def compare_live(reading: Reading, live: DigitReading, version: ModelVersion) -> list[ShadowComparison]:
    """With what another version says of the same picture."""
    return list(comparisons(live, load_version(version.sha256).read(pixels_of(reading))))


@task("digits.look_inside", queue=Queue.QUICK)
def look_inside(job: Claim) -> None:
    inside = Inside.objects.select_related("reading__model").get(job_id=job.pk)
    frame = np.frombuffer(inside.reading.frame(inside.place), np.uint8).reshape(SIDE, SIDE)
    found = look(load_version(inside.reading.model.sha256).network, frame, inside.label)
    own = {name: array for name, array in found.arrays.items() if name.partition(".")[2] not in WEIGHTS}
    kept = BytesIO()
    np.savez_compressed(kept, steps=np.array(json.dumps(found.steps)), **own)
    inside.file.save(f"{inside.pk}-{job.attempt}.npz", ContentFile(kept.getvalue()), save=False)
    with tidying(job, partial(inside.file.delete, save=False)), finishing(job):
        inside.save(update_fields=["file"])


@lru_cache(maxsize=4)
def load_version(sha256: str) -> DigitReader:
    """Loaded once in this process; another version has another hash."""
    version = ModelVersion.objects.get(sha256=sha256)
    return load_digit_reader(Card.parse(version.card), weights_folder(version), settings.MODEL_CACHE_DIR)
