"""Captions in Korean: "아마 얼룩고양이인 듯하고, 사람 두 명이 있으며, 주로 회색과 갈색이에요."."""

import re

from ml.pictures.facts import COUNTABLE, Facts, Statement, Sureness, Things
from ml.pictures.phrases import Phrase, fill_slots, join, phrase_text, word

# Of every clause the form that goes on and the one that ends. "이/가" is chosen by what comes before it.
WHAT = {
    Sureness.PLAIN: ("{what}이/가 보이고", "{what}이/가 보여요"),
    Sureness.LIKELY: ("아마 {what}인 듯하고", "아마 {what}인 듯해요"),
    Sureness.POSSIBLE: ("어쩌면 {what}일 수도 있고", "어쩌면 {what}일 수도 있어요"),
}
TYPE = {
    Sureness.PLAIN: ("{type}이고", "{type}이에요/예요"),
    Sureness.LIKELY: ("아마 {type}인 듯하고", "아마 {type}인 듯해요"),
    Sureness.POSSIBLE: ("어쩌면 {type}일 수도 있고", "어쩌면 {type}일 수도 있어요"),
}
THINGS = ("{things}이/가 있으며", "{things}이/가 있어요")
WORDS = {
    Sureness.PLAIN: ("“{text}” 글자가 보이고", "“{text}” 글자가 보여요"),
    Sureness.LIKELY: ("아마 “{text}” 글자가 보이고", "아마 “{text}” 글자가 보여요"),
}
UNREAD = (
    "여기서 읽지 못하는 글자가 보이는데 아마 {script}인 듯하고",
    "여기서 읽지 못하는 글자가 보이는데 아마 {script}인 듯해요",
)
COLORS = ("주로 {colors}이며", "주로 {colors}이에요/예요")
LIGHT = ("{light} 사진이고", "{light} 사진이에요")
TAKEN = {
    (True, True): ("{day}에 {camera} 카메라로 찍었고", "{day}에 {camera} 카메라로 찍었어요"),
    (True, False): ("{day}에 찍었고", "{day}에 찍었어요"),
    (False, True): ("{camera} 카메라로 찍었고", "{camera} 카메라로 찍었어요"),
}
NOTHING_SAID = ("사진이고", "사진이에요")

SURENESS = {Sureness.PLAIN: "{thing}", Sureness.LIKELY: "아마 {thing}", Sureness.POSSIBLE: "어쩌면 {thing}"}
AGED = "{age}세쯤 되어 보이는 {person}"
PROBABLY_AGED = "아마 {age}세쯤 되어 보이는 {person}"  # a range of ages is right four times in five
NUMBERS = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
AT_LEAST = "적어도 "
PEOPLE = {"female": "여성", "male": "남성"}
COUNTERS = {
    "명": ("person",),
    "마리": ("bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"),
    "대": ("bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "tv", "laptop"),
    "척": ("boat",),
    "권": ("book",),
    "그루": ("potted plant",),
    "켤레": ("skis",),
}
COUNTER_OF = {label: counter for counter, labels in COUNTERS.items() for label in labels}
OTHER_COUNTER = "개"

PARTICLES = re.compile(r"^(이에요|이|과)/(예요|가|와)")
DIGITS_WITH_FINAL = "013678"  # 영 일 삼 육 칠 팔
LETTERS_WITH_FINAL = "bcklmnpqt"  # as most words that end in them are spoken in Korean


def sentence(facts: Facts) -> Phrase:
    """One sentence of clauses, all but the last of which go on."""
    clauses = clauses_of(facts) or [(NOTHING_SAID, {})]
    *before, (rule, slots) = clauses
    phrases = [fill_slots(going_on, **its) for (going_on, _end), its in before]
    return agreed([*join([*phrases, fill_slots(rule[1], **slots)]), word(".")])


def clauses_of(facts: Facts) -> list[tuple[tuple[str, str], dict[str, Phrase]]]:
    """The rules of what there is to say, with what goes into them."""
    clauses: list[tuple[tuple[str, str], dict[str, Phrase]]] = []
    if facts.image_type:
        clauses.append((TYPE[facts.image_type.sureness], {"type": [facts.image_type.said("ko")]}))
    if facts.what:
        clauses.append((WHAT[facts.what.sureness], {"what": [facts.what.said("ko")]}))
    if facts.things:
        things = join([thing_of(things) for things in facts.things], last="과/와 ")
        clauses.append((THINGS, {"things": things}))
    if facts.text:
        clauses.append((WORDS[facts.text.sureness], {"text": [facts.text.said("ko")]}))
    if facts.unread:
        clauses.append((UNREAD, {"script": [facts.unread.said("ko")]}))
    if facts.colors:
        clauses.append((COLORS, {"colors": listed(facts.colors)}))
    if facts.light:
        clauses.append((LIGHT, {"light": join([[statement.said("ko")] for statement in facts.light])}))
    if facts.taken_at or facts.camera:
        clauses.append(taken(facts))
    return clauses


def taken(facts: Facts) -> tuple[tuple[str, str], dict[str, Phrase]]:
    moment = facts.taken_at
    day = f"{moment.year}년 {moment.month}월 {moment.day}일" if moment else ""
    slots = {"day": [word(day, "photo.taken_at")], "camera": [word(facts.camera, "photo.camera")]}
    return TAKEN[bool(day), bool(facts.camera)], slots


def thing_of(things: Things) -> Phrase:
    """ "개 두 마리", "25~32세쯤 되어 보이는 여성 한 명"."""
    named, source = things.statement.name["ko"], things.statement.source
    least = AT_LEAST if things.count > COUNTABLE else ""
    counted = word(f"{least}{PEOPLE.get(things.gender, named)} {count_of(things)}", source)
    thing = [counted]
    if things.age:
        rule = PROBABLY_AGED if things.statement.sureness is Sureness.PLAIN else AGED
        thing = fill_slots(rule, age=[word("{}~{}".format(*things.age), source)], person=thing)
    return fill_slots(SURENESS[things.statement.sureness], thing=thing)


def count_of(things: Things) -> str:
    counter = COUNTER_OF.get(things.label, OTHER_COUNTER)
    return f"{NUMBERS[things.count]} {counter}" if things.count < len(NUMBERS) else f"{things.count}{counter}"


def listed(statements: list[Statement]) -> Phrase:
    return join([[statement.said("ko")] for statement in statements], last="과/와 ")


def agreed(phrase: Phrase) -> Phrase:
    """With one of each two particles: the first after a final consonant."""
    chosen: Phrase = []
    for token in phrase:
        fitting = r"\1" if has_final(phrase_text(chosen)) else r"\2"
        chosen.append(word(PARTICLES.sub(fitting, token["text"]), token["from"]))
    return chosen


def has_final(text: str) -> bool:
    """Whether it ends, as it is spoken, in a consonant; signs at its end are not spoken."""
    last = re.sub(r"\W+$", "", text)[-1:].lower()
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28 > 0
    return last in DIGITS_WITH_FINAL or last in LETTERS_WITH_FINAL if last else False
