"""A key as people type or paste it, read into answers. Plain text in, plain values out: knows no Django.

The same text can be meant in several ways: "315" is one answer or three, "1,3" two answers or one item of which both
options are right. Each of `WAYS` reads it in one way; the one that gives every item its answer is meant. Where none
does, or two do that differ, that is a problem to be told, never a guess.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from grading.key.answers import WRITTEN, Asked, KeyAnswer, Problem, bare, closed_up, plain, read_cell, typed

# What stands over columns and before rows
HEADS = ["번호", "문항", "문제", "정답", "답", "no", "no.", "item", "question", "answer", "answers", "key"]
LONGEST = 9  # digits of the number of an item: what has more is nobody's


@dataclass(frozen=True)
class KeyRead:
    answers: dict[int, KeyAnswer]
    problems: list[Problem]


Cells = dict[int, str]  # item number → what stands at it


@dataclass(frozen=True)
class Reading:
    """The text read in one way: what stands at each item, how many answers there are, and what is wrong with that."""

    cells: Cells
    count: int
    problems: tuple[Problem, ...] = ()


Way = Callable[[str, Sequence[Asked]], Reading | None]  # None where the text cannot be meant so


def read_key(text: str, items: Sequence[Asked]) -> KeyRead:
    """One line or table for all of these items. An empty text is no key yet."""
    text = without_heads(plain(text), items)
    if not text.strip():
        return KeyRead({}, [])
    readings = [reading for way in WAYS if (reading := way(text, items)) is not None]
    fitting = [one for one in readings if not one.problems and len(one.cells) == len(items)]
    reads = [read_cells(one.cells, items) for one in fitting]
    sound = [read for read in reads if not read.problems]
    if not sound:
        is_named = any(one.problems for one in readings)
        return reads[0] if reads and not is_named else KeyRead({}, misfits(readings, items))
    if other := next((read for read in sound if read.answers != sound[0].answers), None):
        return KeyRead({}, [ambiguity(sound[0], other)])
    return sound[0]


def read_cells(cells: Cells, items: Iterable[Asked]) -> KeyRead:
    """What stands at each item, one by one; items without a cell are left out."""
    answers: dict[int, KeyAnswer] = {}
    problems: list[Problem] = []
    for item in items:
        if item.number not in cells:
            continue
        found = read_cell(cells[item.number], item)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            answers[item.number] = found
    return KeyRead(answers, problems)


def without_heads(text: str, items: Iterable[Asked]) -> str:
    """Without the words over columns and before rows, unless they are options."""
    options = {plain(str(label)).casefold() for item in items for label in item.labels}
    heads = [re.escape(word) for word in HEADS if word not in options]
    without = re.sub(rf"(?im)(?<!\S)(?:{'|'.join(heads)})(?!\S):?[^\S\n]*", "", text)
    return without.strip("\n ")


# --- ways to read it


def in_order(cells: Sequence[str], items: Sequence[Asked]) -> Reading:
    fits = len(cells) == len(items)
    return Reading(
        {item.number: cell for item, cell in zip(items, cells, strict=True)} if fits else {}, len(cells)
    )


def one_each(text: str, items: Sequence[Asked]) -> Reading:
    """3 1 1,3 2: parted by blanks; a comma joins two right options, or is that of a decimal."""
    return in_order(closed_up(text).split(), items)


def by_commas(text: str, items: Sequence[Asked]) -> Reading | None:
    """3,1,5,2: parted by commas, semicolons or tabs, between which an answer may be missing."""
    joined = closed_up(text, "/+")
    cells = re.split(r"[ \n]*[,;][ \n]*|[ ]*\t[ ]*|[ \n]+", joined.strip(" \n\t,;"))
    return in_order(cells, items) if re.search(r"[,;\t]", text) else None


def by_lines(text: str, items: Sequence[Asked]) -> Reading | None:
    """A column, in which a cell may be empty."""
    lines = text.split("\n")
    return in_order([line.strip() for line in lines], items) if len(lines) > 1 else None


def by_characters(text: str, items: Sequence[Asked]) -> Reading | None:
    """31524 13524: each character is an answer, where every option is one."""
    cells = "".join(text.split())
    is_short = all(item.labels and all(len(plain(one).strip()) == 1 for one in item.labels) for item in items)
    return in_order(cells, items) if is_short and not re.search(r"[/+,;.:()\[\]=-]", cells) else None


def by_numbers(text: str, items: Sequence[Asked]) -> Reading | None:
    """1. 3, 2) 1, 3번 5, 4: 2: items by their number; those that follow go on from there."""
    is_written = any(item.kind in WRITTEN for item in items)
    mark = r"번\s*[.):]?|[):=]|\.(?!\d)" if is_written else r"번\s*[.):]?|[).:=-]"  # 12.5 is a number
    start, *parts = re.split(rf"(?:^|(?<=[\s,;]))[Qq]?([0-9]+)\s*(?:{mark})\s*", text)
    if start.strip() or not parts:
        return None
    cells: Cells = {}
    problems: list[Problem] = []
    for name, content in zip(parts[::2], parts[1::2], strict=True):
        number = int(name[:LONGEST])
        for cell in closed_up(content.strip(" \n\t,;")).split() or [""]:
            problems += [Problem("twice", number)] if number in cells else []
            cells[number] = cell
            number += 1
    numbers = [item.number for item in items]
    problems += [
        Problem("outside", None, {"number": number, "first": numbers[0], "last": numbers[-1]})
        for number in cells
        if number not in numbers
    ]
    if not problems and (missing := [number for number in numbers if number not in cells]):
        problems = [Problem("missing", None, {"items": spans(missing)})]
    return Reading(cells, len(cells), tuple(problems))


def by_ranges(text: str, items: Sequence[Asked]) -> Reading | None:
    """1~5 31524 6~10 24135: groups, each after the numbers of its first and last item."""
    range_of = r"(?:^|(?<=[\s,;]))([0-9]{1,9})\s*[~–-]\s*([0-9]{1,9})\s*번?\s*[.):]?\s+"
    start, *parts = re.split(range_of, text)
    cells: Cells = {}
    for first, last, content in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        asked = [
            item for item in items if int(first) <= item.number <= int(last) and item.number not in cells
        ]
        readings = (way(content.strip(" \n\t,;"), asked) for way in (one_each, by_commas, by_characters))
        fitting = next((one for one in readings if one and len(one.cells) == len(asked)), None)
        if not asked or fitting is None:
            return None
        cells |= fitting.cells
    return Reading(cells, len(cells)) if cells and not start.strip() else None


def by_pairs(text: str, items: Sequence[Asked]) -> Reading | None:
    """A column of numbers beside one of answers, or several such pairs beside each other."""
    cells = text.split()
    return numbered(cells[::2], cells[1::2], items) if len(cells) == 2 * len(items) > 2 else None


def by_rows(text: str, items: Sequence[Asked]) -> Reading | None:
    """A row of numbers over a row of answers, and so on."""
    rows = [line.split() for line in text.split("\n") if line.strip()]
    names, answers = list(chain(*rows[::2])), list(chain(*rows[1::2]))
    is_table = all(len(one) == len(other) for one, other in zip(rows[::2], rows[1::2], strict=False))
    return numbered(names, answers, items) if is_table and len(names) == len(answers) else None


def numbered(names: Sequence[str], answers: Sequence[str], items: Sequence[Asked]) -> Reading | None:
    numbers = {str(item.number): item.number for item in items}
    bared = [bare(name) for name in names]
    cells = {numbers[name]: cell for name, cell in zip(bared, answers, strict=True) if name in numbers}
    return Reading(cells, len(cells)) if len(cells) == len(names) == len(items) else None


WAYS: tuple[Way, ...] = (
    one_each,
    by_commas,
    by_lines,
    by_characters,
    by_numbers,
    by_ranges,
    by_pairs,
    by_rows,
)


# --- what is wrong


def misfits(readings: Iterable[Reading], items: Sequence[Asked]) -> list[Problem]:
    """Why no way fits: what is wrong with the items that are named, else that answers are missing or too many."""
    readings = list(readings)
    if named := next((one for one in readings if one.problems), None):
        return list(named.problems)
    wanted = len(items)
    given = min((one.count for one in readings), key=lambda count: abs(count - wanted))
    words = {"given": given, "wanted": wanted, "difference": abs(wanted - given)}
    return [Problem("too_few" if given < wanted else "too_many", None, words)]


def ambiguity(one: KeyRead, other: KeyRead) -> Problem:
    number = next(item for item in one.answers if one.answers[item] != other.answers.get(item))
    ways = [
        typed(read.answers[number].answer, read.answers[number].any_of, "choice") for read in (one, other)
    ]
    return Problem("ambiguous", number, {"one": ways[0], "other": ways[1]})


def spans(numbers: Sequence[int]) -> str:
    """1–3, 5, 8–9"""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1][-1] = number
        else:
            found.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in found)
