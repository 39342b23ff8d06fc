"""Pages printed in the project's own font, signs in photographs of scikit-image, and what holds no text."""

import gzip
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import NoSuchFile
from PIL import Image, ImageDraw

from benchmarks.printed import FONT, TEXTS, on_sign, page, right_share, tilted
from ml.core.parts import NOT_INSTALLED, PartMissing, package_folder, packaged_file
from ml.pictures import text as module
from ml.pictures.lines.line import Line
from ml.pictures.lines.order import reading_order
from ml.pictures.text import NOT_WHOLE, TextReader, load_text
from packaged import packages
from packaged.networks import HANGUL, TEXT_DETECTOR
from packaged.packages import Package

GREETING = ("안녕하세요, 눈빛입니다.", "Welcome to Room 204!")


@pytest.fixture(scope="module")
def reader(onnx_cache) -> TextReader:
    try:
        return load_text(onnx_cache)
    except PartMissing as missing:
        pytest.skip(str(missing))


def read(reader: TextReader, picture: np.ndarray) -> list[str]:
    return [line["text"] for line in reader.read(np.ascontiguousarray(picture))]


@pytest.mark.parametrize("degrees", [0, 4])
def test_a_page_in_korean_and_english_is_read(reader, degrees):
    printed = page(TEXTS["mixed"])

    lines = read(reader, tilted(printed.picture, degrees))

    assert right_share(printed.text, " ".join(lines)) >= 0.97
    assert len(lines) == len(printed.lines)


def test_small_print_is_read(reader):
    printed = page(TEXTS["korean"][-2:] + TEXTS["english"][-1:], wide=640, size=19)
    assert right_share(printed.text, " ".join(read(reader, printed.picture))) >= 0.97


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_picture_is_read_the_right_way_up(reader, quarters):
    assert read(reader, np.rot90(page(GREETING, wide=500).picture, quarters)) == list(GREETING)


def stacked(letters: str) -> np.ndarray:
    """A sign with its letters one above the other."""
    sign = Image.new("RGB", (180, 60 + 108 * len(letters)), (245, 240, 225))
    font = FONT.sized(88)
    for place, letter in enumerate(letters):
        ImageDraw.Draw(sign).text((90, 30 + 108 * place), letter, (120, 20, 30), font, "ma")
    return np.asarray(sign)


@pytest.mark.parametrize("letters", ["약국", "서울미술관", "부동산", "BANK", "TAXI"])
def test_letters_one_above_the_other_are_a_word(reader, letters):
    assert read(reader, stacked(letters)) == [letters]


def test_signs_beside_each_other_are_words_of_their_own(reader):
    signs = [np.pad(stacked(word), ((0, 0), (0, 60), (0, 0)), "edge") for word in ("CINEMA", "MUSEUM")]
    assert read(reader, np.hstack(signs)) == ["CINEMA", "MUSEUM"]


def test_text_that_runs_down_is_read_from_the_right(reader):
    columns = ("가을하늘", "푸른바다", "높은산길")
    picture = np.hstack([stacked(column)[:, 30:150] for column in reversed(columns)])
    assert read(reader, picture) == list(columns)


def test_grades_in_a_table_are_no_words_that_run_down(reader):
    table = Image.new("RGB", (500, 420), "white")
    for row, grades in enumerate(("ABAC", "BBCA", "CABB", "AACD", "BACA")):
        for column, grade in enumerate(grades):
            ImageDraw.Draw(table).text((60 + 110 * column, 30 + 75 * row), grade, "black", FONT.sized(34))
    lines = read(reader, np.asarray(table))
    assert max(map(len, lines), default=0) < 4


@pytest.mark.parametrize("line", ["₩21,200", "합계 ₩5,000", "Bus W200", "WORLD 2"])
def test_the_sign_of_the_won_is_told_from_a_letter(reader, line):
    assert read(reader, page([line], wide=420).picture) == [line]


def test_columns_of_short_lines_are_read_one_after_the_other(reader):
    rows = range(1, 6)
    left, right = (
        page([f"{side} column line {row}" for row in rows], wide=420).picture for side in ("Left", "Right")
    )
    lines = read(reader, np.hstack([left, right]))
    assert [line.split()[0] for line in lines] == ["Left"] * 5 + ["Right"] * 5


@pytest.mark.parametrize(
    ("ink", "paper"), [((235, 235, 225), (25, 30, 50)), ((150, 20, 30), (250, 215, 120))]
)
def test_coloured_and_light_text_is_read(reader, ink, paper):
    assert read(reader, page(GREETING, wide=500, ink=ink, paper=paper).picture) == list(GREETING)


@pytest.mark.parametrize(
    ("name", "text"), [("coffee", "눈빛서점 OPEN"), ("rocket", "출입 금지"), ("chelsea", "Fire Exit")]
)
def test_a_sign_in_a_photograph_is_read_where_it_hangs(reader, photograph, name, text):
    picture = on_sign(photograph(name), text)

    (line,) = reader.read(picture)

    left, top, wide, high = line["box"]
    high_all, wide_all = picture.shape[:2]
    assert line["text"] == text
    assert (left + wide / 2, top + high / 2) == pytest.approx((wide_all / 2, high_all / 2), abs=25)
    assert line["confidence"] > 0.8


@pytest.mark.parametrize("name", ["chelsea", "coffee", "rocket", "coins", "gravel"])
def test_nothing_is_read_where_nothing_is_written(reader, photograph, name):
    assert reader.read(photograph(name)) == []


@pytest.mark.parametrize("size", [(1, 1), (16, 16), (40, 2000), (300, 300)])
def test_a_picture_of_one_colour_has_no_text(reader, size):
    assert reader.read(np.full((*size, 3), 200, np.uint8)) == []


def test_lines_lie_in_the_picture_and_begin_where_their_text_does(reader):
    picture = np.ascontiguousarray(page(GREETING, wide=500).picture[::-1, ::-1])

    for line in reader.read(picture):
        left, top, wide, high = line["box"]
        start, end = line["polygon"][:2]
        assert 0 <= left < left + wide <= picture.shape[1]
        assert 0 <= top < top + high <= picture.shape[0]
        assert start[0] > end[0], "upside down, text runs to the left"


def test_confidence_falls_where_print_is_hard_to_read(reader):
    clear = page(GREETING[:1], wide=500).picture
    coarse = np.repeat(np.repeat(clear[::3, ::3], 3, axis=0), 3, axis=1)

    (line,) = reader.read(clear)
    assert all(one["confidence"] < line["confidence"] for one in reader.read(coarse))


def test_threads_share_a_reader(reader):
    picture = page(GREETING, wide=500).picture
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda one: read(reader, one), [picture] * 4)) == [list(GREETING)] * 4


def quad(left: float, top: float, wide: float, high: float = 20) -> np.ndarray:
    return np.array(
        [(left, top), (left + wide, top), (left + wide, top + high), (left, top + high)], np.float32
    )


def test_rows_of_a_table_are_read_from_left_to_right():
    cells = [quad(left, top, 60) for top in (0, 40, 80, 120) for left in (0, 300)]
    assert reading_order(cells) == list(range(8))


def test_columns_of_running_text_are_read_one_after_the_other_below_their_heading():
    lines = [quad(0, 0, 900), *(quad(left, top, 400) for left in (0, 500) for top in range(50, 200, 30))]
    assert reading_order(lines) == list(range(11))


def test_the_order_survives_perspective():
    """The lines of a page that is seen from its side fan out; the last of a paragraph is short."""
    rows = [quad(0, 32 * number, 150 if number % 4 == 3 else 1000) for number in range(16)]
    fanned = [
        np.column_stack([one[:, 0], one[:, 1] * (1 - 0.25 * one[:, 0] / 1000)]).astype(np.float32)
        for one in rows
    ]
    assert reading_order(fanned) == list(range(16))


def test_signs_that_are_no_text_make_no_line():
    assert not Line("ㅣ|ㅡ", (0.99, 0.99, 0.99)).is_text
    assert not Line("-.-", (0.99, 0.99, 0.99)).is_text
    assert not Line("abcd", (0.9, 0.9, 0.9, 0.9)).is_text
    assert Line("abcd", (0.99, 0.99, 0.99, 0.99)).is_text


# What is not installed, and what is not whole


def test_without_the_package_of_the_networks_it_is_named(monkeypatch, tmp_path):
    gone = Package("rapidocr_that_nobody_installed", "", "", "rapidocr_that_nobody_installed")
    monkeypatch.setattr(module, "TEXT_DETECTOR", replace(TEXT_DETECTOR, package=gone))
    with pytest.raises(PartMissing) as missing:
        load_text(tmp_path)
    assert (missing.value.sentence, missing.value.what) == (NOT_INSTALLED, "rapidocr_that_nobody_installed")


def test_a_package_without_its_network_is_not_called_not_installed(monkeypatch, tmp_path):
    spec = ModuleSpec("rapidocr", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(packages, "find_spec", lambda name: spec)
    with pytest.raises(NoSuchFile, match=r"PP-OCRv6_det_small\.onnx"):
        load_text(tmp_path)


def test_without_the_language_data_it_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("NUNBIT_NPM", str(tmp_path))
    with pytest.raises(PartMissing) as missing:
        load_text(tmp_path)
    assert (missing.value.sentence, missing.value.what) == (NOT_INSTALLED, HANGUL.package.name)


@pytest.mark.parametrize(
    "spoil",
    [Path.unlink, lambda file: file.write_bytes(file.read_bytes()[:-1000]), lambda f: f.write_text("?")],
)
def test_language_data_that_is_not_whole_is_told_apart(reader, monkeypatch, tmp_path, spoil):
    folder = tmp_path / "node_modules" / HANGUL.package.name
    shutil.copytree(package_folder(HANGUL.package), folder)
    monkeypatch.setenv("NUNBIT_NPM", str(tmp_path))
    spoil(folder / HANGUL.files[0])
    with pytest.raises(PartMissing) as missing:
        load_text(tmp_path)
    assert (missing.value.sentence, missing.value.what) == (NOT_WHOLE, HANGUL.package.name)


def test_language_data_is_unpacked_once(reader, tmp_path):
    folder = module.language_data(tmp_path)
    (unpacked,) = folder.iterdir()
    before = unpacked.stat().st_mtime_ns

    assert unpacked.read_bytes() == gzip.decompress(packaged_file(HANGUL).read_bytes())
    assert module.language_data(tmp_path) == folder
    assert unpacked.stat().st_mtime_ns == before
