"""The student number of a row, as the sheet asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from school.roster import cells
from school.roster.columns import PARTS
from school.roster.rows import LONGEST_NUMBER, Grid, Remark, is_student_number

WIDTHS = {4: (1, 1, 2)}  # of grade, class and seat in a number of so many digits
USUAL = (1, 2, 2)
LEAST_LENGTH = 4  # of numbers whose zeros a spreadsheet may have taken


class Refused(ValueError):
    def __init__(self, code: str, **words: str) -> None:
        super().__init__(code)
        self.code, self.words = code, words


@dataclass(frozen=True)
class Found:
    number: str
    was: str = ""  # as it stood there, where that was something else


def widths_of(grid: Grid) -> dict[str, int]:
    """Of the parts that a number is made of."""
    if grid.is_composed:
        return dict(grid.parts)
    return dict(zip(PARTS, WIDTHS.get(grid.digits, USUAL), strict=True))


def whole_number(text: str, grid: Grid) -> Found:
    """Raises Refused."""
    shown = cells.clean(text)
    try:
        number = cells.clean_number(text)
    except cells.Rounded:
        raise Refused("rounded", number=shown) from None
    if grid.digits and not number.isdecimal():
        number = from_parts(shown, grid)
    if grid.digits and not number.isascii() or not number or not is_student_number(number):
        if number.isdecimal() and len(number) > LONGEST_NUMBER:
            raise Refused("too_long", number=number, digits=str(grid.digits or LONGEST_NUMBER))
        raise Refused("no_number", number=shown)
    number = regrouped(number, grid)
    if grid.digits and len(number) > grid.digits:
        raise Refused("too_long", number=number, digits=str(grid.digits))
    return Found(number, shown if shown != number else "")


def from_parts(text: str, grid: Grid) -> str:
    """1-3-5 is made of grade, class and seat, 2026-0117 is one number. Raises Refused."""
    parts = cells.parts_of(text)
    widths = widths_of(grid)
    if len(parts) == len(widths) and all(
        len(one) <= width for one, width in zip(parts, widths.values(), strict=True)
    ):
        return composed(dict(zip(widths, parts, strict=True)), grid)
    number = "".join(parts)
    if len(number) != grid.digits or "." in text:
        raise Refused("no_number", number=text)
    return number


def regrouped(number: str, grid: Grid) -> str:
    """1105 of grade 1, class 1, seat 05, where the sheet has two digits for the class; and the other way round."""
    if (
        [role for role, _digits in grid.parts] != list(PARTS)
        or grid.parts[0][1] != 1
        or grid.parts[2][1] != 2
    ):
        return number
    wide = grid.parts[1][1]
    if len(number) == 4 and wide == 2 and number[0] != "0":
        return f"{number[0]}0{number[1:]}"
    if len(number) == 5 and wide == 1 and number[1] == "0":
        return number[0] + number[2:]
    return number


def composed(parts: Mapping[str, str], grid: Grid) -> str:
    """Raises Refused where a part is missing or too long."""
    digits = []
    for role, width in widths_of(grid).items():
        part = cells.number_in(parts.get(role, ""))
        if not part:
            raise Refused("no_part", part=role, text=cells.clean(parts.get(role, "")))
        if len(part) > width:
            raise Refused("part_too_long", part=role, text=part, digits=str(width))
        digits.append(part.zfill(width))
    return "".join(digits)


def with_zeros(found: Sequence[Found], grid: Grid) -> list[Found]:
    """Numbers that are shorter than the others begin with zeros that a spreadsheet has left out."""
    lengths = [len(one.number) for one in found if one.number.isdecimal()]
    most = max(lengths, default=0)
    is_usual = most == grid.digits or 2 * lengths.count(most) >= len(lengths)
    if (
        most < LEAST_LENGTH
        or len(lengths) < len(found)
        or not is_usual
        or (not grid.digits and min(lengths) < most - 1)
    ):
        return list(found)
    return [
        one
        if len(one.number) == most
        else replace(one, number=one.number.zfill(most), was=one.was or one.number)
        for one in found
    ]


def remark_on(line: int, found: Found) -> Remark | None:
    return Remark("repaired", line, {"was": found.was, "number": found.number}) if found.was else None
