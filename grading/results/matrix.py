"""Who got what: students by items, each item by its own identity, and classes beside each other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grading.models import Paper
from grading.results.statistics import ItemColumn, Numbers, describe_totals, round_or_none

STUDENTS = ("score", "number", "class")
ITEMS = ("order", "difficulty")


@dataclass(frozen=True)
class Cell:
    """What a student has of an item; how: right, part, wrong or empty."""

    value: str
    points: float
    how: str


@dataclass(frozen=True)
class Line:
    paper: Paper
    total: float
    cells: list[Cell]


def cell_of(column: ItemColumn, row: int) -> Cell:
    points, value = column.points[row], column.values[row]
    how = "right" if points >= column.most else "part" if points > 0 else "wrong" if value else "empty"
    return Cell(value, points, how)


def lines_of(papers: Sequence[Paper], columns: Sequence[ItemColumn], by: str) -> list[Line]:
    """The students by one of STUDENTS; by score the best first."""
    lines = []
    for row, paper in enumerate(papers):
        cells = [cell_of(column, row) for column in columns]
        lines.append(Line(paper, float(paper.score), cells))
    keys: dict[str, Any] = {
        "score": lambda line: (-line.total, line.paper.number),
        "number": lambda line: line.paper.number,
        "class": lambda line: (in_words_and_numbers(class_of(line.paper)), line.paper.number),
    }
    return sorted(lines, key=keys[by])


def in_order(columns: Sequence[ItemColumn], by: str) -> list[ItemColumn]:
    """The items by one of ITEMS; by difficulty the easiest first."""
    if by == "difficulty":
        return sorted(columns, key=lambda column: -(difficulty_of(column) or 0))
    return list(columns)


def difficulty_of(column: ItemColumn) -> float | None:
    return float(np.mean(column.points)) / column.most if column.points and column.most else None


def class_of(paper: Paper) -> str:
    return paper.candidate.class_name if paper.candidate else ""


def in_words_and_numbers(name: str) -> list[tuple[int, str]]:
    """So that 3-10 comes after 3-9."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name) if part]


def by_class(papers: Sequence[Paper], columns: Sequence[ItemColumn]) -> list[dict[str, Any]]:
    """Classes beside each other, where there are several: how they did as a whole, and how hard each item was."""
    places: dict[str, list[int]] = {}
    for place, paper in enumerate(papers):
        places.setdefault(class_of(paper), []).append(place)
    if len(places) < 2 or not columns:
        return []
    points: Numbers = np.array([column.points for column in columns], np.float64).T
    most = np.array([column.most for column in columns])
    scores: Numbers = np.array([float(paper.score) for paper in papers], np.float64)
    return [
        {
            "class_name": name,
            "papers": len(places[name]),
            **describe_totals(scores[places[name]]),
            "difficulties": shares(points[places[name]].mean(0), most),
        }
        for name in sorted(places, key=in_words_and_numbers)
    ]


def shares(points: Numbers, most: Numbers) -> list[float | None]:
    return [round_or_none(one / best) if best else None for one, best in zip(points, most, strict=True)]


def as_json(lines: Sequence[Line], columns: Sequence[ItemColumn]) -> dict[str, Any]:
    """As programs have it."""
    items = [
        {
            "item": column.number,
            "name": column.name,
            "most": column.most,
            "difficulty": round_or_none(difficulty_of(column)),
        }
        for column in columns
    ]
    students = [
        {
            "paper": line.paper.pk,
            "student": line.paper.number,
            "class_name": class_of(line.paper),
            "total": round(line.total, 2),
            "points": [cell.points for cell in line.cells],
            "values": [cell.value for cell in line.cells],
        }
        for line in lines
    ]
    return {"items": items, "students": students}
