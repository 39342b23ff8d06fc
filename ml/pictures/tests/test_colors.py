"""Colours by the names that people would give them."""

import numpy as np
import pytest

from ml.pictures.colors import LEAST_SHARE, NAMES, colors_of, oklab


def plain(code: str, shape: tuple[int, int] = (40, 60)) -> np.ndarray:
    return np.full((*shape, 3), tuple(bytes.fromhex(code)), np.uint8)


def names(picture: np.ndarray, language: str = "en") -> list[str]:
    return [color["name"][language] for color in colors_of(picture)]


@pytest.mark.parametrize(
    ("code", "english", "korean"),
    [
        ("101010", "black", "검은색"),
        ("fefefe", "white", "흰색"),
        ("7d7d7d", "gray", "회색"),
        ("e51c23", "red", "빨간색"),
        ("f57c00", "orange", "주황색"),
        ("ffe800", "yellow", "노란색"),
        ("1c8a3c", "green", "초록색"),
        ("1d4fd8", "blue", "파란색"),
        ("10204a", "navy", "남색"),
        ("8fcdf2", "sky blue", "하늘색"),
        ("e2d5b9", "beige", "베이지색"),
        ("7a4524", "brown", "갈색"),
        ("7a2aa0", "purple", "보라색"),
        ("ffb9c9", "pink", "분홍색"),
        ("047f7c", "teal", "청록색"),
    ],
)
def test_a_picture_of_one_colour_has_one_colour(code, english, korean):
    assert colors_of(plain(code)) == [
        {"hex": f"#{code}", "name": {"en": english, "ko": korean}, "share": 1.0}
    ]


@pytest.mark.parametrize("shape", [(16, 16), (16, 4000), (4000, 16), (3000, 4000), (1, 1)])
def test_any_size_will_do(shape):
    assert names(plain("10204a", shape)) == ["navy"]


def test_shares_are_those_of_the_areas():
    picture = plain("e51c23", (100, 200))
    picture[:, 120:180] = tuple(bytes.fromhex("1d4fd8"))
    picture[:, 180:] = 254

    assert [(color["name"]["en"], color["share"]) for color in colors_of(picture)] == [
        ("red", pytest.approx(0.6, abs=0.02)),
        ("blue", pytest.approx(0.3, abs=0.02)),
        ("white", pytest.approx(0.1, abs=0.02)),
    ]


def test_a_small_but_strong_colour_is_seen_and_a_speck_is_not():
    picture = plain("7d7d7d", (200, 200))
    picture[:45, :45] = (229, 28, 35)
    picture[190:, 190:] = (28, 138, 60)

    assert names(picture) == ["gray", "red"]


def test_shades_of_one_name_are_one_colour():
    ramp = np.linspace(0, 30, 200).astype(np.uint8)
    picture = np.repeat(np.repeat(ramp[None, :, None], 50, 0), 3, 2)

    assert names(picture) == ["black"]


def test_photographs_have_the_colours_that_one_sees(photograph):
    assert {"brown", "tan"} <= set(names(photograph("coffee"))[:3])
    assert {"tan", "brown"} == set(names(photograph("chelsea"))[:2])
    assert "orange" in names(photograph("astronaut"))
    assert names(photograph("camera"), "ko")[:2] == ["연회색", "검은색"]


def test_a_grey_photograph_has_only_greys(photograph):
    greys = {"black", "dark gray", "gray", "light gray", "white"}

    assert set(names(photograph("camera"))) <= greys
    assert set(names(photograph("coins"))) <= greys


def test_the_same_picture_gives_the_same_colours_and_larger_ones_nearly(photograph):
    coffee = photograph("coffee")
    first, doubled = colors_of(coffee), colors_of(coffee.repeat(2, 0).repeat(2, 1))

    assert colors_of(coffee.copy()) == first
    assert [color["name"] for color in doubled] == [color["name"] for color in first]


def test_shares_are_sorted_and_no_more_than_the_picture(photograph):
    noise = np.random.default_rng(1).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    for picture in (photograph("chelsea"), photograph("astronaut"), noise):
        shares = [color["share"] for color in colors_of(picture)]
        assert shares == sorted(shares, reverse=True)
        assert shares[-1] >= LEAST_SHARE and 0.8 < sum(shares) <= 1.001


def test_oklab_is_that_of_its_author():
    """White, and red, green and blue by Ottosson's page, to two digits."""
    lab = oklab(np.array([[255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255]]))

    assert (
        np.abs(lab - [[1, 0, 0], [0.63, 0.22, 0.13], [0.87, -0.23, 0.18], [0.45, -0.03, -0.31]]).max() < 0.01
    )


def test_names_are_thirty_to_forty_and_none_twice():
    assert 30 <= len(NAMES) <= 40
    for language in ("en", "ko"):
        assert len({name[language] for name in NAMES}) == len(NAMES)
