"""What is worth a look before a classifier learns: too few pictures, uneven classes, labels that look wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classifier.models import Classifier, Label
from classifier.presentation.classifiers import Pairs

FEW = 10  # different pictures, of fewer the accuracy of a class says little
# A class with a fifth of what each of three others has, or less, was named right 4 to 8 points less often than among
# equals, and 15 to 25 less often than the others, though it weighs as much (handwritten letters and digits, 5 of it)
UNEVEN = 5
NAMED = 5  # classes in a sentence


@dataclass(frozen=True)
class DataWarning:
    """labels: the classes that it is about."""

    kind: str
    text: str
    labels: list[str]


def warnings_of(classifier: Classifier, found: Pairs) -> list[DataWarning]:
    """found: what `Classifier.found_among` answers."""
    labels, different = classifier.counted_labels, classifier.count_different(found)
    counts = {label.pk: different.get(label.pk, 0) for label in labels}
    if not any(counts.values()):
        return []
    return [*count_warnings(labels, counts), *label_warnings(labels, found)]


def count_warnings(labels: Sequence[Label], counts: dict[int, int]) -> list[DataWarning]:
    empty = [label for label in labels if not counts[label.pk]]
    single = [label for label in labels if counts[label.pk] == 1]
    few = [label for label in labels if 1 < counts[label.pk] < FEW]
    used = sorted((label for label in labels if counts[label.pk]), key=lambda label: counts[label.pk])
    found = []
    if len(used) == 1:
        found.append(warning("one_class", _("Only %(names)s has pictures. Two classes are the least."), used))
    if single:
        said = _(
            "Only one picture, copies counted once: %(names)s. It cannot be learned from fewer than two."
        )
        found.append(warning("single", said, single))
    if empty:
        said = _("No pictures, so it is not learned: %(names)s.")
        found.append(warning("empty", said, empty))
    if few:
        said = _("Fewer than ten different pictures: %(names)s. Ten are a beginning, a hundred are good.")
        found.append(warning("few", said, few))
    times = counts[used[-1].pk] // counts[used[0].pk]
    if times >= UNEVEN:
        said = _(
            "“%(many)s” has %(times)s times as many pictures as “%(few)s”. All classes count alike when it learns, "
            "but the one with few is named right less often."
        )
        names = {"many": used[-1].name, "few": used[0].name, "times": times}
        found.append(DataWarning("uneven", said % names, [used[-1].name, used[0].name]))
    return found


def label_warnings(labels: Sequence[Label], found: Pairs) -> list[DataWarning]:
    by_pk = {label.pk: label for label in labels}
    warnings = []
    if count := len({pk for _first, pk, _distance in found.get("shared", [])}):
        said = ngettext(
            "%(count)s picture is in two classes: what it teaches about one of them is wrong.",
            "%(count)s pictures are in two classes: what they teach about one of them is wrong.",
            count,
        )
        warnings.append(DataWarning("shared", said % {"count": count}, []))
    if doubts := found.get("mislabelled"):
        said = ngettext(
            "%(count)s picture looks as if it were in the wrong class: %(names)s.",
            "%(count)s pictures look as if they were in the wrong class: %(names)s.",
            len(doubts),
        )
        about = [by_pk[pk] for pk in dict.fromkeys(doubt[1] for doubt in doubts)]
        warnings.append(warning("mislabelled", said, about, count=len(doubts)))
    for first, second, share in found.get("confused", []):
        said = _(
            "“%(first)s” and “%(second)s” are hard to tell apart: %(percent)s %% of their pictures look like the other."
        )
        names = {"first": by_pk[first].name, "second": by_pk[second].name}
        text = said % {**names, "percent": round(100 * share)}
        warnings.append(DataWarning("confused", text, [*names.values()]))
    return warnings


def warning(kind: str, said: str, labels: Sequence[Label], **more: int) -> DataWarning:
    names = [label.name for label in labels]
    shown = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return DataWarning(kind, said % {"names": shown, **more}, names)
