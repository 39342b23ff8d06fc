"""Look at weights that were uploaded, and measure."""

import logging
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils.translation import gettext_noop

from accounts.models import User
from jobs.claims import Claim, Rejected, finishing
from jobs.kinds import task
from jobs.models import OPEN
from jobs.tidying import FILE_GONE
from ml.core.cards import Card, WeightsDamaged, card_file
from ml.core.characters import DataMissing
from ml.inspection import TRIALS, UNFIT, Unfit, inspect, timed
from ml.kinds import KINDS, Question
from registry import services
from registry.background import BACKGROUND
from registry.models import MEASURED, Measurement, ModelVersion, Upload
from registry.services import add_candidate, note_figures, note_probe
from registry.weight_files import store, weights_folder
from uploads.pictures import open_rgb
from web.quotas import QuotaExceeded

log = logging.getLogger(__name__)
MEASURING = gettext_noop("Measuring how well it reads")
UNMEASURED = gettext_noop("The network could not be measured. The worker's log says why.")
PROBING = gettext_noop("Reading the probe set")
FACES = "faces"
Found = tuple[dict[str, Any], list[dict[str, Any]]]  # the row by which versions are compared, and all rows
TRIED: set[int] = set()  # versions that this process has timed, or could not
PROBED: set[int] = set()  # and those that it has measured, or could not


@task("registry.take_in", silence=600)  # an odd network may be exported for minutes
def inspect_upload(job: Claim) -> None:
    upload = Upload.objects.get(job_id=job.pk)
    content = content_of(upload)
    try:
        milliseconds = inspected(upload.card, content)
    except Unfit as unfit:
        log.warning("Uploaded weights were refused: %s", unfit)
        upload.file.delete()
        raise Rejected(UNFIT[unfit.reason]) from unfit
    job.report(95)  # nothing is stored where it was cancelled
    store_files(upload.card, content)
    with finishing(job):
        version = add_candidate(card=upload.card, milliseconds=milliseconds, is_uploaded=True)
        upload.record(version)
        measure_later(version, upload.owner)
    upload.file.delete()


@task("registry.measure", silence=1800)  # a named set may take many minutes
def measure(job: Claim) -> None:
    """On the probe set, and on named sets where their data is there and nobody here has done so."""
    version = Measurement.objects.select_related("version").get(job_id=job.pk).version
    job.report(5, PROBING)
    found = probed_beside_live(version)
    named = on_named_sets(version, job) if version.is_uploaded else []
    with finishing(job):
        note(found)
        note_figures(version=version, rows=named)


def measure_later(version: ModelVersion, owner: User) -> None:
    """Of someone with too many jobs that wait, it is measured when it shall answer."""
    with suppress(QuotaExceeded):
        services.measure(version=version, owner=owner)


def measure_now(version: ModelVersion) -> None:
    """On the probe set, in this thread. Raises Rejected."""
    note(probed_beside_live(version))


def note(found: list[tuple[ModelVersion, Found]]) -> None:
    for version, (probe, rows) in found:
        note_probe(version=version, probe=probe, rows=rows)


def probed_beside_live(version: ModelVersion) -> list[tuple[ModelVersion, Found]]:
    """The version, and the one that answers where that was not measured on the same set. Raises Rejected."""
    own = probed(version)
    live = ModelVersion.objects.answering(version.kind).exclude(pk=version.pk).first()
    theirs = probed_like(own[0], live) if live else None
    return [(version, own), *([(live, theirs)] if live and theirs else [])]


def probed(version: ModelVersion) -> Found:
    """How it does on the probe set of its kind. Raises Rejected."""
    try:
        card = Card.parse(version.card)
        result = KINDS[version.kind].probe(card, weights_folder(version), settings.MODEL_CACHE_DIR)
    except MemoryError:
        raise  # of this process; nothing is said of the network by it
    except Exception as problem:  # whatever weights from elsewhere make of it, people are told that it failed
        log.exception("%s could not be measured.", version)
        raise Rejected(UNMEASURED) from problem
    return {"md5": "", "count": result.count} | result.rows[0], result.rows


def probed_like(probe: dict[str, Any], live: ModelVersion) -> Found | None:
    """What the version that answers does on the same set; None where that is known."""
    if (live.probe.get("set"), live.probe.get("md5")) == (probe["set"], probe["md5"]):
        return None
    try:
        return probed(live)
    except Rejected:
        return probe | {"value": None}, []


def on_named_sets(version: ModelVersion, job: Claim) -> list[dict[str, Any]]:
    """Figures on public collections, where DATA_FOLDER has what they need. Faces would take hours."""
    if not settings.DATA_FOLDER or version.kind == FACES:
        return []
    question = Question(
        Path(settings.DATA_FOLDER),
        open_rgb,
        weights_folder(version),
        card=Card.parse(version.card),
        on_progress=lambda name: job.report(50, MEASURING, name),
        cache=settings.MODEL_CACHE_DIR,
    )
    try:
        return KINDS[version.kind].evaluate(question)
    except DataMissing as missing:
        log.info("%s is not measured on named sets: %s", version, missing)
        return []


def content_of(upload: Upload) -> bytes:
    """Raises Rejected."""
    try:
        with upload.file.open() as file:
            content: bytes = file.read()
            return content
    except (FileNotFoundError, ValueError) as gone:
        raise Rejected(FILE_GONE) from gone


def inspected(card: dict[str, Any], content: bytes) -> float:
    """Milliseconds that the network takes for one picture. Raises Unfit."""
    live = ModelVersion.objects.answering(card["kind"]).first()
    with TemporaryDirectory() as folder:
        (Path(folder) / f"{card['name']}.safetensors").write_bytes(content)
        try:
            parsed = Card.parse(card)
        except WeightsDamaged as problem:
            raise Unfit("card", problem) from problem
        like = Card.parse(live.card) if live else parsed
        return inspect(parsed, content, like, Path(folder), settings.MODEL_CACHE_DIR)


def add_inspected(card: dict[str, Any], content: bytes) -> ModelVersion:
    """A candidate, at once. Raises Unfit."""
    milliseconds = inspected(card, content)
    store_files(card, content)
    return add_candidate(card=card, milliseconds=milliseconds, is_uploaded=True)


def store_files(card: dict[str, Any], content: bytes) -> None:
    name = card["name"]
    store(sha256=card["sha256"], files={f"{name}.safetensors": content, f"{name}.json": card_file(card)})


@shared_task(name="registry.forget_uploads")
def forget_uploads() -> None:
    """The files of jobs that were cancelled, or failed in the end."""
    for upload in Upload.objects.exclude(file="").exclude(job__status__in=OPEN):
        upload.file.delete()


@shared_task(name="registry.watch_canaries")
def watch_canaries() -> None:
    """Answers are corrected in the apps, which the registry does not hear of: it looks."""
    services.end_worse_canaries()


@shared_task(name="registry.time_one")
def time_next_version() -> None:
    """How long the next network on offer takes here, where nobody has measured that yet."""
    untimed = ModelVersion.objects.offered().filter(kind__in=TRIALS, milliseconds=None).exclude(pk__in=TRIED)
    version = untimed.order_by("state").first()
    if version:
        TRIED.add(version.pk)
        BACKGROUND.submit(time_version, version)


@shared_task(name="registry.measure_one")
def measure_next_version() -> None:
    """Those that came with this site are measured one after the other, first those that answer; nobody waits for it."""
    new = ModelVersion.objects.offered().filter(kind__in=MEASURED, probe={}).exclude(pk__in=PROBED)
    version = new.order_by("state").first()
    if version:
        PROBED.add(version.pk)
        BACKGROUND.submit(measure_now, version)


def time_version(version: ModelVersion) -> None:
    spent = timed(Card.parse(version.card), weights_folder(version), settings.MODEL_CACHE_DIR)
    ModelVersion.objects.filter(pk=version.pk).update(milliseconds=spent)
