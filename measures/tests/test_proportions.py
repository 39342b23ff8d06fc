import pytest

from measures.proportions import wilson_interval


@pytest.mark.parametrize(
    ("share", "count", "low", "high"),
    [(1.0, 10, 0.7225, 1.0), (0.5, 100, 0.4038, 0.5962), (0.0, 5, 0.0, 0.4345)],
)
def test_wilsons_interval_is_the_published_one(share, count, low, high):
    assert wilson_interval(share, count) == (pytest.approx(low, abs=2e-4), pytest.approx(high, abs=2e-4))


def test_of_nothing_anything_may_be():
    assert wilson_interval(0.0, 0) == (0.0, 1.0)
