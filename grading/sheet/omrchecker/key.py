"""The answer key of an OMRChecker template, evaluation.json, in a form that says only what an answer is worth."""

import ast
import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from typing import Any

from grading.sheet.omrchecker.problems import WrongTemplate
from grading.sheet.omrchecker.values import check_known, expand, mapping, needed, parse_text, parse_texts

FindFile = Callable[[str], bytes]
WHERE = "evaluation.json"


@dataclass(frozen=True)
class KeyItem:
    """What one question's answers are worth: `accepted` as (value, points), any other, and none."""

    question: str
    accepted: tuple[tuple[str, float], ...]
    incorrect: float
    unmarked: float

    def points(self, value: str) -> float:
        if not value:
            return self.unmarked
        return dict(self.accepted).get(value, self.incorrect)


@dataclass(frozen=True)
class Scheme:
    correct: float
    incorrect: float
    unmarked: float


def read_key(values: dict[str, Any], questions: Sequence[str], find_file: FindFile) -> tuple[KeyItem, ...]:
    """The key in the order of evaluation.json. `questions`: the names that the template has. Raises WrongTemplate."""
    options = mapping(needed(values, "options", WHERE), f"{WHERE}: options")
    source = needed(values, "source_type", WHERE)
    if source == "custom":
        answers = _custom(options)
    elif source == "csv":
        answers = _from_csv(find_file(parse_text(needed(options, "answer_key_csv_path", WHERE), WHERE)))
    else:
        raise WrongTemplate("wrong_value", f"{WHERE}: source_type")
    check_known([question for question, _ in answers], questions)
    default, special = _schemes(
        mapping(needed(values, "marking_schemes", WHERE), f"{WHERE}: marking_schemes")
    )
    return tuple(_item(question, answer, special.get(question, default)) for question, answer in answers)


def _item(question: str, answer: Any, scheme: Scheme) -> KeyItem:
    """One value, several that are equally right, or several with points of their own."""
    if isinstance(answer, str):
        return KeyItem(question, ((answer, scheme.correct),), scheme.incorrect, scheme.unmarked)
    if not isinstance(answer, list | tuple) or not answer:
        raise WrongTemplate("wrong_key", question)
    accepted = [
        (value, scheme.correct) if isinstance(value, str) else _weighted(value, question) for value in answer
    ]
    return KeyItem(question, tuple(accepted), scheme.incorrect, scheme.unmarked)


def _weighted(pair: Any, question: str) -> tuple[str, float]:
    if not isinstance(pair, list | tuple) or len(pair) != 2 or not isinstance(pair[0], str):
        raise WrongTemplate("wrong_key", question)
    return pair[0], score(pair[1], question)


def score(value: Any, where: str) -> float:
    """A number, or a text like "-1" or "1/2"."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 20:
        raise WrongTemplate("wrong_key", where)
    try:
        found = float(Fraction(str(value).replace(" ", "")))
    except (ValueError, ArithmeticError) as error:
        raise WrongTemplate("wrong_key", where) from error
    if abs(found) > 1e6:
        raise WrongTemplate("wrong_key", where)
    return found


def _custom(options: dict[str, Any]) -> list[tuple[str, Any]]:
    questions = expand(
        parse_texts(needed(options, "questions_in_order", WHERE), f"{WHERE}: questions_in_order"), WHERE
    )
    answers = needed(options, "answers_in_order", WHERE)
    if not isinstance(answers, list) or len(answers) != len(questions):
        raise WrongTemplate("wrong_value", f"{WHERE}: answers_in_order")
    return list(zip(questions, answers, strict=True))


def _from_csv(data: bytes) -> list[tuple[str, Any]]:
    """Rows of question and answer, no header. An answer that starts with a bracket is a list."""
    try:
        rows = [row for row in csv.reader(StringIO(data.decode("utf-8-sig"))) if any(row)]
    except (UnicodeError, csv.Error) as error:
        raise WrongTemplate("wrong_key", "csv") from error
    return [_row(row) for row in rows]


def _row(row: Sequence[str]) -> tuple[str, Any]:
    question, answer = row[0].strip(), ",".join(row[1:]).strip()
    if not answer.startswith("["):
        return question, answer
    try:
        return question, ast.literal_eval(answer)
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise WrongTemplate("wrong_key", question) from error


def _schemes(sections: dict[str, Any]) -> tuple[Scheme, dict[str, Scheme]]:
    """The scheme of all questions, and of those that a section names."""
    default = _scheme(needed(sections, "DEFAULT", f"{WHERE}: marking_schemes"), "DEFAULT")
    special: dict[str, Scheme] = {}
    for name, section in sections.items():
        if name != "DEFAULT":
            values = mapping(section, name)
            scheme = _scheme(needed(values, "marking", name), name)
            special |= dict.fromkeys(_questions(needed(values, "questions", name), name), scheme)
    return default, special


def _questions(value: Any, name: str) -> Iterable[str]:
    return expand([value] if isinstance(value, str) else parse_texts(value, name), name)


def _scheme(value: Any, name: str) -> Scheme:
    values = mapping(value, name)
    return Scheme(*(score(needed(values, case, name), name) for case in ("correct", "incorrect", "unmarked")))
