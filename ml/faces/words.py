"""From words to edits, in Korean and English. Needs no torch.

No model of language: a face is described by few words, whose place beside each other says what they are about
(`ml.faces.lexicon`), and who is told which of them were not understood can say it otherwise. So nothing is dropped
without being named, and what is said of clothes or eyes changes no hair.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ml.faces.english import PHRASES, english_word
from ml.faces.grammar import Reader, reconciled, summed
from ml.faces.korean import korean_words
from ml.faces.lexicon import PASSED_OVER, Edits, Kind, Word

LONGEST = 500  # characters that are looked at
NUMBERS_KO = {
    "십": 10,
    "이십": 20,
    "삼십": 30,
    "사십": 40,
    "오십": 50,
    "육십": 60,
    "칠십": 70,
    "팔십": 80,
    "구십": 90,
}
AGE = re.compile(
    r"(?P<latin_years>\d{1,3})[ -]*(?:years?|yrs?|yo)(?:[ -]*old)?\b|(?P<digits>\d{1,3})\s*(?:대|살|세)(?![가-힣]{2})"
    r"|(?P<spelt>[이삼사오육칠팔구]?십)대|(?P<decade>\d0)s\b"
    r"|\b(?:aged?|age of|looks)\s+(?P<aged>\d{1,3})\b|(?P<about>\d{1,3})[ -]something\b"
)
YOUNG_UNTIL, OLD_FROM = 29, 50  # years that ask for a younger or an older face than usual
PIECES = re.compile(
    rf"(?P<age>{AGE.pattern})|(?P<phrase>\b(?:{PHRASES.pattern})\b)|(?P<latin>[a-z]+(?:['-][a-z]+)*)"
    r"|(?P<hangul>[가-힣]+)|(?P<sign>[&+])|(?P<comma>[,;:.!?/·、()\n])|(?P<rest>[^\W_]+)"
)
SHORT = (  # what is written for what
    (re.compile(r"n['’]t\b|n['’]\b(?=t)"), " not"),
    (re.compile(r"\bw/o(?:ut)?\b"), "without"),
    (re.compile(r"\bw/"), "with "),
)
COMPOUND = re.compile(r"(?<![\w-])[a-z]+(?:-[a-z]+)+")


@dataclass(frozen=True)
class Understood:
    """edits: steps along directions; used: the words that they come from; unknown: those that say nothing here."""

    edits: Edits = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def understand(prompt: str, edits: Sequence[str]) -> Understood:
    """edits: the directions that the network knows; a word for another one is not understood."""
    words = [known_to(word, edits) for word in words_of(prompt[:LONGEST].lower())]
    words = joined(settled(about_hair(words)))
    said = reconciled(Reader(words).read())
    unknown = [word.text for word in words if word.kind in (Kind.OTHER, Kind.HOW)]
    unknown += [one.word.text for one in said if not one.sign]
    used = [one.word.text for one in said if one.sign]
    return Understood(summed(said), used, unknown)


# --- words


def words_of(text: str) -> Iterator[Word]:
    for short, long in SHORT:
        text = short.sub(long, text)
    for found in PIECES.finditer(COMPOUND.sub(parts_of, text)):
        piece, groups = found.group(), found.groupdict()
        if groups["age"]:
            yield age_word(piece, years_in(groups))
        elif groups["comma"]:
            yield Word(piece, Kind.COMMA)
        elif groups["sign"]:
            yield Word(piece, Kind.AND)
        elif groups["hangul"]:
            yield from korean_words(piece)
        elif groups["phrase"] or groups["latin"]:
            yield english_word(piece)
        else:
            yield Word(piece, Kind.OTHER)


def parts_of(compound: re.Match[str]) -> str:
    """Words that are all known, or one that is not: what is old-fashioned is not old."""
    parts = compound.group().replace("-", " ")
    is_known = all(word.kind is not Kind.OTHER for word in words_of(parts))
    return parts if is_known else compound.group()


def years_in(groups: dict[str, str]) -> int:
    digits = next(filter(None, map(groups.get, ("latin_years", "digits", "decade", "aged", "about"))), None)
    return int(digits) if digits else NUMBERS_KO[groups["spelt"]]


def age_word(text: str, years: int) -> Word:
    steps = -1 if years <= YOUNG_UNTIL else 1 if years >= OLD_FROM else 0
    return Word(text, Kind.TRAIT, {"age": steps}) if steps else Word(text, Kind.OTHER)


def known_to(word: Word, edits: Sequence[str]) -> Word:
    """The word as this network has learned it."""
    if not word.edits:
        return word
    meaning = {name: steps for name, steps in word.edits.items() if name in edits}
    return replace(word, edits=meaning) if meaning else Word(word.text, Kind.OTHER)


def about_hair(words: Sequence[Word]) -> list[Word]:
    """What is said of hair right before or after it means what it does there; what else is said there is unknown."""
    found = list(words)
    for place, word in enumerate(words):
        if word.kind is not Kind.HAIR:
            continue
        before = run(words, range(place - 1, -1, -1))
        after = [] if before else run(words, range(place + 1, len(words)))
        for at in before + after:
            if words[at].kind is Kind.OF_HAIR:
                found[at] = replace(words[at], kind=Kind.TRAIT)
            elif words[at].kind is Kind.LOOK and words[at].edits.get("smile"):
                found[at] = replace(words[at], kind=Kind.TRAIT, edits={"blond": words[at].edits["smile"]})
        strange = [at for at in before + after if found[at].kind is Kind.OTHER]
        if strange:
            text = [words[at].text for at in sorted([*strange, place])]
            found[place] = Word(" ".join(text), Kind.OTHER)
            for at in strange:
                found[at] = Word("", Kind.SILENT)
    return found


def run(words: Sequence[Word], places: range) -> list[int]:
    """Of words in a row that may be said of hair."""
    row = []
    for at in places:
        is_curly = words[at].kind is Kind.TRAIT and not words[at].edits.keys().isdisjoint(("curls", "blond"))
        if words[at].kind in (Kind.OF_HAIR, Kind.OTHER, Kind.LOOK) or is_curly:
            row.append(at)
        elif words[at].kind not in PASSED_OVER or words[at].kind is Kind.FACE:
            break
    return row


def settled(words: Sequence[Word]) -> list[Word]:
    """What is said of nothing that a face has is unknown: brown eyes, a bright skin, the left ear, an old coat, old
    glasses."""
    found: list[Word] = []
    for place, word in enumerate(words):
        following = words[place + 1].kind if place + 1 < len(words) else None
        is_of_other = following is Kind.OTHER or (
            following is Kind.THING and "smile" not in words[place + 1].edits
        )
        is_age = word.kind is Kind.TRAIT and "age" in word.edits
        is_of_thing = is_age and (
            (following is Kind.OTHER and follows_with(words, place))
            or (following is Kind.THING and word.text.isascii())  # in Korean a trait may be of who wears it
        )
        if word.kind is Kind.OF_HAIR or (word.kind is Kind.LOOK and is_of_other) or is_of_thing:
            word = Word(word.text, Kind.OTHER)
        found.append(word)
    return found


def follows_with(words: Sequence[Word], place: int) -> bool:
    before = [word for word in words[:place] if word.kind is not Kind.SILENT]
    return bool(before) and before[-1].kind is Kind.WITH


def joined(words: Sequence[Word]) -> list[Word]:
    """Unknown words in a row are one: a red dress."""
    found: list[Word] = []
    for word in words:
        if word.kind is Kind.OTHER and found and found[-1].kind is Kind.OTHER:
            word = Word(f"{found.pop().text} {word.text}", Kind.OTHER)
        if word.text:
            found.append(word)
    return found
