"""One sentence about a picture, in English and in Korean. It invents nothing: each word that says something names the
inference it came from, what is not sure is said to be so, and where a photo was taken is never said.

A language is a table of rules with slots ("with {company}"), what the slots are filled with comes from the card alone.
"""

from typing import Any

from ml.pictures import english, korean
from ml.pictures.facts import facts_of
from ml.pictures.phrases import Phrase

GRAMMARS = {"en": english.sentence, "ko": korean.sentence}


def caption_of(found: dict[str, Any]) -> dict[str, Phrase]:
    """found: the JSON of a card, of which any part may be absent. Answers {"en", "ko"}: [{"text", "from"}], whose texts
    joined are one sentence; from: the inference's place in the card ("labels.0"), None for the grammar's own words."""
    facts = facts_of(found)
    return {language: sentence(facts) for language, sentence in GRAMMARS.items()}
