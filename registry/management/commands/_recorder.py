"""What a training tells, written into the database as it goes."""

import time
from types import TracebackType
from typing import Self

from ml.core.cards import Card
from ml.core.trainer import Report
from registry.models import ModelVersion, TrainingRun
from registry.services import begin_training, end_training, note_training

BEAT = 10  # seconds between two signs of life


class TrainingRecorder:
    """The rows of one command's trainings, one for each seed; the row of a training that fails says so."""

    def __init__(self, kind: str, architecture: str) -> None:
        self.kind, self.architecture = kind, architecture
        self.runs: dict[int, TrainingRun] = {}
        self.current: TrainingRun | None = None
        self.written_at = 0.0

    def __enter__(self) -> Self:
        TrainingRun.objects.exists()  # a missing database is said now, not after the first epoch
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error:
            self.close(TrainingRun.State.STOPPED)

    def write(self, report: Report) -> None:
        run = self.runs.get(report.seed)
        if run is None:
            self.close(TrainingRun.State.DONE)
            self.current = self.runs[report.seed] = begin_training(
                kind=self.kind,
                architecture=self.architecture,
                seed=report.seed,
                epochs=report.epochs,
                curves=report.curves,
            )
        elif len(report.curves) > len(run.curves) or time.monotonic() - self.written_at > BEAT:
            note_training(run=run, epochs=report.epochs, curves=report.curves)
            self.written_at = time.monotonic()

    def close(self, state: TrainingRun.State) -> None:
        if self.current:
            end_training(run=self.current, state=state)
            self.current = None

    def conclude(self, card: Card) -> None:
        """All is trained; the weights of the card were kept."""
        self.close(TrainingRun.State.DONE)
        if card.seed in self.runs:
            version = ModelVersion.objects.filter(sha256=card.sha256).first()
            end_training(run=self.runs[card.seed], state=TrainingRun.State.DONE, version=version)
