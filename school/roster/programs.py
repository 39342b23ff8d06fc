"""Columns by which another program knows its students again: kept as they are, and given back with the scores."""

from school.roster.lines import Table
from school.roster.rows import LONGEST_NAME

SIS_ID = "SIS User ID"
CANVAS = ("Student", "ID", SIS_ID, "SIS Login ID", "Section")  # of an export of its gradebook
Ids = tuple[tuple[str, str], ...]  # (column, what stands there)


def program_ids(table: Table) -> dict[int, Ids]:
    """Line → what stands in these columns; nothing where the table is no export of Canvas."""
    names = [" ".join(name.split()) for name in table.names]
    if SIS_ID not in names:
        return {}
    places = [(name, names.index(name)) for name in CANVAS if name in names]
    return {line: ids_of(row, places) for line, row in table.lines}


def ids_of(row: list[str], places: list[tuple[str, int]]) -> Ids:
    cells = ((name, row[place].strip()[:LONGEST_NAME]) for name, place in places if place < len(row))
    return tuple((name, text) for name, text in cells if text)
