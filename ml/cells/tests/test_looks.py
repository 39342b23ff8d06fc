"""Cells that one look leaves open are looked at again."""

import numpy as np

from ml.cells.looks import logits_of_looks, moved

MOVES = ((2.0, 0.0), (-2.0, 0.0))


def stroke(x: int) -> np.ndarray:
    cell = np.full((32, 32), 250, np.uint8)
    cell[4:28, x : x + 3] = 20
    return cell


class Network:
    """Says how far to the right the ink lies, and remembers what it was shown."""

    def __init__(self) -> None:
        self.shown: list[int] = []

    def __call__(self, cells: np.ndarray) -> np.ndarray:
        self.shown.append(len(cells))
        middle = ((250.0 - cells).mean(axis=-2) @ np.arange(32)) / (250.0 - cells).mean(axis=-2).sum(axis=-1)
        return np.stack([middle - 16, np.zeros(len(cells))], 1).astype(np.float32)


def test_only_what_one_look_leaves_open_is_looked_at_again():
    network, cells = Network(), np.stack([stroke(2), stroke(15), stroke(28)])
    logits = logits_of_looks(network, cells, MOVES)
    assert network.shown == [3, 1, 1]
    assert np.allclose(logits, Network()(cells), atol=0.05)  # what is moved to both sides lies where it lay


def test_the_mean_of_all_looks_counts():
    once = logits_of_looks(Network(), stroke(15)[None], ())
    to_the_right = logits_of_looks(Network(), stroke(15)[None], [(3.0, 0.0)])
    assert np.allclose(to_the_right - once, [[1.5, 0]], atol=0.05)


def test_a_cell_moves_with_its_reference_and_its_edge_stays():
    pair = np.stack([stroke(10), stroke(20)])[None]
    there = moved(pair, (3.0, 0.0))
    assert (there == np.stack([stroke(13), stroke(23)])[None]).all()
    assert moved(pair[:0], (3.0, 0.0)).shape == (0, 2, 32, 32)
