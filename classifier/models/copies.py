"""Pictures that are the same picture: of one file, or found to be copies of each other."""

from collections.abc import Sequence
from typing import Any


def different_pictures(
    examples: Sequence[tuple[str, int, str]], copies: Sequence[Sequence[Any]]
) -> dict[int, int]:
    """Of each class how many pictures it has, copies counted once. examples: key, class, digest of the file; copies:
    pairs that begin with two keys."""
    before: dict[str, str] = {}  # of a copy: one that it is the same as

    def first_of(pk: str) -> str:
        while pk in before:
            pk = before[pk]
        return pk

    for pair in copies:
        one, other = first_of(pair[0]), first_of(pair[1])
        if one != other:
            before[other] = one
    of_file: dict[str, str] = {}
    different: dict[int, set[str]] = {}
    for pk, label, digest in examples:
        different.setdefault(label, set()).add(of_file.setdefault(digest, first_of(pk)))
    return {label: len(ones) for label, ones in different.items()}
