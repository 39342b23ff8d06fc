"""Whether a picture is like anything that was taught: a classifier must not be sure of what it has never seen."""

from dataclasses import dataclass

import numpy as np

from ml.core.arrays import Labels, Numbers

# Shares of held-out pictures within the distance of what is known, and of what may be certain; see Limits for what they
# were measured to bring.
KNOWN, NEAR = 0.9, 0.7


@dataclass(frozen=True)
class Limits:
    """Distances: beyond `reach` a picture is none of the classes, beyond `near` no answer is certain.

    Measured with 2 to 6 of 12 classes of photographs, 20 pictures each: of pictures of the other classes 3 % are called
    certain (8 % with one limit that keeps 95 %), of other photographs 3 %, of letters 4 %, of faces none.
    """

    reach: float
    near: float

    @classmethod
    def of(cls, held_out: Numbers) -> "Limits":
        return cls(*(round(float(np.quantile(held_out, share)), 5) for share in (KNOWN, NEAR)))


@dataclass(frozen=True)
class Known:
    """centre: (d,) mean of the rooted features; means: (classes, d) directions of the classes from it, of length 1."""

    centre: Numbers
    means: Numbers

    @classmethod
    def of(cls, inputs: Numbers, labels: Labels) -> "Known":
        """inputs: (n, d) rooted features of what is learned."""
        centre = inputs.mean(0)
        offsets = directions(inputs, centre)
        means = np.stack([offsets[labels == label].mean(0) for label in np.unique(labels)])
        return cls(centre, normalise_rows(means))

    def distances(self, inputs: Numbers) -> Numbers:
        """(n, d) -> (n,): 1 less the largest cosine to a class; 0 is its middle, 1 has nothing in common with any."""
        return np.asarray(1 - (directions(inputs, self.centre) @ self.means.T).max(1))


def directions(inputs: Numbers, centre: Numbers) -> Numbers:
    return normalise_rows(inputs - centre)


def normalise_rows(rows: Numbers) -> Numbers:
    """(n, d) with rows of length 1."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)
