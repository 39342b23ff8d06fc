"""Ink as a second witness beside the network: on one page all empty bubbles hold nearly the same.

What the networks know of empty bubbles they learned from many kinds of print. This page's own print is known better:
most of its bubbles are empty, and they differ by their labels alone (measured: by less than a fifth).
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.rectification import PAPER
from grading.sheet.scan import CELL

FEWEST = 8  # bubbles on a page from which on "most" means something
EMPTY_SHARE = 0.2  # even of an exam of O/X items alone this many bubbles stay empty
MORE = 1.35  # times what an empty bubble holds: rings on the outline hold half as much again, of 18,844 empty
# bubbles one in 5,000 came that far
REACH = 14.5  # px from the middle of a cell: the bubble and what leaves it, not the neighbours


def hold_more(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which of a page's bubbles, (n, 32, 32), hold more ink than its empty ones do; (n,). None where they are few."""
    amounts = amount(cells)
    if len(cells) < FEWEST:
        return np.zeros(len(cells), bool)
    return np.asarray(amounts > MORE * np.quantile(amounts, EMPTY_SHARE))


def amount(cells: NDArray[np.uint8]) -> NDArray[np.floating[Any]]:
    """Mean darkness below the paper's grey, over a disc: (n, 32, 32) -> (n,)."""
    disc = cv2.circle(np.zeros((CELL, CELL), np.uint8), (CELL // 2, CELL // 2), round(REACH), 1, -1).astype(
        bool
    )
    darkness = PAPER - np.minimum(cells[:, disc], PAPER).astype(np.float32)
    return np.asarray(darkness.mean(axis=1)) if len(cells) else np.zeros(0)
