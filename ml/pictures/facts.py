"""What of a picture's card is worth saying in one sentence, before any language."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import pairwise
from typing import Any

from ml.pictures.image_types.reader import PHOTOGRAPH
from ml.pictures.phrases import Word, word

Found = dict[str, Any]
Name = dict[str, str]  # by language

# probabilities from which a thing is said: as it is, with "probably", with "perhaps"
PLAIN, LIKELY, POSSIBLE = 0.9, 0.6, 0.3
# A class of ImageNet and a line of text need more to be said without "probably": what a network names in photographs of
# none of its classes (of the moon, of a hat) reaches .98, and a line with a syllable wrong .94.
PLAIN_CLASS, PLAIN_TEXT = 0.985, 0.95
# So does a type of images: of 65 pictures of other makers than it learned from, 21 of the 29 types from .9 on were
# right, and 15 of the 17 from .99 on.
PLAIN_TYPE = 0.99
WORDLESS = "pattern"  # of which it is said with doubt where words stand in it
BLANK = 0.02  # contrast that a JPEG can give to one colour
CLEAR = 0.6  # confidence from which text and a gender are said
SURE_OF_GENDER = 0.89  # at most: the network is right of 94 in 100 grown people, and of fewer old ones
SURE_LIGHT = 0.85  # confidence from which the light is: "blurred" is said without "probably"
# Shares of the picture from which a colour is said, if those that are said add up to that.
LARGE, MOSTLY = 0.2, 0.72
MOST = 2  # colours and verdicts on the light
MOST_THINGS = 3  # kinds of them
COUNTABLE = 4  # of a kind: of more the detector may have missed some
# Of which one picture mostly shows one: concepts of WordNet, and what COCO knows of them
SORTS = {
    "animal": ("bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"),
    "vehicle": ("bicycle", "car", "motorcycle", "bus", "train", "truck"),
}
LONGEST_TEXT = 40  # characters that are quoted
MORE = "…"


class Sureness(Enum):
    PLAIN = "plain"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @classmethod
    def of(cls, probability: float, least_plain: float | None = None) -> "Sureness":
        if probability >= (least_plain or PLAIN):
            return cls.PLAIN
        return cls.LIKELY if probability >= LIKELY else cls.POSSIBLE


@dataclass(frozen=True)
class Statement:
    """A name or a text by language, and the place in the card that says so."""

    name: Name
    source: str
    sureness: Sureness = Sureness.PLAIN

    def said(self, language: str) -> Word:
        return word(self.name[language], self.source)


@dataclass(frozen=True)
class Things:
    """Some of a kind. label: COCO's English name; age: years from and to, and a gender, of one person whose face was
    seen."""

    count: int
    label: str
    statement: Statement
    age: tuple[int, int] | None = None
    gender: str = ""


@dataclass(frozen=True)
class Facts:
    image_type: Statement | None  # of what is no photograph, in which nothing else is named
    what: Statement | None
    things: list[Things]
    text: Statement | None
    unread: Statement | None  # the script of what stands there and is not read
    colors: list[Statement]
    light: list[Statement]
    taken_at: datetime | None
    camera: str


def facts_of(found: Found) -> Facts:
    """found: the JSON of a card; any part of it may be absent."""
    image_type = image_type_of(found)
    what = None if is_blank(found) or image_type else what_of(found)
    things = [] if image_type else things_of(found)
    kinds = {kind["name"]["en"].lower() for kind in found.get("concepts") or ()} if what else set()
    same = next((thing for thing in things if kinds & {thing.label, thing.statement.name["en"]}), None)
    same = same or (misnamed(things, kinds) if what else None)
    is_sure_of_people = bool(what and same and same.label == "person" and what.sureness is Sureness.PLAIN)
    if what and same and (same.count > 1 or what.sureness is Sureness.POSSIBLE) and not is_sure_of_people:
        # "three cats" rather than "a tabby, with three cats", "a cat" rather than "perhaps a tabby"
        what = None
    others = [
        thing for thing in things if thing is not same or not what or (is_sure_of_people and same.count > 1)
    ]
    photo = found.get("photo") or {}
    return Facts(
        image_type=image_type,
        what=what,
        things=others[:MOST_THINGS],
        text=text_statement(found.get("text") or ()),
        unread=unread_statement(found.get("unread") or ()),
        colors=color_statements(found.get("colors") or ()),
        light=statements_of(light_verdicts(found), "light.verdicts", "confidence", SURE_LIGHT)
        if not image_type
        else [],
        taken_at=parse_moment(photo.get("taken_at")),
        camera=photo.get("camera") or "",
    )


def misnamed(things: Sequence[Things], kinds: set[str]) -> Things | None:
    """What the network and the detector call differently: "a baboon, with a bear" is one animal."""
    for sort, labels in SORTS.items():
        alike = [thing for thing in things if thing.label in labels]
        if any(sort in kind for kind in kinds) and len(alike) == 1 and alike[0].count == 1:
            return alike[0]
    return None


def image_type_of(found: Found) -> Statement | None:
    image_type = found.get("image_type")
    if not image_type or image_type["type"] == PHOTOGRAPH:
        return None
    sureness = Sureness.of(image_type["probability"], PLAIN_TYPE)
    if (
        image_type["type"] == WORDLESS
        and sureness is Sureness.PLAIN
        and text_statement(found.get("text") or ())
    ):
        sureness = Sureness.LIKELY
    return Statement(image_type["name"], "image_type", sureness)


def light_verdicts(found: Found) -> Sequence[Found]:
    verdicts: Sequence[Found] = (found.get("light") or {}).get("verdicts", ())
    return verdicts


def is_blank(found: Found) -> bool:
    """Whether it is known to have one colour alone, of which a network still names something."""
    light = found.get("light") or {}
    return light.get("sharpness") is None and light.get("contrast", 1) < BLANK


def what_of(found: Found) -> Statement | None:
    """The answer, or else the first class where it is at all likely: no more so than that this is a photograph."""
    first = next(iter(found.get("labels") or ()), None)
    for place, label in (("answer", found.get("answer")), ("labels.0", first)):
        if label and label["probability"] >= POSSIBLE:
            is_class = first is None or label["wnid"] == first["wnid"]
            probability = label["probability"] * (found.get("image_type") or {}).get("probability", 1.0)
            sureness = Sureness.of(probability, PLAIN_CLASS if is_class else PLAIN)
            return Statement(spoken(label["name"]), place, sureness)
    return None


def spoken(name: Name) -> Name:
    """Without what tells it from its namesakes in a list: "crane (bird)"."""
    return {language: re.sub(r" ?\(.*\)", "", text) for language, text in name.items()}


def things_of(found: Found) -> list[Things]:
    """The objects kind by kind: people first, who may have been found by their faces alone, then the surest."""
    kinds: dict[str, list[int]] = defaultdict(list)
    objects = found.get("objects") or []
    for place, thing in enumerate(objects):
        kinds[thing["label"]].append(place)
    faces = found.get("faces") or []
    seen = kinds.pop("person", [])
    people = [people_of(objects, seen, faces)] if seen or faces else []
    return people + [group(objects, places) for places in kinds.values()]


def group(objects: Sequence[Found], places: list[int]) -> Things:
    first = objects[places[0]]
    source = f"objects.{places[0]}" if len(places) == 1 else "objects"
    sureness = Sureness.of(
        min(objects[place]["confidence"] for place in places)
    )  # a number holds if each does
    statement = Statement(first["name"], source, sureness)
    return Things(len(places), first["label"], statement)


def people_of(objects: Sequence[Found], seen: list[int], faces: Sequence[Found]) -> Things:
    if len(seen) > len(faces):
        return group(objects, seen)
    source = "faces.0" if len(faces) == 1 else "faces"
    sure = min(face["confidence"] for face in faces)
    if len(faces) > 1:
        return Things(len(faces), "person", Statement(PERSON, source, Sureness.of(sure)))
    age = faces[0].get("age") if faces[0].get("age_confidence", 1) >= CLEAR else None
    gender = faces[0].get("gender", "") if faces[0].get("gender_confidence", 0) >= CLEAR else ""
    sure = min(sure, faces[0]["gender_confidence"], SURE_OF_GENDER) if gender else sure
    return Things(
        1, "person", Statement(PERSON, source, Sureness.of(sure)), tuple(age) if age else None, gender
    )


PERSON = {"en": "person", "ko": "사람"}


def text_statement(lines: Sequence[Found]) -> Statement | None:
    """The first clear lines, cut where they are long, with a mark where unclear ones stand between them; as sure as the
    least sure of those that are quoted."""
    clear = [place for place, line in enumerate(lines) if line["confidence"] >= CLEAR]
    if not clear:
        return None
    whole, starts = lines[clear[0]]["text"], [0]
    for before, place in pairwise(clear):
        whole += " " if place == before + 1 else f" {MORE} "
        starts.append(len(whole))
        whole += lines[place]["text"]
    cut = (
        whole
        if len(whole) <= LONGEST_TEXT
        else whole[:LONGEST_TEXT].rpartition(" ")[0] or whole[:LONGEST_TEXT]
    )
    quoted = [lines[place] for place, start in zip(clear, starts, strict=True) if start < len(cut)]
    sureness = Sureness.of(min(line["confidence"] for line in quoted), PLAIN_TEXT)
    text = cut if cut == whole else f"{cut.removesuffix(f' {MORE}')} {MORE}"
    return Statement({"en": text, "ko": text}, f"text.{clear[0]}" if len(clear) == 1 else "text", sureness)


def unread_statement(lines: Sequence[Found]) -> Statement | None:
    """The script that most of what is not read seems to be written in."""
    if not lines:
        return None
    sums: dict[str, float] = defaultdict(float)
    for line in lines:
        sums[line["script"]] += line["confidence"]
    most = max(sums, key=lambda script: sums[script])
    name = next(line["name"] for line in lines if line["script"] == most)
    return Statement(name, "unread.0" if len(lines) == 1 else "unread", Sureness.LIKELY)


def color_statements(colors: Sequence[Found]) -> list[Statement]:
    """Those that the picture mostly has."""
    is_mostly = sum(color["share"] for color in colors[:MOST] if color["share"] >= LARGE) >= MOSTLY
    return statements_of(colors, "colors", "share", LARGE) if is_mostly else []


def statements_of(parts: Sequence[Found], place: str, measure: str, least: float) -> list[Statement]:
    """The first few, if they reach the measure."""
    return [
        Statement(part["name"], f"{place}.{number}")
        for number, part in enumerate(parts[:MOST])
        if part[measure] >= least
    ]


def parse_moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
