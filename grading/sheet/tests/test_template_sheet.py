"""Pictures of a template's sheet: turned, tilted, shaded or of something else."""

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import cv2
import numpy as np
import pytest

from grading.sheet.omrchecker.page import TemplateSheet, read_sheet
from grading.sheet.omrchecker.printed_fields import unseen_blocks
from grading.sheet.omrchecker.template import Template
from grading.sheet.omrchecker.template_reading import read_template
from tests.support.tiers import seldom

from ..code import NotASheet
from ..registration import Registration
from ..scan import CELL
from . import photographs as shot
from . import template_sheets as sheets
from .photographs import Photograph

MOST_OFF = 0.12  # of a bubble: by bad lenses it is 0.07 to 0.12
ANSWERS = {
    **{f"q{number}": "ABCDE"[number % 4] for number in range(1, 21) if number not in (7, 13)},
    "q4": "BD",
    "medium": "E",
    "roll1": "5",
    "roll2": "0",
    "roll3": "9",
    "roll5": "1",
}
KINDS = ("markers", "page", "blank")


@cache
def sheet(kind: str) -> Photograph:
    return sheets.filled(kind, ANSWERS)


def desk(kind: str) -> Photograph:
    return sheets.on_desk(sheet(kind))


CONDITIONS: dict[str, Callable[[str], Photograph]] = {
    "on a desk": desk,
    "by a phone": lambda kind: shot.noisy(shot.phone(sheet(kind))),
    "by a phone, far off": lambda kind: shot.noisy(shot.phone(sheet(kind), size=(1512, 2016), fill=0.6)),
    "askew": lambda kind: shot.noisy(shot.phone(sheet(kind), tilt=12, pan=-18, roll=17)),
    "in a shadow": lambda kind: shot.noisy(
        shot.shaded(shot.phone(sheet(kind), tilt=8, pan=4, roll=-6), depth=0.45)
    ),
    "bent": lambda kind: sheets.on_desk(shot.curled(sheet(kind), 4)),
    "by a bad lens": lambda kind: shot.barrel(desk(kind), -0.04),
}


def of_each_kind(cases: Iterable[Any], one: Any) -> list[Any]:
    """(case, kind): to place a sheet by its print takes a second, so that only one such case is for every day."""
    others = [case for case in cases if case != one]
    quick = [(case, kind) for case in [one, *others] for kind in ("markers", "page")]
    return [*quick, (one, "blank"), *seldom((case, "blank") for case in others)]


def dark(found: TemplateSheet) -> np.ndarray:
    """Which cells (n,) are dark in the middle."""
    middle = found.cells()[:, CELL // 2 - 4 : CELL // 2 + 4, CELL // 2 - 4 : CELL // 2 + 4]
    return middle.reshape(len(middle), -1).mean(axis=1) < 150


def truth(kind: str) -> np.ndarray:
    return np.array(
        [
            bubble.value in ANSWERS.get(field.label, "")
            for answer in sheets.template(kind).answers
            for field in answer.fields
            for bubble in field.bubbles
        ]
    )


def off(found: TemplateSheet, photograph: Photograph, kind: str) -> np.ndarray:
    """How far each bubble is taken to be from where it is, (n,) in sizes of a bubble."""
    made = sheets.template(kind)
    places = sheets.centres(kind)
    seen, right = found.in_picture(places * made.unit), photograph.where(places)
    size = np.linalg.norm(photograph.where(places + [36, 0]) - right, axis=1)
    return np.linalg.norm(seen - right, axis=1) / size


@pytest.mark.parametrize(("condition", "kind"), of_each_kind(CONDITIONS, "askew"))
def test_every_bubble_is_found_where_it_is(condition: str, kind: str) -> None:
    photograph = CONDITIONS[condition](kind)
    found = read_sheet(photograph.grey, sheets.template(kind))
    assert off(found, photograph, kind).max() < MOST_OFF
    assert (dark(found) == truth(kind)).all()
    assert found.doubt == ""


@pytest.mark.parametrize(("degrees", "kind"), of_each_kind([90, 180, 270, 7, 200], 200))
def test_a_turned_sheet_gives_the_same_marks(degrees: int, kind: str) -> None:
    photograph = shot.turned(shot.phone(sheet(kind), fill=0.7), degrees)
    found = read_sheet(photograph.grey, sheets.template(kind))
    assert (dark(found) == truth(kind)).all()
    assert abs((found.turned - degrees - 3 + 180) % 360 - 180) < 12


@pytest.mark.parametrize("kind", ["page", "blank"])
def test_a_scan_that_shows_nothing_but_the_page_is_read(kind: str) -> None:
    found = read_sheet(sheet(kind).grey, sheets.template(kind))
    assert (dark(found) == truth(kind)).all()


def test_a_scan_without_page_edges_is_read_by_its_markers() -> None:
    photograph = shot.turned(sheet("markers"), 3)
    found = read_sheet(photograph.grey, sheets.template("markers"))
    assert (dark(found) == truth("markers")).all()


def test_a_hidden_marker_is_no_loss() -> None:
    photograph = desk("markers")
    x, y = photograph.where(np.array([[1000.0, 1400.0]]))[0].astype(int)
    grey = photograph.grey.copy()
    grey[y - 70 : y + 70, x - 70 : x + 70] = 240
    found = read_sheet(grey, sheets.template("markers"))
    assert off(found, photograph, "markers").max() < MOST_OFF


@pytest.mark.parametrize("is_square", [False, True])
def test_cells_are_cut_by_the_bubbles_as_they_are_printed(is_square: bool) -> None:
    photograph = sheets.on_desk(sheets.filled("page", ANSWERS, is_square))
    found = read_sheet(photograph.grey, sheets.template("page"))
    sizes = np.array([field.box[2:] for field in found.fields]) / 4.6
    assert sizes == pytest.approx(sheets.PRINTED, abs=0.1)  # their outer edge
    assert found.cells().shape == (len(truth("page")), CELL, CELL)


def test_an_empty_sheet_has_no_dark_cell() -> None:
    found = read_sheet(sheets.on_desk(sheets.filled("page", {})).grey, sheets.template("page"))
    assert not dark(found).any()


def test_blocks_that_a_template_puts_a_little_off_are_found_each_by_itself() -> None:
    sloppy = sheets.moved(left=[158, 766], right=[592, 754], roll=[186, 175])
    found = read_sheet(desk("page").grey, sloppy)
    assert (dark(found) == truth("page")).all()
    middles = np.array([(x + w / 2, y + h / 2) for x, y, w, h in (field.box for field in found.fields)])
    right = desk("page").where(sheets.centres("page"))
    assert np.abs(found.in_picture(middles) - right).max() < 36 * sheets.ZOOM / 4


@pytest.mark.parametrize(
    "origins",
    [
        {"left": [150, 705]},
        {"left": [150, 705], "right": [600, 705]},
        {"left": [88, 760], "right": [538, 760]},
        {"left": [150, 705], "right": [600, 705], "roll": [180.5, 134], "medium": [120, 132]},
    ],
)
def test_a_form_whose_rows_begin_elsewhere_is_refused(origins: dict[str, list[float]]) -> None:
    """Nearly all bubbles fit their neighbours' places, which would give wrong answers."""
    with pytest.raises(NotASheet) as caught:
        read_sheet(desk("page").grey, sheets.moved(**origins))
    assert caught.value.reason == "not_this_form"


def test_bubbles_under_correction_fluid_are_no_reason_to_refuse() -> None:
    photograph = desk("page")
    grey = photograph.grey.copy()
    for place in photograph.where(sheets.centres("page")[[0, 30]]):
        x, y = place.astype(int)
        grey[y - 45 : y + 45, x - 45 : x + 45] = 250
    found = read_sheet(grey, sheets.template("page"))
    assert (dark(found) != truth("page")).sum() == truth("page")[[0, 30]].sum()


def symmetric(letters: str = "") -> tuple[Template, np.ndarray]:
    """A form whose bubbles lie the same upside down, and a picture of it with a letter in each, or none."""
    block = {
        "origin": [98, 134],
        "bubblesGap": 70,
        "labelsGap": 80,
        "fieldLabels": ["q1..8"],
        "fieldType": "QTYPE_MCQ4",
    }
    changes = {"pageDimensions": [442, 864], "fieldBlocks": {"all": block}, "customLabels": {}}
    made = read_template(sheets.files(sheets.PAGE, **changes))
    page = np.full((864, 442), 255, np.uint8)
    for one in made.fields:
        for bubble in one.bubbles:
            x, y, w, h = (int(value) for value in bubble.box)
            cv2.circle(page, (x + w // 2, y + h // 2), 15, 90, 2, cv2.LINE_AA)
            if bubble.value in letters:
                place = (x + w // 2 - 7, y + h // 2 + 7)
                cv2.putText(page, bubble.value, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, 90, 2, cv2.LINE_AA)
    return made, cv2.copyMakeBorder(page, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=40)


def test_of_a_small_block_without_print_only_its_own_answers_are_for_a_person() -> None:
    values = sheets.values(sheets.PAGE)
    values["fieldBlocks"]["absent"] = {
        "origin": [860, 300],
        "bubblesGap": 48,
        "labelsGap": 0,
        "fieldLabels": ["absent"],
        "bubbleValues": ["Y", "N"],
        "direction": "vertical",
    }
    template = read_template({"template.json": json.dumps(values).encode()})
    found = read_sheet(sheet("page").grey, template)
    assert {template.answers[number - 1].name for number in found.unseen} == {"absent"}
    assert found.doubt == ""


@pytest.mark.parametrize("are_alike", [True, False])
def test_blocks_too_blurred_to_be_placed_are_seen_where_their_bubbles_are(are_alike: bool) -> None:
    template, nowhere = sheets.template("page"), np.zeros((0, 2))
    is_like = np.full(len(template.form.fields), are_alike)
    unseen = unseen_blocks(Registration(nowhere, nowhere, 0.5, 0.0), is_like, template)
    assert sum(map(len, unseen)) == (0 if are_alike else len(is_like))


def test_a_form_that_looks_the_same_upside_down_is_for_a_person_to_turn() -> None:
    made, picture = symmetric()
    found = read_sheet(picture, made)
    assert found.doubt == "unsure_turn"
    assert found.turned == pytest.approx(0, abs=1)


@pytest.mark.parametrize("degrees", [0, 180])
def test_the_letters_in_its_bubbles_say_which_side_of_a_form_is_up(degrees: int) -> None:
    made, picture = symmetric("ABCD")
    found = read_sheet(np.ascontiguousarray(np.rot90(picture, -degrees // 90)), made)
    assert found.doubt == ""
    assert found.turned % 360 == pytest.approx(degrees, abs=1) or degrees == 0 and found.turned > 359


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_without_edges_and_markers_is_found_by_its_bubbles(kind: str) -> None:
    """On white, turned and seen from the side, its corners cut off."""
    grey = sheet(kind).grey
    height, width = grey.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array([[0.2, 0.12], [0.85, 0.2], [0.95, 0.9], [0.1, 0.85]], np.float32) * (width, height)
    matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    for corner in corners.astype(int):  # no marker, and no corner of a frame
        cv2.circle(grey := grey.copy(), corner.tolist(), width // 12, 255, -1)
    picture = cv2.warpPerspective(grey, matrix, (width, height), borderValue=255)
    found = read_sheet(picture, sheets.template(kind))
    assert (dark(found) == truth(kind)).all()


def noise() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 255, (1600, 1200)).astype(np.uint8)


STRANGE: dict[str, Callable[[], np.ndarray]] = {
    "a blank page": lambda: np.full((1600, 1200), 235, np.uint8),
    "noise": noise,
    "a sheet of another form": lambda: shot.flat(shot.printed()[1]).grey,
    "a photo of another form": lambda: shot.phone(shot.flat(shot.printed()[1])).grey,
    "half of the sheet": lambda: sheet("page").grey[: sheet("page").grey.shape[0] // 2],
}


@pytest.mark.parametrize(("name", "kind"), of_each_kind(STRANGE, "a photo of another form"))
def test_what_is_not_the_form_is_refused(name: str, kind: str) -> None:
    with pytest.raises(NotASheet) as caught:
        read_sheet(STRANGE[name](), sheets.template(kind))
    assert caught.value.reason == "not_this_form"


def test_a_sheet_too_small_to_read_is_refused() -> None:
    photograph = shot.phone(sheet("page"), size=(150, 200))
    with pytest.raises(NotASheet) as caught:
        read_sheet(photograph.grey, sheets.template("page"))
    assert caught.value.reason in ("not_this_form", "low_resolution")
