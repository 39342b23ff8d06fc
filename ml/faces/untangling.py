"""Steps measured on faces as people order them, and made independent by what they really do."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from ml.core.arrays import Pictures
from ml.faces.drawing import FaceRequest, StyleDrawer, to_pictures

Numbers = NDArray[np.float64]

FIRST, FACES = 30_000, 32  # seeds
USUAL = 96  # faces whose spread is the unit
TRUNCATION, STEPS = 0.7, 2.0
# Added to the diagonal, in parts of its mean. With 0.3 age and make-up, which never come apart, left what the generator
# can draw, and changed everything but themselves.
SOFTENED = 1.0


@dataclass
class Ruler:
    """read: faces -> (n, readings); nan where one cannot be read."""

    drawer: StyleDrawer
    read: Callable[[Pictures], Numbers]
    before: Numbers = field(init=False)
    spread: Numbers = field(init=False)

    def __post_init__(self) -> None:
        usual = self.read(self.drawn(np.zeros((self.drawer.network.config.layers, 1)), np.zeros(USUAL)))
        self.before, self.spread = usual[:FACES], np.nanstd(usual, 0)

    def effects(self, steps: Numbers) -> Numbers:
        """(n, layers, latent) -> (n, readings): by how many standard deviations one step moves each."""
        signs = np.where(np.arange(FACES) % 2, -1.0, 1.0)
        moved = [
            np.nanmean(signs[:, None] * (self.read(self.drawn(step, STEPS * signs)) - self.before), 0)
            for step in steps
        ]
        return np.stack(moved) / self.spread / STEPS

    def drawn(self, step: Numbers, times: Numbers) -> Pictures:
        """A face for each of the times that it takes the step."""
        seeds = range(FIRST, FIRST + len(times))
        one = torch.from_numpy(step.astype(np.float32)).to(self.drawer.device)
        found = []
        with torch.inference_mode():
            for seed, so_often in zip(seeds, times, strict=True):
                ws = self.drawer.styles(FaceRequest(seed, TRUNCATION)) + float(so_often) * one
                found.append(to_pictures(self.drawer.of_styles(ws[None], [seed])))
        return np.concatenate(found)


def parted(effects: Numbers, steps: Numbers) -> Numbers:
    """Mixtures of the steps of which each would, if effects added up, change the other readings less."""
    soft = effects + SOFTENED * np.diag(effects).mean() * np.eye(len(effects))
    mixed = np.linalg.solve(soft, np.eye(len(effects)))
    own = np.diag(mixed @ effects)
    return np.asarray(np.tensordot(mixed / own[:, None], steps, 1))
