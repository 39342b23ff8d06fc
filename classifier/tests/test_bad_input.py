"""Whatever is posted: a card or a sentence, in the caller's language, never an error of ours."""

import re

import pytest

from classifier.models import Picture
from classifier.tasks import pictures as tasks
from classifier.tests import photos
from classifier.tests.calls import analysed, ask, sentences
from classifier.tests.photos import as_file, photo

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "words", "korean"),
    [
        (b"%PDF-1.7 ...", "This is a PDF.", "PDF"),
        (b"hello", "This file is not a picture", "그림"),
        (b"", "This file is empty.", "빈 파일"),
        (photos.too_many_pixels(), "more than 100 megapixels", "1억 화소"),
        (as_file(photo())[:40], "damaged", "손상"),
    ],
    ids=["PDF", "text", "empty", "300 megapixels", "a header that breaks off"],
)
def test_a_file_that_is_no_picture_is_refused_at_once(api, content, words, korean):
    answer = ask(api, content)
    assert answer.status_code == 400 and words in sentences(answer)[0]
    assert answer.json()["errors"][0]["attr"] == "image"
    assert korean in sentences(ask(api, content, headers={"accept-language": "ko"}))[0]
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    "data", [{}, {"image": "photo.jpg"}, {"image": ["a", "b"]}], ids=["nothing", "a name", "a list"]
)
def test_what_brings_no_picture_is_answered_in_korean_too(api, data):
    answer = api.post("/api/pictures/", data, format="json", headers={"accept-language": "ko"})
    assert answer.status_code == 400
    assert all(re.search("[가-힣]", sentence) for sentence in sentences(answer))


@pytest.mark.parametrize(
    "make",
    [photos.cmyk, photos.sixteen_bit, photos.with_alpha, photos.on_its_side],
    ids=["CMYK", "16 bit", "alpha", "EXIF-rotated"],
)
def test_pictures_of_odd_kinds_are_looked_at_like_any_other(api, make):
    found = analysed(api, make())
    assert "cat" in {one["name"] for one in found["concepts"]}
    assert (found["width"], found["height"]) == (451, 300)


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (photos.ribbon(), (4000, 1)),
        (photos.one_colour(), (320, 240)),
        (as_file(photo().resize((16, 16))), (16, 16)),
        (as_file(photo().resize((1, 1)), "PNG"), (1, 1)),
    ],
    ids=["1 x 10000", "one colour", "16 x 16", "one pixel"],
)
def test_pictures_with_next_to_nothing_in_them_get_a_card_too(api, content, size):
    found = analysed(api, content)
    assert found["job"]["status"] == "done" and (found["width"], found["height"]) == size
    assert found["image_type"] and found["colors"] and found["caption"]
    failed = {one["part"] for one in found["missing"] if "failed" in one["sentence"]}
    assert not failed


def test_of_one_colour_nothing_is_said_but_the_colour(api):
    found = analysed(api, photos.one_colour())
    assert (found["image_type"]["type"], found["labels"]) == ("blank", [])
    assert {one["from"] for one in found["caption_parts"]} <= {None, "image_type", "colors.0", "colors.1"}


@pytest.mark.parametrize(("language", "words"), [("en", "This picture is damaged"), ("ko", "손상")])
@pytest.mark.parametrize("only", [None, "labels"])
def test_a_picture_that_breaks_off_behind_its_header_ends_with_a_sentence(api, language, words, only):
    whole = as_file(photo())
    asked = ask(api, whole[: len(whole) // 2], **({"only": only} if only else {}))
    (tasks.label_pictures if only else tasks.analyse_picture)(asked.data["job"]["id"])
    found = api.get(asked["Location"], headers={"accept-language": language}).data
    assert found["job"]["status"] == "failed" and words in found["job"]["error"]
    assert found["labels"] is None


def test_names_of_files_may_be_anything(api):
    for name in ("=cmd|' /C calc'!A0.jpg", "../../etc/passwd", "사진" * 200 + ".jpg", "a\\b.jpg", ".jpg"):
        assert ask(api, name=name).status_code == 202
    assert all(len(one.name) <= 200 and ".." not in one.file.name for one in Picture.objects.all())
