"""The best reading of a row: which neighbouring pieces belong together, decided by the network's own answers.

Every way to group the pieces is a path through a lattice; the cheapest is found by dynamic programming (LeCun, Bottou,
Bengio, Haffner, Gradient-based learning applied to document recognition, 1998, section VI: graph transformer networks).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.core.arrays import Numbers
from ml.writing.pieces import Piece, merge_ink

NONE = 4.0  # nats: what a group costs at most, where it is no digit; more by the share that it is wider than high
GAP = 6.0  # nats for joining across a gap as wide as the writing is high
CUT = 1.0  # nats for each cut through a stroke
MOST_PARTS = 5
WIDEST = 1.4  # of the height of the writing


@dataclass(frozen=True)
class Group:
    """Neighbouring pieces first..last-1 of a row, as one; extra: nats against it, whatever the network says."""

    first: int
    last: int
    piece: Piece
    extra: float


def groups_of(parts: Sequence[Sequence[Piece]], height: float) -> list[Group]:
    """parts: each piece of a row, in the parts it may be cut into. Groups count parts through the whole row."""
    owners = [number for number, own in enumerate(parts) for _ in own]
    row = [part for own in parts for part in own]
    found = []
    for first in range(len(row)):
        for last in range(first + 1, min(first + MOST_PARTS + 3, len(row)) + 1):
            group = _group(row, owners, first, last, height)
            if group:
                found.append(group)
    return found


def _group(row: Sequence[Piece], owners: Sequence[int], first: int, last: int, height: float) -> Group | None:
    own = row[first:last]
    seams = [n for n in range(first + 1, last) if owners[n] != owners[n - 1]]
    is_whole = not seams and _is_end(owners, first) and _is_end(owners, last)
    width = max(piece.right for piece in own) - min(piece.left for piece in own)
    if last - first > 1 and not is_whole and width > WIDEST * height:
        return None
    if len(seams) >= MOST_PARTS:
        return None
    extra = sum(joining_cost(row[:n][first:], row[n], height) for n in seams)
    if extra >= NONE:
        return None
    cuts = sum(not _is_end(owners, end) for end in (first, last))
    extra += CUT / 2 * cuts + NONE * max(0.0, width / height - 1)
    return Group(first, last, merge_ink(own), extra)


def _is_end(owners: Sequence[int], place: int) -> bool:
    return place in (0, len(owners)) or owners[place] != owners[place - 1]


def joining_cost(before: Sequence[Piece], after: Piece, height: float) -> float:
    """Nothing where the pieces lie above each other; more, the wider the gap between them."""
    overlap = max(piece.right for piece in before) - after.left
    if overlap >= 0.3 * min(after.width, max(piece.width for piece in before)):
        return 0.0
    return 0.2 + GAP * max(0.0, -overlap / height)


def cost_of(logits: Numbers) -> Numbers:
    """(n, 10) -> (n,) nats: minus the logarithm of the best digit's probability beside "none of them", at most NONE."""
    every = np.logaddexp.reduce(np.pad(logits.astype(np.float64), ((0, 0), (0, 1))), axis=1)
    return np.asarray(np.minimum(every - logits.max(1), NONE), np.float32)


def cheapest_path(count: int, groups: Sequence[Group], costs: Sequence[float]) -> list[int]:
    """Which of the groups, in order, cover all `count` parts at the least cost."""
    best = [0.0] + [np.inf] * count
    via = [-1] * (count + 1)
    for place in sorted(range(len(groups)), key=lambda n: groups[n].last):
        group = groups[place]
        total = best[group.first] + costs[place]
        if total < best[group.last]:
            best[group.last], via[group.last] = total, place
    path: list[int] = []
    while count > 0:
        path.insert(0, via[count])
        count = groups[path[0]].first
    return path
