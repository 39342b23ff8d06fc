"""A picture's whole card: what cannot be told is named, and the rest still comes."""

import json
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
import pytest

from ml.core.arrays import Picture
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.core.parts import PartMissing, package_folder
from ml.pictures import reader as reader_module
from ml.pictures.labeller import Labeller
from ml.pictures.phrases import phrase_text
from ml.pictures.reader import EVERYTHING, Part, PictureReader, load_picture_reader
from packaged.networks import HUMAN

PICTURE = np.full((40, 60, 3), 128, np.uint8)
WANTS = {"labels", "saliency", "caption", "colors", "photo"}


def finds(answer: object) -> Part:
    return Part(lambda: lambda picture: answer)


def breaks(problem: Exception) -> Callable[[], object]:
    def load() -> object:
        raise problem

    return load


PARTS = {"colors": finds([])}


@pytest.fixture(scope="session")
def labeller(lite2) -> Part:
    return Part(partial(Labeller, lite2))


def test_a_photograph_has_a_card(labeller, photograph):
    seen = PictureReader(labeller, PARTS).read(photograph("coffee"), WANTS, photo={"orientation": 1})
    assert seen.found["answer"]["name"] == {"en": "espresso", "ko": "에스프레소"}
    assert [one["name"]["en"] for one in seen.found["concepts"]][:3] == ["espresso", "coffee", "beverage"]
    assert seen.found["photo"] == {"orientation": 1}
    assert phrase_text(seen.found["caption"]["en"]) == "An espresso."
    assert (seen.features.shape, seen.features.dtype) == ((1280,), np.float16)
    assert seen.size == (400, 600) and max(seen.saliency.shape) == 128
    assert seen.found["missing"] == []
    json.dumps(seen.found)


def words_on_white() -> tuple[Picture, dict[str, object]]:
    page = np.full((200, 400, 3), 255, np.uint8)
    cv2.putText(page, "EXIT", (60, 120), cv2.FONT_HERSHEY_SIMPLEX, 2, (0, 0, 0), 6)
    return page, {"text": "EXIT", "confidence": 0.99, "box": [55, 70, 160, 60]}


def test_words_alone_on_white_are_probably_a_document(labeller):
    page, line = words_on_white()
    seen = PictureReader(labeller, {"text": finds([line])}).read(page, {"labels", "text", "caption"})
    assert seen.found["image_type"]["type"] == "document" and seen.found["image_type"]["probability"] < 0.9
    assert phrase_text(seen.found["caption"]["en"]).startswith("Probably a document")


def test_what_is_drawn_beside_words_makes_no_document(labeller):
    page, line = words_on_white()
    cv2.circle(page, (320, 100), 50, (0, 0, 0), 4)
    seen = PictureReader(labeller, {"text": finds([line])}).read(page, {"labels", "text"})
    assert seen.found["image_type"]["type"] != "document"


def test_what_spoke_for_the_cup_lies_on_the_cup(labeller, photograph):
    saliency = PictureReader(labeller, {}).read(photograph("coffee"), {"saliency"}).saliency
    y, x = np.unravel_index(saliency.argmax(), saliency.shape)
    assert 20 < y < 60 and 35 < x < 95  # of 85 x 128


@pytest.mark.parametrize("shape", [(16, 16), (1, 1), (2, 900)])
@pytest.mark.parametrize("shade", [0, 255])
def test_a_picture_of_one_colour_has_a_card(labeller, shape, shade):
    seen = PictureReader(labeller, PARTS).read(np.full((*shape, 3), shade, np.uint8), WANTS)
    assert seen.found["image_type"]["type"] == "blank"
    assert (seen.found["labels"], seen.found["missing"]) == ([], [])
    assert phrase_text(seen.found["caption"]["en"]).endswith(".")


def test_of_one_colour_it_is_said_that_names_mean_nothing_but_not_where_none_could_be_given(
    labeller, monkeypatch
):
    """By a network for which types of images were not learned."""
    monkeypatch.setattr(labeller.get(), "image_types", None)
    flat = {"light": finds({"sharpness": None, "contrast": 0.0, "verdicts": []})}
    named = PictureReader(labeller, flat).read(PICTURE, {"labels", "light"}).found
    assert [(one["part"], one["sentence"]) for one in named["missing"]] == [("labels", reader_module.BLANK)]
    assert PictureReader(labeller, flat).read(PICTURE, {"light"}).found["missing"] == []
    broken = Part(breaks(PartMissing("It is not there.")))
    nameless = PictureReader(broken, flat).read(PICTURE, {"labels", "light"}).found
    assert [one["sentence"] for one in nameless["missing"]] == ["It is not there."]


def test_many_pictures_are_labelled_in_one_pass(labeller, photograph, monkeypatch):
    passes = []
    run = labeller.get().backbone.run
    monkeypatch.setattr(labeller.get().backbone, "run", lambda batch: passes.append(len(batch)) or run(batch))
    seen = PictureReader(labeller, {}).label([photograph("coffee"), photograph("chelsea")])
    assert [one.found["labels"][0]["name"]["en"] for one in seen] == ["espresso", "Egyptian cat"]
    assert passes == [2] and all(one.saliency is None for one in seen)


@pytest.mark.parametrize(
    "problem",
    [
        PartMissing("A package for it is not installed. Run `make run` again, or `make parts`.", "dlib"),
        ModuleNotFoundError("No module named 'dlib'", name="dlib"),
        OSError("libdlib.so: cannot open shared object file"),
        json.JSONDecodeError("Expecting value", "", 0),
        KeyError("anchors"),
        RuntimeError("operator does not exist"),
    ],
    ids=lambda problem: type(problem).__name__,
)
def test_a_part_that_cannot_be_loaded_is_named_and_the_rest_comes(problem):
    parts = PARTS | {"faces": Part(breaks(problem))}
    found = PictureReader(Part(breaks(OSError())), parts).read(PICTURE, {"faces", "colors", "caption"}).found
    assert found["faces"] is None and found["colors"] == []
    (missing,) = found["missing"]
    assert missing["part"] == "faces" and missing["sentence"].endswith(".")
    assert phrase_text(found["caption"]["en"]) == "A picture."


def test_a_part_that_fails_on_one_picture_is_there_for_the_next():
    answers = iter([ValueError("too small"), [{"box": [0, 0, 1, 1]}]])

    def look(picture: np.ndarray) -> object:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    reader = PictureReader(Part(breaks(OSError())), {"objects": Part(lambda: look)})
    first, second = (reader.read(PICTURE, {"objects"}).found for _ in range(2))
    assert (first["objects"], first["missing"][0]["part"]) == (None, "objects")
    assert (len(second["objects"]), second["missing"]) == (1, [])


def test_a_broken_package_of_the_network_is_named_and_the_rest_comes(tmp_path):
    card = Card.parse(
        Card.load(WEIGHTS_FOLDER, "lite2").__dict__ | {"packaged": "no_such_package/weights.pth"}
    )
    reader = PictureReader(load_picture_reader(card, WEIGHTS_FOLDER, tmp_path).network, PARTS)
    seen = reader.read(PICTURE, WANTS)
    assert seen.features is None and seen.saliency is None
    assert seen.found["colors"] == [] and seen.found["caption"]["ko"]
    (missing,) = seen.found["missing"]
    assert missing["part"] == "labels" and "no_such_package" in missing["what"]
    with pytest.raises(PartMissing):
        reader.label([PICTURE])


def test_a_part_is_loaded_once_even_where_it_is_missing():
    tries = []

    def load() -> object:
        tries.append(1)
        raise ImportError("no")

    part = Part(load)
    for _ in range(3):
        with pytest.raises(PartMissing):
            part.get()
    assert tries == [1]


def test_only_what_is_wanted_is_looked_for():
    parts = PARTS | {"text": Part(breaks(AssertionError("nobody asked")))}
    found = PictureReader(Part(breaks(AssertionError("nobody asked"))), parts).read(PICTURE, {"colors"}).found
    assert set(found) == {"colors", "missing"}


def test_every_part_has_a_loader_and_modules_that_are_not_there_are_missing(monkeypatch, tmp_path):
    def absent(name: str) -> object:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(reader_module, "import_module", absent)
    parts = {name: Part(partial(load, tmp_path)) for name, load in reader_module.LOADERS.items()}
    found = PictureReader(Part(breaks(OSError())), parts).read(PICTURE, EVERYTHING).found
    assert {one["part"] for one in found["missing"]} == {*reader_module.LOADERS, "labels"}


def test_each_part_is_told_when_it_begins():
    told: list[str] = []
    PictureReader(Part(breaks(OSError())), PARTS).read(PICTURE, {"labels", "colors"}, told.append)
    assert told == ["labels", "colors"]


def test_an_npm_package_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("NUNBIT_NPM", str(tmp_path))
    with pytest.raises(PartMissing) as missing:
        package_folder(HUMAN)
    assert missing.value.what == "@vladmandic/human"
