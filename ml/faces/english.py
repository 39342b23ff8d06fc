"""English words that describe a face, also where they are mistyped."""

import re
from collections.abc import Iterator

from ml.faces.lexicon import Kind, Word, entries, much, of_hair, persons, things, traits

# Words of several parts have "_" between them
ENGLISH: dict[str, Word] = {
    **things("glasses eyeglasses spectacles specs sunglasses shades sun_glasses eyewear", glasses=1),
    **things("beard beards whiskers", beard=1),
    **things("moustache mustache goatee stubble sideburns", is_narrow=True, beard=1),
    **things("bangs fringe", bangs=1),
    **things("forehead", bangs=-1),
    **things("makeup make_up cosmetics", makeup=1),
    **things(
        "lipstick eyeshadow eye_shadow eyeliner mascara blush rouge lip_gloss", is_narrow=True, makeup=1
    ),
    **things("smile smiles grin grins laugh laughter smirk", smile=1),
    **things("frown scowl tears", smile=-1),
    **things("curls ringlets perm", curls=1),
    **things("wrinkle wrinkles", is_narrow=True, age=1),
    **traits(
        "smiling smiley smiled smirking happy happier happily laughing laughs grinning cheerful cheery "
        "joyful beaming",
        smile=1,
    ),
    **traits(
        "serious sad sadder unsmiling stern grim unhappy frowning scowling angry crying gloomy grumpy solemn",
        smile=-1,
    ),
    **traits("straight_faced expressionless deadpan", smile=-1),
    **traits("bespectacled", glasses=1),
    **traits("bearded unshaven hirsute", beard=1),
    **traits("mustached moustached mustachioed moustachioed", beard=1),
    **traits("beardless", beard=-1),
    **entries(
        Kind.SHAVED, "shaven shaved shaves shave clean_shaven cleanshaven cleanly_shaven", edits={"beard": -1}
    ),
    **traits("male masculine manly", gender=1),
    **traits("female feminine womanly", gender=-1),
    **persons(
        "man men guy guys gentleman mr dude bloke lad fellow male husband groom king prince actor waiter",
        gender=1,
    ),
    **persons("he him himself father dad daddy brother uncle son", gender=1),
    **persons(
        "woman women lady ladies mrs ms miss gal wife bride queen princess actress waitress", gender=-1
    ),
    **persons("she hers herself mother mom mum mommy sister aunt daughter", gender=-1),
    **entries(Kind.WHOSE, "his", edits={"gender": 1}),
    **entries(Kind.WHOSE, "her", edits={"gender": -1}),
    **persons("boy boys schoolboy", gender=1, age=-1),
    **persons("girl girls schoolgirl little_girl lass", gender=-1, age=-1),
    **persons("little_boy", gender=1, age=-1),
    **persons("grandfather grandpa granddad gramps", gender=1, age=1),
    **persons("grandmother grandma granny nana", gender=-1, age=1),
    **persons("pensioner pensioners retiree senior elder elders grandparent", age=1),
    **persons(
        "child children kid kids toddler baby infant teenager teen teens youth youngster adolescent", age=-1
    ),
    **traits("old older oldest elderly aged aging ageing wrinkled wrinkly middle_aged", age=1),
    **traits("fifties sixties seventies eighties nineties", age=1),
    **traits("young younger youngest teenage youthful twenties", age=-1),
    **traits("blond blonde blonder blondish fair_haired blondes", blond=1),
    **traits("brunette brunet dark_haired black_haired brown_haired raven_haired", blond=-1),
    **traits("grey_haired gray_haired white_haired silver_haired", age=1),
    **traits("curly curlier wavy frizzy curly_haired permed", curls=1),
    **traits("straight_haired", curls=-1),
    **of_hair("golden fair yellow light platinum sandy flaxen", blond=1),
    **of_hair("dark black brown light_brown dark_brown chestnut raven darker jet_black", blond=-1),
    **of_hair("white grey gray silver", age=1),
    **of_hair("straight sleek", curls=-1),
    **entries(Kind.HAIR, "hair haired hairs hairdo hairstyle locks"),
    **entries(Kind.LOOK, "left leftwards left_facing", edits={"pose": -1}),
    **entries(Kind.LOOK, "right rightwards right_facing", edits={"pose": 1}),
    **entries(Kind.LOOK, "bright", edits={"smile": 1}),
    **entries(
        Kind.FACE,
        "face faces person people somebody someone somebody's human portrait photo picture image adult "
        "headshot expression "
        "look one it",
    ),
    **entries(
        Kind.NOT,
        "no not without never non minus lacking lacks lack neither hardly less fewer zero cannot "
        "none nobody sans instead_of",
    ),
    **entries(
        Kind.NOT,
        "remove removing removes delete erase hide hiding lose losing drop skip stop stops take_off "
        "ditch exclude excluding discard",
    ),
    **entries(Kind.NOT, "takes_off taking_off took_off get_rid_of rid_of free_of lift_off isnt doesnt dont"),
    **entries(Kind.SILENT, "not_only"),
    **entries(Kind.GONE, "off removed gone missing absent free taken_off shaved_off away x"),
    **much(
        "very really extremely super so quite much big broad wide huge thick heavy full bushy hearty", 1.5
    ),
    **much("strongly clearly beaming_with lots_of a_lot_of a_lot broadly widely too wildly", 1.5),
    **much("slightly slight bit little a_little a_bit faint faintly barely somewhat half mildly subtle", 0.5),
    **much("not_too_much not_so_much hint_of touch_of", 0.5),
    **much("more", 1.0),
    **entries(Kind.AND, "and & plus also"),
    **entries(Kind.OR, "or nor"),
    **entries(Kind.WITH, "with wearing wears wear wore worn in on has have having had got holding"),
    **entries(Kind.STOP, "but yet though although however instead still except"),
    **entries(
        Kind.SILENT,
        "a an the of to who whom that which is are was were be been being looking facing looks at do "
        "does did this these "
        "turned turning turn turns facing_the head towards toward put give gives add make makes making "
        "let should would "
        "could can please want wants like show shows showing draw generate create i me my we you your "
        "for from its any "
        "some there there's years year as by his_own her_own only just longer anymore side visible "
        "exposed bare taken "
        "sign_of signs_of trace_of traces_of needed wanted necessary required allowed "
        "eyed ca wo take takes taking took keep keeps",
    ),
}
SHORTEST_SWAPPED, SHORTEST_OTHER = (
    5,
    6,
)  # letters of a word in which two are exchanged; in which one is too many or too few
PHRASES = re.compile("|".join(re.escape(one) for one in sorted(ENGLISH, key=len, reverse=True) if " " in one))


def english_word(text: str) -> Word:
    known = ENGLISH.get(text) or ENGLISH.get(text.removesuffix("'s")) or ENGLISH.get(mistyped(text) or "")
    if known:
        return Word(text, known.kind, known.edits, known.much, False, known.is_narrow)
    return Word(text, Kind.HOW if text.endswith("ly") else Kind.OTHER)


def mistyped(text: str) -> str | None:
    """The word that is meant, where two neighbouring letters are exchanged, or one is missing or there twice or too
    much, but never the first."""
    for known in ENGLISH:
        if " " in known or known[0] != text[:1] or abs(len(known) - len(text)) > 1:
            continue
        if len(known) == len(text) >= SHORTEST_SWAPPED and is_swapped(text, known):
            return known
        short, long = sorted((text, known), key=len)
        if len(short) < len(long) and len(known) >= SHORTEST_OTHER and short in without_one(long):
            return known
    return None


def is_swapped(text: str, known: str) -> bool:
    places = [place for place, (one, other) in enumerate(zip(text, known, strict=True)) if one != other]
    return len(places) == 2 and places[1] == places[0] + 1 and text[places[0]] == known[places[1]]


def without_one(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(1, len(word)))
