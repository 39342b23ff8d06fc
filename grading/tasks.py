"""Read the pages of a scan. The one module here that knows the networks."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import cv2
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from grading.models import ExamImport, PageAssignment, RosterUpload, Scan
from grading.papers.candidates import grid_of, known_in_exam
from grading.reading.cells import CLASSES, Numbers, PageReading
from grading.reading.files import networks_for, read_assigned, read_upload
from grading.reading.filing import HAS_ITS_PLACE, record, record_assigned
from grading.reading.so_far import ReadSoFar
from grading.reading.uploads import delete_files, delete_files_of_page
from grading.reasons import REASONS
from grading.services import replace_roster
from grading.sheet.cutting import Cells
from grading.transfer.exam_import import open_exam
from grading.transfer.exam_moving import store_exam
from grading.transfer.imports import IMPORT_EXAM
from jobs.claims import Claim, Rejected, finishing
from jobs.kinds import task
from jobs.models import Job, Queue
from jobs.tidying import FILE_GONE, missing_rejected, tidying
from ml.cells.reader import CellReader, in_order, load_reader
from ml.core.cards import Card
from registry.models import ModelVersion
from registry.shadow_runs import Prediction, ShadowComparison, run_in_shadow
from registry.weight_files import weights_folder
from school.uploads import GONE, NOT_TAKEN, is_refused, read_file
from uploads import sandbox
from uploads.sandbox import Sandbox
from web.files import remove_on_commit

cv2.setNumThreads(1)  # the threads of the worker share the cores already
NETWORKS = ("marks", "numerals", "letters")
OPENING_EXAM = gettext_noop("Opening the exam")
NO_WEIGHTS = gettext_noop("A network that reads the sheets is missing. Please tell an administrator.")


def load_active() -> None:
    """The first class after a start does not wait for the networks, nor for a process that opens its files."""
    sandbox.start_children()
    for version in ModelVersion.objects.answering(*NETWORKS):
        load_version(version.sha256)


@task("grading.read_scan", threads=settings.WORKER_THREADS, prepare=load_active)
def read_scan(job: Claim) -> None:
    scan = Scan.objects.select_related("exam").get(job_id=job.pk)
    with tidying(job, partial(delete_files, scan)):
        pages, versions = read_pages(job, scan)
        with finishing(job):
            record(scan, pages, versions)
            transaction.on_commit(ReadSoFar(scan, versions).remove)


def read_pages(job: Claim, scan: Scan) -> tuple[list[PageReading], list[ModelVersion]]:
    """Of all its files, and by which versions. Raises Rejected."""
    versions = answering_for(scan)
    readers = readers_of(versions, job)
    so_far, sandbox = ReadSoFar(scan, versions), Sandbox()
    pages = so_far.load(sandbox)
    for some in read_upload(scan, readers, sandbox, done=pages[-1].page if pages else 0):
        so_far.save(some, len(pages), sandbox)
        pages += some
        done = pages[-1].page  # some show several sheets
        total = max(scan.page_count, done)
        job.report(99 * done / total, gettext_noop("Reading pages"), f"{done} / {total}")
        if done < total:
            job.make_way()
    return pages, versions


def answering_for(scan: Scan) -> list[ModelVersion]:
    """The versions that read its sheets now. Raises Rejected."""
    networks = networks_for(scan.exam.layout)
    versions = list(ModelVersion.objects.answering(*networks))
    if len(versions) < len(networks):
        raise Rejected(NO_WEIGHTS)
    return versions


def readers_of(versions: list[ModelVersion], job: Claim) -> dict[str, "ShadowedReader"]:
    return {version.kind: ShadowedReader(version, job.pk) for version in versions}


@task("grading.read_page", queue=Queue.QUICK)
def read_page(job: Claim) -> None:
    """A rejected page again, as what a person says that it is."""
    asked = PageAssignment.objects.select_related("page__scan__exam").get(job_id=job.pk)
    scan = asked.page.scan
    if not asked.page.is_rejected:
        raise Rejected(HAS_ITS_PLACE)
    with tidying(job, partial(delete_files_of_page, asked.page)):
        versions = answering_for(scan)
        with missing_rejected():
            reading = read_assigned(asked, readers_of(versions, job), Sandbox())
        if reading.is_rejected:
            raise Rejected(REASONS[reading.reason])
        with finishing(job):
            record_assigned(asked, reading, versions)


@task("grading.read_roster", queue=Queue.QUICK)
def read_roster(job: Claim) -> None:
    upload = RosterUpload.objects.select_related("exam", "job__owner").get(job_id=job.pk)
    if not upload.file:
        raise Rejected(GONE)
    rows = read_file(upload, grid_of(upload.exam), known_in_exam(upload.exam)).rows
    if is_refused(upload, rows):
        upload.record(rows)
        raise Rejected(NOT_TAKEN)
    with finishing(job):
        if not upload.is_preview:
            replace_roster(exam=upload.exam, rows=rows, by=upload.job.owner)
        upload.record(rows)


@contextmanager
def kept_no_longer(asked: ExamImport) -> Iterator[None]:
    """A file that was refused goes: the one who sent it has it."""
    try:
        with missing_rejected():
            yield
    except Rejected:
        Job.objects.filter(pk=asked.job_id).update(size=None)
        asked.file.delete()
        raise


@task(IMPORT_EXAM, silence=600)  # all of it is stored without a report
def import_exam(job: Claim) -> None:
    """An exam of another site, as the importer's own."""
    asked = ExamImport.objects.select_related("owner").get(job_id=job.pk)
    if not asked.file:
        raise Rejected(FILE_GONE)
    with TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder, kept_no_longer(asked):
        moved = open_exam(
            Path(asked.file.path), Path(folder), lambda share: job.report(90 * share, OPENING_EXAM)
        )
        with finishing(job):
            asked.exam = store_exam(moved, asked.owner)
            Job.objects.filter(pk=job.pk).update(size=None)  # its files count with their scans
            remove_on_commit([asked.file])
            asked.file = ""
            asked.save(force_update=True)


class ShadowedReader:
    """The reader of a version; another one may run in its shadow."""

    def __init__(self, version: ModelVersion, job: UUID) -> None:
        self.version, self.job, self.reader = version, job, load_version(version.sha256)
        self.certain = self.reader.certain

    def read(self, cells: Cells, references: Cells) -> Numbers:
        rows = self.reader.read(cells, references)
        run_in_shadow(self.version, [(self.job, partial(compare_live, self.reader, cells, references, rows))])
        return in_order(rows, self.reader.classes, CLASSES[self.version.kind])


def compare_live(
    live: CellReader, cells: Cells, references: Cells, rows: Numbers, version: ModelVersion
) -> list[ShadowComparison]:
    """With what another version says of the same cells."""
    own = load_version(version.sha256)
    return list(
        map(ShadowComparison, meanings_of(live, rows), meanings_of(own, own.read(cells, references)), cells)
    )


def meanings_of(reader: CellReader, rows: Numbers) -> list[Prediction]:
    """Of each cell what it most probably means."""
    names, shares = list(reader.meanings), reader.read_meanings(rows)
    return [{"name": names[row.argmax()], "probability": round(float(row.max()), 6)} for row in shares]


@lru_cache(maxsize=8)
def load_version(sha256: str) -> CellReader:
    """Loaded once in this process; another version has another hash."""
    version = ModelVersion.objects.get(sha256=sha256)
    return load_reader(
        version.kind, weights_folder(version), Card.parse(version.card), settings.MODEL_CACHE_DIR
    )
