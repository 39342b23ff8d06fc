"""From the probabilities of a template sheet's cells to its answers, by the same rules as our own sheets."""

from collections.abc import Mapping, Sequence

import numpy as np

from grading.sheet.interpret import Identity, ItemReading, Numbers, gap_in, read_options
from grading.sheet.omrchecker.items import student_answer
from grading.sheet.omrchecker.template import Template, TemplateAnswer, TemplateField


def read_answers(template: Template, marks: Numbers, certain: float) -> dict[str, ItemReading]:
    """What each answer says, by its name. marks: (n, 7) probabilities, in the order of `template.form.fields`.

    Several marks in a field are joined in the template's order ("AC"), as are the fields of an answer ("E5031"), where
    each field may hold one: "E50?1" where one of them cannot be read.
    """
    multiple = takes_several(template)
    readings, start = {}, 0
    for answer in template.answers:
        parts = []
        for field in answer.fields:
            end = start + len(field.bubbles)
            parts.append(_read_field(field, marks[start:end], answer.name in multiple, certain))
            if (
                len(answer.fields) == 1 and parts[0].reason == "two_marks"
            ):  # what is there, whatever it is worth
                parts = [_read_field(field, marks[start:end], True, certain)]
            start = end
        readings[answer.name] = parts[0] if len(parts) == 1 else _joined(parts)
    return readings


def read_student(template: Template, readings: Mapping[str, ItemReading]) -> Identity:
    """Whose sheet it is, by the answer that the template has for that; of a template without one nobody asks."""
    answer = student_answer(template)
    if answer is None:
        return Identity("")
    reading = readings[answer.name]
    if reading.reason:
        return Identity(reading.value, "student_unreadable")
    return Identity(reading.value, "" if reading.value else "student_missing")


def takes_several(template: Template) -> set[str]:
    """Names of the answers whose key has values that no single bubble means."""
    single = {answer.name: _values(answer) for answer in template.answers if len(answer.fields) == 1}
    return {
        item.question
        for item in template.key
        if item.question in single
        and any(value not in single[item.question] for value, _ in item.accepted if value)
    }


def _values(answer: TemplateAnswer) -> set[str]:
    return {bubble.value for bubble in answer.fields[0].bubbles}


def _read_field(field: TemplateField, marks: Numbers, several: bool, certain: float) -> ItemReading:
    places = [str(place) for place in range(len(field.bubbles))]
    reading = read_options(marks, places, several, certain)
    chosen = reading.value.split(",") if reading.value else []
    return ItemReading(
        "".join(field.bubbles[int(place)].value for place in chosen), reading.confidence, reading.reason
    )


def _joined(parts: Sequence[ItemReading]) -> ItemReading:
    values = [part.value for part in parts]
    doubt = next((part.reason for part in parts if part.reason), "") or gap_in(values)
    shown = "".join(_with_gaps(parts) if doubt else values)
    return ItemReading(shown, float(np.prod([part.confidence for part in parts])), doubt)


def _with_gaps(parts: Sequence[ItemReading]) -> list[str]:
    """The values, "?" in place of each that is missing or several, so that the others keep their places. Of what was
    left empty before and behind the rest nothing is missing."""
    used = [place for place, part in enumerate(parts) if part.value or part.reason]
    return [
        "?" if used[0] <= place <= used[-1] and (part.reason == "two_marks" or not part.value) else part.value
        for place, part in enumerate(parts)
    ]
