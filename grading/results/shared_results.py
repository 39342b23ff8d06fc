"""What a student is told of her own paper: as much as was given out, by page and API alike."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from grading.key.asked_items import is_scored, key_of, points_at
from grading.models import Answer, Exam, RegradeRequest, ReleasedPaper, ScanPage
from grading.results.reports import sign_of


def shared_result(released: ReleasedPaper) -> dict[str, Any]:
    paper, release = released.paper, released.release
    return {
        "exam": paper.exam.title,
        "student": paper.number,
        "name": paper.candidate.name if paper.candidate else "",
        "state_text": paper.candidate.state_text if paper.candidate else "",
        "score": float(paper.score),
        "max_score": float(paper.max_score),
        "told_score": float(released.score),
        "told_max_score": float(released.max_score),
        "has_changed": released.has_changed,
        "is_in_review": paper.status == paper.Status.REVIEW,
        "released_at": released.at,
        "answers": list(answers_of(released)) if release.shows_answers else [],
        "pages": [page.sheet_page for page in pages_of(released)] if release.shows_scan else [],
        "requests": [request_body(one) for one in requests_of(released)],
    }


def answers_of(released: ReleasedPaper) -> Iterator[dict[str, Any]]:
    paper = released.paper
    for answer in paper.answers.select_related("item"):
        item, version = answer.item, paper.version
        most = points_at(item, version)
        yield {
            "item": item.number,
            "name": str(item),
            "value": "" if item.kind == "open" else answer.value,
            "key": key_of(item, version),
            "points": float(answer.points),
            "max_points": most,
            "sign": sign_of(float(answer.points), most) if is_scored(item, version) else "",
            "is_in_review": answer.state == Answer.State.REVIEW,
        }


def pages_of(released: ReleasedPaper) -> QuerySet[ScanPage]:
    """Straight ones alone: on a picture as it came, the sheet of a neighbour may be seen, too."""
    straight = released.paper.pages.filed().exclude(placed=ScanPage.Placed.NOT)
    return straight.exclude(image="").order_by("sheet_page")


def requests_of(released: ReleasedPaper) -> QuerySet[RegradeRequest]:
    """What this student asked: before, the paper may have been taken for another's."""
    return released.paper.regrade_requests.filter(number=released.number).select_related("item")


def request_body(asked: RegradeRequest) -> dict[str, Any]:
    return {
        "item": asked.item.number if asked.item else None,
        "name": str(asked.item) if asked.item else "",
        "text": asked.text,
        "state": asked.state,
        "reply": asked.reply,
        "created_at": asked.created_at,
        "answered_at": asked.answered_at,
    }


def items_of(exam: Exam) -> list[tuple[int, str]]:
    """What can be asked about."""
    return [(item.number, str(item)) for item in exam.items.all()]
