"""Values of a template's JSON, taken out with a check: whatever is wrong is a `WrongTemplate` that says where, and what
to write there.

`where` is the way to the values that hold it: "template.json", "template.json: fieldBlocks.Left".
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from grading.sheet.omrchecker.problems import WrongTemplate

EXAMPLES = {
    "pageDimensions": "[1654, 2339]",
    "bubbleDimensions": "[32, 32]",
    "preProcessors": '[{"name": "CropPage", "options": {}}]',
    "name": '"CropPage"',
    "options": "{}",
    "relativePath": '"omr_marker.jpg"',
    "reference": '"blank.jpg"',
    "fieldBlocks": '{"Left": {"fieldType": "QTYPE_MCQ4", "origin": [120, 300], "bubblesGap": 40, "labelsGap": 50, '
    '"fieldLabels": ["q1..10"]}}',
    "origin": "[120, 300]",
    "bubblesGap": "40",
    "labelsGap": "50",
    "fieldLabels": '["q1..10"]',
    "fieldType": '"QTYPE_MCQ4"',
    "bubbleValues": '["A", "B", "C", "D"]',
    "direction": '"horizontal"',
    "emptyValue": '"-"',
    "customLabels": '{"Roll": ["roll1..5"]}',
    "outputColumns": '["Roll", "q1..10"]',
    "source_type": '"custom"',
    "answer_key_csv_path": '"answer_key.csv"',
    "answer_key_image_path": '"answer_key.jpg"',
    "questions_in_order": '["q1..10"]',
    "answers_in_order": '["A", "B", ["C", "D"]]',
    "questions": '["q1..10"]',
    "marking_schemes": '{"DEFAULT": {"correct": 3, "incorrect": -1, "unmarked": 0}}',
    "DEFAULT": '{"correct": 3, "incorrect": -1, "unmarked": 0}',
    "section": '{"questions": ["q1..10"], "marking": {"correct": 3, "incorrect": -1, "unmarked": 0}}',
    "marking": '{"correct": 3, "incorrect": -1, "unmarked": 0}',
    "correct": "3",
    "incorrect": '"-1/4"',
    "unmarked": "0",
}
MOST_LABELS = 10_000
MOST_BYTES = 2_000_000  # of JSON or CSV: a template of 10,000 bubbles has 100 KB
RANGE = re.compile(r"([^.\d]+)(\d{1,6})\.{2,3}(\d{1,6})")
LARGEST = 1e6

Values = Mapping[str, Any]


def read_json(data: bytes, where: str) -> dict[str, Any]:
    """The object in a JSON file (UTF-8, with or without a byte order mark)."""
    if len(data) > MOST_BYTES:
        raise WrongTemplate("too_large", where)
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise WrongTemplate("not_json", where) from error
    if not isinstance(value, dict):
        raise WrongTemplate("not_json", where)
    return value


def within(where: str, name: str) -> str:
    return f"{where}: {name}" if where.endswith(".json") else f"{where}.{name}"


def wrong(name: str, where: str, like: str = "") -> WrongTemplate:
    return WrongTemplate("wrong_value", within(where, name), EXAMPLES[like or name])


def needed(values: Values, name: str, where: str) -> Any:
    if name not in values:
        raise WrongTemplate("missing_key", within(where, name), EXAMPLES[name])
    return values[name]


def mapping_in(values: Values, name: str, where: str, like: str = "") -> dict[str, Any]:
    value = values[name] if like else needed(values, name, where)
    if not isinstance(value, dict):
        raise wrong(name, where, like)
    return value


def text_in(values: Values, name: str, where: str) -> str:
    value = needed(values, name, where)
    if not isinstance(value, str):
        raise wrong(name, where)
    return value


def texts_in(values: Values, name: str, where: str, like: str = "") -> list[str]:
    value = values[name] if like else needed(values, name, where)
    if not isinstance(value, list) or not value or not all(isinstance(text, str) for text in value):
        raise wrong(name, where, like)
    return value


def one_of(value: Any, known: Iterable[str], where: str) -> str:
    known = tuple(known)
    if value not in known:
        raise WrongTemplate("not_one_of", f"{where} {json.dumps(value)}", ", ".join(known))
    return str(value)


def number_in(values: Values, name: str, where: str) -> float:
    value = needed(values, name, where)
    if not is_number(value):
        raise wrong(name, where)
    return float(value)


def pair_in(values: Values, name: str, where: str, least: float = -math.inf) -> tuple[float, float]:
    value = needed(values, name, where)
    if not isinstance(value, list) or len(value) != 2 or not all(is_number(one, least) for one in value):
        raise wrong(name, where)
    return float(value[0]), float(value[1])


def is_number(value: Any, least: float = -math.inf) -> bool:
    """Neither NaN nor anything a page cannot have; truth is no number either."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and max(least, -LARGEST) <= value <= LARGEST
    )


def expand(strings: Iterable[str], where: str) -> tuple[str, ...]:
    """Field strings with their ranges written out; none twice."""
    found: list[str] = []
    for string in strings:
        found += _spread(string, where)
        if len(found) > MOST_LABELS:
            raise WrongTemplate("long_range", f"{where}: {string}")
    check_once(found)
    return tuple(found)


def check_once(names: Iterable[str]) -> None:
    """Raises WrongTemplate for a field that is named twice."""
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise WrongTemplate("same_label", twice[0])


def check_known(names: Sequence[str], fields: Iterable[str]) -> None:
    """Raises WrongTemplate for a name that is not among `fields`."""
    unknown = set(names) - set(fields)
    if unknown:
        raise WrongTemplate("unknown_label", min(unknown))


def _spread(string: str, where: str) -> list[str]:
    place = f"{where}: {string}"
    if ".." not in string:
        if not string.strip():
            raise WrongTemplate("wrong_label", f'{where}: "{string}"')
        return [string]
    found = RANGE.fullmatch(string)
    if not found:
        raise WrongTemplate("wrong_label", place)
    first, last = int(found[2]), int(found[3])
    if first >= last:
        raise WrongTemplate("backward_range", place)
    if last - first >= MOST_LABELS:
        raise WrongTemplate("long_range", place)
    return [f"{found[1]}{index}" for index in range(first, last + 1)]


def natural_order(name: str) -> list[tuple[int, str]]:
    """q2 before q10: of two numbers the longer one is larger, and Python reads none of 5,000 digits."""
    parts = re.split(r"0*(\d+)", name.lower())
    return [(len(part) if place % 2 else 0, part) for place, part in enumerate(parts)]
