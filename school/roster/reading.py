"""From the sheets of a file to its students: what is found, what a person has said, what is wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from school.roster import cells
from school.roster.columns import find_columns, lists_of
from school.roster.headers import role_of
from school.roster.lines import Line, Table, parted, student_lines
from school.roster.numbers import Found, Refused, composed, remark_on, whole_number, widths_of, with_zeros
from school.roster.programs import program_ids
from school.roster.rows import (
    ALL_SHEETS,
    AS_FOUND,
    LONGEST_NAME,
    MOST_ROWS,
    Choice,
    Columns,
    Grid,
    Reading,
    Remark,
    RosterRow,
)
from school.roster.titles import grade_and_class
from uploads.tables import Sheet

SHOWN = 8  # rows of the table as it is


def read_roster(
    sheets: Sequence[Sheet], grid: Grid, choice: Choice = AS_FOUND, file_name: str = ""
) -> Reading:
    """The students of the sheet that was chosen, or of the one that holds most."""
    if not sheets:
        return Reading(problems=[Remark("nothing")])
    named = [sheet for sheet in sheets if choice.sheet in (sheet.name, ALL_SHEETS)] if choice.sheet else []
    if choice.sheet and not named:
        return Reading(problems=[Remark("no_sheet", words={"sheet": choice.sheet})])
    found = [read_sheet(sheet, grid, choice, file_name) for sheet in named or sheets]
    if choice.sheet == ALL_SHEETS or (not choice.sheet and are_classes(found)):
        return together(found)
    best = max(found, key=lambda one: (len(one.rows), one.has_header, len(one.problems)))
    if others := [one.sheet for one in found if one.rows and one is not best]:
        best.remarks.append(Remark("other_sheets", words={"sheet": best.sheet, "others": ", ".join(others)}))
    return best


def are_classes(found: Sequence[Reading]) -> bool:
    """A sheet for each class: each is called like one, and nobody is on two of them."""
    full = [one for one in found if one.rows]
    numbers = [row.number for one in full for row in one.rows]
    return (
        len(full) > 1
        and len(numbers) == len(set(numbers))
        and all(any(grade_and_class([one.sheet])) for one in full)
    )


def together(found: Sequence[Reading]) -> Reading:
    """All sheets as one list; those that hold nobody are left out."""
    full = [one for one in found if one.rows] or list(found[:1])
    all_of = replace(full[0], sheet=ALL_SHEETS, rows=[], lines=[], remarks=[], problems=[])
    seen: set[str] = set()
    for one in full:
        for row, line in zip(one.rows, one.lines, strict=True):
            if row.number in seen:
                all_of.problems.append(
                    Remark("twice_in_sheets", line, {"number": row.number, "sheet": one.sheet})
                )
                continue
            seen.add(row.number)
            all_of.rows.append(row)
            all_of.lines.append(line)
        all_of.remarks += one.remarks
        all_of.problems += one.problems
    all_of.remarks.append(Remark("all_sheets", words={"sheets": ", ".join(one.sheet for one in full)}))
    return checked_size(all_of)


def read_sheet(sheet: Sheet, grid: Grid, choice: Choice, file_name: str = "") -> Reading:
    table = parted(sheet, choice.has_header)
    rows = [row for _line, row in table.lines]
    blocks = lists_of(choice.columns) if choice.columns else find_columns(table.names, rows, grid)
    columns = tuple(sorted({one for block in blocks for one in block}, key=lambda one: one[1]))
    reading = Reading(sheet.name, table.has_header, shown_names(table), rows[:SHOWN], columns)
    if table.has_header and not rows:
        reading.problems.append(Remark("header_alone"))
        return reading
    if len(rows) * len(blocks) > MOST_ROWS:  # a hundred lists of thousands would take half a minute
        reading.problems.append(Remark("too_many", words={"most": str(MOST_ROWS)}))
        return reading
    said = grade_and_class([*table.titles, sheet.name, file_name])
    known = {"grade": choice.grade or said[0], "class": choice.class_name or said[1]}
    if not choice.columns and not any(map(role_of, table.names)):
        reading.remarks.append(Remark("unknown_header" if table.has_header else "no_header"))
    for columns in blocks:
        read_block(reading, table, columns, grid, known, len(blocks) == 1)
    return refuse_doubles(reading)


def shown_names(table: Table) -> list[str]:
    width = max([len(table.names), *(len(row) for _line, row in table.lines[:SHOWN])], default=0)
    return (table.names + [""] * width)[:width]


def read_block(
    reading: Reading, table: Table, columns: Columns, grid: Grid, known: dict[str, str], is_only: bool
) -> None:
    """The students of one list of the sheet; is_only: there is none beside it."""
    roles = [role for role, _place in columns]
    if "number" not in roles and "seat" not in roles:
        reading.problems.append(Remark("no_column"))
        return
    is_composed = "number" not in roles and needs_parts(roles, grid)
    if is_composed and (asks := missing_parts(table, columns, grid, known)):
        reading.asks = asks
        reading.problems += [Remark(f"asks_{one}") for one in asks]
        return
    ids = program_ids(table)
    lines = list(student_lines(table, columns, reading, is_only))
    lines, found = numbers_of(lines, grid, is_composed, known, reading)
    if not is_composed:
        found = with_zeros(found, grid)
    for line, one in zip(lines, found, strict=True):
        if (remark := remark_on(line.number, one)) and not is_composed:
            reading.remarks.append(remark)
        of_class = class_of(line, roles, is_composed, known)
        reading.rows.append(RosterRow(one.number, line.name, of_class, ids.get(line.number, ())))
        reading.lines.append(line.number)


def missing_parts(table: Table, columns: Columns, grid: Grid, known: dict[str, str]) -> list[str]:
    """Of the number: what neither a column says, nor the title, nor a person. 1-3 in the column of classes says two."""
    places = dict(columns)
    there = set(places) | {role for role, said in known.items() if said}
    if "class" in places:
        texts = [row[places["class"]] for _line, row in table.lines if places["class"] < len(row)]
        if any(len(cells.parts_of(cells.clean_class(text))) == 2 for text in texts):
            there.add("grade")
    return [role for role in widths_of(grid) if role not in there]


def needs_parts(roles: Sequence[str], grid: Grid) -> bool:
    """Whether the seat alone is no number: the sheet asks for grade and class, or several classes are in the table."""
    return (
        grid.is_composed or "class" in roles and (grid.digits >= 4 or (not grid.digits and "grade" in roles))
    )


def numbers_of(
    lines: Iterable[Line], grid: Grid, is_composed: bool, known: dict[str, str], reading: Reading
) -> tuple[list[Line], list[Found]]:
    """Of the lines that have one; the others are problems."""
    good, found = [], []
    for line in lines:
        try:
            if is_composed:
                found.append(Found(composed(with_known(line, known), grid)))
            else:
                found.append(whole_number(line.texts.get("number") or line.texts.get("seat", ""), grid))
        except Refused as refused:
            if not line.name and not refused.words.get("number"):
                continue
            words = {"name": line.name, **refused.words}
            is_missing = refused.code == "no_number" and not refused.words["number"]
            reading.problems.append(
                Remark("without_number" if is_missing else refused.code, line.number, words)
            )
            continue
        good.append(line)
    return good, found


def with_known(line: Line, known: dict[str, str]) -> dict[str, str]:
    """Grade, class and seat; `1-3` in the column of classes says both."""
    texts = {role: line.texts.get(role, "") for role in ("grade", "class", "seat")}
    pair = cells.parts_of(cells.clean_class(texts["class"]))
    if len(pair) == 2:
        texts |= {"grade": texts["grade"] or pair[0], "class": pair[1]}
    return {role: text or known.get(role, "") for role, text in texts.items()}


def class_of(line: Line, roles: Sequence[str], is_composed: bool, known: dict[str, str]) -> str:
    """1 and 3 are 1-3; anything else as it is written."""
    said = cells.clean_class(line.texts.get("class", "")) or (known["class"] if is_composed else "")
    grade = line.texts.get("grade", "") or (known["grade"] if is_composed else "")
    grade, number = cells.number_in(grade), cells.number_in(said)
    is_plain = number and len(number) <= 2 and len(said) <= 4
    return (f"{grade}-{number}" if grade and is_plain else said)[:LONGEST_NAME]


def refuse_doubles(reading: Reading) -> Reading:
    """Of two rows with one number the first is taken."""
    seen: set[str] = set()
    rows, lines = [], []
    for row, line in zip(reading.rows, reading.lines, strict=True):
        if row.number in seen:
            reading.problems.append(Remark("twice", line, {"number": row.number, "name": row.name}))
            continue
        seen.add(row.number)
        rows.append(row)
        lines.append(line)
    reading.rows, reading.lines = rows, lines
    reading.problems.sort(key=lambda one: one.line)
    reading.remarks.sort(key=lambda one: one.line)
    return checked_size(reading)


def checked_size(reading: Reading) -> Reading:
    if len(reading.rows) > MOST_ROWS:
        reading.rows, reading.lines = [], []
        reading.problems.append(Remark("too_many", words={"most": str(MOST_ROWS)}))
    if not reading.rows and not reading.problems:
        reading.problems.append(Remark("nobody"))
    return reading
