"""What words about a face say together: who is without what, and what contradicts itself."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from ml.faces.lexicon import PASSED_OVER, Edits, Kind, Word

MOST = 3.0  # steps
PLAIN = 1.5  # steps of a word: several at once still make a face
STEPS = {"glasses": 2.0}  # of which a step and a half leaves out every second face's
CONTENT = (Kind.THING, Kind.PERSON, Kind.TRAIT, Kind.LOOK, Kind.OF_HAIR, Kind.OTHER, Kind.SHAVED, Kind.HAIR)
ENDS = (None, Kind.COMMA, Kind.AND, Kind.STOP)  # before these a word is about what it stands behind


@dataclass
class Said:
    """A word with a meaning, as the phrase has it."""

    word: Word
    sign: float
    much: float

    def way(self, name: str) -> bool:
        """Whether it asks for more of that."""
        return self.sign * self.word.edits[name] > 0


class Reader:
    """Goes through the words once. `sign` is of what comes next, `group` what a word after it would turn."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.said: list[Said] = []
        self.group: list[Said] = []
        self.sign, self.before, self.much = 1.0, 1.0, 1.0  # before: the sign of the last content word
        self.is_open = False  # whether the group goes on: glasses and
        self.is_undone = False  # after 안, until its verb
        self.is_waiting = False  # after a thing in Korean, until its verb: 안경 (절대) 안 쓴

    def read(self) -> list[Said]:
        for place, word in enumerate(self.words):
            self.take(place, word)
        return self.said

    def take(self, place: int, word: Word) -> None:
        if word.kind in CONTENT:
            self.content(place, word)
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
        elif word.kind is Kind.MUCH and self.next_kind(place) in (*ENDS, Kind.WEAR) and self.group:
            self.group[-1].much = word.much  # smile a bit, 화장 연하게 한
        elif word.kind is Kind.MUCH:
            self.much = word.much
        elif word.kind is Kind.WEAR:
            if self.is_undone:
                self.turn()
            self.is_open = self.is_undone = self.is_waiting = False
        elif word.kind in (Kind.AND, Kind.OR, Kind.COMMA):
            self.link(place, word)
        elif word.kind is Kind.STOP:
            self.sign = self.before = 1.0
            self.is_open = False

    def content(self, place: int, word: Word) -> None:
        one = Said(word, self.sign, self.much)
        if word.edits:
            self.said.append(one)
        goes_on = (
            (self.is_open and (word.links or word.kind in (Kind.THING, Kind.OTHER)))
            or (self.is_waiting and word.kind is Kind.OTHER)
            or word.kind is Kind.HAIR  # what was said before was said of it
        )
        self.group = [*(self.group if goes_on else []), *([one] if word.edits else [])]
        if self.is_undone and (word.kind in (Kind.TRAIT, Kind.SHAVED) or self.next_kind(place) in ENDS):
            self.turn()
        self.is_waiting = not word.text.isascii() and (
            word.kind is Kind.THING or (goes_on and self.is_waiting)
        )
        self.before, self.much, self.is_undone, self.is_open = self.sign, 1.0, False, word.links
        if not (word.kind is Kind.OTHER and self.is_before_thing(place)):
            self.sign = 1.0

    def turn(self) -> None:
        for one in self.group:
            one.sign = -one.sign

    def link(self, place: int, word: Word) -> None:
        """What was turned goes on over "or", over "and" between things, and over commas of a list that ends so."""
        self.is_open = word.kind is not Kind.COMMA
        is_thing = self.next_kind(place) in (Kind.THING, Kind.OTHER) and not self.is_before_verb(place)
        goes_on = word.kind is Kind.OR or (
            is_thing and (word.kind is Kind.AND or self.is_list_with_or(place))
        )
        if goes_on and self.sign == 1.0:
            self.sign = self.before

    def is_before_thing(self, place: int) -> bool:
        """As in: no round glasses."""
        return [word.kind for word in self.words[place + 1 : place + 2]] == [Kind.THING]

    def is_before_verb(self, place: int) -> bool:
        """As in: take the glasses off and smile."""
        following = self.words[place + 1 : place + 2]
        return any(word.text.isascii() and "smile" in word.edits for word in following)

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
    """What words say about one direction together; the sign of one that is left with nothing is 0: not understood.

    What is asked for both ways is asked for neither way, but where a part is taken from a whole (the moustache of a
    beard) the whole stays. A shaved beard is none.
    """
    is_shaved = any(one.word.kind is Kind.SHAVED and one.sign > 0 for one in said)
    said = [one for one in said if not (is_shaved and one.sign > 0 and is_beard(one.word))]
    said = [own(one, said) for one in said]
    whole = [one for one in said if one.sign > 0 or not one.word.is_narrow]
    asked = {(name, one.way(name)) for one in whole for name in one.word.edits}
    return [settled(one, asked) for one in said]


def is_beard(word: Word) -> bool:
    return word.kind is Kind.THING and "beard" in word.edits


def own(one: Said, said: Sequence[Said]) -> Said:
    """Without what others say better."""
    others = [other for other in said if other is not one and other.sign > 0]
    edits = {
        name: steps
        for name, steps in one.word.edits.items()
        if not any(gives_way(one, other, name) for other in others if name in other.word.edits)
    }
    return replace(one, word=replace(one.word, edits=edits))


def gives_way(one: Said, other: Said, name: str) -> bool:
    """ "A man, not a woman" and "a woman in her seventies" say who it is once, "not a grandfather but a grandmother" is
    old, and so is an old girl."""
    agrees = one.way(name) == other.way(name)
    if one.sign < 0:
        return agrees or len(one.word.edits) > 1
    if one.word.kind is Kind.WHOSE:
        return agrees and other.word.kind is not Kind.WHOSE
    return not agrees and len(one.word.edits) > 1 and other.word.kind is Kind.TRAIT


def settled(one: Said, asked: Container[tuple[str, bool]]) -> Said:
    edits = {name: steps for name, steps in one.word.edits.items() if (name, not one.way(name)) not in asked}
    is_lost = bool(one.word.edits) and not edits
    is_nowhere = "pose" in edits and one.sign < 0  # not to the left: where then?
    return Said(replace(one.word, edits=edits), 0.0 if is_lost or is_nowhere else one.sign, one.much)


def summed(said: Sequence[Said]) -> Edits:
    edits: Edits = {}
    for one in said:
        for name, steps in one.word.edits.items():
            change = one.sign * one.much * STEPS.get(name, PLAIN) * steps
            if change:
                edits[name] = max(-MOST, min(MOST, edits.get(name, 0.0) + change))
    return edits
