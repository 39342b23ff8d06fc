"""A classifier on its page: classes with pictures, pairs in doubt, figures and the table of confusions."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Window
from django.db.models.functions import RowNumber
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from classifier.models import Classifier, Example, Training
from registry.weight_files import open_file

FILES = ("taught.safetensors", "taught.json", "taught.onnx")
SHOWN = 12  # pictures of a class on the page of its classifier
SHOWN_PAIRS = 24
SHOWN_KINDS = ("shared", "same", "near", "look_alikes")
REMOVABLE = ("same", "near")  # of which one may go: which of two classes is right, only a person knows

Examples = dict[str, Example]  # by their ids
Pairs = dict[str, list[list[Any]]]  # as `Classifier.found_among` has them


@dataclass(frozen=True)
class ConfusionShare:
    """Of the table of confusions: how many, which share of its row, and whether they were named right."""

    count: float
    share: float
    is_right: bool

    @property
    def percent(self) -> int:
        return round(100 * self.share)


def classes_of(classifier: Classifier) -> list[dict[str, Any]]:
    """Every class with its newest pictures."""
    place = Window(RowNumber(), partition_by="label", order_by=["-created_at", "place"])
    newest = (
        classifier.examples.defer("features", "fingerprint").alias(newness=place).filter(newness__lte=SHOWN)
    )
    of_label: dict[int, list[Example]] = {}
    for example in newest.order_by("-created_at", "place"):
        of_label.setdefault(example.label_id, []).append(example)
    return [
        {
            "label": label,
            "examples": of_label.get(label.pk, []),
            "more": max(0, label.count - SHOWN),  # type: ignore[attr-defined]  # counted_labels annotates it
        }
        for label in classifier.counted_labels
    ]


def examples_named(classifier: Classifier, found: Pairs, training: Training | None) -> Examples:
    """The pictures of pairs in doubt and of mistakes, by their ids."""
    ids = {pk for kind in SHOWN_KINDS for pair in own_pairs(found, kind)[:SHOWN_PAIRS] for pk in pair[:2]}
    ids |= {doubt[0] for doubt in found.get("mislabelled", [])[:SHOWN_PAIRS]}
    if training and training.evaluation:
        ids |= {mistake["id"] for mistake in training.evaluation["mistakes"]}
    rows = classifier.examples.select_related("label").defer("features", "fingerprint").in_bulk(ids)
    return {str(pk): row for pk, row in rows.items()}


def own_pairs(found: Pairs, kind: str) -> list[list[Any]]:
    """Those of a kind that are not shown as one picture in two classes already."""
    shared = {tuple(pair) for pair in found.get("shared", [])}
    return [pair for pair in found.get(kind, []) if kind == "shared" or tuple(pair) not in shared]


def pairs_of(found: Pairs, examples: Examples) -> list[dict[str, Any]]:
    """What was found before anything was learned: of each kind its pairs, as far as they are shown."""
    kinds = []
    for kind in SHOWN_KINDS:
        all_pairs = own_pairs(found, kind)
        some = [(examples[one], examples[other]) for one, other, _distance in all_pairs[:SHOWN_PAIRS]]
        if kind == "look_alikes":  # a picture may have been moved since
            some = [(first, second) for first, second in some if first.label_id != second.label_id]
        if some:
            has_extra = kind in REMOVABLE
            count = len({pair[1] for pair in all_pairs}) if has_extra else len(some)
            kinds.append({"kind": kind, "count": count, "pairs": some, "has_extra": has_extra})
    return kinds


def mislabelled_of(classifier: Classifier, found: Pairs, examples: Examples) -> list[dict[str, Any]]:
    """Pictures that look as if they were in the wrong class, each with the right one, as far as they are shown."""
    names = {label.pk: label.name for label in classifier.counted_labels}
    return [
        {"example": examples[pk], "label": other, "looks_like": names[other], "share": share}
        for pk, _own, other, share in found.get("mislabelled", [])[:SHOWN_PAIRS]
    ]


def figures_of(training: Training, examples: Examples) -> dict[str, Any]:
    """Accuracy, the table, the weakest class and its most misleading pictures."""
    evaluation = training.evaluation
    if not evaluation:
        return {}
    names = evaluation["classes"]
    return evaluation | {
        "rows": [
            (name, cells(row, place), recall)
            for place, (name, row, recall) in enumerate(
                zip(names, evaluation["confusion"], evaluation["recalls"], strict=True)
            )
        ],
        "weakest": (names[evaluation["weakest"]], evaluation["recalls"][evaluation["weakest"]]),
        "mistakes": mistakes_of(evaluation, examples),
    }


def cells(row: list[float], right: int) -> list[ConfusionShare]:
    total = sum(row) or 1.0
    return [ConfusionShare(count, count / total, place == right) for place, count in enumerate(row)]


def mistakes_of(evaluation: dict[str, Any], examples: Examples) -> list[dict[str, Any]]:
    names = evaluation["classes"]
    return [
        mistake
        | {
            "example": examples[mistake["id"]],
            "is": names[mistake["label"]],
            "said": names[mistake["answer"]],
        }
        for mistake in evaluation["mistakes"]
        if mistake["id"] in examples
    ]


def version_file(classifier: Classifier, version: int, name: str) -> FileResponse:
    """404 where the version or the file is not this classifier's."""
    row = get_object_or_404(classifier.versions, pk=version)
    if name not in FILES:
        raise Http404
    suffix = name.partition(".")[2]
    return FileResponse(
        open_file(row, name), as_attachment=True, filename=f"{classifier.name}-{row.sha256[:8]}.{suffix}"
    )
