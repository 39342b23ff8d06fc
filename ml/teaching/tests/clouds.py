"""Features such as a frozen network might give: a cloud for each class, never below 0."""

import numpy as np

from ml.teaching.head_training import Examples

WIDE = 64


def middles(classes: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).gamma(1.0, 1.0, (classes, WIDE))


def cloud(middle: np.ndarray, count: int, spread: float = 0.6, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).gamma(2.0, 0.5, (count, WIDE))
    return (middle * (1 - spread) + spread * noise).astype(np.float16)


def examples(counts: tuple[int, ...] = (20, 20, 20, 20), spread: float = 0.6, seed: int = 0) -> Examples:
    """As many pictures of every class."""
    centres = middles(len(counts))
    features = [
        cloud(centres[label], count, spread, seed * 100 + label) for label, count in enumerate(counts)
    ]
    labels = np.repeat(np.arange(len(counts)), counts)
    names = [f"class {label}" for label in range(len(counts))]
    return Examples(np.concatenate(features), labels, np.arange(len(labels)), names)
