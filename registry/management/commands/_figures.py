"""Figures of a card as a table for the terminal."""

from collections.abc import Iterable
from typing import Any


def figure(metric: dict[str, Any]) -> str:
    return f"{metric['value']:9.4%}" if metric.get("is_share", True) else f"{metric['value']:9.4f}"


def table(metrics: Iterable[dict[str, Any]]) -> str:
    """A line for each figure, in columns: its set, the set's md5, the measure, the value."""
    rows = [(metric["set"], metric.get("md5", ""), metric["measure"], figure(metric)) for metric in metrics]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)
