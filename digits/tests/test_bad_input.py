"""Whatever is posted: the right answer or a sentence, in the caller's language, never an error of ours."""

import re

import pytest

from digits import tasks
from digits.models import Reading
from digits.tests import pictures
from digits.tests.calls import SEVEN, ask, read, sentences
from digits.tests.pictures import as_file, grey, upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("pixels", "words"),
    [
        (SEVEN[:-1], "Send 784 numbers (28 rows of 28); these are 783."),
        ([SEVEN] * 2, "Send 784 numbers (28 rows of 28); these are 1568."),
        ([], "these are 0."),
        ("NaN," * 783 + "NaN", "Number 1 is not a number between 0 and 255."),
        (["seven", *SEVEN[1:]], "Number 1 is not a number"),
        ([*SEVEN[:-1], -1], "Number 784 is not a number"),
        ([*SEVEN[:-1], 256], "Number 784 is not a number"),
        ([*SEVEN[:-1], None], "Number 784 is not a number"),
        ([*SEVEN[:-1], [1]], "Number 784 is not a number"),
        ({"0": 1}, "this is not such a list."),
        (7, "this is not such a list."),
    ],
)
def test_other_numbers_are_refused_with_what_is_wrong_with_them(api, pixels, words):
    answer = ask(api, {"pixels": pixels})
    assert answer.status_code == 400 and answer.json()["errors"][0]["attr"] == "pixels"
    assert words in sentences(answer)[0]


BODIES = {
    "NaN": b'{"pixels": [' + b"NaN," * 783 + b"NaN]}",
    "a number too long": b'{"pixels": [' + b"9" * 5000 + b"]}",
    "no end": b'{"pixels": [1, 2',
    "no UTF-8": b'{"pixels": "\xff"}',
    "a tower of brackets": b"[" * 100_000,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize(
    ("language", "words"), [("en", "This JSON cannot be read"), ("ko", "이 JSON을 읽을 수 없어요")]
)
def test_json_that_cannot_be_read_is_said_in_ones_own_language(api, body, language, words):
    answer = api.generic(
        "POST", "/api/digits/", body, content_type="application/json", headers={"accept-language": language}
    )
    assert answer.status_code == 400 and sentences(answer)[0].startswith(words)


def test_ten_megabytes_are_refused_as_json_and_as_a_form(api):
    many = "0," * 6_000_000
    plain = "application/x-www-form-urlencoded"
    for answer in (
        ask(api, {"pixels": many}),
        ask(api, {"pixels": many}, "multipart"),
        api.post("/api/digits/", f"pixels={many}", content_type=plain),
    ):
        assert answer.status_code == 413 and "larger than" in sentences(answer)[0]


@pytest.mark.parametrize("body", ["[1, 2]", '"seven"', "{}", '{"image": "seven.png"}', '{"pixels": null}'])
def test_what_asks_for_nothing_is_answered_in_korean_too(api, body):
    answer = api.generic(
        "POST", "/api/digits/", body, content_type="application/json", headers={"accept-language": "ko"}
    )
    assert answer.status_code == 400
    assert all(re.search("[가-힣]", sentence) for sentence in sentences(answer))


def test_a_picture_or_numbers_not_both(api):
    both = ask(api, {"pixels": ",".join(map(str, SEVEN)), **upload(as_file(grey()))}, "multipart")
    assert both.status_code == 400 and sentences(both) == [
        "Send a picture as `image`, or 784 numbers as `pixels`."
    ]


@pytest.mark.parametrize(
    ("content", "words", "korean"),
    [
        (b"%PDF-1.7 ...", "This is a PDF.", "PDF"),
        (pictures.animated(), "This file holds several pictures", "여러"),
        (b"hello", "This file is not a picture", "그림"),
        (b"", "This file is empty.", "빈 파일"),
    ],
    ids=["PDF", "animated WebP", "text", "empty"],
)
def test_a_file_that_is_no_single_picture_is_refused_at_once(api, content, words, korean):
    answer = ask(api, upload(content), "multipart")
    assert answer.status_code == 400 and words in sentences(answer)[0]
    assert korean in sentences(ask(api, upload(content), "multipart", **{"accept-language": "ko"}))[0]
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    "make", [pictures.cmyk, pictures.sixteen_bit, pictures.palette_with_alpha, pictures.on_its_side]
)
def test_pictures_of_odd_kinds_are_read_like_any_other(api, make):
    found = read(api, upload(make()), "multipart")
    assert (found["text"], found["source"]) == ("47", "upload")


@pytest.mark.parametrize(
    "content", [pictures.ribbon(), as_file(grey("  "))], ids=["1 x 10000", "white paper"]
)
def test_a_picture_without_ink_holds_no_digit(api, content):
    found = read(api, upload(content), "multipart")
    assert (found["text"], found["digits"], found["verdict"]) == ("", [], "empty")
    assert found["verdict_text"] == "There is nothing to read here."


def test_an_empty_canvas_holds_no_digit(api):
    found = read(api, {"pixels": [0] * 784})
    assert (found["text"], found["verdict"], found["job"]["status"]) == ("", "empty", "done")


@pytest.mark.parametrize(("language", "words"), [("en", "This picture is damaged"), ("ko", "손상")])
def test_a_picture_that_breaks_off_behind_its_header_ends_with_a_sentence(api, language, words):
    whole = as_file(grey("314"))
    asked = ask(api, upload(whole[: len(whole) // 2]), "multipart")
    tasks.read(asked.data["job"]["id"])
    found = api.get(asked["Location"], headers={"accept-language": language}).data
    assert found["job"]["status"] == "failed" and words in found["job"]["error"]
    assert found["verdict"] is None
