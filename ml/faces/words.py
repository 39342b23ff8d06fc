"""From words to edits, in Korean and English. Needs no torch.

No model of language: a face is described by few words, whose place beside each other says what they are about
(`ml.faces.lexicon`), and who is told which of them were not understood can say it otherwise. So nothing is dropped
without being named, and what is said of clothes or eyes changes no hair.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ml.faces.english import PHRASES, english_word
from ml.faces.korean import korean_words
from ml.faces.lexicon import Edits, Kind, Word

LONGEST = 500  # characters that are looked at
MOST = 3.0  # steps
PLAIN = 1.5  # steps of a word: several at once still make a face
STEPS = {"glasses": 2.0}  # of which a step and a half leaves out every second face's
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
)
YOUNG_UNTIL, OLD_FROM = 29, 50  # years that ask for a younger or an older face than usual
PIECES = re.compile(
    rf"(?P<age>{AGE.pattern})|(?P<phrase>\b(?:{PHRASES.pattern})\b)|(?P<latin>[a-z]+(?:'[a-z]+)?)"
    r"|(?P<hangul>[가-힣]+)|(?P<sign>[&+])|(?P<comma>[,;:.!?/·、()\n])|(?P<rest>[^\W_]+)"
)
NOT_SHORT = re.compile(r"n['’]t\b|n['’]\b(?=t)")
CONTENT = (Kind.THING, Kind.PERSON, Kind.TRAIT, Kind.LOOK, Kind.OF_HAIR, Kind.OTHER, Kind.SHAVED, Kind.HAIR)
ENDS = (None, Kind.COMMA, Kind.AND, Kind.STOP)  # before these a word turns what it stands behind
PASSED_OVER = (Kind.SILENT, Kind.MUCH, Kind.FACE)


@dataclass(frozen=True)
class Understood:
    """edits: steps along directions; used: the words that they come from; unknown: those that say nothing here."""

    edits: Edits = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@dataclass
class Said:
    """A word with a meaning, as the phrase has it."""

    word: Word
    sign: float
    much: float


def understand(prompt: str, edits: Sequence[str]) -> Understood:
    """edits: the directions that the network knows; a word for another one is not understood."""
    words = [known_to(word, edits) for word in words_of(prompt[:LONGEST].lower())]
    words = joined(settled(about_hair(words)))
    said = reconciled(Reader(words).read())
    unknown = [word.text for word in words if word.kind is Kind.OTHER]
    unknown += [one.word.text for one in said if not one.sign]
    used = [one.word.text for one in said if one.sign]
    return Understood(summed(said), used, unknown)


# --- words


def words_of(text: str) -> Iterator[Word]:
    for found in PIECES.finditer(NOT_SHORT.sub(" not", text.replace("-", " "))):
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


def years_in(groups: dict[str, str]) -> int:
    digits = groups["latin_years"] or groups["digits"] or groups["decade"]
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
    """What is said of nothing that a face has is unknown: brown eyes, a bright skin, the left ear, an old coat."""
    found: list[Word] = []
    for place, word in enumerate(words):
        following = words[place + 1].kind if place + 1 < len(words) else None
        is_of_other = following is Kind.OTHER or (
            following is Kind.THING and "smile" not in words[place + 1].edits
        )
        is_of_thing = word.kind is Kind.TRAIT and "age" in word.edits and follows_with(words, place)
        if (
            word.kind is Kind.OF_HAIR
            or (word.kind is Kind.LOOK and is_of_other)
            or (is_of_thing and following is Kind.OTHER)
        ):
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


# --- phrases


class Reader:
    """Goes through the words once. `sign` is of what comes next, `group` what a word after it would turn."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.said: list[Said] = []
        self.group: list[Said] = []
        self.sign, self.before, self.much = 1.0, 1.0, 1.0  # before: the sign of the last content word
        self.is_open = False  # whether the group goes on: glasses and
        self.is_undone = False  # after 안, until its verb

    def read(self) -> list[Said]:
        for place, word in enumerate(self.words):
            self.take(place, word)
        return self.said

    def take(self, place: int, word: Word) -> None:
        if word.kind in CONTENT:
            self.content(word)
        elif word.kind is Kind.WHOSE:
            self.said.append(Said(word, 1.0, 1.0))
        elif word.kind is Kind.NOT and self.next_kind(place) in ENDS:
            self.turn()  # smile less, and
        elif word.kind is Kind.NOT:
            self.sign = -self.sign
        elif word.kind is Kind.NOT_DONE:
            self.is_undone = True
        elif word.kind is Kind.GONE:
            self.turn()
        elif word.kind is Kind.MUCH:
            self.much = word.much
        elif word.kind is Kind.WEAR:
            if self.is_undone:
                self.turn()
            self.is_open = self.is_undone = False
        elif word.kind in (Kind.AND, Kind.OR, Kind.COMMA):
            self.link(place, word)
        elif word.kind is Kind.STOP:
            self.sign = self.before = 1.0
            self.is_open = False

    def content(self, word: Word) -> None:
        one = Said(word, self.sign, self.much)
        if word.edits:
            self.said.append(one)
        goes_on = self.is_open and word.kind in (Kind.THING, Kind.OTHER)
        self.group = [*(self.group if goes_on else []), *([one] if word.edits else [])]
        if self.is_undone and word.kind in (Kind.TRAIT, Kind.SHAVED):
            self.turn()
        self.before, self.sign, self.much, self.is_undone = self.sign, 1.0, 1.0, False
        self.is_open = word.links

    def turn(self) -> None:
        for one in self.group:
            one.sign = -one.sign

    def link(self, place: int, word: Word) -> None:
        """What was turned goes on over "or", over "and" between things, and over commas of a list that ends so."""
        self.is_open = word.kind is not Kind.COMMA
        is_thing = self.next_kind(place) in (Kind.THING, Kind.OTHER)
        goes_on = word.kind is Kind.OR or (
            is_thing and (word.kind is Kind.AND or self.is_list_with_or(place))
        )
        if goes_on and self.sign == 1.0:
            self.sign = self.before

    def next_kind(self, place: int) -> Kind | None:
        kinds = (word.kind for word in self.words[place + 1 :] if word.kind not in PASSED_OVER)
        return next(kinds, None)

    def is_list_with_or(self, place: int) -> bool:
        """Whether things and commas alone lie between this comma and an "or"."""
        for word in self.words[place + 1 :]:
            if word.kind is Kind.OR:
                return True
            if word.kind not in (Kind.THING, Kind.OTHER, Kind.COMMA, *PASSED_OVER):
                return False
        return False


def reconciled(said: Sequence[Said]) -> list[Said]:
    """Where two words are about one direction: a shaved beard is none, the moustache of a beard cannot be taken from
    it (sign 0: not understood), and "not a grandfather but a grandmother" is old."""
    wanted = {name for one in said if one.sign > 0 for name in one.word.edits}
    whole = {name for one in said if not one.word.is_narrow for name in one.word.edits}
    is_shaved = any(one.word.kind is Kind.SHAVED and one.sign > 0 for one in said)
    found = []
    for one in said:
        edits = dict(one.word.edits)
        if one.sign < 0 and len(edits) > 1:
            edits = {name: steps for name, steps in edits.items() if name not in wanted}
        if is_shaved and one.word.kind is Kind.THING and "beard" in edits and one.sign > 0:
            continue
        contradicts = one.word.is_narrow and one.sign < 0 and edits.keys() <= whole & wanted
        is_nowhere = "pose" in edits and one.sign < 0  # not to the left: where then?
        sign = 0.0 if contradicts or is_nowhere else one.sign
        found.append(Said(replace(one.word, edits=edits), sign, one.much))
    return found


def summed(said: Sequence[Said]) -> Edits:
    edits: Edits = {}
    for one in said:
        for name, steps in one.word.edits.items():
            change = one.sign * one.much * STEPS.get(name, PLAIN) * steps
            if change:
                edits[name] = max(-MOST, min(MOST, edits.get(name, 0.0) + change))
    return edits
