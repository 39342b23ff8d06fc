"""Which column of a table is what: by the header where there is one, else by what stands in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from school.roster import cells
from school.roster.headers import LATER, RANK, rank_of, role_of
from school.roster.rows import Columns, Grid, is_student_number

Rows = Sequence[Sequence[str]]
LOOKED_AT = 100  # rows that say what a column holds
OWN = RANK["number"]  # names before it are a school's own
MOST_GRADE = 13  # higher ones are points or years
ENOUGH = 0.5  # share of rows that must hold what a column is taken for
SOME = 0.3  # where the header says it, too
PARTS = ("grade", "class", "seat")


@dataclass(frozen=True)
class Column:
    place: int
    name: str
    role: str
    values: list[str]  # those that are filled

    def share(self, test: Callable[[str], object]) -> float:
        return sum(bool(test(value)) for value in self.values) / len(self.values) if self.values else 0.0


def columns_in(names: Sequence[str], rows: Rows) -> list[Column]:
    """Those that hold anything."""
    width = max([len(names), *map(len, rows[:LOOKED_AT])])
    made = []
    for place in range(width):
        name = names[place] if place < len(names) else ""
        values = [row[place].strip() for row in rows[:LOOKED_AT] if place < len(row) and row[place].strip()]
        if values:
            made.append(Column(place, name, role_of(name), values))
    return made


def find_columns(names: Sequence[str], rows: Rows, grid: Grid) -> list[Columns]:
    """One for each list of the sheet: on paper two stand side by side."""
    found = columns_in(names, rows)
    if not any(column.role for column in found):
        return [by_content(found, grid)]
    blocks = side_by_side(found)
    shared = [column for column in blocks[0] if column.role in ("grade", "class")]
    return [by_header(with_shared(block, shared), grid) for block in blocks]


def lists_of(columns: Columns) -> list[Columns]:
    """What a person has said, parted where a role is there again; grade and class of the first hold for all."""
    lists: list[dict[str, int]] = [{}]
    for role, place in sorted(columns, key=lambda one: one[1]):
        if role in lists[-1]:
            lists.append({})
        lists[-1][role] = place
    shared = {role: place for role, place in lists[0].items() if role in ("grade", "class")}
    with_number = [one for one in lists if "number" in one or "seat" in one]
    return [tuple((shared | one).items()) for one in with_number] or [columns]


def side_by_side(found: Sequence[Column]) -> list[list[Column]]:
    """The columns of each list: up to a name, each with a number of its own before it."""
    names = [column.place for column in found if column.role == "name"]
    blocks = [
        [column for column in found if before < column.place <= after]
        for before, after in zip([-1, *names], [*names, 10_000], strict=True)
    ]
    last = blocks.pop()  # what stands behind the last name
    if len(blocks) > 1 and all(any(is_number(column) for column in block) for block in blocks):
        blocks[-1] += last
        return blocks
    return [list(found)]


def is_number(column: Column) -> bool:
    return column.role in ("number", "seat")


def with_shared(block: list[Column], shared: Sequence[Column]) -> list[Column]:
    there = {column.role for column in block}
    return block + [column for column in shared if column.role not in there]


def by_header(found: Sequence[Column], grid: Grid) -> Columns:
    names = name_columns(found)
    taken = {place for _role, place in names}
    parts = {role: column for role in PARTS if (column := part_column(found, role))}
    whole = best_number([column for column in found if is_candidate(column, taken, parts)], grid)
    if whole is not None and not is_better_composed(whole, parts, grid):
        more = [(role, parts[role].place) for role in ("grade", "class") if role in parts]
        return (("number", whole.place), *more, *names)
    return (*((role, column.place) for role, column in parts.items()), *names)


def name_columns(found: Sequence[Column]) -> Columns:
    whole = [column for column in found if column.role == "name" and not is_digits(column)]
    both = {role: next((one for one in found if one.role == role), None) for role in ("first", "last")}
    if both["last"] and not both["first"] and whole:  # 성, 이름
        both["first"], whole = whole[0], []
    if whole:
        return (("name", whole[0].place),)
    return tuple((role, column.place) for role, column in both.items() if column)


def is_digits(column: Column) -> bool:
    return column.share(lambda value: cells.parts_of(value) or value.isdecimal()) > ENOUGH


def part_column(found: Sequence[Column], role: str) -> Column | None:
    some = [column for column in found if column.role == role]
    if role == "grade":
        some = [column for column in some if column.share(is_grade) > SOME]
    if role == "seat":
        some = [column for column in some if column.share(cells.number_in) > SOME]
        # Of two 번호 the one beside the class is that in it, the other one counts all
        behind = max((column.place for column in found if column.role in ("grade", "class")), default=-1)
        some.sort(key=lambda column: (column.place < behind, len(max(column.values, key=len)) > 3))
    return some[0] if some else None


def is_grade(value: str) -> bool:
    return 0 < int(cells.number_in(value) or 0) <= MOST_GRADE


def is_candidate(column: Column, taken: set[int], parts: dict[str, Column]) -> bool:
    """For the student number: whatever is called so, or 학생 that holds digits."""
    if column.place in taken or (column.role == "serial" and "seat" in parts):
        return False
    return column.role in ("number", "seat", "serial") or (column.role == "name" and is_digits(column))


def best_number(some: Sequence[Column], grid: Grid) -> Column | None:
    return max(some, key=lambda column: (fit(column, grid), -rank_of(column.name)), default=None)


def fit(column: Column, grid: Grid) -> float:
    """How well it serves as the student number: different ones, of as many digits as the sheet asks for."""
    distinct = len(set(column.values)) / len(column.values)
    good = column.share(lambda value: is_good(value, grid)) * distinct
    full = column.share(lambda value: is_full(value, grid)) * distinct
    rank = rank_of(column.name)
    own = 0.4 if rank < OWN else 0.2 if rank < LATER else 0.0
    return round(good + 0.5 * full + own - (0.3 if column.role == "serial" else 0.0), 2)


def number_of(value: str) -> str:
    try:
        return cells.clean_number(value)
    except cells.Rounded:
        return ""


def is_good(value: str, grid: Grid) -> bool:
    number = number_of(value)
    if grid.digits:
        return (number.isdecimal() and len(number) <= grid.digits) or len(cells.parts_of(value)) == len(PARTS)
    return is_student_number(number) and any(one.isdecimal() for one in number) and "@" not in number


def is_full(value: str, grid: Grid) -> bool:
    number = number_of(value)
    whole = number.isdecimal() and len(number) == grid.digits
    return whole or (grid.is_composed and len(cells.parts_of(value)) == len(grid.parts))


def is_better_composed(whole: Column, parts: dict[str, Column], grid: Grid) -> bool:
    """Whether grade, class and seat make the number that the sheet asks for, and this column does not."""
    if grid.is_composed:
        # A number in full has as many digits, or four where classes below ten are written with one
        return (
            whole.share(lambda value: is_full(value, grid) or len(number_of(value)) == grid.digits - 1)
            < ENOUGH
        )
    is_seat = whole.role in ("seat", "serial")
    if not grid.digits:  # a class knows its students by their seats, a table of several classes does not
        return is_seat and len(parts) == len(PARTS) and len(set(whole.values)) < len(whole.values)
    is_there = "class" in parts and "seat" in parts and grid.digits >= 4
    return is_there and is_seat and whole.share(lambda value: is_full(value, grid)) < ENOUGH


def by_content(found: Sequence[Column], grid: Grid) -> Columns:
    """Of a list without a header: the number is the column of digits that fits best, the name the first of words."""
    digits = [column for column in found if column.share(lambda value: number_of(value).isdecimal()) > ENOUGH]
    words = [column for column in found if column not in digits and column.share(is_word) > ENOUGH]
    words.sort(key=lambda column: -len(set(column.values)) // 2)  # names differ, boy and girl do not
    names: Columns = (("name", words[0].place),) if words else ()
    short = [column for column in digits if column.share(lambda value: len(number_of(value)) <= 2) > ENOUGH]
    long = [column for column in digits if column not in short]
    before = [column for column in short if not words or column.place < words[0].place]
    if not long and len(before) in (2, 3):
        roles = PARTS[-len(before) :]
        return (*((role, column.place) for role, column in zip(roles, before, strict=True)), *names)
    whole = best_number(long or before or digits, grid)
    if whole is None:
        return names
    behind = [column for column in found if column.place > whole.place and column not in words[:1]]
    groups = [column for column in behind if column.share(is_group) > ENOUGH]
    more: Columns = (("class", groups[0].place),) if groups else ()
    return (("number", whole.place), *more, *names)


def is_word(value: str) -> bool:
    return any(one.isalpha() for one in value) and "@" not in value and len(value) <= 60


def is_group(value: str) -> bool:
    """A class, of a list that does not say so."""
    return value.isdecimal() and len(value) <= 2 or bool(value.endswith("반") or cells.parts_of(value))
