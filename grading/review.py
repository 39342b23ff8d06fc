"""What waits for a person, in the order in which it is quickest to do."""

from grading.models import Answer, Exam, Paper


def in_review(exam: Exam, number: int | None = None) -> list[Answer]:
    """Uncertain answers of all papers, grouped by item and look; groups and answers with most doubt first."""
    answers = Answer.objects.filter(paper__exam=exam, state=Answer.State.REVIEW)
    if number is not None:
        answers = answers.filter(item__number=number)
    rows = list(answers.select_related("paper__student", "item", "page"))
    least: dict[tuple, float] = {}
    for row in rows:
        least[look(row)] = min(row.confidence, least.get(look(row), 1.0))
    return sorted(rows, key=lambda row: (least[look(row)], look(row), row.confidence, row.pk))


def look(answer: Answer) -> tuple[int, str, str]:
    """Answers that look alike can be settled in one sweep."""
    return answer.item.number, answer.reason, answer.value


def open_papers(exam: Exam) -> list[Paper]:
    """Papers with something open about them as a whole."""
    return list(exam.papers.exclude(reasons=[]).select_related("student").prefetch_related("pages"))
