"""The answer key of an OMRChecker template, evaluation.json, in a form that says only what an answer is worth."""

import ast
import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from typing import Any

from grading.sheet.decoding import Grey
from grading.sheet.omrchecker.folder import Folder
from grading.sheet.omrchecker.problems import WrongTemplate
from grading.sheet.omrchecker.values import (
    MOST_BYTES,
    Values,
    check_known,
    check_once,
    expand,
    mapping_in,
    needed,
    one_of,
    text_in,
    texts_in,
    within,
    wrong,
)

WHERE = "evaluation.json"
OPTIONS = f"{WHERE}: options"
SCHEMES = f"{WHERE}: marking_schemes"
ANSWERS = 'A, ["A", "B", "AB"] or [["A", 2], ["B", 1]]'


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


@dataclass(frozen=True)
class Schemes:
    """What questions are worth: all of them, and those that a section names."""

    default: Scheme
    special: Mapping[str, Scheme]

    def item(self, question: str, answer: Any) -> KeyItem:
        """Of one value, several that are equally right, or several with points of their own."""
        scheme = self.special.get(question, self.default)
        if isinstance(answer, str):
            accepted = [(answer, scheme.correct)]
        elif isinstance(answer, list | tuple) and answer:
            accepted = [
                (value, scheme.correct) if isinstance(value, str) else _weighted(value, question)
                for value in answer
            ]
        else:
            raise WrongTemplate("wrong_key", question, ANSWERS)
        return KeyItem(question, tuple(accepted), scheme.incorrect, scheme.unmarked)


@dataclass(frozen=True, eq=False)
class KeyPicture:
    """A filled sheet that holds the right answers of `questions`; of all that are marked where it names none."""

    name: str
    grey: Grey
    questions: tuple[str, ...]
    schemes: Schemes


def read_key(folder: Folder, answers: Sequence[str]) -> tuple[tuple[KeyItem, ...], KeyPicture | None]:
    """The key in the order of evaluation.json, or the picture that it is to be read from; nothing where there is no
    such file. `answers`: the names that the template has. Raises WrongTemplate."""
    if folder.find(WHERE) is None:
        return (), None
    values = folder.values(WHERE)
    source = one_of(needed(values, "source_type", WHERE), ("custom", "csv"), f"{WHERE}: source_type")
    options = mapping_in(values, "options", WHERE)
    schemes = _schemes(mapping_in(values, "marking_schemes", WHERE), answers)
    if source == "custom":
        pairs = _custom(options)
    else:
        picture = options.get("answer_key_image_path")
        table = folder.find(text_in(options, "answer_key_csv_path", OPTIONS)) if _has_table(options) else None
        if table is None and picture is not None:
            return (), _key_picture(options, folder, schemes, answers)
        pairs = _from_csv(folder.data(options["answer_key_csv_path"]))
    check_known([question for question, _ in pairs], answers)
    return tuple(schemes.item(question, answer) for question, answer in pairs), None


def _has_table(options: Values) -> bool:
    """A picture alone will do, though OMRChecker wants to know where it may keep what it reads there."""
    return "answer_key_csv_path" in options or "answer_key_image_path" not in options


def _key_picture(options: Values, folder: Folder, schemes: Schemes, answers: Sequence[str]) -> KeyPicture:
    name = text_in(options, "answer_key_image_path", OPTIONS)
    questions = _questions_in_order(options) if "questions_in_order" in options else ()
    check_known(questions, answers)
    return KeyPicture(name, folder.picture(name), questions, schemes)


def _weighted(pair: Any, question: str) -> tuple[str, float]:
    if not isinstance(pair, list | tuple) or len(pair) != 2 or not isinstance(pair[0], str):
        raise WrongTemplate("wrong_key", question, ANSWERS)
    return pair[0], score(pair[1], question)


def score(value: Any, where: str) -> float:
    """A number, or a text like "-1" or "1/2"."""
    problem = WrongTemplate("wrong_points", where, '3, -1 or "1/4"')
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 20:
        raise problem
    try:
        found = float(Fraction(str(value).replace(" ", "")))
    except (ValueError, ArithmeticError) as error:
        raise problem from error
    if abs(found) > 1e6:
        raise problem
    return found


def _custom(options: Values) -> list[tuple[str, Any]]:
    questions = _questions_in_order(options)
    answers = needed(options, "answers_in_order", OPTIONS)
    if not isinstance(answers, list):
        raise wrong("answers_in_order", OPTIONS)
    if len(answers) != len(questions):
        raise WrongTemplate(
            "answer_count", within(OPTIONS, "answers_in_order"), f"{len(answers)} / {len(questions)}"
        )
    return list(zip(questions, answers, strict=True))


def _questions_in_order(options: Values) -> tuple[str, ...]:
    return expand(texts_in(options, "questions_in_order", OPTIONS), within(OPTIONS, "questions_in_order"))


def _from_csv(data: bytes) -> list[tuple[str, Any]]:
    """Rows of question and answer, no header. An answer that starts with a bracket is a list, as is one with commas."""
    if len(data) > MOST_BYTES:
        raise WrongTemplate("too_large", "answer_key_csv_path")
    try:
        rows = [row for row in csv.reader(StringIO(data.decode("utf-8-sig"))) if any(row)]
    except (UnicodeError, csv.Error) as error:
        raise WrongTemplate("wrong_key", "answer_key_csv_path", "q1,A") from error
    pairs = [_row(row) for row in rows]
    check_once(question for question, _ in pairs)
    return pairs


def _row(row: Sequence[str]) -> tuple[str, Any]:
    question, answer = row[0].strip(), ",".join(row[1:]).strip()
    if not answer:
        raise WrongTemplate("wrong_key", question, f"{question},A")
    if not answer.startswith("["):
        return question, [value.strip() for value in answer.split(",")] if "," in answer else answer
    try:
        return question, ast.literal_eval(answer)
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise WrongTemplate("wrong_key", question, ANSWERS) from error


def _schemes(sections: Values, answers: Sequence[str]) -> Schemes:
    default = _scheme(sections, "DEFAULT", SCHEMES)
    special: dict[str, Scheme] = {}
    for name in sections:
        if name != "DEFAULT":
            where = within(SCHEMES, name)
            section = mapping_in(sections, name, SCHEMES, like="section")
            questions = _questions(section, where)
            check_known(questions, answers)
            special |= dict.fromkeys(questions, _scheme(section, "marking", where))
    return Schemes(default, special)


def _questions(section: Values, where: str) -> tuple[str, ...]:
    value = needed(section, "questions", where)
    strings: Iterable[str] = [value] if isinstance(value, str) else texts_in(section, "questions", where)
    return expand(strings, within(where, "questions"))


def _scheme(values: Values, name: str, where: str) -> Scheme:
    points = mapping_in(values, name, where)
    where = within(where, name)
    return Scheme(
        *(
            score(needed(points, case, where), within(where, case))
            for case in ("correct", "incorrect", "unmarked")
        )
    )
