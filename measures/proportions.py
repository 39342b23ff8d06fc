"""How sure a share is."""

from math import sqrt

Z = 1.96  # of an interval that holds the truth 95 times of 100


def wilson_interval(share: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share of `count` (Wilson, Probable inference, the law of succession, and statistical
    inference, 1927): honest for few and near 0 and 1; all of it where there is nothing."""
    if not count:
        return 0.0, 1.0
    unit = Z * Z / count
    middle = (share + unit / 2) / (1 + unit)
    reach = Z * sqrt(share * (1 - share) / count + unit / (4 * count)) / (1 + unit)
    return max(0.0, middle - reach), min(1.0, middle + reach)
