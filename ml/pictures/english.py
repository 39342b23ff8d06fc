"""Captions in English: "Probably a tabby, with two people and the words “STOP”, mostly grey and brown."."""

import re

from ml.pictures.facts import COUNTABLE, Facts, Statement, Sureness, Things
from ml.pictures.phrases import Phrase, Word, fill_slots, join, word
from ml.pictures.scripts.names import HANDWRITING
from ml.pictures.scripts.names import NAMES as SCRIPTS

SURENESS = {
    Sureness.PLAIN: "{thing}",
    Sureness.LIKELY: "probably {thing}",
    Sureness.POSSIBLE: "perhaps {thing}",
}
NOTHING_SAID = "a picture"
COMPANY = "with {company}"
WORDS = "the words “{text}”"
UNREAD = "text in a script that is not read here, probably {script}"
UNREAD_HAND = "what is probably {script}, which is not read here"
COLORS = "mostly {colors}"
TAKEN = {
    (True, True): "taken on {day} with {camera}",
    (True, False): "taken on {day}",
    (False, True): "taken with {camera}",
}
AGED = "{person} of about {age} years"
PROBABLY_AGED = "{person} of probably {age} years"  # a range of ages is right four times in five

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
AT_LEAST = "at least "
PEOPLE = {"female": "woman", "male": "man"}
PLURALS = {"person": "people", "mouse": "mice", "knife": "knives"}
AS_THEY_ARE = ("sheep", "skis", "scissors")
WITHOUT_ARTICLE = re.compile(
    r"(corn|guacamole|consomme|ice cream|dough|mashed potato|chocolate sauce|carbonara|red wine|eggnog|hay|chain mail"
    r"|toilet tissue|broccoli|cauliflower|head cabbage|spaghetti)"
    r"|.*(scissors|skis|binoculars|jeans|pajamas|trousers|trunks|bars|sunglasses|eyeglasses|goods|clothing|wear|ware"
    r"|armor|jewelry|makeup|headgear|equipment|furniture|bedding|cutlery|media|transport|food|paper)"
)
# As it is spoken: "a unicycle", "an hour", and the letters of "an FE-100", "an HTC"
STARTS_WITH_VOWEL = re.compile(
    r"(?i:(?!eu|uni|one\b)[aeiou]|hour)|[FHLMNRSX](?:[A-Z]?|[B-DF-HJ-NP-TV-XZ]+)(?![A-Za-z])"
)
MONTHS = ["January", "February", "March", "April", "May", "June"]
MONTHS += ["July", "August", "September", "October", "November", "December"]


def sentence(facts: Facts) -> Phrase:
    """One sentence; the first of what it can say opens it."""
    opened_by = facts.image_type or facts.what
    said = opened_by.sureness if opened_by else Sureness.PLAIN
    company = [thing_of(things, said) for things in facts.things]
    words = []
    if facts.text:
        words = [sure(fill_slots(WORDS, text=[facts.text.said("en")]), facts.text.sureness, said)]
    if facts.unread:
        rule = UNREAD_HAND if facts.unread.name == SCRIPTS[HANDWRITING] else UNREAD
        words.append(fill_slots(rule, script=[facts.unread.said("en")]))
    if opened_by:
        opening = sure(a(opened_by.said("en")), opened_by.sureness)
        company += words
    else:
        opening = join(company, last=" and ") or [word(NOTHING_SAID)]
        company = words
    clauses = [opening]
    if company:
        clauses.append(fill_slots(COMPANY, company=join(company, last=" and ")))
    return capitalised([*join([*clauses, *rest(facts)]), word(".")])


def rest(facts: Facts) -> list[Phrase]:
    """What is said of the whole photo."""
    clauses = []
    if facts.colors:
        clauses.append(fill_slots(COLORS, colors=listed(facts.colors)))
    if facts.light:
        clauses.append(listed(facts.light))
    if facts.taken_at or facts.camera:
        clauses.append(taken(facts))
    return clauses


def taken(facts: Facts) -> Phrase:
    moment, camera = facts.taken_at, facts.camera
    day = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}" if moment else ""
    rule = TAKEN[bool(day), bool(camera)]
    return fill_slots(rule, day=[word(day, "photo.taken_at")], camera=a(word(camera, "photo.camera")))


def thing_of(things: Things, said: Sureness) -> Phrase:
    """ "two dogs", "a woman of about 25 to 32 years". said: how sure the sentence said to be before."""
    named = things.statement.said("en")
    if things.gender in PEOPLE:
        named = word(PEOPLE[things.gender], things.statement.source)
    if things.count > 1:
        least = AT_LEAST if things.count > COUNTABLE else ""
        many = word(f"{least}{count_of(things)} {plural(named['text'])}", named["from"])
        return sure([many], things.statement.sureness, said)
    person = a(named)
    if things.age:
        years = word("{} to {}".format(*things.age), things.statement.source)
        is_plain = Sureness.PLAIN is things.statement.sureness is said
        rule = PROBABLY_AGED if is_plain else AGED
        person = fill_slots(rule, person=person, age=[years])
    return sure(person, things.statement.sureness, said)


def count_of(things: Things) -> str:
    return NUMBERS[things.count] if things.count < len(NUMBERS) else str(things.count)


def sure(thing: Phrase, sureness: Sureness, said: Sureness = Sureness.PLAIN) -> Phrase:
    """Doubt is said once: "perhaps a helmet, with a woman" doubts both."""
    doubts = [*Sureness]
    is_said = said is not Sureness.PLAIN and doubts.index(sureness) <= doubts.index(said)
    return fill_slots(SURENESS[Sureness.PLAIN if is_said else sureness], thing=thing)


def listed(statements: list[Statement]) -> Phrase:
    return join([[statement.said("en")] for statement in statements], last=" and ")


def a(named: Word) -> Phrase:
    """With its article, where it has one."""
    if WITHOUT_ARTICLE.fullmatch(named["text"]):
        return [named]
    return [word("an " if STARTS_WITH_VOWEL.match(named["text"]) else "a "), named]


def plural(name: str) -> str:
    if name in PLURALS or name in AS_THEY_ARE:
        return PLURALS.get(name, name)
    if name.endswith("man"):
        return f"{name[:-2]}en"
    return f"{name}es" if re.search(r"(s|x|ch|sh)$", name) else f"{name}s"


def capitalised(phrase: Phrase) -> Phrase:
    first = phrase[0]["text"]
    return [word(first[:1].upper() + first[1:], phrase[0]["from"]), *phrase[1:]]
