"""What things are called in the log. Whoever has them registers their kinds: audit knows no app."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise

TITLES: dict[str, str | Promise] = {}  # "grading.exam" → "Exam"
NAMES: dict[str, Callable[[Any], str]] = {}  # of one of them


def register(label: str, title: str | Promise, name: Callable[[Any], str] = str) -> None:
    TITLES[label], NAMES[label] = title, name


def name_of(row: Any) -> str:
    return NAMES.get(row._meta.label_lower, str)(row)
