"""What stands on the papers of an exam, without the rows' objects: of a whole year there are tens of thousands."""

from typing import NamedTuple, TypeAlias

from grading.models import Answer, Exam


class Said(NamedTuple):
    """One answer, as results and statistics need it."""

    value: str
    points: float
    state: str


Answers: TypeAlias = dict[int, dict[int, Said]]  # key of the paper → key of the item → what was said


def answers_by_paper(exam: Exam) -> Answers:
    """In the order of the items; a paper without an answer is not in it."""
    found: Answers = {}
    rows = Answer.objects.filter(paper__exam=exam).values_list("paper", "item", "value", "points", "state")
    for paper, item, value, points, state in rows:
        found.setdefault(paper, {})[item] = Said(value, float(points), state)
    return found
