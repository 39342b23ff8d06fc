"""What a word that describes a face does in a phrase; the words are in `english.py` and `korean.py` beside this."""

from dataclasses import dataclass, field
from enum import Enum, auto

Edits = dict[str, float]  # steps along each direction


class Kind(Enum):
    """What a word does in a phrase."""

    THING = auto()  # that a face has or has not: glasses, a beard
    PERSON = auto()  # who it is: a girl
    WHOSE = auto()  # the same, and what follows is about something else: her
    TRAIT = auto()  # how somebody is: old, smiling
    LOOK = auto()  # what is said of faces, and else of something that is no part of this: bright
    HAIR = auto()
    OF_HAIR = auto()  # what is said of hair, and else of something that is no part of this: brown
    FACE = auto()  # face, look, person: nothing by itself
    OTHER = auto()  # what says nothing here
    HOW = auto()  # the same, but comes between words that belong together: completely
    NOT = auto()  # turns what follows
    NOT_DONE = auto()  # turns the verb that follows, and what that verb is about: 안
    GONE = auto()  # turns what went before
    WEAR = auto()  # a verb between a thing and what turns it: 쓴
    SHAVED = auto()  # no beard, also where one is named beside it
    MUCH = auto()  # how much
    AND = auto()
    OR = auto()
    WITH = auto()  # what follows is about things
    STOP = auto()  # what was turned before ends here: but
    COMMA = auto()
    SILENT = auto()


PASSED_OVER = (Kind.SILENT, Kind.MUCH, Kind.FACE, Kind.HOW)


@dataclass(frozen=True)
class Word:
    text: str  # as it was typed
    kind: Kind
    edits: Edits = field(default_factory=dict)
    much: float = 1.0
    links: bool = False  # to the next thing, by its particle: 안경과
    is_narrow: bool = False  # names a part of what its direction changes: a moustache of a beard


def entries(kind: Kind, words: str, **more: object) -> dict[str, Word]:
    return {word.replace("_", " "): Word(word, kind, **more) for word in words.split()}  # type: ignore[arg-type]


def things(words: str, is_narrow: bool = False, **edits: float) -> dict[str, Word]:
    return entries(Kind.THING, words, edits=edits, is_narrow=is_narrow)


def persons(words: str, **edits: float) -> dict[str, Word]:
    return entries(Kind.PERSON, words, edits=edits)


def traits(words: str, **edits: float) -> dict[str, Word]:
    return entries(Kind.TRAIT, words, edits=edits)


def of_hair(words: str, **edits: float) -> dict[str, Word]:
    return entries(Kind.OF_HAIR, words, edits=edits)


def much(words: str, strength: float) -> dict[str, Word]:
    return entries(Kind.MUCH, words, much=strength)
