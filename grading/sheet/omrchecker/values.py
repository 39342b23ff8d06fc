"""Values of a template's JSON, taken out with a check: whatever is wrong is a `WrongTemplate` that says where."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from grading.sheet.omrchecker.problems import WrongTemplate

MOST_LABELS = 10_000
RANGE = re.compile(r"([^.\d]+)(\d{1,6})\.{2,3}(\d{1,6})")


def read_json(data: bytes, where: str) -> dict[str, Any]:
    """The object in a JSON file (UTF-8, with or without a byte order mark)."""
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise WrongTemplate("not_json", where) from error
    return mapping(value, where)


def mapping(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WrongTemplate("wrong_value", where)
    return value


def needed(values: dict[str, Any], name: str, where: str) -> Any:
    if name not in values:
        raise WrongTemplate("missing_key", f"{where}: {name}")
    return values[name]


def parse_text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise WrongTemplate("wrong_value", where)
    return value


def parse_texts(value: Any, where: str) -> list[str]:
    if not isinstance(value, list) or not value:
        raise WrongTemplate("wrong_value", where)
    return [parse_text(text, where) for text in value]


def parse_number(value: Any, where: str, least: float = -math.inf) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or abs(value) > 1e6 or not math.isfinite(value) or value < least:
        raise WrongTemplate("wrong_value", where)
    return float(value)


def parse_pair(value: Any, where: str, least: float = -math.inf) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise WrongTemplate("wrong_value", where)
    return parse_number(value[0], where, least), parse_number(value[1], where, least)


def expand(strings: Iterable[str], where: str) -> tuple[str, ...]:
    """Field strings with their ranges written out; none twice."""
    found = [label for string in strings for label in _spread(string, where)]
    if twice := [label for label, count in Counter(found).items() if count > 1]:
        raise WrongTemplate("same_label", twice[0])
    return tuple(found)


def check_known(names: Sequence[str], fields: Iterable[str]) -> None:
    """Raises WrongTemplate for a name that is not among `fields`."""
    unknown = set(names) - set(fields)
    if unknown:
        raise WrongTemplate("unknown_label", min(unknown))


def _spread(string: str, where: str) -> list[str]:
    if ".." not in string:
        if not string.strip():
            raise WrongTemplate("wrong_label", where)
        return [string]
    found = RANGE.fullmatch(string)
    if not found:
        raise WrongTemplate("wrong_label", f"{where}: {string}")
    first, last = int(found[2]), int(found[3])
    if not first < last < first + MOST_LABELS:
        raise WrongTemplate("wrong_label", f"{where}: {string}")
    return [f"{found[1]}{index}" for index in range(first, last + 1)]
