"""Train a network: from random weights, from those of a version, or from where another training ended."""

import logging
import re
import shutil
from dataclasses import asdict
from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop

from jobs.claims import Claim, Rejected, finishing
from jobs.kinds import task
from ml.cells import corrections as cell_corrections
from ml.core.cards import Card, WeightsDamaged, checked_weights
from ml.core.characters import DataMissing
from ml.core.checkpoints import CheckpointLost
from ml.core.corrections import TooFewCorrections
from ml.core.trainer import Enough, NothingLearned, Report, Watch
from ml.digits import corrections
from ml.kinds import KINDS, NotOffered, Plan
from registry.models import ModelVersion, TrainingRun
from registry.services import add_candidate, end_training, note_beginning, note_figures, note_training
from registry.tasks.versions import MEASURING, inspected, measure_later, store_files
from registry.trainings import Source, checkpoints_in, corrections_of, folder_of
from registry.weight_files import weights_folder
from uploads.pictures import open_rgb

log = logging.getLogger(__name__)
TRAINING = gettext_noop("Training, epoch")
STEPS = {  # by the first word of what the training itself calls them
    "drawing": gettext_noop("Drawing what it learns from"),
    "calibrating": gettext_noop("Finding out how sure it may be"),
    "measuring:": MEASURING,
}
DRAWN = re.compile(r"drawing .*, (\d+) of (\d+)")
UNTRAINED = gettext_noop(
    "What this network learns from is not in the folder of public collections (DATA_FOLDER)."
)
TOO_FEW = gettext_noop(
    "There are not enough corrected digits yet: without MNIST it takes 50 to learn from, and some that are held out."
)
TOO_FEW_BEFORE = gettext_noop(  # rows of before hold it
    "There are not enough corrected digits to learn from yet: without MNIST it takes 50."
)
TOO_FEW_CELLS = gettext_noop(
    "It takes 50 corrected cells to learn from, and some of students who are held out, in exams that allow it."
)
STOPPED_AT_ONCE = gettext_noop("It was stopped before it had learned anything.")
NOTHING_LEFT = gettext_noop("Nothing is left to go on from: neither a checkpoint nor weights.")


@task("registry.train", silence=1800)  # it reports after an epoch: for readers of cells many minutes
def train(job: Claim) -> None:
    run = TrainingRun.objects.select_related("goes_on_from__version").get(job_id=job.pk)
    folder, watch = folder_of(run), partial(report_progress, job, run)
    try:
        card = went_on(run, folder, watch) if run.more_epochs else trained(run, folder, watch)
    except NothingLearned as stopped:
        TrainingRun.objects.filter(pk=run.pk).update(stop_asked_at=None)  # it may be tried again
        raise Rejected(STOPPED_AT_ONCE) from stopped
    except (DataMissing, WeightsDamaged, NotOffered) as problem:
        log.warning("Training %s cannot be done: %s", run.pk, problem)
        raise Rejected(UNTRAINED) from problem
    about, content = asdict(card), checked_weights(folder, card)
    milliseconds = inspected(about, content)
    store_files(about, content)
    with finishing(job):
        version = add_candidate(card=about, milliseconds=milliseconds)
        end_training(run=run, state=TrainingRun.State.DONE, version=version)
        measure_later(version, run.job.owner)
    keep_checkpoints(folder)


def went_on(run: TrainingRun, folder: Path, watch: Watch) -> Card:
    """From the checkpoint of the former training where that is on this machine and of the same data, else from its
    weights. Raises Rejected."""
    former = run.goes_on_from
    if former is None:
        raise Rejected(NOTHING_LEFT)
    if former.curves:
        bring_checkpoints(folder_of(former), folder)
        try:
            begun = TrainingRun.Begin.CHECKPOINT
            heard = partial(note_first, run, begun, watch)
            return trained(run, folder, heard, earlier=len(former.curves))
        except CheckpointLost:
            log.info("Training %s goes on from weights.", run.pk)
    if former.version is None:
        raise Rejected(NOTHING_LEFT)
    heard = partial(note_first, run, TrainingRun.Begin.WEIGHTS, watch)
    return trained(run, folder, heard, start=former.version)


def note_first(run: TrainingRun, begins_from: str, watch: Watch, report: Report) -> None:
    """With the first report it is known from what it goes on."""
    if run.begins_from != begins_from:
        note_beginning(run=run, begins_from=begins_from)
    watch(report)


def bring_checkpoints(former: Path, folder: Path) -> None:
    """Once: what a killed worker went on to is not put back."""
    if folder.exists():
        return
    for path in checkpoints_in(former):
        own = folder / path.relative_to(former)
        own.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, own)


def keep_checkpoints(folder: Path) -> None:
    """All else of a training that has ended goes."""
    kept = set(checkpoints_in(folder))
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept:
            path.unlink()


def trained(
    run: TrainingRun, folder: Path, watch: Watch, start: ModelVersion | None = None, earlier: int = 0
) -> Card:
    """start: whose weights it begins with; earlier: epochs of the training from whose checkpoint it goes on. Raises
    Rejected and CheckpointLost."""
    epochs = earlier + run.more_epochs if run.more_epochs else run.epochs
    if run.source == Source.CORRECTIONS and run.kind == "digits":
        return trained_by_corrections(run, folder, watch, epochs, start, earlier)
    corrected = gathered_cells(run.kind) if run.source == Source.CORRECTIONS else None
    plan = Plan(
        data=Path(settings.DATA_FOLDER or folder),  # what is simulated needs none
        out=folder,
        architecture=run.architecture,
        open_picture=open_rgb,
        seeds=(run.seed,),
        epochs=epochs,
        start=weights_of(start, run, folder) if start else None,
        corrected=corrected,
        earlier=earlier,
        keeps_checkpoint=True,
    )
    card = KINDS[run.kind].train(plan, watch)
    if corrected:  # the version that answers, too, so that the two can be compared
        live = ModelVersion.objects.active(run.kind)
        version = Card.parse(live.card), weights_folder(live), settings.MODEL_CACHE_DIR
        note_figures(version=live, rows=cell_corrections.measure(corrected, *version))
    return card


def weights_of(version: ModelVersion, run: TrainingRun, folder: Path) -> Path:
    """A folder with them under the name that training takes."""
    card = Card.parse(version.card)
    content = checked_weights(weights_folder(version), card)
    own = folder / "start"
    if run.kind == "digits":
        return corrections.to_begin_with(card, content, run.architecture, own)
    own.mkdir(parents=True, exist_ok=True)
    card.save(own, content)
    return own


def gathered_cells(kind: str) -> cell_corrections.CorrectedCells:
    """What people corrected in exams that allow it. Raises Rejected."""
    try:
        return cell_corrections.gathered(kind, *import_string(corrections_of(kind))())
    except TooFewCorrections as few:
        raise Rejected(TOO_FEW_CELLS) from few


def trained_by_corrections(
    run: TrainingRun, folder: Path, watch: Watch, epochs: int, former: ModelVersion | None, earlier: int
) -> Card:
    """The version that answers is measured on those that are held out, too, so that the two can be compared."""
    corrected = corrections.gathered(*import_string(corrections_of(run.kind))())
    live = ModelVersion.objects.active(run.kind)
    collections = corrections.mnist_folder(Path(settings.DATA_FOLDER)) if settings.DATA_FOLDER else None
    begun = former or live
    start = weights_of(begun, run, folder) if begun.architecture == run.architecture else None
    try:
        made = corrections.train(
            run.architecture, corrected, collections, start, folder, run.seed, epochs, watch, earlier
        )
    except TooFewCorrections as few:
        raise Rejected(TOO_FEW) from few
    measured = Card.parse(live.card), weights_folder(live), corrected, settings.MODEL_CACHE_DIR
    note_figures(version=live, rows=corrections.measure(*measured))
    return made


def report_progress(job: Claim, run: TrainingRun, report: Report) -> None:
    """How the training stands: as the job's progress, and as curves for its page. Raises Enough where someone stopped
    it."""
    epoch = len(report.curves)
    other = STEPS.get(report.step.split(" ")[0])
    drawn = DRAWN.fullmatch(report.step)
    position = "{} / {}".format(*drawn.groups()) if drawn else ""
    if not other:
        position = f"{min(epoch + 1, report.epochs)} / {report.epochs}"
    job.report(95 * report.share, other or TRAINING, position)
    if epoch > len(run.curves):
        note_training(run=run, epochs=report.epochs, curves=report.curves)
    if report.share < 1 and TrainingRun.objects.stopped().filter(pk=run.pk).exists():
        raise Enough
