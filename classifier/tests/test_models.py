"""What a row keeps of a card."""

import io

import numpy as np
import pytest
from django.db import IntegrityError
from PIL import Image

from classifier.models import Likeness, Picture
from classifier.models.pictures import record
from classifier.services import pictures as services
from classifier.tests.findings import Findings, a_picture

pytestmark = pytest.mark.django_db


def test_a_card_is_kept_whole(alice):
    picture = a_picture(alice)
    kept = Image.open(io.BytesIO(bytes(picture.saliency)))
    assert (kept.size, kept.getpixel((0, 0))) == ((100, 75), 200)
    assert np.frombuffer(picture.features, np.float16).shape == (1280,)
    assert int.from_bytes(picture.fingerprint, "big") == 2**63 + 5
    assert (picture.width, picture.height, picture.is_certain) == (100, 75, True)
    assert picture.card["labels"][0]["name"] == {"en": "tabby cat", "ko": "얼룩고양이"}


def test_an_answer_comes_too_late_for_a_deleted_picture_and_others_keep_theirs(alice):
    gone, there = a_picture(alice), a_picture(alice)
    Picture.objects.filter(pk=gone.pk).delete()
    record({gone: Findings(), there: Findings({"answer": {"name": {"en": "dog", "ko": "개"}}})})
    assert [row.card["answer"]["name"]["en"] for row in Picture.objects.all()] == ["dog"]


def test_what_was_found_is_found_again_by_words_in_both_languages(alice):
    picture = a_picture(alice)
    services.correct(picture=picture, label="Chelsea")
    for text in ("TABBY", "얼룩", "grey", "meow", "chelsea", "cat.jpg", "동물"):
        assert list(Picture.objects.having(text, alice.pk)) == [picture], text
    assert not Picture.objects.having("dog", alice.pk).exists()


def test_a_card_without_an_answer_is_not_certain(alice):
    assert not a_picture(alice, answer=None).is_certain


def test_what_looks_alike_is_known_from_both_sides_and_goes_with_either(alice):
    first, second = a_picture(alice), a_picture(alice, Findings(saliency=None))
    Likeness.objects.create(picture=second, other=first, distance=0.1)
    assert [one.beside(first) for one in first.likenesses] == [second.pk]
    assert [one.beside(second) for one in second.likenesses] == [first.pk]
    first.job.delete()
    assert not Likeness.objects.exists()


def test_a_picture_is_not_like_itself(alice):
    picture = a_picture(alice)
    with pytest.raises(IntegrityError):
        Likeness.objects.create(picture=picture, other=picture, distance=0)
