"""Twenty answer sheets of other makers, as data: what their bubbles look like, where they are, how a page is found.

None of these looks is drawn by ml/simulation, and its fonts (Nanum, Liberation, DejaVu) are not used. Lengths in mm
from the paper's top left. Nothing here is ever changed because of how the sheets are read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from grading.sheet.omrchecker.template import FIELD_TYPES

Colour = tuple[int, int, int]
Point = tuple[float, float]

BLACK, GREY, PALE, WHITE = (20, 20, 22), (120, 120, 122), (190, 190, 192), (255, 255, 255)
PINK, RED, BLUE, GREEN, ORANGE = (
    (236, 120, 150),
    (220, 90, 80),
    (110, 140, 220),
    (90, 170, 120),
    (240, 160, 90),
)
A4, A4_WIDE, LETTER, A5, A5_WIDE = (210, 297), (297, 210), (215.9, 279.4), (148, 210), (210, 148)


@dataclass(frozen=True)
class Bubble:
    """How every bubble of a form is printed. `label`: the height of its letter, 0 for none; `tint` fills it."""

    shape: str
    size: Point
    line: float = 0.25
    colour: Colour = BLACK
    font: str = ""
    label: float = 0.0
    label_colour: Colour = BLACK
    tint: Colour | None = None


@dataclass(frozen=True)
class Block:
    """Fields with the same values. `kind`: a fieldType, or "h:" or "v:" with the values, joined by blanks; `at`: the
    middle of the first bubble; `step` from value to value, `row` from field to field."""

    kind: str
    labels: str
    at: Point
    step: float
    row: float


@dataclass(frozen=True)
class Maker:
    """`box`: of the template's boxes to the bubbles; `placing`: "none", "page" or "markers"; `extras`: of EXTRAS."""

    name: str
    seed: int
    paper: Point
    placing: str
    bubble: Bubble
    blocks: tuple[Block, ...]
    font: str
    box: float = 1.0
    extras: tuple[str, ...] = ()
    joined: Mapping[str, str] = field(default_factory=dict)
    marker: str = "square"
    contrast: float = 1.0  # of a copy; 1: the original
    empty_value: str = ""


@dataclass(frozen=True)
class Place:
    """A printed bubble: the field and value that a mark there means, and its middle in mm."""

    label: str
    value: str
    at: Point


def values_of(block: Block) -> tuple[tuple[str, ...], str]:
    if block.kind in FIELD_TYPES:
        return FIELD_TYPES[block.kind]
    way, _, values = block.kind.partition(":")
    return tuple(values.split()), {"h": "horizontal", "v": "vertical"}[way]


def labels_of(text: str) -> list[str]:
    """q1..3: q1, q2, q3."""
    found = re.fullmatch(r"(\D+)(\d+)\.\.(\d+)", text)
    assert found, text
    return [f"{found[1]}{number}" for number in range(int(found[2]), int(found[3]) + 1)]


def places_of(maker: Maker) -> list[Place]:
    return [place for block in maker.blocks for place in _places(block)]


def _places(block: Block) -> Iterator[Place]:
    values, direction = values_of(block)
    for row, label in enumerate(labels_of(block.labels)):
        for step, value in enumerate(values):
            along, across = step * block.step, row * block.row
            x, y = (along, across) if direction == "horizontal" else (across, along)
            yield Place(label, value, (block.at[0] + x, block.at[1] + y))


def columns(
    kind: str, count: int, each: int, at: Point, step: float, row: float, apart: float
) -> tuple[Block, ...]:
    """Questions q1 to q`count` in columns of `each`, `apart` from one another."""
    return tuple(
        Block(kind, f"q{first}..{min(first + each - 1, count)}", (at[0] + place * apart, at[1]), step, row)
        for place, first in enumerate(range(1, count + 1, each))
    )


FORMS = (
    Maker(
        "pink_ovals", 4711, A4, "page", Bubble("oval", (5.2, 2.9), 0.2, PINK, "Lato-Light", 1.9, PINK),
        columns("QTYPE_MCQ5", 60, 20, (34, 84), 6.6, 9.6, 56), "Lato-Bold", 1.15, ("timing_left", "header", "name"),
    ),
    Maker(
        "thin_rounds", 815, LETTER, "markers", Bubble("oval", (4.0, 4.0), 0.12, BLACK, "Vera", 1.7, GREY),
        (Block("QTYPE_INT", "id1..6", (30, 48), 5.0, 6.4), *columns("QTYPE_MCQ4", 100, 25, (32, 110), 5.6, 5.7, 46)),
        "Vera", 1.1, ("name_right",), {"ID": "id1..6"},
    ),
    Maker(
        "heavy_letters", 1618, A4, "page", Bubble("oval", (5.4, 5.4), 0.3, BLACK, "Roboto-Black", 3.6),
        columns("QTYPE_MCQ5", 40, 20, (42, 76), 8.0, 10.0, 84), "Roboto-Medium", 1.0, ("header", "name", "logo"),
    ),
    Maker(
        "typed_brackets", 2357, A4, "none", Bubble("text:[ ]", (6.0, 4.2), 0, BLACK, "FreeMono", 3.4),
        columns("QTYPE_MCQ4", 60, 20, (38, 70), 10.5, 10.0, 56), "FreeMonoBold", 1.05, ("title",),
    ),
    Maker(
        "underscored", 3141, A4, "markers", Bubble("text:_", (5.0, 5.0), 0.35, BLACK, "FreeSerif", 3.2),
        columns("QTYPE_MCQ5", 50, 25, (46, 66), 9.0, 8.2, 80), "FreeSerifBold", 1.2, ("title", "name"), marker="bars",
    ),
    Maker(
        "parentheses", 5772, LETTER, "page", Bubble("text:( )", (6.2, 5.2), 0, BLACK, "Caladea-Regular", 3.5),
        columns("QTYPE_MCQ4", 40, 20, (48, 68), 10.0, 9.6, 86), "Caladea-Bold", 1.0, ("title", "name", "rules"),
    ),
    Maker(
        "thick_boxes", 6022, A4, "page", Bubble("box", (4.2, 4.2), 0.7, BLACK),
        columns("QTYPE_MCQ5", 60, 20, (36, 78), 7.2, 9.8, 58), "OpenSans-Bold", 1.0,
        ("bands", "letters_above", "header"),
    ),
    Maker(
        "blue_grids", 6626, A4, "markers", Bubble("oval", (3.0, 4.6), 0.22, BLUE, "Carlito-Regular", 2.6, BLUE),
        (
            Block("QTYPE_INT", "id1..8", (34, 56), 5.6, 5.6),
            Block("QTYPE_INT", "day1..6", (106, 56), 5.6, 5.6),
            *columns("QTYPE_MCQ4", 20, 10, (48, 146), 7.4, 9.4, 82),
        ),
        "Carlito-Bold", 1.1, ("write_above", "title_low"), {"ID": "id1..8", "Birthday": "day1..6"}, "ring",
    ),
    Maker(
        "grey_dots", 6674, A4, "page", Bubble("oval", (5.0, 5.0), 0, PALE, "Lato-Medium", 2.5, GREY, (222, 222, 224)),
        columns("QTYPE_MCQ5", 50, 25, (44, 66), 7.6, 8.4, 80), "Lato-Heavy", 1.0, ("header", "name"),
    ),
    Maker(
        "two_hundred", 7389, A4, "markers", Bubble("oval", (3.2, 3.2), 0.18, BLACK, "OpenSans-Light", 1.7),
        columns("QTYPE_MCQ4", 200, 40, (26, 52), 4.6, 5.4, 37), "OpenSans-Semibold", 1.0, ("title",), marker="ring",
    ),
    Maker(
        "double_rings", 8128, A5, "page", Bubble("double", (5.0, 5.0), 0.15, BLACK, "Cabin-Medium", 2.2),
        columns("h:A B C D E F", 30, 15, (26, 48), 7.0, 9.4, 63), "Cabin-Bold", 1.0, ("title", "logo"),
    ),
    Maker(
        "hangul", 8314, A4, "page", Bubble("oval", (4.8, 4.8), 0.2, RED, "NunbitSans-Bold", 2.3, RED),
        columns("h:ㄱ ㄴ ㄷ ㄹ ㅁ", 45, 15, (36, 96), 6.8, 12.0, 58), "NunbitSans-Bold", 1.1,
        ("header", "name", "bands"),
    ),
    Maker(
        "circled_numbers", 9109, A4, "none", Bubble("glyph", (5.2, 5.2), 0, BLACK, "FreeSerif", 5.0),
        columns("h:1 2 3 4 5", 50, 25, (46, 62), 9.0, 8.6, 82), "FreeSerif", 1.0, ("title",),
    ),
    Maker(
        "exam_card", 9192, A4_WIDE, "page", Bubble("stadium", (2.3, 5.2), 0.2, PINK, "OCRB", 1.6, PINK),
        (
            Block("QTYPE_INT", "no1..5", (30, 60), 7.6, 7.0),
            *columns("h:1 2 3 4 5", 60, 20, (98, 46), 6.6, 7.0, 64),
        ),
        "OpenSans-Bold", 1.15, ("timing_bottom", "bands", "title"), {"No": "no1..5"}, empty_value="-",
    ),
    Maker(
        "pale_copy", 1123, A4, "page", Bubble("oval", (4.8, 4.8), 0.25, BLACK, "EBGaramond12-Regular", 2.8),
        columns("QTYPE_MCQ4", 50, 25, (48, 66), 8.4, 8.4, 82), "EBGaramond12-Bold", 1.0,
        ("title", "name"), contrast=0.5,
    ),
    Maker(
        "small_quiz", 1235, A5_WIDE, "none", Bubble("oval", (7.2, 7.2), 0.4, GREEN, "Comfortaa-Bold", 3.6, GREEN),
        columns("QTYPE_MCQ4", 16, 8, (34, 42), 11.0, 12.0, 92), "Comfortaa-Bold", 1.0, ("logo", "title"),
    ),
    Maker(
        "diamonds", 1729, A4, "page", Bubble("diamond", (6.2, 6.2), 0.25, BLACK, "EBGaramond12-Italic", 2.6),
        columns("QTYPE_MCQ5_RTL", 40, 20, (44, 70), 8.6, 10.2, 84), "OldStandard-Bold", 0.95, ("header", "name"),
    ),
    Maker(
        "dotted_rings", 2187, LETTER, "markers", Bubble("dotted", (4.4, 4.4), 0.3, BLACK, "Inconsolata", 2.3, GREY),
        (
            Block("QTYPE_INT_FROM_1", "roll1..7", (34, 52), 6.0, 7.0),
            *columns("QTYPE_MCQ5", 45, 15, (36, 132), 6.4, 8.0, 54),
        ),
        "Inconsolata", 1.15, ("write_above",), {"Roll": "roll1..7"}, "bars",
    ),
    Maker(
        "table_cells", 2584, A4, "page", Bubble("oval", (4.4, 4.4), 0.2, BLACK, "OpenSans-Light", 2.2),
        columns("QTYPE_MCQ5", 50, 25, (48, 62), 8.0, 8.6, 80), "OpenSans-Regular", 1.2, ("cells", "title"),
    ),
    Maker(
        "yellow_pills", 2718, A4, "page",
        Bubble("stadium", (7.4, 4.2), 0.2, ORANGE, "Roboto-Bold", 2.6, GREY, (255, 240, 200)),
        (
            Block("h:T F", "t1..15", (44, 70), 11.0, 11.0),
            *columns("QTYPE_MCQ4", 30, 15, (84, 70), 9.4, 11.0, 58),
        ),
        "Roboto-Bold", 1.0, ("header", "name"),
    ),
)  # fmt: skip
