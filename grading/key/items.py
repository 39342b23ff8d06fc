"""Items as people write them, checked and brought into the one form that the rows have."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.key.answers import Asked, Problem, impossible, possible
from grading.key.rules import clean_marking
from grading.models import Exam, Item, ItemKind
from grading.models.exams import laid_out
from grading.scoring import Key, as_number, as_points
from grading.sheet.spec import LayoutError, SheetSpec
from web.parsers import parsed_number

SCHOOL = {"ko": [["학년", 1], ["반", 2], ["번호", 2]], "en": [["Grade", 1], ["Class", 2], ["No.", 2]]}
SERIES = (
    "A B C D E F G H I J",
    "ㄱ ㄴ ㄷ ㄹ ㅁ ㅂ ㅅ ㅇ ㅈ ㅊ",
    "가 나 다 라 마 바 사 아 자 차",
)
MOST_ITEMS, MOST_POINTS = 300, 999_999
LONGEST = 100  # characters of an answer, as rows have room for
MOST_NUMBERED = 31  # options that are counted out: one more than any sheet has, which is then refused
KEY = ("answer", "answers", "any_of")
KEPT = ("kind", "options", "digits", "lines", "points", "tolerance", "marking", "rubric", *KEY)
# By the codes of `grading.key.answers` and `grading.key.text`
SENTENCES = {
    "impossible": gettext_lazy("Item %(number)s cannot be answered with “%(answer)s”."),
    "too_few_boxes": gettext_lazy(
        "Item %(number)s has %(boxes)s boxes, but “%(answer)s” needs %(needed)s: one for each digit, sign and point."
    ),
    "one_only": gettext_lazy(
        "Item %(number)s takes one answer: “%(answer)s” is several. Where any one of them is right, write 7/8."
    ),
    "mixed": gettext_lazy("Item %(number)s: write 1+3 where both are to be marked, 1/3 where one is enough."),
    "outside": gettext_lazy("The key names item %(number)s, but these are items %(first)s to %(last)s."),
    "twice": gettext_lazy("The key names item %(number)s twice."),
    "missing": gettext_lazy(
        "No answer is there for these items: %(items)s. Write ? where it is not known yet."
    ),
    "too_few": gettext_lazy(
        "The key has %(given)s of %(wanted)s answers: %(difference)s missing. Write ? where one is not known yet."
    ),
    "too_many": gettext_lazy("The key has %(given)s answers, but there are %(wanted)s items."),
    "ambiguous": gettext_lazy(
        "This can be meant in two ways: item %(number)s is “%(one)s” or “%(other)s”. Write it with the numbers of the "
        "items: 1) 3 2) 5."
    ),
}
# By the codes of LayoutError, for what is well-formed
UNPRINTABLE = {
    "too_large": gettext_lazy("Item %(number)s is too large for this paper. Please choose larger paper."),
    "id_too_wide": gettext_lazy(
        "The student number has too many digits for this paper. Please choose larger paper or fewer digits."
    ),
}


def options_from(given: Any) -> list[str]:
    """Labels from 5, "1-5", "A–E", "ㄱ-ㅁ", "a, b, c" or a list of them."""
    if isinstance(given, list | tuple):
        return [str(label).strip() for label in given]
    text = str(given).strip().replace("–", "-").replace("~", "-")
    if (count := parsed_number(text)) is not None:
        return counted(1, count)
    first, _dash, last = (part.strip() for part in text.partition("-"))
    if (start := parsed_number(first)) is not None and (end := parsed_number(last)) is not None:
        return counted(start, end)
    for series in (series.split() for series in SERIES):
        if first in series and last in series:
            return series[series.index(first) : series.index(last) + 1]
    return [label.strip() for label in text.replace(",", " ").split()]


def counted(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, min(last, first + MOST_NUMBERED - 1) + 1)]


def clean_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item with its options and keys in their one form. Raises ValidationError with a sentence."""
    item = dict(item)
    if "kind" not in item:
        raise ValidationError(_("Item %(number)s has no kind.") % {"number": item["number"]})
    item["options"] = options_from(item.get("options") or 5) if item["kind"] == ItemKind.CHOICE else []
    check_shape(item)
    item["answer"] = clean_key(item, item.get("answer", ""))
    item["answers"] = [clean_key(item, key) for key in item.get("answers", [])]
    if "marking" in item:
        item["marking"] = clean_marking(item, item["marking"])
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
    asked = asked_by(item)
    if (answer := possible(asked, text)) is None:
        raise ValidationError(sentence_of(impossible(asked, text), item.get("name", "")))
    return answer


def asked_by(item: Mapping[str, Any]) -> Asked:
    return Asked(item["number"], item["kind"], item["options"], item.get("digits", 3))


def asked_of(item: Item) -> Asked:
    return Asked(item.number, item.kind, item.options, item.digits)


def sentence_of(problem: Problem, name: str = "") -> str:
    """What is wrong with a key; `name` is what the item is called."""
    return str(SENTENCES[problem.code]) % {"number": name or problem.item, **problem.words}


def clean_value(item: Item, value: str, version: int) -> str:
    """A correction in the form that readings have. Raises ValidationError where the item cannot be answered so."""
    value = value.strip().upper() if item.kind in (ItemKind.LETTER, ItemKind.OX) else value.strip()
    if item.kind == ItemKind.OPEN and (marks := rubric_marks(item, value)):
        return marks
    parts = {part.strip() for part in value.split(",")} if item.kind == ItemKind.CHOICE else {value}
    if value and (len(value) > LONGEST or not all(is_allowed(item, part, version) for part in parts)):
        raise ValidationError(sentence_of(impossible(asked_of(item), value[:LONGEST]), str(item)))
    return (
        ",".join(option for option in item.options if option in parts)
        if item.kind == ItemKind.CHOICE
        else value
    )


def rubric_marks(item: Item, value: str) -> str:
    """Rows of a written answer's rubric, "ca" or "a+c", in its order; "" where this is something else."""
    marks = [row["mark"] for row in item.rubric]
    given = set(value.casefold()) - set("+, ")
    return "+".join(mark for mark in marks if mark in given) if given and given <= set(marks) else ""


def is_allowed(item: Item, value: str, version: int) -> bool:
    """Whether a person may enter this: what a student could have answered, or points for a written answer."""
    if item.kind == ItemKind.OPEN:
        points = as_number(value)
        return points is not None and 0 <= points <= item.scored(version)["points"]
    return possible(asked_of(item), value) == value


def clean_for(exam: Exam | None, items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """`clean_items`; what is left out of an item that is there stays, also where it had another number: `was`, None of
    a new one. Where the sheet is a template's, all that is on it stays, as do items that are not named."""
    if exam is None:
        return clean_items(items)
    if not exam.template:
        there = {row.number: row for row in exam.items.all()}
        return clean_items([with_rest(there.get(item.get("was", item["number"])), item) for item in items])
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


def with_rest(row: Item | None, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """With what is left out as it was. A list that is the key by itself is a set: `any_of` goes with the key it was
    given with."""
    given = {name: value for name, value in given.items() if name != "was"}
    if row is None:
        return {"rubric": [], **given}
    kept = {name: getattr(row, name) for name in KEPT if name not in given}
    if given.get("kind", row.kind) != row.kind:
        kept = {name: value for name, value in kept.items() if name not in (*KEY, "marking")}
    return {**kept, **key_parts(given), **given}


def key_parts(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a new key says where it does not say it."""
    is_new = "answer" in given or "answers" in given
    return {"any_of": False} if is_new else {}


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
    named = {name: given[name] for name in ("any_of", "points") if name in given}
    item = {**shape, **old, **key_parts(given), **named}
    item["answer"] = clean_key(item, given.get("answer", row.answer))
    item["marking"] = clean_marking(item, given.get("marking", row.marking))
    if row.accepted and not any(item[name] != old[name] for name in ("answer", "any_of", "points")):
        item["marking"]["accepted"] = row.accepted
    return item


def check_points(items: Iterable[Item]) -> None:
    """Raises ValidationError where scores could be longer than papers have room for."""
    if sum(farthest(item) for item in items) > MOST_POINTS:
        raise ValidationError(
            _("All items together are worth at most %(most)s points, for or against.") % {"most": MOST_POINTS}
        )


def farthest(item: Item) -> Decimal:
    """From 0, whatever is answered."""
    rule = item.marking
    parts = [rule.get("incorrect", 0), rule.get("unmarked", 0), rule.get("least", 0)]
    parts += [*rule.get("weights", {}).values(), *rule.get("accepted", {}).values()]
    return max(abs(as_points(part)) for part in (item.points, *parts))


def check_printable(exam: Exam, items: Iterable[Item]) -> SheetSpec:
    """What its sheet asks for. Raises ValidationError where it cannot be printed."""
    spec = exam.spec_with(items)
    try:
        laid_out(spec)
    except LayoutError as error:
        sentence = UNPRINTABLE.get(error.code)
        raise ValidationError(sentence % {"number": error.item} if sentence else str(error)) from error
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
