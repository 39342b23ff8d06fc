"""What the 1,000 classes of ImageNet are called, and what WordNet says they are. Made by tools/words.py."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("words.json")


@dataclass(frozen=True)
class Concept:
    """en, ko: its names; is_plain: whether people who are no scientists call things so ("cat", and not "placental");
    parents: the wnids of what it is directly a kind of,
    often one, two for a dog (canine, domestic animal), none for entity; gloss: WordNet's definition, in English."""

    en: str
    ko: str
    is_plain: bool
    parents: tuple[str, ...]
    gloss: str


class Words:
    """classes: the wnids in the order of an ImageNet network's 1,000 outputs; concepts: these and all above them, by
    wnid. Every method raises KeyError for any other wnid."""

    def __init__(self, classes: list[str], concepts: dict[str, Concept]) -> None:
        self.classes = classes
        self.concepts = concepts

    def name(self, wnid: str) -> dict[str, str]:
        """{"en", "ko"}"""
        concept = self.concepts[wnid]
        return {"en": concept.en, "ko": concept.ko}

    def is_plain(self, wnid: str) -> bool:
        return self.concepts[wnid].is_plain

    def ancestors(self, wnid: str) -> list[str]:
        """All that it is a kind of, each once, from special to general: none comes after one that it is under. The line
        of first parents stays together as far as that allows."""
        general_first: list[str] = []
        self._collect(wnid, general_first)
        return general_first[-2::-1]

    def _collect(self, wnid: str, general_first: list[str]) -> None:
        for parent in reversed(self.concepts[wnid].parents):
            if parent not in general_first:
                self._collect(parent, general_first)
        general_first.append(wnid)


@cache
def load_words() -> Words:
    """Read once in a process."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    concepts = {
        wnid: Concept(**{**fields, "parents": tuple(fields["parents"])})
        for wnid, fields in content["concepts"].items()
    }
    return Words(content["classes"], concepts)
