"""What of a picture's card is worth saying in one sentence, before any language."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from ml.pictures.image_types.reader import PHOTOGRAPH
from ml.pictures.phrases import Word, word

Found = dict[str, Any]
Name = dict[str, str]  # by language

# probabilities from which a thing is said: as it is, with "probably", with "perhaps"
PLAIN, LIKELY, POSSIBLE = 0.9, 0.6, 0.3
BLANK = 0.02  # contrast that a JPEG can give to one colour
CLEAR = 0.6  # confidence from which text, light and a gender are said
# Shares of the picture from which a colour is said, if those that are said add up to that.
LARGE, MOSTLY = 0.2, 0.5
MOST = 2  # colours and verdicts on the light
MOST_THINGS = 3  # kinds of them
# Of which one picture mostly shows one: concepts of WordNet, and what COCO knows of them
SORTS = {
    "animal": ("bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"),
    "vehicle": ("bicycle", "car", "motorcycle", "bus", "train", "truck"),
}
LONGEST_TEXT = 40  # characters that are quoted


class Sureness(Enum):
    PLAIN = "plain"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @classmethod
    def of(cls, probability: float) -> "Sureness":
        if probability >= PLAIN:
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
        colors=color_statements(found.get("colors") or ()),
        light=statements_of(light_verdicts(found), "light.verdicts", "confidence", CLEAR)
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
    return Statement(image_type["name"], "image_type", Sureness.of(image_type["probability"]))


def light_verdicts(found: Found) -> Sequence[Found]:
    verdicts: Sequence[Found] = (found.get("light") or {}).get("verdicts", ())
    return verdicts


def is_blank(found: Found) -> bool:
    """Whether it is known to have one colour alone, of which a network still names something."""
    light = found.get("light") or {}
    return light.get("sharpness") is None and light.get("contrast", 1) < BLANK


def what_of(found: Found) -> Statement | None:
    """The answer, or else the first class where it is at all likely."""
    for place, label in (
        ("answer", found.get("answer")),
        ("labels.0", next(iter(found.get("labels") or ()), None)),
    ):
        if label and label["probability"] >= POSSIBLE:
            return Statement(spoken(label["name"]), place, Sureness.of(label["probability"]))
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
    statement = Statement(
        first["name"], source, Sureness.of(max(objects[place]["confidence"] for place in places))
    )
    return Things(len(places), first["label"], statement)


def people_of(objects: Sequence[Found], seen: list[int], faces: Sequence[Found]) -> Things:
    if len(seen) > len(faces):
        return group(objects, seen)
    source = "faces.0" if len(faces) == 1 else "faces"
    statement = Statement(PERSON, source, Sureness.of(max(face["confidence"] for face in faces)))
    if len(faces) > 1:
        return Things(len(faces), "person", statement)
    age = faces[0].get("age") if faces[0].get("age_confidence", 1) >= CLEAR else None
    gender = faces[0].get("gender", "") if faces[0].get("gender_confidence", 0) >= CLEAR else ""
    return Things(1, "person", statement, tuple(age) if age else None, gender)


PERSON = {"en": "person", "ko": "사람"}


def text_statement(lines: Sequence[Found]) -> Statement | None:
    """The first clear lines, cut where they are long."""
    clear = [(place, line["text"]) for place, line in enumerate(lines) if line["confidence"] >= CLEAR]
    if not clear:
        return None
    whole = " ".join(text for _place, text in clear)
    short = (
        whole
        if len(whole) <= LONGEST_TEXT
        else whole[:LONGEST_TEXT].rpartition(" ")[0] or whole[:LONGEST_TEXT]
    )
    quoted = short if short == whole else f"{short} …"
    return Statement({"en": quoted, "ko": quoted}, f"text.{clear[0][0]}" if len(clear) == 1 else "text")


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
