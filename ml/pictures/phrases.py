"""What the grammars of captions are made of: words that know which inference they came from, and rules with slots.

A language is a table of rules with slots ("with {company}"), what the slots are filled with comes from the card alone.
"""

from collections.abc import Sequence
from string import Formatter
from typing import TypedDict

Word = TypedDict("Word", {"text": str, "from": str | None})
Phrase = list[Word]


def word(text: str, source: str | None = None) -> Word:
    """source: the place in the card of the inference that says so ("labels.0"); None for the grammar's own words."""
    return {"text": text, "from": source}


def fill_slots(rule: str, **slots: Phrase) -> Phrase:
    """The words of a rule, "with {things}", with the phrases in its slots."""
    phrase: Phrase = []
    for own, slot, _spec, _conversion in Formatter().parse(rule):
        phrase += [word(own)] if own else []
        phrase += slots[slot] if slot else []
    return phrase


def join(phrases: Sequence[Phrase], comma: str = ", ", last: str = ", ") -> Phrase:
    """One phrase of many: "red, green and blue"."""
    joined: Phrase = []
    for number, phrase in enumerate(phrases):
        if number:
            joined.append(word(last if number == len(phrases) - 1 else comma))
        joined += phrase
    return joined


def phrase_text(phrase: Phrase) -> str:
    return "".join(token["text"] for token in phrase)
