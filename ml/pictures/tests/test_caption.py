"""One sentence that says what was found, how sure that is, and nothing else."""

from copy import deepcopy

import pytest

from ml.pictures.english import a
from ml.pictures.korean import has_final
from ml.pictures.phrases import phrase_text
from ml.pictures.reader import caption_of
from ml.pictures.scripts.names import NAMES

TABBY = {"name": {"en": "tabby", "ko": "얼룩고양이"}, "wnid": "n02123045", "probability": 0.99}
CAT = {"name": {"en": "cat", "ko": "고양이"}, "wnid": "n02121620", "probability": 0.98}
GREY = {"hex": "#808080", "name": {"en": "gray", "ko": "회색"}, "share": 0.5}
BROWN = {"hex": "#804020", "name": {"en": "brown", "ko": "갈색"}, "share": 0.3}
PHOTO = {
    "taken_at": "2021-05-03T14:22:10",
    "camera": "Canon EOS 5D",
    "gps": {"latitude": 37.5, "longitude": 127.0},
}


def thing(label: str, ko: str, confidence: float = 0.95) -> dict:
    return {"name": {"en": label, "ko": ko}, "label": label, "confidence": confidence, "box": [0, 0, 9, 9]}


def face(**more: object) -> dict:
    sure = {
        "confidence": 0.99,
        "age": [25, 32],
        "gender": "female",
        "gender_confidence": 0.97,
        "box": [0, 0, 9, 9],
    }
    return sure | more


def line(text: str, confidence: float = 0.96) -> dict:
    return {"text": text, "confidence": confidence, "box": [0, 0, 9, 9]}


def unread(script: str, confidence: float = 0.9) -> dict:
    return {"script": script, "name": NAMES[script], "confidence": confidence, "box": [0, 0, 9, 9]}


def sentences(**found: object) -> tuple[str, str]:
    caption = caption_of(found)
    return phrase_text(caption["en"]), phrase_text(caption["ko"])


PERSON, DOG = thing("person", "사람"), thing("dog", "개")

CASES = {
    "nothing": ({}, "A picture.", "사진이에요."),
    "sure": ({"answer": TABBY}, "A tabby.", "얼룩고양이가 보여요."),
    "likely": (
        {"answer": TABBY | {"probability": 0.75}},
        "Probably a tabby.",
        "아마 얼룩고양이인 듯해요.",
    ),
    "no answer": (
        {"answer": None, "labels": [TABBY | {"probability": 0.4}]},
        "Perhaps a tabby.",
        "어쩌면 얼룩고양이일 수도 있어요.",
    ),
    "no idea": ({"answer": None, "labels": [TABBY | {"probability": 0.1}]}, "A picture.", "사진이에요."),
    "an article": (
        {"answer": TABBY | {"name": {"en": "Egyptian cat", "ko": "이집트고양이"}}},
        "An Egyptian cat.",
        "이집트고양이가 보여요.",
    ),
    "a namesake": (
        {"answer": TABBY | {"name": {"en": "crane (bird)", "ko": "두루미 (새)"}}},
        "A crane.",
        "두루미가 보여요.",
    ),
    "doubt is said once": (
        {"answer": None, "labels": [TABBY | {"probability": 0.4}], "objects": [thing("person", "사람", 0.7)]},
        "Perhaps a tabby, with a person.",
        "어쩌면 얼룩고양이일 수도 있고, 아마 사람 한 명이 있어요.",
    ),
    "greater doubt is said beside a smaller one": (
        {"answer": TABBY | {"probability": 0.75}, "objects": [thing("person", "사람", 0.5)]},
        "Probably a tabby, with perhaps a person.",
        "아마 얼룩고양이인 듯하고, 어쩌면 사람 한 명이 있어요.",
    ),
    "a final consonant": (
        {"answer": TABBY | {"name": {"en": "sunglasses", "ko": "선글라스 한 벌"}}},
        "Sunglasses.",
        "선글라스 한 벌이 보여요.",
    ),
    "counts": (
        {"objects": [DOG, PERSON, PERSON, thing("car", "자동차")]},
        "Two people, a dog and a car.",
        "사람 두 명, 개 한 마리와 자동차 한 대가 있어요.",
    ),
    "doubtful things": (
        {"answer": TABBY, "objects": [thing("mouse", "마우스", 0.7), thing("mouse", "마우스", 0.65)]},
        "A tabby, with probably two mice.",
        "얼룩고양이가 보이고, 아마 마우스 두 개가 있어요.",
    ),
    "the same thing twice": (
        {"answer": TABBY, "concepts": [TABBY, CAT], "objects": [thing("cat", "고양이")]},
        "A tabby.",
        "얼룩고양이가 보여요.",
    ),
    "many of the same thing": (
        {"answer": TABBY, "concepts": [TABBY, CAT], "objects": [thing("cat", "고양이")] * 3},
        "Three cats.",
        "고양이 세 마리가 있어요.",
    ),
    "a thing that is surer than its kind": (
        {
            "labels": [TABBY | {"probability": 0.4}],
            "concepts": [TABBY | {"probability": 0.4}, CAT | {"probability": 0.5}],
            "objects": [thing("cat", "고양이")],
        },
        "A cat.",
        "고양이 한 마리가 있어요.",
    ),
    "a face": (
        {"objects": [PERSON], "faces": [face()]},
        "Probably a woman of about 25 to 32 years.",
        "아마 25~32세쯤 되어 보이는 여성 한 명이 있어요.",
    ),
    "a face of doubtful gender": (
        {"faces": [face(gender_confidence=0.5)]},
        "A person of probably 25 to 32 years.",
        "아마 25~32세쯤 되어 보이는 사람 한 명이 있어요.",
    ),
    "more faces than people": (
        {"objects": [PERSON], "faces": [face(), face()]},
        "Two people.",
        "사람 두 명이 있어요.",
    ),
    "twelve": ({"objects": [PERSON] * 12}, "At least 12 people.", "적어도 사람 12명이 있어요."),
    "text": (
        {"answer": TABBY, "text": [line("어서"), line("오세요"), line("???", 0.2)]},
        "A tabby, with the words “어서 오세요”.",
        "얼룩고양이가 보이고, “어서 오세요” 글자가 보여요.",
    ),
    "text with something unclear in it": (
        {"text": [line("???", 0.2), line("어서"), line("???", 0.2), line("오세요")]},
        "A picture, with the words “어서 … 오세요”.",
        "“어서 … 오세요” 글자가 보여요.",
    ),
    "text that may be wrong": (
        {"text": [line("어서"), line("오셰요", 0.8)]},
        "A picture, with probably the words “어서 오셰요”.",
        "아마 “어서 오셰요” 글자가 보여요.",
    ),
    "a class that is less than quite sure": (
        {"answer": TABBY | {"probability": 0.95}, "labels": [TABBY]},
        "Probably a tabby.",
        "아마 얼룩고양이인 듯해요.",
    ),
    "a sure class in what may be no photograph": (
        {"answer": TABBY, "labels": [TABBY], "image_type": {"type": "photograph", "probability": 0.8}},
        "Probably a tabby.",
        "아마 얼룩고양이인 듯해요.",
    ),
    "text in another script": (
        {"text": [line("Menu")], "unread": [unread("arabic"), unread("arabic"), unread("han", 0.99)]},
        "A picture, with the words “Menu” and text in a script that is not read here, probably Arabic.",
        "“Menu” 글자가 보이고, 여기서 읽지 못하는 글자가 보이는데 아마 아랍 문자인 듯해요.",
    ),
    "handwriting": (
        {"unread": [unread("handwriting")]},
        "A picture, with what is probably handwriting, which is not read here.",
        "여기서 읽지 못하는 글자가 보이는데 아마 손글씨인 듯해요.",
    ),
    "colours": (
        {"answer": TABBY, "colors": [GREY, BROWN, GREY | {"share": 0.05}]},
        "A tabby, mostly gray and brown.",
        "얼룩고양이가 보이고, 주로 회색과 갈색이에요.",
    ),
    "many colours": ({"colors": [GREY | {"share": 0.15}] * 6}, "A picture.", "사진이에요."),
    "one colour": ({"colors": [GREY | {"share": 1.0}]}, "A picture, mostly gray.", "주로 회색이에요."),
    "one colour, of which something is named": (
        {"answer": TABBY, "light": {"sharpness": None, "contrast": 0.0, "verdicts": []}},
        "A picture.",
        "사진이에요.",
    ),
    "photo": (
        {"answer": TABBY, "photo": PHOTO},
        "A tabby, taken on 3 May 2021 with a Canon EOS 5D.",
        "얼룩고양이가 보이고, 2021년 5월 3일에 Canon EOS 5D 카메라로 찍었어요.",
    ),
    "camera alone": (
        {"photo": {"camera": "iPhone 12", "taken_at": None}},
        "A picture, taken with an iPhone 12.",
        "iPhone 12 카메라로 찍었어요.",
    ),
    "missing parts": (
        {
            "answer": TABBY,
            "objects": None,
            "faces": None,
            "text": None,
            "colors": None,
            "light": None,
            "photo": None,
        },
        "A tabby.",
        "얼룩고양이가 보여요.",
    ),
}

ALL = {
    "labels": [TABBY],
    "answer": TABBY | {"probability": 0.8},
    "concepts": [TABBY, CAT],
    "objects": [PERSON, PERSON, DOG],
    "faces": [face()],
    "text": [line("STOP")],
    "colors": [GREY, BROWN],
    "light": {"verdicts": [{"name": {"en": "dark", "ko": "어두운"}, "confidence": 0.9}]},
    "photo": PHOTO,
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_found_is_said_in_both_languages(case):
    found, english, korean = CASES[case]
    assert sentences(**found) == (english, korean)


def test_everything_together_is_still_one_sentence():
    assert sentences(**ALL) == (
        "Probably a tabby, with two people, a dog and the words “STOP”, mostly gray and brown, dark, "
        "taken on 3 May 2021 with a Canon EOS 5D.",
        "아마 얼룩고양이인 듯하고, 사람 두 명과 개 한 마리가 있으며, “STOP” 글자가 보이고, 주로 회색과 갈색이며, "
        "어두운 사진이고, 2021년 5월 3일에 Canon EOS 5D 카메라로 찍었어요.",
    )


def test_a_long_text_is_cut_between_words():
    english, korean = sentences(text=[line("all animals are equal but some animals are more equal")])
    assert "“all animals are equal but some animals …”" in english and " …”" in korean


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_word_that_says_something_names_where_it_comes_from(language):
    """What the sources say is taken away: the grammar's own words are the same whatever was found."""
    other = deepcopy(ALL)
    other["answer"]["name"] = {"en": "pug", "ko": "퍼그"}
    other["objects"][2] = thing("cow", "소")
    other["text"][0]["text"] = "GO"
    other["colors"][0]["name"] = {"en": "blue", "ko": "파란색"}
    other["photo"] |= {"taken_at": "1999-12-31T00:00:00", "camera": "Nikon D70"}
    own = [[one["text"] for one in caption_of(found)[language] if not one["from"]] for found in (ALL, other)]
    assert own[0] == own[1]


def test_every_source_is_a_place_in_the_card():
    for words in caption_of(ALL).values():
        for source in {one["from"] for one in words} - {None}:
            place = ALL
            for step in source.split("."):
                place = place[int(step)] if step.isdecimal() else place[step]
            assert place


@pytest.mark.parametrize(
    ("name", "article"),
    [
        ("FE-100", "an "),
        ("HTC One", "an "),
        ("SM-S918N", "an "),
        ("SONY", "a "),
        ("Nokia N8", "a "),
        ("iPhone 12", "an "),
    ]
    + [
        ("iPhone 12", "an "),
        ("NIKON D850", "a "),
        ("LG-H870", "an "),
        ("unicycle", "a "),
        ("hourglass", "an "),
    ],
)
def test_an_article_is_as_the_name_is_spoken(name, article):
    assert a({"text": name, "from": None})[0]["text"] == article


def test_where_it_was_taken_is_never_said():
    for words in caption_of(ALL).values():
        assert "37" not in phrase_text(words) and "127" not in phrase_text(words)


@pytest.mark.parametrize(
    "text, has_one",
    [
        ("개", False),
        ("명", True),
        ("3", True),
        ("2", False),
        ("STOP", True),
        ("café", False),
        ("물”", True),
        ("", False),
    ],
)
def test_particles_follow_the_last_sound(text, has_one):
    assert has_final(text) == has_one
