"""What an empty bubble looks like on this page: the second thing a reader of marks is shown, beside the cell itself.

Most bubbles of a page are empty, and those with the same label are printed alike. So the lightest of them, one on
another, are the print without any mark, whatever the form, the copier and the light.
"""

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from .boxes import Field
from .ink import amount

Cells = NDArray[np.uint8]

UNKNOWN = 255  # every pixel, where the page says too little
FEWEST = 3  # alike, from which on the lightest of them can be told from marked ones
LIGHTEST = 1 / 3  # of those that are alike: even a favourite answer leaves as many empty
MOST = 15  # that are laid on each other: more make nothing steadier
HEAVIER = 1.7  # times what those of other labels hold: here every bubble may be marked


def kinds_of(fields: Iterable[Field]) -> list[Hashable]:
    """What is printed alike has the same kind: the same label in a box of the same size."""
    return [(field.option, round(field.box[2], 1), round(field.box[3], 1)) for field in fields]


def empty_cells(cells: Cells, kinds: Sequence[Hashable]) -> Cells:
    """For each bubble of a page, (n, 32, 32), how one of its kind looks when empty, (n, 32, 32).

    Kinds that are rare, or so dark that all of them may be marked, get what the bubbles of all kinds have in common.
    """
    groups: dict[Hashable, list[int]] = {}
    for place, kind in enumerate(kinds):
        groups.setdefault(kind, []).append(place)
    amounts = amount(cells)
    known = {
        kind: _lightest(cells, amounts, places) for kind, places in groups.items() if len(places) >= FEWEST
    }
    found = np.full_like(cells, UNKNOWN)
    if not known:
        return found
    looks = np.stack(list(known.values()))
    held = amount(looks)
    common = np.median(looks[held <= HEAVIER * np.median(held)], axis=0).astype(np.uint8)
    trusted = dict(zip(known, held <= HEAVIER * np.median(held), strict=True))
    for kind, places in groups.items():
        found[places] = known[kind] if trusted.get(kind) else common
    return found


def _lightest(cells: Cells, amounts: NDArray[np.floating], places: Sequence[int]) -> Cells:
    """The median of the lightest ones."""
    count = min(MOST, max(FEWEST, round(LIGHTEST * len(places))))
    order = np.argsort(amounts[places], kind="stable")[:count]
    return np.median(cells[np.asarray(places)[order]], axis=0).astype(np.uint8)
