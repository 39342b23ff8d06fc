"""What one item is answered with, as people type it: "3"; one of several is right: "1/3"; all of several must be
marked: "1+3"; not known yet: "?". Plain text in, plain values out: knows no Django.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grading.scoring import Key, as_quantity

LETTERS = ("A", "B", "C", "D", "E")
OX_WORDS = {"o": "O", "x": "X", "true": "O", "false": "X", "t": "O", "f": "X", "0": "O"}
OX_WORDS |= dict.fromkeys("○◯〇", "O") | dict.fromkeys("×✕✗╳", "X")
NOT_KNOWN = ("", "?", "_")
# Circled digits that Unicode does not name as such: ❶ ➀ ➊
DINGBATS = {chr(start + place): str(place + 1) for start in (0x2776, 0x2780, 0x278A) for place in range(10)}
AS_TYPED = str.maketrans({"−": "-", "\r": None, "\u200b": None, "\ufeff": None})
WRITTEN = ("number", "digits_grid")
OUTSIDE_BRACKETS = r"{}(?![^()]*\))"
BLANKS_BEFORE = (
    r"(?:(?<!\s)\s+)?"  # only from where a run begins: tried from each of its blanks, long ones take seconds
)


@dataclass(frozen=True)
class Asked:
    """What an item can be answered with; of a joined one `options` are those of each part."""

    number: int
    kind: str
    options: Sequence[Any] = ()
    digits: int = 3

    @property
    def labels(self) -> Sequence[str]:
        """What is chosen from; empty where it is written freely."""
        fixed: dict[str, Sequence[str]] = {"ox": ("O", "X"), "letter": LETTERS, "choice": self.options}
        return fixed.get(self.kind, ())


@dataclass(frozen=True)
class KeyAnswer:
    """As rows have it: "" (not known yet), a text, or a list of texts."""

    answer: Key
    any_of: bool = False


@dataclass(frozen=True)
class Problem:
    """What is wrong, of which item; the site has the sentence."""

    code: str
    item: int | None = None
    words: Mapping[str, Any] = field(default_factory=dict)


def read_cell(text: str, item: Asked) -> KeyAnswer | Problem:
    """What was typed at one item."""
    cell = closed_up(plain(text)).strip()
    if cell in NOT_KNOWN:
        return KeyAnswer("")
    if (whole := possible(item, cell)) is not None and not is_either(
        item, cell
    ):  # options may have signs: A+
        return KeyAnswer(whole)
    if "/" in cell and "+" in cell:
        return Problem("mixed", item.number)
    if "+" in cell.strip("+") and item.kind != "choice":
        return Problem("one_only", item.number, {"answer": cell})
    separator = "/" if "/" in cell else "+" if "+" in cell else "," if item.kind == "choice" else ""
    apart = re.split(OUTSIDE_BRACKETS.format(re.escape(separator)), cell) if separator else [cell]
    parts = [part for part in apart if part]
    answers = [possible(item, part) for part in parts]
    if not answers or None in answers or len(set(answers)) < len(answers):
        wrong = next((part for part, answer in zip(parts, answers, strict=True) if answer is None), cell)
        return impossible(item, wrong)
    known = [answer for answer in answers if answer is not None]
    is_list = len(known) > 1
    return KeyAnswer(known if is_list else known[0], is_list and separator == "/" and item.kind == "choice")


def impossible(item: Asked, answer: str) -> Problem:
    """Why a student could not have answered so."""
    is_number = item.kind == "number" and as_quantity(answer) is not None and "/" not in answer
    is_number |= item.kind == "digits_grid" and answer.isdecimal()
    if is_number and len(answer) > item.digits:
        words = {"answer": answer, "boxes": item.digits, "needed": len(answer)}
        return Problem("too_few_boxes", item.number, words)
    return Problem("impossible", item.number, {"answer": answer})


def is_either(item: Asked, cell: str) -> bool:
    """1/2 at a number is 1 or 2; the fraction stands in brackets: (1/2)."""
    return item.kind == "number" and "/" in cell and bare(cell) == cell


def possible(item: Asked, text: str) -> str | None:
    """The answer in the form that rows have it; None where a student could not have answered so."""
    text = bare(plain(text))
    if item.kind == "ox":
        return OX_WORDS.get(text.lower())
    if item.labels:
        return label_of(text, item.labels)
    if item.kind == "digits_grid":
        return text if text.isdecimal() and text.isascii() and len(text) <= item.digits else None
    if item.kind == "number":
        return text if is_written(text, item.digits) else None
    if item.kind == "joined":
        return text if is_joined(item.options, text) else None
    return None


def is_written(text: str, boxes: int) -> bool:
    """Whether this is a number that has room in so many boxes; of a fraction what is before its point."""
    quantity = as_quantity(text)
    if quantity is None or "/" not in text:
        return quantity is not None and len(text) <= boxes
    return len(str(int(quantity))) <= boxes


def label_of(text: str, labels: Sequence[str]) -> str | None:
    """The option that is meant: as it is written, else whatever its width and case."""
    forms = [list(labels), [plain(label).strip() for label in labels]]
    forms.append([form.casefold() for form in forms[1]])
    for form, written in zip(forms, (text, text, text.casefold()), strict=True):
        if form.count(written) == 1:
            return labels[form.index(written)]
    return None


def is_joined(parts: Iterable[Iterable[str]], text: str) -> bool:
    """Whether this is one option, or none, of each part after the other."""
    reached = {0}
    for options in parts:
        reached |= {at + len(one) for at in reached for one in options if text.startswith(one, at)}
    return len(text) in reached


def typed(answer: Key, any_of: bool, kind: str) -> str:
    """The answer as a person would type it."""
    answers = answer if isinstance(answer, list) else [answer] if answer else []
    if kind == "number":
        answers = [f"({one})" if "/" in one else one for one in answers]
    return ("+" if kind == "choice" and not any_of else "/").join(answers) or "?"


# --- the text


def plain(text: str) -> str:
    """Full-width and circled characters as plain ones; what is circled stands by itself."""
    apart = (f" {DINGBATS.get(one, one)} " if is_circled(one) else one for one in text)
    text = unicodedata.normalize("NFKC", "".join(apart)).translate(AS_TYPED)
    return re.sub(r" {2,}", " ", text)


def is_circled(one: str) -> bool:
    return one in DINGBATS or unicodedata.decomposition(one).startswith("<circle>")


def closed_up(text: str, signs: str = "/+,") -> str:
    """Without blanks around the signs that join answers."""
    return re.sub(rf"{BLANKS_BEFORE}([{signs}])\s*", r"\1", text)


def bare(text: str) -> str:
    """Without brackets around it."""
    text = text.strip()
    return text[1:-1].strip() if text[:1] + text[-1:] in ("()", "[]") else text
