"""Probe sets: small ones that come with the code or are drawn with fixed seeds, so that every version can be measured
within seconds wherever it runs. See ml/probes/README.md for what they hold and whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.core.evaluation import Metric, metric_rows

PROBES = Path(__file__).parents[1] / "probes"


@dataclass(frozen=True)
class ProbeResult:
    """What a version did with a probe set. count: its pictures; figures: by their measures, first the one by which
    versions are compared, of which more is better; md5: empty where the network draws the pictures itself."""

    name: str
    md5: str
    count: int
    figures: Mapping[str, float]

    def __post_init__(self) -> None:
        if not np.isfinite(list(self.figures.values())).all():
            raise ValueError(f"The figures are no numbers: {dict(self.figures)}")

    @property
    def rows(self) -> list[Metric]:
        """As cards hold metrics."""
        about = {"md5": self.md5} if self.md5 else {}
        return metric_rows(f"{self.name} ({self.count})", self.figures, **about)


def check_finite(answers: NDArray[np.floating]) -> None:
    """Raises ValueError where a network has answered with something else than numbers."""
    if not np.isfinite(answers).all():
        raise ValueError("The network answers with NaN or infinity.")
