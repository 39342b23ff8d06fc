"""What the words around a table say of all its students: the grade and the class."""

import re
from collections.abc import Iterable

GRADES = (
    re.compile(r"(?<![0-9])([0-9]{1,2})\s*학년(?!도)"),
    re.compile(r"(?<![0-9])학년\s*[:：]?\s+([0-9]{1,2})(?![0-9])"),
    re.compile(r"\bgrade\s*[:#]?\s*([0-9]{1,2})(?![0-9])", re.IGNORECASE),
)
CLASSES = (
    re.compile(r"(?<![0-9~-])([0-9]{1,2})\s*반(?!\s*[~-])"),
    re.compile(r"반\s*[:：]\s*([0-9]{1,2})(?![0-9])"),
    re.compile(r"\bclass\s*[:#]?\s*([0-9]{1,2})(?![0-9])", re.IGNORECASE),
)
BOTH = re.compile(r"(?<![0-9-])([1-9])\s*[-–]\s*([0-9]{1,2})(?![0-9-])")  # 1-3


def grade_and_class(texts: Iterable[str]) -> tuple[str, str]:
    """Empty where they are not said, or several."""
    texts = [text for text in texts if text]
    grade, class_name = only(GRADES, texts), only(CLASSES, texts)
    pairs = {pair for text in texts for pair in BOTH.findall(text)}
    if len(pairs) == 1 and not (grade and class_name):
        first, second = pairs.pop()
        grade, class_name = grade or first, class_name or second
    return grade.lstrip("0"), class_name.lstrip("0")


def only(patterns: Iterable[re.Pattern[str]], texts: Iterable[str]) -> str:
    found = {one.lstrip("0") for pattern in patterns for text in texts for one in pattern.findall(text)}
    return found.pop() if len(found) == 1 else ""
