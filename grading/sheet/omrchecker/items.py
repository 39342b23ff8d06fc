"""A template's answers as an exam's items: what a teacher sees, scores and exports."""

import re
from dataclasses import dataclass

from grading.sheet.omrchecker.key import KeyItem
from grading.sheet.omrchecker.template import DIGITS, Template, TemplateAnswer

STUDENT = re.compile(r"roll|student|id$|^id|reg|matric|학번|번호|수험", re.IGNORECASE)


@dataclass(frozen=True)
class TemplateItem:
    """One answer that is scored. `number` is that of its fields in `template.form`.

    kind: "choice" (one field, `options` in order) or "digits_grid" (`digits` columns of 0 to 9), as in `ItemSpec`;
    "joined" for other fields that are read together. `key` is None where evaluation.json does not ask for it.
    """

    number: int
    name: str
    kind: str
    options: tuple[str, ...]
    digits: int
    key: KeyItem | None


def student_answer(template: Template) -> TemplateAnswer | None:
    """The answer that says whose sheet it is: a joined one with a name like Roll, which the key does not ask for."""
    asked = {item.question for item in template.key}
    joined = [answer for answer in template.answers if len(answer.fields) > 1 and answer.name not in asked]
    return next((answer for answer in joined if STUDENT.search(answer.name)), None)


def items_of(template: Template) -> tuple[TemplateItem, ...]:
    """All answers but the student number, in the order of the results."""
    student = student_answer(template)
    keys = {item.question: item for item in template.key}
    return tuple(
        TemplateItem(
            number, answer.name, _kind(answer), _options(answer), len(answer.fields), keys.get(answer.name)
        )
        for number, answer in enumerate(template.answers, start=1)
        if answer is not student
    )


def _kind(answer: TemplateAnswer) -> str:
    if all(tuple(bubble.value for bubble in field.bubbles) == DIGITS for field in answer.fields):
        return "digits_grid"
    return "choice" if len(answer.fields) == 1 else "joined"


def _options(answer: TemplateAnswer) -> tuple[str, ...]:
    return tuple(bubble.value for bubble in answer.fields[0].bubbles) if len(answer.fields) == 1 else ()
