"""From a network's probabilities to words: classes, what these are kinds of, and an answer that holds."""

from typing import Any

import numpy as np

from ml.core.arrays import Numbers
from ml.pictures.words import Words

Label = dict[str, Any]  # name {"en", "ko"}, wnid, probability

MOST = 5
LARGEST = 400  # classes: what more of them are kinds of ("man-made object") says next to nothing


class Naming:
    """The words for what a network with the 1,000 outputs of ImageNet sees. A thing's probability is the sum of those
    of all classes that are kinds of it. enough: the probability from which something may be said of a picture;
    probabilities: (1000,) that sum to 1."""

    def __init__(self, words: Words, enough: float) -> None:
        self.words, self.enough = words, enough
        self.kinds = {wnid: words.ancestors(wnid) for wnid in words.classes}
        places: dict[str, list[int]] = {}
        for place, wnid in enumerate(words.classes):
            for kind in (wnid, *self.kinds[wnid]):
                places.setdefault(kind, []).append(place)
        # of the classes that are kinds of it
        self.places = {kind: np.array(some) for kind, some in places.items()}

    def labels_of(self, probabilities: Numbers) -> list[Label]:
        """The five most probable classes, the first first."""
        return [self.label(wnid, probabilities) for wnid in self.best(probabilities)]

    def best(self, probabilities: Numbers) -> list[str]:
        return [self.words.classes[place] for place in np.argsort(-probabilities, kind="stable")[:MOST]]

    def concepts_of(self, probabilities: Numbers) -> list[Label]:
        """What it is, from special to general (tabby, cat, feline, carnivore, animal), in words that people use. It
        begins with the answer's most probable class, or that of all classes where there is no answer."""
        answer = self.answer_of(probabilities)
        among = self.places[answer["wnid"]] if answer else np.arange(len(probabilities))
        best = self.words.classes[among[probabilities[among].argmax()]]
        kinds = [best, *filter(self.words.is_plain, self.kinds[best])]
        return [self.label(wnid, probabilities) for wnid in kinds]

    def answer_of(self, probabilities: Numbers) -> Label | None:
        """The most special thing that is probable enough: where the first classes disagree, what they have in common,
        so that an uncertain answer is a true one. None where nothing that is worth a word is probable enough."""
        said = [
            wnid for wnid in self.near(probabilities) if self.probability(wnid, probabilities) >= self.enough
        ]
        if not said:
            return None
        return self.label(min(said, key=lambda wnid: self.rank(wnid, probabilities)), probabilities)

    def near(self, probabilities: Numbers) -> list[str]:
        """What could be the answer: the most probable classes and all that people would call them."""
        best = self.best(probabilities)
        kinds = dict.fromkeys(kind for wnid in best for kind in self.kinds[wnid])
        return best + [
            kind for kind in kinds if self.words.is_plain(kind) and len(self.places[kind]) <= LARGEST
        ]

    def rank(self, wnid: str, probabilities: Numbers) -> tuple[int, float]:
        """The fewer classes are kinds of it the better; then the more probable."""
        return len(self.places[wnid]), -self.probability(wnid, probabilities)

    def probability(self, wnid: str, probabilities: Numbers) -> float:
        return float(probabilities[self.places[wnid]].sum())

    def label(self, wnid: str, probabilities: Numbers) -> Label:
        probability = round(min(self.probability(wnid, probabilities), 1.0), 6)
        return {"name": self.words.name(wnid), "wnid": wnid, "probability": probability}
