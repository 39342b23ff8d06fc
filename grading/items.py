"""Items as people write them, checked and brought into the one form that the rows have."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from grading.models import Exam, Item, ItemKind
from grading.models.exams import laid_out
from grading.scoring import Key, as_number
from grading.sheet.spec import LayoutError, SheetSpec
from web.parsers import parsed_number

SCHOOL = {"ko": [["학년", 1], ["반", 2], ["번호", 2]], "en": [["Grade", 1], ["Class", 2], ["No.", 2]]}
SERIES = (
    "1 2 3 4 5 6 7 8 9 10",
    "A B C D E F G H I J",
    "ㄱ ㄴ ㄷ ㄹ ㅁ ㅂ ㅅ ㅇ ㅈ ㅊ",
    "가 나 다 라 마 바 사 아 자 차",
)
OX_WORDS = {"o": "O", "x": "X", "true": "O", "false": "X", "0": "O", "○": "O", "×": "X"}
MOST_ITEMS = 300


def options_from(given: Any) -> list[str]:
    """Labels from 5, "1-5", "A–E", "ㄱ-ㅁ", "a, b, c" or a list of them."""
    if isinstance(given, list | tuple):
        return [str(label).strip() for label in given]
    text = str(given).strip().replace("–", "-").replace("~", "-")
    if (count := parsed_number(text)) is not None:
        return SERIES[0].split()[:count]
    first, _dash, last = (part.strip() for part in text.partition("-"))
    for series in (series.split() for series in SERIES):
        if first in series and last in series:
            return series[series.index(first) : series.index(last) + 1]
    return [label.strip() for label in text.replace(",", " ").split()]


def clean_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item with its options and keys in their one form. Raises ValidationError with a sentence."""
    item = dict(item)
    item["options"] = options_from(item.get("options") or 5) if item["kind"] == ItemKind.CHOICE else []
    check_shape(item)
    item["answer"] = clean_key(item, item.get("answer", ""))
    item["answers"] = [clean_key(item, key) for key in item.get("answers", [])]
    return item


def check_shape(item: Mapping[str, Any]) -> None:
    number, options = item["number"], item["options"]
    if item["kind"] == ItemKind.JOINED:
        raise ValidationError(
            _("Item %(number)s is of a kind that only templates have.") % {"number": number}
        )
    if item["kind"] == ItemKind.CHOICE and not 2 <= len(set(options)) == len(options) <= 10:
        raise ValidationError(_("Item %(number)s needs 2 to 10 different options.") % {"number": number})
    if any(not 1 <= len(label) <= 4 or "," in label or not label.isprintable() for label in options):
        raise ValidationError(
            _("Item %(number)s: an option is 1 to 4 characters without a comma.") % {"number": number}
        )
    if item["kind"] in (ItemKind.NUMBER, ItemKind.DIGITS_GRID) and not 1 <= item.get("digits", 3) <= 12:
        raise ValidationError(_("Item %(number)s needs 1 to 12 digits.") % {"number": number})


def clean_key(item: Mapping[str, Any], key: Any) -> Key:
    """ "", one text, or several. Raises ValidationError where the item cannot be answered so."""
    if key is None or key == "" or key == [] or item["kind"] == ItemKind.OPEN:
        return ""
    if isinstance(key, list | tuple):
        return [single_key(item, part) for part in key]
    return single_key(item, key)


def single_key(item: Mapping[str, Any], key: Any) -> str:
    text = str(key).strip()
    if item["kind"] == ItemKind.OX:
        text = OX_WORDS.get(text.lower(), text)
    if item["kind"] == ItemKind.LETTER:
        text = text.upper()
    if not is_possible(item, text):
        words = {"number": item.get("name") or item["number"], "answer": text}
        raise ValidationError(_("Item %(number)s cannot be answered with “%(answer)s”.") % words)
    return text


def is_possible(item: Mapping[str, Any], text: str) -> bool:
    """Whether a student could have answered so."""
    kind, digits = item["kind"], item.get("digits", 3)
    if kind in (ItemKind.CHOICE, ItemKind.OX):
        return text in (["O", "X"] if kind == ItemKind.OX else item["options"])
    if kind == ItemKind.LETTER:
        return text in list("ABCDE")
    if kind == ItemKind.DIGITS_GRID:
        return text.isdecimal() and text.isascii() and len(text) <= digits
    if kind == ItemKind.JOINED:
        return is_joined(item["options"], text)
    return as_number(text) is not None and len(text) <= digits


def is_joined(parts: Iterable[Iterable[str]], text: str) -> bool:
    """Whether this is one option, or none, of each part after the other."""
    reached = {0}
    for options in parts:
        reached |= {at + len(one) for at in reached for one in options if text.startswith(one, at)}
    return len(text) in reached


def clean_value(item: Item, value: str) -> str:
    """A correction in the form that readings have. Raises ValidationError where the item cannot be answered so."""
    value = value.strip().upper() if item.kind in (ItemKind.LETTER, ItemKind.OX) else value.strip()
    parts = {part.strip() for part in value.split(",")} if item.kind == ItemKind.CHOICE else {value}
    if value and not all(is_allowed(item, part) for part in parts):
        words = {"number": str(item), "answer": value}
        raise ValidationError(_("Item %(number)s cannot be answered with “%(answer)s”.") % words)
    return (
        ",".join(option for option in item.options if option in parts)
        if item.kind == ItemKind.CHOICE
        else value
    )


def is_allowed(item: Item, value: str) -> bool:
    """Whether a person may enter this: what a student could have answered, or points for a written answer."""
    if item.kind == ItemKind.OPEN:
        points = as_number(value)
        return points is not None and 0 <= points <= item.points
    return is_possible({"kind": item.kind, "options": item.options, "digits": item.digits}, value)


def clean_for(exam: Exam | None, items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """`clean_items`; where the sheet is a template's, all that is on it stays, as do items that are not named."""
    if exam is None or not exam.template:
        return clean_items(items)
    given, good, sentences = {item["number"]: item for item in items}, [], []
    for row in exam.items.all():
        try:
            good.append(clean_template_item(row, given.pop(row.number, {})))
        except ValidationError as error:
            sentences += error.messages
    sentences += [_("There is no item %(number)s on this form.") % {"number": number} for number in given]
    if sentences:
        raise ValidationError(sentences)
    return good


def clean_template_item(row: Item, given: Mapping[str, Any]) -> dict[str, Any]:
    """The item with another key or other points. Values that had points of their own lose them with either."""
    shape = {
        "number": row.number,
        "name": row.name,
        "kind": row.kind,
        "options": row.options,
        "digits": row.digits,
    }
    old = {"answer": row.answer, "any_of": row.any_of, "points": row.points, "marking": row.marking}
    if not given:
        return {**shape, **old}
    item = {**shape, **old, **{name: given[name] for name in ("any_of", "points") if name in given}}
    item["answer"] = clean_key(item, given.get("answer", row.answer))
    if any(item[name] != old[name] for name in ("answer", "any_of", "points")):
        item["marking"] = {name: value for name, value in row.marking.items() if name != "accepted"}
    return item


def check_printable(exam: Exam, items: Iterable[Item]) -> SheetSpec:
    """What its sheet asks for. Raises ValidationError where it cannot be printed."""
    spec = exam.spec_with(items)
    try:
        laid_out(spec)
    except LayoutError as error:
        raise ValidationError(str(error)) from error
    return spec


def clean_items(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All items of an exam, in order. Raises ValidationError with a sentence for each that is wrong."""
    good, sentences, seen = [], [], set()
    for item in items:
        try:
            good.append(clean_item(item))
        except ValidationError as error:
            sentences += error.messages
        if item["number"] in seen:
            sentences.append(_("Item %(number)s is there twice.") % {"number": item["number"]})
        seen.add(item["number"])
    if not seen:
        sentences.append(_("An exam needs at least one item."))
    if len(seen) > MOST_ITEMS:
        sentences.append(_("An exam has at most %(most)s items.") % {"most": MOST_ITEMS})
    if sentences:
        raise ValidationError(sentences)
    return sorted(good, key=lambda item: item["number"])
