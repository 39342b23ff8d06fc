"""Results as tables: one row a student, those of the roster without a paper too."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.models import Exam, Paper
from grading.ranks import put_ranks
from web.tables import Row

STATES = {
    "graded": gettext_lazy("Graded"),
    "review": gettext_lazy("To review"),
    "absent": gettext_lazy("No paper"),
}


def results(exam: Exam) -> list[dict[str, Any]]:
    """Every paper in the order of numbers, then the students of the roster who have none."""
    papers = exam.papers.with_candidate().prefetch_related("answers__item")
    rows = [paper_row(paper) for paper in papers]
    put_ranks(rows)
    there = {row["student"] for row in rows}
    return rows + [
        {**EMPTY, "student": one.number, "name": one.name, "class_name": one.class_name}
        for one in exam.candidates.all()
        if one.number not in there
    ]


EMPTY: dict[str, Any] = {
    "paper": None,
    "student": "",
    "name": "",
    "class_name": "",
    "version": None,
    "status": "absent",
    "score": None,
    "max_score": None,
    **dict.fromkeys(("rank", "ranked", "class_rank", "class_ranked")),
    "answers": {},
}


def paper_row(paper: Paper) -> dict[str, Any]:
    return {
        "paper": paper.pk,
        "student": paper.number,
        "name": paper.candidate.name if paper.candidate else "",
        "class_name": paper.candidate.class_name if paper.candidate else "",
        "version": paper.version,
        "status": paper.status,
        "score": float(paper.score),
        "max_score": float(paper.max_score),
        "answers": {
            str(answer.item.number): {
                "value": answer.value,
                "points": float(answer.points),
                "state": answer.state,
            }
            for answer in paper.answers.all()
        },
    }


def results_table(exam: Exam) -> Iterator[Row]:
    """The header in the language of the moment, then a row a student: answers first, then points."""
    items = list(exam.items.all())
    numbers, names = [str(item.number) for item in items], list(map(str, items))
    yield [
        *(_("Number"), _("Name"), _("Class"), _("Version"), _("Status"), _("Score"), _("Max score")),
        *names,
        *(_("%(number)s points") % {"number": name} for name in names),
        *(_("Rank"), _("Rank in class")),  # last: programs know the others by their places
    ]
    for row in results(exam):
        answers = [row["answers"].get(number, {}) for number in numbers]
        yield [
            *(row["student"], row["name"], row["class_name"], row["version"], str(STATES[row["status"]])),
            *(row["score"], row["max_score"]),
            *(answer.get("value", "") for answer in answers),
            *(answer.get("points") for answer in answers),
            *(row["rank"], row["class_rank"]),
        ]
