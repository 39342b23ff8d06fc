"""Teaching a classifier: a head on frozen features, then fine-tuning, kept only where it helps on held-out pictures."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from ml.pictures.backbone import Backbone
from ml.teaching.evaluate import helps
from ml.teaching.fine_tuning import Prepared, Tail, TooSlow, Tuning
from ml.teaching.head import fit_heads, rooted
from ml.teaching.head_training import (
    Examples,
    Progress,
    TrainedHead,
    Watch,
    judged,
    splits_of,
    train_head,
    weighing,
)
from ml.teaching.known import Known

Verdict = Literal["better", "no_better", "too_slow", "nothing_to_gain", "too_few", "not_wanted"]

ENOUGH = 100  # pictures; of fewer, fine-tuning learns the pictures themselves
TO_GAIN = 5  # mistakes on held-out pictures; that fewer are put right can be chance
LONGEST = 600  # seconds of fine-tuning


@dataclass(frozen=True)
class Outcome:
    """tail: the tuned stages where they were kept; verdict: why, or why not."""

    taught: TrainedHead
    verdict: Verdict
    tail: Tail | None = None


def teach(
    examples: Examples,
    backbone: Backbone,
    prepared: Prepared,
    folder: Path,
    watch: Watch,
    seconds: float = LONGEST,
    seed: int = 1,
) -> Outcome:
    """Teaches `examples`, whose pictures `prepared` gives; what is kept in `folder` lets a killed run go on.

    seconds: that fine-tuning may take; 0 leaves it out. Raises TooFewExamples.
    """
    taught = train_head(examples, lambda report: watch(part_of(report, 0.0, 0.3)), seed)
    if not seconds:
        return Outcome(taught, "not_wanted")
    if len(examples.labels) < ENOUGH:
        return Outcome(taught, "too_few")
    is_seen = splits_of(examples, seed)[:1]
    train, held = np.flatnonzero(is_seen[0]), np.flatnonzero(~is_seen[0])
    inputs, labels = rooted(examples.features), examples.labels
    classes = len(examples.classes)
    [head] = fit_heads(inputs, labels, weighing(is_seen, labels, classes), classes, taught.strength)
    was_right = head.logits(inputs[held]).argmax(1) == labels[held]
    if (~was_right).sum() < TO_GAIN:
        return Outcome(taught, "nothing_to_gain")
    tuning = Tuning(backbone.network, head, examples, (train, held), folder, seed)
    try:
        tuning.run(prepared, seconds, lambda report: watch(part_of(report, 0.3, 1.0)))
    except TooSlow:
        return Outcome(taught, "too_slow")
    asked = tuning.learner.inputs(held)
    logits = tuning.tail.head.logits(asked)
    if not helps(was_right, logits.argmax(1) == labels[held]):
        return Outcome(taught, "no_better")
    known = Known.of(tuning.learner.inputs(train), labels[train])
    distances = known.distances(asked)
    tuned = judged(tuning.tail.head, known, examples, held, logits, distances, tuning.curves, taught.strength)
    return Outcome(tuned, "better", tuning.tail)


def part_of(report: Progress, start: float, end: float) -> Progress:
    return Progress(start + (end - start) * report.share, report.stage, report.curves)
