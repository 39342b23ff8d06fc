"""What a corrected value says of each cell of its item: the name of a class, or "" where it says nothing.

It says what is meant, which is less than what is drawn. A mark that is not meant may have been rubbed out, struck
through or overruled, and an answer may stand beside its boxes. So only that is taken which nothing else can explain;
in which way a bubble is marked is as it was read.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from .boxes import Field
from .ink import MARK_CLASSES
from .interpret import EMPTY, LETTERS, MARKS, NUMERALS, WITHDRAWN, Numbers, meanings

NOTHING = ""
POINTS = ".,"  # one value, two ways to write it
UNLIKELY = 0.05  # withdrawn: an empty bubble, and nothing rubbed out


def labels_of_item(
    kind: str, value: str, fields: Sequence[Field], rows: Numbers, has_ink: NDArray[np.bool_]
) -> list[str]:
    """One for each of the item's cells. rows: (n, classes) as they were read; has_ink: (n,), of bubbles whether they
    are darker than empty ones."""
    if kind == "letter":
        return [label_of_letter(value, rows[0])]
    if kind == "number":
        return labels_of_number(value, rows)
    if kind in ("choice", "ox"):
        chosen = value.split(",")
        is_meant = np.array([field.option in chosen for field in fields])
        return labels_of_options(is_meant, rows, has_ink)
    return labels_of_columns(value, fields, rows, has_ink)


def labels_of_options(is_meant: NDArray[np.bool_], rows: Numbers, has_ink: NDArray[np.bool_]) -> list[str]:
    """One row of bubbles. Nothing where a bubble that is meant holds no ink: the answer stands elsewhere."""
    shares = meanings(rows)
    what = shares.argmax(-1)
    if (is_meant & ~has_ink & (what == EMPTY)).any():
        return [NOTHING] * len(rows)
    is_else_empty = bool((what[~is_meant] == EMPTY).all())
    is_mark = is_meant & ((what != WITHDRAWN) | is_else_empty)  # else one mark or another was taken back
    is_empty = ~is_meant & (what == EMPTY) & (shares[:, WITHDRAWN] < UNLIKELY)
    marks = np.array(MARKS)[MARK_CLASSES][rows[:, MARK_CLASSES].argmax(-1)]
    return np.select([is_mark, is_empty], [marks, MARKS[0]], NOTHING).tolist()


def labels_of_columns(
    value: str, fields: Sequence[Field], rows: Numbers, has_ink: NDArray[np.bool_]
) -> list[str]:
    """Columns of bubbles that are read together, one letter each."""
    nothing = [NOTHING] * len(fields)
    columns = [list(places) for _part, places in groupby(range(len(fields)), key=lambda at: fields[at].part)]
    letters = spread(value, [bool((meanings(rows[at]).argmax(-1) != EMPTY).any()) for at in columns])
    if letters is None:
        return nothing
    labels: list[str] = []
    for places, letter in zip(columns, letters, strict=True):
        is_meant = np.array([fields[at].option == letter for at in places])
        if letter and not is_meant.any():
            return nothing
        labels += labels_of_options(is_meant, rows[places], has_ink[places])
    return labels


def labels_of_number(value: str, rows: Numbers) -> list[str]:
    """Boxes in which one character each is written."""
    read = [NUMERALS[best] for best in rows.argmax(-1)]
    characters = spread(value, [name != "blank" for name in read])
    if characters is None:
        return [NOTHING] * len(rows)
    return [label_of_box(*both) for both in zip(characters, read, strict=True)]


def label_of_box(character: str, read: str) -> str:
    if not character:
        return "blank"
    if character in POINTS:
        return read if read in POINTS else NOTHING
    return character if character in NUMERALS else NOTHING


def label_of_letter(value: str, row: Numbers) -> str:
    """Nothing where the letter stands elsewhere, or a letter was struck through."""
    read = LETTERS[int(row.argmax())]
    if value:
        return NOTHING if read == "blank" else value
    return read if read in ("blank", "other") else NOTHING


def spread(value: str, is_written: Sequence[bool]) -> list[str] | None:
    """The value's characters over the places in which something is, "" over the others; None where these are not as
    many, for then nobody knows which is where."""
    if sum(is_written) != len(value):
        return None
    characters = iter(value)
    return [next(characters) if is_there else "" for is_there in is_written]
