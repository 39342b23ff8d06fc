"""Lines in scripts that cannot be read are named, never read as something else; what can be read stays."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.printed import FONT, TEXTS, page
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.core.engine import cache_of
from ml.core.parts import packaged_file
from ml.pictures.scripts.names import CLASSES, NAMES
from ml.pictures.scripts.reader import NAME, load_scripts
from ml.pictures.text import TextReader, load_text
from packaged.networks import LATIN

CASES = Path(__file__).with_name("cases")


@pytest.fixture(scope="module")
def reader() -> TextReader:
    return load_text(cache_of(None))


@pytest.mark.parametrize("script", ["arabic", "cyrillic", "kana", "han", "thai", "devanagari"])
def test_a_line_in_another_script_is_named_and_not_read(reader, script):
    lines = reader.read(np.asarray(Image.open(CASES / f"{script}.png").convert("RGB")))
    assert {line.get("script") for line in lines} == {script}
    assert not any(line.get("text") for line in lines)
    assert all(line["confidence"] > 0.6 and line["name"] == NAMES[script] for line in lines)


@pytest.mark.parametrize("name", TEXTS)
def test_no_korean_or_english_line_is_taken_for_another_script(reader, name):
    lines = reader.read(page(TEXTS[name], FONT).picture)
    assert lines and all("text" in line for line in lines)


def test_the_card_says_how_well_each_script_is_told():
    card = Card.load(WEIGHTS_FOLDER, NAME)
    assert card.classes == CLASSES
    assert {row["set"].split(":")[0] for row in card.metrics} == set(CLASSES)


def test_of_another_network_nothing_is_told(tmp_path):
    other = tmp_path / "other.onnx"
    other.write_bytes(packaged_file(LATIN).read_bytes() + b"0")
    assert load_scripts(other) is None
