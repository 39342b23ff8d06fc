"""What is marked on a page's bubbles: the network and the page's own ink together."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .boxes import Field
from .empty_cells import Cells, empty_cells, kinds_of
from .ink import weigh
from .interpret import Numbers


class MarksReader(Protocol):
    """The network that judges bubbles: cells and how each looks when empty, both (n, 32, 32) uint8 -> (n, 7)
    probabilities of MARKS; `certain`: from which probability on one may be called certain."""

    certain: float

    def read(self, cells: Cells, references: Cells) -> Numbers: ...


def read_marks(reader: MarksReader, cells: Cells, fields: Sequence[Field]) -> Numbers:
    """Probabilities (n, 7) of one page's bubbles, whose cells are (n, 32, 32)."""
    empty = empty_cells(cells, kinds_of(fields))
    return weigh(reader.read(cells, empty), cells, empty, rows_of(fields))


def rows_of(fields: Iterable[Field]) -> NDArray[np.intp]:
    """Which bubbles stand together for one answer or one digit: the same number, from 0."""
    known: dict[tuple[int | str, int], int] = {}
    return np.array([known.setdefault((field.item, field.part), len(known)) for field in fields], np.intp)
