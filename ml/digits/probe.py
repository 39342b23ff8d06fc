"""500 digits of EMNIST's test half, read as uploads are: with all that the card says about what is a digit."""

from pathlib import Path

from ml.core.cards import Card
from ml.core.probe import PROBES, ProbeResult, check_finite
from ml.digits.evaluate import from_file, predict
from ml.digits.reader import load_digit_reader

FILE, NAME = PROBES / "digits.npz", "probe: digits, as uploads"


def probe(card: Card, folder: Path, cache: Path | None) -> ProbeResult:
    """Raises WeightsDamaged, EnginesDisagree, ValueError."""
    test_set = from_file(FILE, NAME)
    predictions = predict(load_digit_reader(card, folder, cache), test_set)
    check_finite(predictions.probabilities)
    return ProbeResult(NAME, test_set.md5, len(test_set.labels), predictions.figures())
