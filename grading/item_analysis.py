"""The statistics of an exam, from its papers, with the flags in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grading.models import Exam, Item, Paper
from grading.scoring import has_key
from grading.statistics import ItemColumn, statistics

FLAGS = {
    "too_hard": gettext_noop("Fewer than one in five got it."),
    "too_easy": gettext_noop("Nearly everyone got it."),
    "wrong_key": gettext_noop("Good students got it wrong more often than weak ones: is the key right?"),
    "weak": gettext_noop("It hardly tells good students from weak ones."),
    "unused_option": gettext_noop("An option was never chosen."),
}


def item_analysis(exam: Exam) -> dict[str, Any]:
    """Statistics over all papers, in review or not; how many of them are still open is said."""
    papers = list(exam.papers.prefetch_related("answers"))
    items = [item for item in exam.items.all() if has_key(item.kind, item.answer or any(item.answers))]
    found = statistics([column_of(item, papers) for item in items])
    for item in found["items"]:
        item["flags"] = [{"code": code, "text": _(FLAGS[code])} for code in item["flags"]]
    found["papers"] = len(papers)  # also where no item has a key yet
    found["in_review"] = sum(paper.status == Paper.Status.REVIEW for paper in papers)
    return found


def column_of(item: Item, papers: list[Paper]) -> ItemColumn:
    answers = [
        next((answer for answer in paper.answers.all() if answer.item_id == item.pk), None)
        for paper in papers
    ]
    right = item.answer if isinstance(item.answer, list) else [item.answer]
    return ItemColumn(
        number=item.number,
        kind=item.kind,
        most=float(item.points),
        points=[float(answer.points) if answer else 0.0 for answer in answers],
        values=[answer.value if answer else "" for answer in answers],
        options=item.labels,
        right=right,
        name=str(item),
    )
