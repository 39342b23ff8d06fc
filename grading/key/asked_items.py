"""What an item asked on the sheet of one version, for whoever shows a paper: its key as people write it, its points."""

from grading.models import Item
from grading.scoring import LEFT_OUT, Key, has_key


def key_text(key: Key, any_of: bool = False) -> str:
    """1+3 where both are to be marked, 1/3 where one is enough."""
    return key if isinstance(key, str) else ("/" if any_of else "+").join(key)


def key_of(item: Item, version: int) -> str:
    return key_text(item.key(version), item.compared(version)["any_of"])


def points_at(item: Item, version: int) -> float:
    return float(item.scored(version)["points"])


def is_scored(item: Item, version: int) -> bool:
    """Whether it can be right or wrong: it has a key, and is not left out."""
    marking = item.scored(version)["marking"]
    return has_key(item.kind, item.key(version)) and marking.get("counts") != LEFT_OUT
