"""By which terms a picture is found, and which terms what somebody types means. Plain Python.

A term is the id of a concept in WordNet ("n02084071", with all that it is a kind of), a fact of another sort
("#female"), or a word as it was read. lexicon.json, made by tools/lexicon.py, says which words mean which of these.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Found = dict[str, Any]
Lexicon = dict[str, dict[str, Any]]

LEXICON = Path(__file__).with_name("lexicon.json")
LEAST = 0.3  # probability from which something is found by its name: from there a caption says "perhaps"
LEAST_FACE, GROWN = 0.6, 13  # confidence from which a gender counts; years
LEAST_SHARE = 0.1  # of the picture that a colour covers
LONGEST, MOST = 40, 300  # characters of a term; terms of a picture
SORTS = ("n00015388", "n04524313")  # animal, vehicle: of one of them a picture mostly shows one
MOST_WORDS, MOST_TOGETHER = 8, 4  # of what is typed; words that have a meaning of their own together
WORD = re.compile(r"[^\W_]+")
IDLE = frozenset(
    ["a", "an", "the", "of", "with", "and", "or", "in", "on", "at", "my", "some"]
    + ["와", "과", "및", "그리고", "있는"]
    + ["find", "show", "me", "please", "찾아줘", "찾아", "보여줘", "보여", "줘", "좀"]
    + ["one", "two", "three", "several", "many", "한", "두", "세", "네", "여러", "많은", "마리", "명", "대"]
    + ["wearing", "riding", "holding", "sitting", "입은", "쓴", "탄", "든", "앉은", "담긴"]
)
PARTICLES = re.compile(
    r"(?<=.)(에서|으로|하고|이랑|에게|부터|까지|이|가|은|는|을|를|와|과|의|에|로|랑|도|들)$"
)


@dataclass(frozen=True)
class Wanted:
    """What one thing that somebody typed may be: one of these terms, or every one of these words."""

    terms: tuple[str, ...]
    words: tuple[str, ...]

    def is_beginning(self, word: str) -> bool:
        """Whether what begins with a word is meant, too: with "tabb", and with 강아지, which particles follow.
        But a car is no carrot."""
        return len(word) > 1 and (is_hangul(word[0]) or not self.terms)


@cache
def load_lexicon() -> Lexicon:
    content: Lexicon = json.loads(LEXICON.read_text(encoding="utf-8"))
    return content


def terms_of(found: Found, name: str = "", right_label: str = "") -> list[str]:
    """Of a picture: its card, how its file is called, what a person says that it shows. The most telling first."""
    terms = [*concepts_in(found), *facts_in(found)]
    for meaning in meanings(plain(right_label)):
        terms += [meaning, *kinds_of(meaning)]
    terms += words_in(" ".join([right_label, *names_in(found), name, *read_in(found)]))
    terms += [term for line in read_in(found) for term in run_together(words_in(line))]
    return list(dict.fromkeys(term[:LONGEST] for term in terms))[:MOST]


def concepts_in(found: Found) -> Iterator[str]:
    objects = load_lexicon()["objects"]
    likely = likely_in(found)
    seen = [objects[one["label"]] for one in objects_in(found) if one.get("label") in objects]
    for wnid in dict.fromkeys([*likely, *seen, *([objects["person"]] if found.get("faces") else ())]):
        yield wnid
        yield from kinds_of(wnid)


def likely_in(found: Found) -> list[str]:
    named = [*(found.get("concepts") or ()), *(found.get("labels") or ())]
    return [one["wnid"] for one in named if one["probability"] >= LEAST]


def objects_in(found: Found) -> list[Found]:
    """Without one that is called something else of its sort by what looked at the whole picture: of a cat that a
    detector takes for a dog captions name the cat, too."""
    seen, likely, objects = found.get("objects") or [], likely_in(found), load_lexicon()["objects"]
    kinds = {kind for wnid in likely for kind in (wnid, *kinds_of(wnid))}
    for sort in SORTS:
        alike = [one for one in seen if sort in kinds_of(objects.get(one.get("label"), ""))]
        if len(alike) == 1 and sort in kinds and objects[alike[0]["label"]] not in kinds:
            seen = [one for one in seen if one is not alike[0]]
    return seen


def kinds_of(wnid: str) -> list[str]:
    """All that it is a kind of."""
    above = load_lexicon()["kinds"]
    found = list(above.get(wnid, ()))
    for one in found:
        found += [parent for parent in above.get(one, ()) if parent not in found]
    return found


def facts_in(found: Found) -> Iterator[str]:
    image_type = found.get("image_type")
    if image_type:
        yield f"#{image_type['type']}"
    if found.get("text") or found.get("unread"):
        yield "#text"
    for face in found.get("faces") or ():
        yield "#face"
        if face.get("age") and face["age"][1] <= GROWN:
            yield "#child"
        if face.get("gender_confidence", 0) >= LEAST_FACE:
            yield f"#{face['gender']}"


def names_in(found: Found) -> Iterator[str]:
    """Of what is likely there, in all languages."""
    likely = [*(found.get("concepts") or ()), *(found.get("labels") or ())]
    things = [one for one in likely if one["probability"] >= LEAST]
    things += objects_in(found)
    things += [one for one in found.get("colors") or () if one["share"] >= LEAST_SHARE]
    things += [found["image_type"]] if found.get("image_type") else []
    things += [one for one in (found.get("taught") or {}).get("labels") or () if one["probability"] >= LEAST]
    for thing in things:
        yield from thing["name"].values()


def read_in(found: Found) -> Iterator[str]:
    return (line["text"] for line in found.get("text") or ())


def run_together(words: list[str]) -> Iterator[str]:
    """Neighbours in Hangul without the space between them, which who searches may leave out: 출입금지 of 출입 금지."""
    for first in range(len(words)):
        for last in range(first + 2, min(first + MOST_TOGETHER, len(words)) + 1):
            if not all(map(is_hangul, words[first:last])):
                break
            yield "".join(words[first:last])


def is_hangul(word: str) -> bool:
    return all("가" <= letter <= "힣" for letter in word)


def wanted_by(text: str) -> list[Wanted]:
    """What was typed, thing by thing; all of it is wanted."""
    words = words_in(text)[:MOST_WORDS]
    found: list[Wanted] = []
    at = 0
    while at < len(words):
        count = next(
            (
                some
                for some in range(min(MOST_TOGETHER, len(words) - at), 1, -1)
                if known(words[at : at + some])
            ),
            1,
        )
        some = tuple(words[at : at + count])
        if not set(some) <= IDLE or len(words) == 1:
            found.append(Wanted(tuple(known(list(some))), tuple(stem(word) for word in some)))
        at += count
    return found


def known(words: list[str]) -> list[str]:
    """The meanings of these words together, be it as they are, in the singular, or without a particle."""
    *before, last = words
    return next(filter(None, (meanings(" ".join([*before, form])) for form in forms(last))), [])


def forms(word: str) -> Iterator[str]:
    yield word
    yield stem(word)
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    if word.endswith("es"):
        yield word[:-2]
    if word.endswith("s"):
        yield word[:-1]


def stem(word: str) -> str:
    return PARTICLES.sub("", word) if is_hangul(word[-1]) else word


def meanings(text: str) -> list[str]:
    found: list[str] = load_lexicon()["names"].get(text, [])
    return found


def words_in(text: str) -> list[str]:
    return [word[:LONGEST] for word in WORD.findall(plain(text))]


def plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().strip()
