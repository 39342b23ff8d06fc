"""From the features of examples to a head that is calibrated, knows its limits and was judged honestly."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Labels, Numbers
from ml.core.calibration import best_temperature, certain_threshold, log_loss, softmax
from ml.core.trainer import Point
from ml.teaching.evaluate import HeldOut, evaluate
from ml.teaching.head import Head, balance, fit_heads, rooted
from ml.teaching.known import Known, Limits

FOLDS = 5
REPEATS = ((100, 4), (400, 2))  # up to so many pictures, so many different splits
STRENGTHS = (1.0, 0.1, 0.01, 0.001)
FEW = 2_000  # above, the strength is chosen on one fold instead of all
WRONG = 0.05  # of the answers called certain, one more counted than seen


class TooFewExamples(Exception):
    """There are not two classes with two different pictures each."""


@dataclass(frozen=True)
class Examples:
    """features: (n, d), pooled, of any float type; labels: (n,) places in classes; groups: (n,), equal for pictures
    that are the same (ml.teaching.comparison)."""

    features: NDArray[Any]
    labels: Labels
    groups: Labels
    classes: list[str]


@dataclass(frozen=True)
class Progress:
    """share: done of all, 0..1; stage: "head" or "tuning"; curves: of this stage so far."""

    share: float
    stage: str
    curves: list[Point]


Watch = Callable[[Progress], None]


@dataclass(frozen=True)
class TrainedHead:
    """certain: the probability from which an answer may be called certain; evaluation: see ml.teaching.evaluate."""

    head: Head
    known: Known
    temperature: float
    certain: float
    limits: Limits
    strength: float
    evaluation: dict[str, Any]
    curves: list[Point] = field(default_factory=list)


def train_head(examples: Examples, watch: Watch, seed: int = 1) -> TrainedHead:
    """Learns from all examples; judged by heads that have not seen what they were asked (cross-validation).

    The strength of regularisation is chosen on the first split. Raises TooFewExamples.
    """
    inputs, labels, classes = rooted(examples.features), examples.labels, len(examples.classes)
    seen = splits_of(examples, seed)
    strength, curves = chosen_strength(inputs, labels, classes, seen, watch)
    watch(Progress(0.8, "head", curves))
    *judges, head = fit_heads(
        inputs, labels, weighing(np.vstack([seen, seen[:1] | True]), labels, classes), classes, strength
    )
    places, logits, distances = [], [], []
    for judge, is_seen in zip(judges, seen, strict=True):
        held = np.flatnonzero(~is_seen)
        known = Known.of(inputs[is_seen], labels[is_seen])
        places.append(held)
        logits.append(judge.logits(inputs[held]))
        distances.append(known.distances(inputs[held]))
    answers = np.concatenate(places), np.concatenate(logits), np.concatenate(distances)
    watch(Progress(1.0, "head", curves))
    return judged(head, Known.of(inputs, labels), examples, *answers, curves, strength)


def weighing(seen: NDArray[np.bool_], labels: Labels, classes: int) -> Numbers:
    """(heads, n) whether each head sees each example -> how much it weighs: classes count alike for every head."""
    weights = np.zeros(seen.shape, np.float32)
    for row, is_seen in zip(weights, seen, strict=True):
        row[is_seen] = balance(labels[is_seen], classes)
    return weights


def judged(
    head: Head,
    known: Known,
    examples: Examples,
    places: Labels,
    logits: Numbers,
    distances: Numbers,
    curves: list[Point],
    strength: float,
) -> TrainedHead:
    """Temperature, thresholds and figures from what was said of held-out examples, whose places among all are given."""
    labels, even = examples.labels[places], np.ones(len(places))
    temperature = round(best_temperature(logits, labels), 4)
    probabilities = softmax(logits, temperature)
    limits = Limits.of(distances)
    repeats = np.bincount(places)[places]
    certain = certain_threshold(probabilities, labels, even / repeats, WRONG)
    held_out = HeldOut(places, labels, probabilities, distances <= limits.near)
    evaluation = evaluate(held_out, len(examples.classes), examples.groups, certain)
    return TrainedHead(head, known, temperature, round(certain, 5), limits, strength, evaluation, curves)


def splits_of(examples: Examples, seed: int) -> NDArray[np.bool_]:
    """(heads, n): whether a head sees an example. Each is held out once in every split; of few pictures there are
    several splits. Raises TooFewExamples."""
    smallest = smallest_class(examples.labels, examples.groups)
    if len(examples.classes) < 2 or smallest < 2:
        raise TooFewExamples
    count = min(FOLDS, smallest)
    repeats = next((times for most, times in REPEATS if len(examples.labels) <= most), 1)
    splits = [
        folds_of(examples.labels, examples.groups, count, seed * 1000 + repeat) for repeat in range(repeats)
    ]
    return np.stack([folds != fold for folds in splits for fold in range(count)])


def folds_of(labels: Labels, groups: Labels, count: int, seed: int) -> Labels:
    """(n,) labels and groups -> (n,) which of `count` folds each example is in.

    Pictures of one group (duplicates) share a fold. Each class is dealt out over the folds as evenly as its groups
    allow, and no fold gets the remainders of all classes.
    """
    random = np.random.default_rng(seed)
    sizes = np.zeros((int(labels.max()) + 1, count))
    folds = np.zeros(len(labels), np.int64)
    members = members_of(groups)
    shuffled = [members[place] for place in random.permutation(len(members))]
    for group in sorted(shuffled, key=len, reverse=True):
        label = labels[group[0]]
        fold = int(np.lexsort((random.random(count), sizes.sum(0), sizes[label]))[0])
        folds[group] = fold
        np.add.at(sizes, (labels[group], fold), 1)
    return folds


def members_of(groups: Labels) -> list[NDArray[np.int64]]:
    """The examples of every group."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order])) + 1
    return np.split(order, starts)


def smallest_class(labels: Labels, groups: Labels) -> int:
    """How many different pictures the class with the fewest has."""
    return min(len(np.unique(groups[labels == label])) for label in np.unique(labels))


def chosen_strength(
    inputs: Numbers, labels: Labels, classes: int, seen: NDArray[np.bool_], watch: Watch
) -> tuple[float, list[Point]]:
    """The strength with the least held-out log loss, from strong to weak, and the curves of the first fold."""
    folds = seen[: 1 if len(labels) > FEW else int((~seen).cumsum(0).all(1).argmax()) + 1]
    losses, recorders = [], []
    for number, strength in enumerate(STRENGTHS):
        recorder = CurveRecorder(inputs, labels, folds[0])
        heads = fit_heads(inputs, labels, weighing(folds, labels, classes), classes, strength, recorder.note)
        losses.append(held_out_loss(inputs, labels, folds, heads))
        recorders.append(recorder.curves)
        best = int(np.argmin(losses))
        watch(Progress(0.7 * (number + 1) / len(STRENGTHS), "head", recorders[best]))
    return STRENGTHS[best], recorders[best]


def held_out_loss(inputs: Numbers, labels: Labels, seen: NDArray[np.bool_], heads: list[Head]) -> float:
    """The log loss, at the best temperature, of what each head has not seen."""
    logits = np.concatenate([head.logits(inputs[~row]) for head, row in zip(heads, seen, strict=True)])
    asked = np.concatenate([labels[~row] for row in seen])
    return log_loss(softmax(logits, round(best_temperature(logits, asked), 4)), asked)


class CurveRecorder:
    """Writes down how the first head does, step by step, on what it sees and on what it does not."""

    def __init__(self, inputs: Numbers, labels: Labels, is_seen: NDArray[np.bool_]) -> None:
        self.sides = {
            "train": (inputs[is_seen], labels[is_seen]),
            "validation": (inputs[~is_seen], labels[~is_seen]),
        }
        self.curves: list[Point] = []

    def note(self, heads: list[Head]) -> None:
        point: Point = {"epoch": len(self.curves) + 1}
        for side, (inputs, labels) in self.sides.items():
            logits = heads[0].logits(inputs)
            point[f"{side}_loss"] = round(log_loss(softmax(logits), labels), 6)
            point[f"{side}_accuracy"] = round(float((logits.argmax(1) == labels).mean()), 6)
        self.curves.append(point)
