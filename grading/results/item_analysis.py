"""The statistics of an exam, from its papers, with the flags in words."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from grading.key.orders import Places, as_asked, places_of
from grading.models import Candidate, Exam, Item, Paper
from grading.results.answers import Answers, Said, answers_by_paper
from grading.results.matrix import by_class
from grading.results.statistics import ItemColumn, statistics
from grading.scoring import FOR_EVERYONE, has_key
from grading.scoring import LEFT_OUT as OUT

LEFT_OUT = ("in_review", "without_student", "blank", "does_not_sit")

FLAGS = {
    "too_hard": gettext_noop("Fewer than one in five got it."),
    "too_easy": gettext_noop("Nearly everyone got it."),
    "wrong_key": gettext_noop("Good students got it wrong more often than weak ones: is the key right?"),
    "weak": gettext_noop("It hardly tells good students from weak ones."),
    "misleading_option": gettext_noop(
        "The best students chose a wrong option more often than the right one."
    ),
    "unused_option": gettext_noop("An option was never chosen."),
    "for_everyone": gettext_noop("Everyone gets its points."),
}


def item_analysis(exam: Exam) -> dict[str, Any]:
    """Statistics over the papers that are graded, of a student, and not blank; how many are left out, and why, is said:
    one blank paper and a twin would make any exam look reliable."""
    papers, columns, why = counted_papers(exam)
    found = statistics(columns, [float(paper.score) for paper in papers])
    found["classes"] = by_class(papers, columns)
    for item in found["items"]:
        item["flags"] = [{"code": code, "text": _(FLAGS[code])} for code in item["flags"]]
    found["papers"] = len(papers)  # also where no item has a key yet
    found["states"] = states_in(exam)
    found["left_out"] = {code: why.count(code) for code in LEFT_OUT}
    return found


class CountedPapers(NamedTuple):
    """What statistics are made of, and of each paper that is left out one why it is."""

    papers: list[Paper]
    columns: list[ItemColumn]
    why: list[str]


def counted_papers(exam: Exam) -> CountedPapers:
    """The papers that are graded, of a student, and not blank, with what all of them did with each item."""
    handed_in, answers = list(exam.papers.with_candidate()), answers_by_paper(exam)
    is_anonymous = not any(paper.number for paper in handed_in)
    why = [why_left_out(paper, answers.get(paper.pk, {}), is_anonymous) for paper in handed_in]
    papers = [paper for paper, reason in zip(handed_in, why, strict=True) if not reason]
    items = list(exam.items.all())
    places = places_of(items)
    columns = [column_of(item, papers, answers, places) for item in items if is_counted(item)]
    return CountedPapers(papers, columns, [reason for reason in why if reason])


def is_counted(item: Item) -> bool:
    counts = item.marking.get("counts", "")
    return counts == FOR_EVERYONE or (counts != OUT and has_key(item.kind, item.answer or any(item.answers)))


def why_left_out(paper: Paper, answers: Mapping[int, Said], is_anonymous: bool) -> str:
    """One of LEFT_OUT; "" where the paper counts. is_anonymous: no paper of the exam has a student."""
    if paper.candidate and not paper.candidate.sits:
        return "does_not_sit"
    if paper.status == Paper.Status.REVIEW:
        return "in_review"
    if not (paper.number or is_anonymous):
        return "without_student"
    return "" if any(answer.value for answer in answers.values()) else "blank"


def texts_left_out(counts: dict[str, int]) -> list[str]:
    """ "2 papers to review" and the like, of those that there are."""
    in_review, without_student, blank, not_sitting = (counts[code] for code in LEFT_OUT)
    texts = {
        ngettext("%(count)s paper to review", "%(count)s papers to review", in_review): in_review,
        ngettext(
            "%(count)s without a student", "%(count)s without a student", without_student
        ): without_student,
        ngettext("%(count)s blank paper", "%(count)s blank papers", blank): blank,
        ngettext(
            "%(count)s of a student who does not sit it",
            "%(count)s of students who do not sit it",
            not_sitting,
        ): not_sitting,
    }
    return [text % {"count": count} for text, count in texts.items() if count]


def states_in(exam: Exam) -> dict[str, int]:
    """How many students are absent, exempt and the like, by code."""
    found = Counter(exam.candidates.with_state().values_list("state", flat=True))
    return {state: found[state] for state in Candidate.State.values if found[state]}


def texts_of_states(counts: dict[str, int]) -> list[str]:
    """ "Absent: 2" and the like."""
    names = dict(Candidate.State.choices)
    return [f"{names[state]}: {count}" for state, count in counts.items()]


def column_of(item: Item, papers: list[Paper], answers: Answers, places: Places) -> ItemColumn:
    """By the item's own identity: where a version has an order of its own, as if it had been asked in the first."""
    points, values, versions = [], [], []
    for paper in papers:
        place, labels = places.get((paper.version, item.number), (item, {}))
        answer = answers[paper.pk].get(place.pk)
        points.append(answer.points if answer else 0.0)
        values.append(as_asked(answer.value, labels, item.options) if answer else "")
        versions.append(1 if (paper.version, item.number) in places else paper.version)
    return ItemColumn(
        number=item.number,
        kind=item.kind,
        most=float(item.points),
        points=points,
        values=values,
        options=item.labels,
        right={version: keys_of(item, version) for version in set(versions)},
        versions=versions,
        name=str(item),
        counts=item.marking.get("counts", ""),
    )


def keys_of(item: Item, version: int) -> list[str]:
    key = item.key(version)
    return key if isinstance(key, list) else [key] if key else []
