"""Which cases of a table every `make test` runs, and which `make test-full` alone."""

from collections.abc import Iterable
from typing import Any

import pytest


def seldom(cases: Iterable[Any]) -> list[Any]:
    """What shows in many more cases what others show every day: for `make test-full`.

    cases: tuples where a test takes several arguments
    """
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.full)
        for case in cases
    ]


def daily(names: Iterable[str], *chosen: str) -> list[Any]:
    """All names of a table, of which every `make test` runs those that are chosen; a name that is not there fails."""
    names = list(names)
    assert set(chosen) <= set(names), set(chosen) - set(names)
    return [*chosen, *seldom(name for name in names if name not in chosen)]
