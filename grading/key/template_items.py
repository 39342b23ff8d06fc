"""From a template of another program to an exam: what its bubbles ask, and what its key says."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from grading.key.answers import is_joined
from grading.key.items import MOST_ITEMS
from grading.scoring import NO_POINTS, as_points
from grading.sheet.omrchecker.items import TemplateItem, items_of, student_answer
from grading.sheet.omrchecker.key import KeyItem
from grading.sheet.omrchecker.template import Template, TemplateAnswer

LONGEST_NAME, LONGEST_VALUE, LONGEST_NUMBER = 100, 100, 20  # letters that rows hold
MOST_POINTS = Decimal("9999.99")


def items_from(template: Template) -> list[dict[str, Any]]:
    """The fields of its items. Raises ValidationError with a sentence for each that cannot be one here."""
    items = items_of(template)
    if not items:
        raise ValidationError(_("An exam needs at least one item."))
    if len(items) > MOST_ITEMS:
        raise ValidationError(_("An exam has at most %(most)s items.") % {"most": MOST_ITEMS})
    found, sentences = [], []
    for item in items:
        try:
            found.append(item_from(item, template.answers[item.number - 1]))
        except ValidationError as error:
            sentences += error.messages
    if sentences:
        raise ValidationError(sentences)
    return found


def item_from(item: TemplateItem, answer: TemplateAnswer) -> dict[str, Any]:
    check_answer(answer, LONGEST_VALUE)
    parts = [[bubble.value for bubble in field.bubbles] for field in answer.fields]
    shape = {"choice": parts[0], "joined": parts}
    fields = {
        "number": item.number,
        "name": item.name,
        "kind": item.kind,
        "options": shape.get(item.kind, []),
        "digits": item.digits,
    }
    return {**fields, **key_from(item.key, fields)} if item.key else fields


def check_answer(answer: TemplateAnswer, longest: int) -> None:
    """Raises ValidationError where rows cannot hold its name or what may be read there."""
    if len(answer.name) > LONGEST_NAME or not answer.name.isprintable():
        sentence = _("“%(name)s…”: a field's name is at most %(most)s letters long.")
        raise ValidationError(sentence % {"name": printable(answer.name[:20]), "most": LONGEST_NAME})
    values = [bubble.value for field in answer.fields for bubble in field.bubbles]
    if any(not value or "," in value or not value.isprintable() for value in values):
        raise ValidationError(
            _("%(name)s: what a bubble means is one letter or several, without a comma.")
            % {"name": answer.name}
        )
    if longest_value(answer) > longest:
        sentence = _("%(name)s: what is read there may be longer than %(most)s letters.")
        raise ValidationError(sentence % {"name": answer.name, "most": longest})


def printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def longest_value(answer: TemplateAnswer) -> int:
    """Of one bubble a field; of a choice, of all of them."""
    sizes = [[len(bubble.value) for bubble in field.bubbles] for field in answer.fields]
    return sum(map(max, sizes)) if len(sizes) > 1 else sum(sizes[0]) + len(sizes[0]) - 1


def student_digits(template: Template) -> int:
    """Of the number that says whose sheet it is; 0 where the sheet asks for none."""
    answer = student_answer(template)
    if answer is None:
        return 0
    check_answer(answer, LONGEST_NUMBER)
    return longest_value(answer)


# --- the key


def key_from(key: KeyItem, item: Mapping[str, Any]) -> dict[str, Any]:
    """answer, any_of, points and marking. Raises ValidationError where the item cannot be answered so."""
    accepted = {
        value_from(value, item): checked_points(points, key) for value, points in key.accepted if value
    }
    incorrect, unmarked = checked_points(key.incorrect, key), checked_points(key.unmarked, key)
    points = max([*accepted.values(), NO_POINTS])
    best = [value for value, worth in accepted.items() if worth == points]
    several = [value for value in best if "," in value]
    marking: dict[str, Any] = {}
    if incorrect or unmarked:
        marking |= {"incorrect": float(incorrect), "unmarked": float(unmarked)}
    if len(best) < len(accepted) or (several and len(best) > 1):
        marking["accepted"] = {value: float(worth) for value, worth in accepted.items()}
    if several and len(several) == len(best):
        return {"answer": best[0].split(","), "any_of": False, "points": points, "marking": marking}
    single = [value for value in best if "," not in value]
    answer: str | list[str] = single if len(single) > 1 else "".join(single)
    return {"answer": answer, "any_of": len(single) > 1, "points": points, "marking": marking}


def value_from(value: str, item: Mapping[str, Any]) -> str:
    """As readings have it: of a choice "A,C" where templates say "AC"."""
    options, marked = item["options"], None
    if item["kind"] == "choice":
        marked = options_in(value, options)
    elif item["kind"] == "joined":
        marked = [value] if is_joined(options, value) else None
    elif value.isdecimal() and value.isascii() and len(value) <= item["digits"]:
        marked = [value]
    if marked is None:
        words = {"number": item["name"], "answer": printable(value[:20])}
        raise ValidationError(_("Item %(number)s cannot be answered with “%(answer)s”.") % words)
    return ",".join(marked)


def options_in(value: str, options: Sequence[str]) -> list[str] | None:
    """Which of them, in their order, make this value; None where none do. "12" is one option rather than two."""
    ways: dict[str, list[str]] = {"": []}
    for option in options:
        for start, marked in list(ways.items()):
            longer = start + option
            if value.startswith(longer) and (longer not in ways or len(marked) + 1 < len(ways[longer])):
                ways[longer] = [*marked, option]
    return ways.get(value)


def checked_points(points: float, key: KeyItem) -> Decimal:
    worth = as_points(points)
    if abs(worth) > MOST_POINTS:
        words = {"name": key.question, "most": MOST_POINTS}
        raise ValidationError(_("%(name)s: points go up to %(most)s.") % words)
    return worth
