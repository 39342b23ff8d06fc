"""Who stands where among those whose papers are graded."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

Who = TypeVar("Who", bound=Hashable)


def ranks(scores: Mapping[Who, float]) -> dict[Who, int]:
    """1 is the best. As schools count: equal scores share a rank, the next is left out (1, 2, 2, 4)."""
    counts = Counter(scores.values())
    better, rank_of = 0, {}
    for score in sorted(counts, reverse=True):
        rank_of[score] = 1 + better
        better += counts[score]
    return {who: rank_of[score] for who, score in scores.items()}


def put_ranks(rows: Iterable[dict[str, Any]], is_settled: Callable[[dict[str, Any]], bool]) -> None:
    """`rank` and `class_rank` of rows of results, and of how many. None where a score is not settled, or nobody's."""
    rows = list(rows)
    for row in rows:
        row |= dict.fromkeys(("rank", "ranked", "class_rank", "class_ranked"))
    settled = [row for row in rows if is_settled(row)]
    put_ranks_among(settled, "rank", "ranked")
    for name in {row["class_name"] for row in settled} - {""}:
        of_class = [row for row in settled if row["class_name"] == name]
        put_ranks_among(of_class, "class_rank", "class_ranked")


def put_ranks_among(rows: list[dict[str, Any]], rank: str, of: str) -> None:
    found = ranks({place: row["score"] for place, row in enumerate(rows)})
    for place, row in enumerate(rows):
        row[rank], row[of] = found[place], len(rows)
