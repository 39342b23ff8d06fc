"""Pictures are found by what they mean: in both languages, by kinds, by several words, quickly among many."""

import time

import pytest
from django.urls import reverse
from django.utils import timezone

from classifier.models import Picture, PictureTerm, index_pictures
from classifier.services import pictures as services
from classifier.terms import wanted_by
from classifier.tests.findings import FOUND, a_picture, jpeg, named
from trash.services import delete, restore

pytestmark = pytest.mark.django_db

NOTHING = {"answer": None, "labels": [], "concepts": [], "objects": [], "text": [], "colors": []}
PUG = named("pug", "퍼그", probability=0.93, wnid="n02110958")
COAST = named("seashore", "해안", probability=0.8, wnid="n09428293")
DOG = named("dog", "개", confidence=0.95, label="dog", box=[0, 0, 9, 9])
CAR = named("car", "자동차", confidence=0.95, label="car", box=[0, 0, 9, 9])


@pytest.fixture
def dog(alice):
    """A dog at the sea."""
    return a_picture(alice, **NOTHING | {"labels": [COAST], "concepts": [COAST], "objects": [DOG]})


@pytest.fixture
def car(alice):
    return a_picture(alice, **NOTHING | {"objects": [CAR]})


def found(owner, text: str) -> set[Picture]:
    return set(Picture.objects.having(text, owner.pk))


@pytest.mark.parametrize(
    "text",
    [
        "dog",
        "Dogs",
        "puppy",
        "개",
        "강아지",
        "강아지가",
        "멍멍이",
        "animal",
        "동물",
        "pet",
        "반려동물",
        "beach",
    ]
    + ["dog beach", "a dog at the beach", "해변의 강아지", "해변에서 개와", "domestic dog", "canine"],
)
def test_a_dog_at_the_sea_is_found_by_what_it_is(alice, dog, car, text):
    assert found(alice, text) == {dog}


@pytest.mark.parametrize(
    "text",
    ["car", "자동차", "차", "vehicle", "탈것", "automobile", "sedan", "find my car", "자동차를 찾아줘"]
    + ["자동차 두 대", "two cars", "riding a car"],
)
def test_a_car_is_found_by_its_kinds_and_other_names(alice, dog, car, text):
    assert found(alice, text) == {car}


@pytest.mark.parametrize("text", ["horse", "dog car", "carrot", "고양이", "강아지 자동차", "xyzzy"])
def test_what_is_not_all_there_is_not_found(alice, dog, car, text):
    assert found(alice, text) == set()


def test_text_in_hangul_is_found_without_its_spaces(alice, car):
    sign = a_picture(alice, **NOTHING | {"text": [{"text": "관계자 외 출입 금지"}, {"text": "no entry"}]})
    for text in ("출입금지", "출입 금지", "관계자외", "출입금", "외출입금지"):
        assert found(alice, text) == {sign}, text
    assert found(alice, "noentry") == found(alice, "출입구") == set()


def test_text_in_a_picture_is_found_by_its_words_and_how_they_begin(alice, car):
    sign = a_picture(
        alice, **NOTHING | {"text": [{"text": "눈빛과학도서관 LIBRARY 9:00", "confidence": 0.9}]}
    )
    for text in ("눈빛과학", "library", "libr", "눈빛과학도서관 library", "text", "글자"):
        assert found(alice, text) == {sign}, text


def test_people_are_found_by_their_faces(alice, car):
    face = {
        "confidence": 0.99,
        "gender": "female",
        "gender_confidence": 0.95,
        "age": [20, 30],
        "box": [0, 0, 9, 9],
    }
    woman = a_picture(alice, **NOTHING | {"faces": [face]})
    for text in ("person", "사람", "people", "여자", "woman", "얼굴"):
        assert found(alice, text) == {woman}, text
    assert found(alice, "man") == found(alice, "아이") == set()


def test_a_cat_that_the_detector_takes_for_a_dog_is_found_as_a_cat_alone(alice):
    cat = {"name": {"en": "Egyptian cat", "ko": "이집트고양이"}, "wnid": "n02124075", "probability": 0.97}
    picture = a_picture(alice, **NOTHING | {"labels": [cat], "objects": [DOG]})
    assert found(alice, "cat") == {picture} and found(alice, "강아지") == found(alice, "dog") == set()
    beside_it = {**DOG, "label": "cat", "name": {"en": "cat", "ko": "고양이"}}
    both = a_picture(alice, **NOTHING | {"labels": [cat], "objects": [DOG, beside_it]})
    assert found(alice, "강아지") == {both}


def test_what_is_hardly_there_is_not_found(alice):
    a_picture(alice, **NOTHING | {"labels": [PUG | {"probability": 0.1}]})
    assert found(alice, "pug") == set()


def test_a_correction_is_found_by_its_kinds_and_no_more_once_it_is_taken_back(alice, car):
    services.correct(picture=car, label="강아지")
    assert found(alice, "animal") == {car}
    services.correct(picture=car, label="")
    assert found(alice, "animal") == set()


def test_a_picture_that_is_not_looked_at_yet_is_found_by_the_name_of_its_file(alice):
    picture = services.submit_picture(owner=alice, image=jpeg())
    assert found(alice, "cat.jpg") == {picture}


def test_nobody_finds_what_is_anothers(bob, dog):
    assert found(bob, "dog") == set()


def test_what_lies_in_the_trash_is_found_once_it_is_back(alice, dog):
    item = delete(rows=[dog], by=alice)
    assert found(alice, "dog") == set()
    restore(item=item, by=alice)
    assert found(alice, "dog") == {dog}


def test_an_album_is_searched_on_its_page(browse, alice, car):
    album = services.submit_album(owner=alice, files=[jpeg(), jpeg()], name="Trip")
    first, second = album.pictures.order_by("place")
    first.card = FOUND | NOTHING | {"objects": [DOG]}
    first.answered_at = second.answered_at = timezone.now()
    first.save()
    index_pictures([first])
    page = browse(alice).get(reverse("classifier:album", args=[album.pk]), {"text": "강아지"})
    assert [line["picture"] for line in page.context["lines"]] == [first]
    empty = browse(alice).get(reverse("classifier:album", args=[album.pk]), {"text": "car"})
    assert "Nothing fits this filter." in empty.content.decode()


def test_programs_search_as_people_do(api, alice, dog, car):
    ids = [one["id"] for one in api.get("/api/pictures/", {"text": "동물"}).json()["results"]]
    assert ids == [str(dog.pk)]


def test_several_words_of_one_meaning_are_one_thing():
    assert [wanted.words for wanted in wanted_by("golden retriever on the grass")] == [
        ("golden", "retriever"),
        ("grass",),
    ]


@pytest.mark.full
def test_a_hundred_thousand_pictures_are_searched_at_once(browse, alice, dog, django_assert_max_num_queries):
    many = [Picture(owner=alice, job=dog.job, name=f"{at}.jpg") for at in range(100_000)]
    Picture.objects.bulk_create(many, batch_size=1_000)
    common = PictureTerm.objects.filter(picture=dog, term__in=["n02084071", "n00015388", "dog"]).values_list(
        "term"
    )
    rows = (
        PictureTerm(owner=alice, term=term, picture=one)
        for at, one in enumerate(many)
        for (term,) in common
        if at % 5
    )
    PictureTerm.objects.bulk_create(rows, batch_size=2_000)
    signed_in = browse(alice)
    for text in ("dog", "dog beach", "동물", "강아지 개", "car"):
        begun = time.perf_counter()
        with django_assert_max_num_queries(10):
            assert signed_in.get(reverse("classifier:history"), {"text": text}).status_code == 200
        assert time.perf_counter() - begun < 3, text
