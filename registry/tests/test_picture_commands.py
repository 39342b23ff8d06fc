"""manage.py evaluate and train for the networks that name pictures, on photographs that scikit-image brings."""

import io
import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command

from ml.core.cards import WEIGHTS_FOLDER, Card

PHOTOGRAPHS = Path(find_spec("skimage").origin).parent / "data"
LABELLED = {  # wnid -> photograph
    "n07920052": "coffee.png",
    "n02124075": "chelsea.png",
    "n04485082": "camera.png",
    "n01440764": "astronaut.png",  # a tench, which she is not
}


@pytest.fixture(autouse=True)
def kept_networks(monkeypatch) -> None:
    monkeypatch.setenv("MODEL_CACHE_DIR", str(site.MODEL_CACHE_DIR))  # readied once for all tests


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Labelled photographs, one of them in a folder of its own, and a file that is none."""
    home = tmp_path / "own"
    (home / "animals").mkdir(parents=True)
    for wnid, photograph in LABELLED.items():
        inside = home / "animals" if photograph == "chelsea.png" else home
        shutil.copy(PHOTOGRAPHS / photograph, inside / f"{wnid}_{photograph.removesuffix('.png')}.JPEG")
    (home / "README.txt").write_text("no picture")
    return home


def run(command: str, *asked: object) -> str:
    said = io.StringIO()
    call_command(command, "classifier", *map(str, asked), stdout=said)
    return said.getvalue()


def test_a_folder_of_labelled_pictures_is_measured(folder):
    answer = json.loads(run("evaluate", folder, "--json"))
    assert set(answer) == {"top1", "top5", "ece", "n", "seconds"}
    assert (answer["n"], answer["top1"], answer["top5"]) == (4, 0.75, 0.75)
    assert 0 <= answer["ece"] <= 1 and answer["seconds"] > 0


def test_without_json_every_figure_stands_with_its_set(folder):
    said = run("evaluate", "--data", folder, "--model", "lite2")
    assert "own (4)" in said and "top1" in said and "75.0000%" in said


def test_calibrating_finds_the_temperature_on_the_folder_and_keeps_the_weights(folder, tmp_path):
    shutil.copy(WEIGHTS_FOLDER / "lite2.json", tmp_path)
    said = run("train", "--calibrate", "--data", folder, "--out", tmp_path)
    before, after = Card.load(WEIGHTS_FOLDER, "lite2"), Card.load(tmp_path, "lite2")
    assert after.temperature > before.temperature  # one of the four is called by a wrong name
    assert {row["set"] for row in after.metrics} == {"own (4)"}
    assert after.sha256 == before.sha256
    assert "lite2.json" in said and "safetensors" not in said


def test_a_picture_that_cannot_be_read_is_named(folder):
    (folder / "n01440764_broken.JPEG").write_bytes(b"not a picture")
    with pytest.raises(CommandError, match=r"n01440764_broken\.JPEG: This file is not a picture"):
        run("evaluate", folder, "--json")


@pytest.mark.parametrize(
    "name, sentence",
    [
        ("n99999999_thing.JPEG", "n99999999 is none of the 1,000 classes"),
        ("tench.JPEG", "no labelled pictures"),
    ],
)
def test_a_folder_without_labels_is_a_sentence(tmp_path, name, sentence):
    shutil.copy(PHOTOGRAPHS / "coffee.png", tmp_path / name)
    with pytest.raises(CommandError, match=sentence):
        run("evaluate", tmp_path, "--json")


@pytest.mark.parametrize(
    "command, asked, sentence",
    [
        ("evaluate", ["--model", "digits"], "digits reads digits, not pictures"),
        ("evaluate", ["--model", "lite9"], "lite9.json cannot be read"),
        ("train", [], "come trained"),
    ],
)
@pytest.mark.django_db
def test_what_cannot_be_done_is_said_in_a_sentence(folder, command, asked, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(command, "--data", folder, *asked)
