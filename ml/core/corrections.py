"""What people put right, as something to learn from."""

from ml.core.cards import collection

FEWEST = 50  # examples, from which on there is something to learn


class TooFewCorrections(Exception):
    """There are not enough corrections to learn from or to hold out."""


def collection_of_corrections(counts: str = "") -> dict[str, str]:
    """The row of a card's `data`."""
    return collection(f"corrections by people of this site{counts}", "theirs", "training; a fifth held out")
