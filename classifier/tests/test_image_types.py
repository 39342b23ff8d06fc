"""What a picture is before anything is named in it, and what of a file is looked at."""

from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from PIL import Image

from classifier.tests.calls import analysed
from classifier.tests.photos import animated, as_file, photo
from ml.pictures.image_types.drawn import MAKERS
from ml.pictures.reader import caption_of

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parent / "cases"
SEED = 77  # of none that was learned from


def drawn(name: str, place: int = 0) -> bytes:
    return as_file(Image.fromarray(MAKERS[name](np.random.default_rng([SEED, place]))), "PNG")


def test_a_table_of_marks_is_a_document_and_no_animal(api):
    found = analysed(api, (CASES / "table.png").read_bytes())
    assert found["image_type"]["type"] == "document"
    assert (found["answer"], found["labels"], found["objects"]) == (None, [], [])
    assert found["caption"].startswith("Probably a document, with the words")
    assert (found["is_certain"], found["label"]) == (False, "")


def test_letters_of_a_sign_one_above_the_other_are_a_word(api):
    found = analysed(api, (CASES / "en_vertical_sign.png").read_bytes())
    assert [line["text"] for line in found["text"]] == ["HOTEL"]


def test_the_left_column_is_read_before_the_right_one(api):
    found = analysed(api, (CASES / "two_columns.png").read_bytes())
    assert found["image_type"]["type"] != "photograph" and not found["labels"]
    assert [line["text"].split()[0] for line in found["text"]] == ["Left"] * 5 + ["Right"] * 5


@pytest.mark.parametrize("name", ["receipt", "screenshot", "chart", "pattern", "blank"])
def test_nothing_is_named_in_what_is_no_photograph(api, name):
    found = analysed(api, drawn(name))
    assert found["image_type"]["type"] == name
    assert (found["answer"], found["labels"], found["objects"]) == (None, [], [])


def test_labels_alone_say_the_type_too(api):
    assert analysed(api, drawn("chart"), only="labels")["image_type"]["name"] == "chart"
    assert analysed(api, only="labels")["image_type"]["type"] == "photograph"


SAMPLES = sorted(Path(settings.BASE_DIR / "static/classifier/samples").glob("*.jpg"))


@pytest.mark.parametrize(
    "path", [path for path in SAMPLES if path.stem != "sign"]
)  # a notice is hardly a photograph
def test_a_photograph_is_one_and_things_are_named_in_it(api, path):
    found = analysed(api, path.read_bytes(), only="labels")
    assert found["image_type"]["type"] == "photograph" and found["labels"]


def test_the_page_says_what_it_is_in_both_languages(api, page):
    found = analysed(api, drawn("chart"))
    assert "Things are named in photographs alone." in page.get(f"/pictures/{found['id']}/").text
    assert "도표" in page.get(f"/pictures/{found['id']}/", headers={"accept-language": "ko"}).text


def test_of_a_film_the_first_frame_is_looked_at_and_the_page_says_so(api, page):
    others = [Image.new("RGB", photo().size, colour) for colour in ("red", "blue")]
    found = analysed(api, as_file(photo(), "WEBP", save_all=True, append_images=others))
    assert "cat" in {one["name"] for one in found["concepts"]}
    assert found["photo"]["frames"] == 3
    assert "The first of 3 was looked at." in page.get(f"/pictures/{found['id']}/").text


def test_a_film_of_nothing_is_no_error(api):
    assert analysed(api, animated())["job"]["status"] == "done"


def test_a_picture_of_16_bits_shows_one_cat(api):
    grey = np.asarray(photo().convert("L")).astype(np.uint16) * 257
    found = analysed(api, as_file(Image.fromarray(grey), "PNG"))
    assert "cat" in {one["name"] for one in found["concepts"]}
    assert len([one for one in found["objects"] if one["label"] in ("cat", "dog", "bear")]) <= 1


def test_a_name_of_5000_letters_is_no_camera(api):
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Nikon", "X" * 5000
    found = analysed(api, as_file(photo(), "JPEG", exif=exif))
    assert found["photo"]["camera"] == "Nikon" and "X" * 50 not in found["caption"]


def test_a_face_is_found_in_a_picture_on_its_side(api, page):
    lying = photo("astronaut").rotate(90, expand=True)
    found = analysed(api, as_file(lying))
    [face] = found["faces"]
    left, top, width, height = face["box"]
    assert (face["turned"], face["gender"]) == (90, "female")
    assert abs(left + width / 2 - 127) < 30 and abs(top + height / 2 - 290) < 30
    assert "turned by 90°" in page.get(f"/pictures/{found['id']}/").text


def thing(label: str, confidence: float = 0.95) -> dict:
    return {"name": {"en": label, "ko": label}, "label": label, "confidence": confidence, "box": [0, 0, 9, 9]}


def named(name: str, *kinds: str, probability: float = 0.99) -> dict:
    chain = [
        {"name": {"en": one, "ko": one}, "wnid": one, "probability": probability} for one in (name, *kinds)
    ]
    return {"answer": chain[0], "labels": chain[:1], "concepts": chain}


@pytest.mark.parametrize(
    ("found", "caption"),
    [
        (named("baboon", "monkey", "animal") | {"objects": [thing("bear")]}, "A baboon."),
        (named("Egyptian cat", "cat", "animal") | {"objects": [thing("dog")]}, "An Egyptian cat."),
        (named("collie", "dog", "animal") | {"objects": [thing("person")]}, "A collie, with a person."),
        (
            named("bridegroom", "person") | {"objects": [thing("person")] * 5},
            "A bridegroom, with at least five people.",
        ),
        (named("bridegroom", "person") | {"objects": [thing("person")]}, "A bridegroom."),
        (named("corn", "food"), "Corn."),
        (
            {"image_type": {"type": "chart", "name": {"en": "chart", "ko": "도표"}, "probability": 0.98}},
            "Probably a chart.",
        ),
        (
            {
                "image_type": {
                    "type": "pattern",
                    "name": {"en": "pattern", "ko": "무늬"},
                    "probability": 0.995,
                }
            },
            "A pattern.",
        ),
        (
            {"image_type": {"type": "pattern", "name": {"en": "pattern", "ko": "무늬"}, "probability": 0.995}}
            | {"text": [{"text": "How to bake bread", "confidence": 0.99}]},
            "Probably a pattern, with the words “How to bake bread”.",
        ),
    ],
)
def test_one_thing_has_one_name(found, caption):
    assert "".join(part["text"] for part in caption_of(found)["en"]) == caption


def test_each_number_on_the_page_is_of_what_stands_before_it(api, page):
    found = analysed(api, as_file(photo("astronaut")))
    shown = page.get(f"/pictures/{found['id']}/").text
    gender = found["faces"][0]["gender_confidence"]
    assert f"woman {gender:.0%}".replace("%", " %") in shown and "years 80 %" in shown
