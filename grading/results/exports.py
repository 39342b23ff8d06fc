"""Results as tables: one row a student, those of the roster without a paper too."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.models import Candidate, Exam, Item, Paper
from grading.papers.scores import most_score
from grading.results.answers import Said, answers_by_paper
from grading.results.grade_scales import SCALES, scales_of
from grading.results.grades import grades_of
from grading.results.ranks import put_ranks
from web.tables import Row

STATES = {
    "graded": gettext_lazy("Graded"),
    "review": gettext_lazy("To review"),
    "absent": gettext_lazy("No paper"),
}


def results(exam: Exam) -> list[dict[str, Any]]:
    """Every paper in the order of numbers, then the students of the roster who have none."""
    items = {item.pk: item for item in exam.items.all()}
    answers = answers_by_paper(exam)
    rows = [
        paper_row(paper, items, answers.get(paper.pk, {})) | state_in_row(paper.candidate)
        for paper in exam.papers.with_candidate()
    ]
    there = {row["student"] for row in rows}
    most = float(most_score(exam, items.values()))
    rows += [
        {**EMPTY, "student": one.number, "name": one.name, "class_name": one.class_name}
        | ({} if one.sits else {"max_score": most})
        | state_in_row(one)
        for one in exam.candidates.all()
        if one.number not in there
    ]
    is_anonymous = not any(row["student"] for row in rows)
    put_ranks(rows, is_anonymous_graded if is_anonymous else has_counted_score)
    return with_grades(rows, exam)


def with_grades(rows: list[dict[str, Any]], exam: Exam) -> list[dict[str, Any]]:
    """Among all who have a score that counts: of graded papers of known students, or recognised."""
    counted = [(row["score"], row["max_score"]) if has_counted_score(row) else None for row in rows]
    found = grades_of(counted, {name: exam.grades[name] for name in scales_of(exam)})
    return [row | {"grades": grades} for row, grades in zip(rows, found, strict=True)]


def counts_of_grades(rows: Iterable[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """How many students have each grade of each scale, the best first."""
    found: dict[str, Counter[Any]] = {}
    for row in rows:
        for scale, grade in row["grades"].items():
            found.setdefault(scale, Counter())[grade] += 1
    return {scale: dict(sorted(counts.items())) for scale, counts in found.items()}


def has_counted_score(row: dict[str, Any]) -> bool:
    is_own = row["state"] == "sits" and row["status"] == "graded" and row["student"]
    return row["score"] is not None and bool(is_own or row["state"] == "recognised")


def is_anonymous_graded(row: dict[str, Any]) -> bool:
    return bool(row["status"] == "graded")


def state_in_row(candidate: Candidate | None) -> dict[str, Any]:
    """What counts of who does not sit the exam: no score, or the one that is recognised."""
    if candidate is None or candidate.sits:
        return {"state": Candidate.State.SITS.value, "state_text": ""}
    score = candidate.recognised_score
    shown = {"state": candidate.state, "state_text": candidate.state_text}
    return {**shown, "score": None if score is None else float(score)}


def status_text(row: dict[str, Any]) -> str:
    """How it stands, in words."""
    return row["state_text"] or str(STATES[row["status"]])


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


def paper_row(paper: Paper, items: Mapping[int, Item], answers: Mapping[int, Said]) -> dict[str, Any]:
    return {
        "paper": paper.pk,
        "student": paper.number,
        "name": paper.candidate.name if paper.candidate else paper.page_name or "",
        "class_name": paper.candidate.class_name if paper.candidate else "",
        "version": paper.version,
        "status": paper.status,
        "score": float(paper.score),
        "max_score": float(paper.max_score),
        "answers": {str(items[item].number): answer._asdict() for item, answer in answers.items()},
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
        *(str(SCALES[scale]) for scale in scales_of(exam)),
    ]
    for row in results(exam):
        answers = [row["answers"].get(number, {}) for number in numbers]
        yield [
            *(row["student"], row["name"], row["class_name"], row["version"]),
            status_text(row),
            *(row["score"], row["max_score"]),
            *(answer.get("value", "") for answer in answers),
            *(answer.get("points") for answer in answers),
            *(row["rank"], row["class_rank"]),
            *(row["grades"].get(scale) for scale in scales_of(exam)),
        ]
