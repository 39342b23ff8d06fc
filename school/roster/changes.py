"""What a list would change: who is new, called otherwise, has another number, is not on it."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from school.roster.rows import RosterRow


@dataclass
class Changes:
    """By rows of the list; `removed` are those of the list before."""

    added: list[RosterRow] = field(default_factory=list)
    changed: dict[RosterRow, RosterRow] = field(default_factory=dict)  # new → old, of one number
    moved: dict[RosterRow, RosterRow] = field(default_factory=dict)  # new → old, of one name
    same: list[RosterRow] = field(default_factory=list)
    removed: list[RosterRow] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(getattr(self, name)) for name in ("added", "changed", "moved", "same", "removed")}


def plain(name: str) -> str:
    """As it is compared: no blanks, one way to write a syllable, no capital letters."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def is_same_name(old: str, new: str) -> bool:
    """A list without names says nothing about who it is."""
    return not new or plain(old) == plain(new)


def compare(before: Sequence[RosterRow], rows: Sequence[RosterRow], is_whole: bool = True) -> Changes:
    """Who has another number, by a name that is on both sides once, has moved.

    Where nobody leaves (is_whole: False) and no number is somebody else's now, they are namesakes.
    """
    found = Changes()
    there = {row.number: row for row in before}
    new = [
        row for row in rows if row.number not in there or not is_same_name(there[row.number].name, row.name)
    ]
    found.same = [row for row in rows if row not in set(new)]
    kept = {row.number for row in found.same}
    may_move = is_whole or any(row.number in there for row in new)
    moved = dict(by_name([old for old in before if old.number not in kept], new)) if may_move else {}
    gone = {old.number for old in moved.values()}
    for row in new:
        if row in moved:
            found.moved[row] = moved[row]
        elif row.number in there and row.number not in gone:
            found.changed[row] = there[row.number]
        else:
            found.added.append(row)
    used = kept | gone | {old.number for old in found.changed.values()}
    found.removed = [old for old in before if old.number not in used]
    return found


def by_name(before: Iterable[RosterRow], rows: Iterable[RosterRow]) -> list[tuple[RosterRow, RosterRow]]:
    """Rows of both that have one name, which no other one of either has."""
    before, rows = list(before), [row for row in rows if row.name]
    known, wanted = Counter(plain(row.name) for row in before), Counter(plain(row.name) for row in rows)
    of_name = {plain(row.name): row for row in before}
    once = [row for row in rows if known[plain(row.name)] == wanted[plain(row.name)] == 1]
    return [(row, of_name[plain(row.name)]) for row in once]
