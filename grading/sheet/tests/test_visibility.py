"""What is not seen is not taken for empty, but where copiers bleached all outlines away."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.tiers import seldom

from ..boxes import Field, Page
from ..code import NotASheet
from ..cutting import fields_read
from ..decoding import Grey
from ..scan import cut_cells, find_sheet, straighten_sheet
from ..visibility import BESIDE, HIDDEN, OUTSIDE, SHOWN, visibility
from . import photographs as shot
from .photographs import Photograph
from .test_scan import DEGRADED

SHOWS = 0.7


@pytest.fixture(scope="module")
def form() -> Page:
    return shot.printed()[0].pages[0]


@pytest.fixture(scope="module")
def fields(form: Page) -> tuple[Field, ...]:
    return fields_read(form)


@pytest.fixture(scope="module")
def page(fields: tuple[Field, ...]) -> Grey:
    """Every fifth field marked."""
    return shot.marked(shot.printed()[1], list(fields[::5]))


def seen_in(photograph: Photograph, form: Page) -> NDArray[np.int8]:
    fields = fields_read(form)
    sheet = straighten_sheet(find_sheet(photograph.grey), form)
    return visibility(sheet, fields, cut_cells(sheet, fields))


def bleached(fields: tuple[Field, ...]) -> Grey:
    """The print without outlines, every fifth field marked."""
    page = shot.printed()[1].copy()
    for x, y, width, height in (field.box for field in fields):
        corner = (np.array([x - 0.4, y - 0.4, x + width + 0.4, y + height + 0.4]) * shot.PX).astype(int)
        page[corner[1] : corner[3], corner[0] : corner[2]] = 255
    return shot.marked(page, list(fields[::5]))


def middles(fields: tuple[Field, ...]) -> NDArray[np.float64]:
    return np.array([(x + w / 2, y + h / 2) for x, y, w, h in (field.box for field in fields)])


@pytest.mark.parametrize(
    "how",
    [
        *("a phone, in the shade", "black and white"),
        *seldom(["scanned", "a barrel lens", "faded", "100 dpi"]),
    ],
)
def test_every_field_of_a_whole_page_is_seen(how: str, page: Grey, form: Page) -> None:
    assert (seen_in(DEGRADED[how](shot.flat(page)), form) >= BESIDE).all()
    assert (seen_in(DEGRADED[how](shot.flat(shot.printed()[1])), form) == SHOWN).all()


CUTS: dict[str, tuple[Callable[[Grey], Grey], int, float, int]] = {
    "upper": (lambda page: page[: round(SHOWS * len(page))], 1, SHOWS * 297, 1),
    "lower": (lambda page: page[-round(SHOWS * len(page)) :], 1, (1 - SHOWS) * 297, -1),
    "left": (lambda page: page[:, : round(SHOWS * page.shape[1])], 0, SHOWS * 210, 1),
    "right": (lambda page: page[:, -round(SHOWS * page.shape[1]) :], 0, (1 - SHOWS) * 210, -1),
}


@pytest.mark.parametrize("side", CUTS)
def test_what_the_picture_does_not_show_is_outside(
    side: str, page: Grey, form: Page, fields: tuple[Field, ...]
) -> None:
    cut, axis, edge, towards = CUTS[side]
    seen = seen_in(shot.noisy(shot.flat(np.ascontiguousarray(cut(page)))), form)
    beyond = towards * (middles(fields)[:, axis] - edge)
    assert (seen[beyond > 5] == OUTSIDE).all() and (seen[beyond < -5] >= BESIDE).all()


@pytest.mark.parametrize("side", CUTS)
def test_a_desk_in_place_of_the_rest_of_a_torn_page_is_not_taken_for_empty(
    side: str, page: Grey, form: Page, fields: tuple[Field, ...]
) -> None:
    cut, axis, edge, towards = CUTS[side]
    torn = np.ascontiguousarray(cut(page))
    rng = np.random.default_rng(1)
    grain = cv2.resize(rng.normal(0, 12, (400, 60)).astype(np.float32), page.shape[::-1])
    desk = np.clip(170 + grain, 0, 255).astype(np.uint8)
    top, left = (
        0 if towards > 0 else whole - part for whole, part in zip(page.shape, torn.shape, strict=True)
    )
    desk[top : top + torn.shape[0], left : left + torn.shape[1]] = torn
    seen = seen_in(shot.noisy(shot.flat(desk)), form)
    beyond = towards * (middles(fields)[:, axis] - edge)
    assert (seen[beyond > 12] == HIDDEN).all() and (seen[beyond < -12] >= BESIDE).all()
    assert not (seen[beyond > 5] == SHOWN).any()


def test_where_copiers_bleached_all_outlines_the_page_is_held_by_code_and_markers(
    form: Page, fields: tuple[Field, ...]
) -> None:
    for photograph in (shot.flat(bleached(fields)), shot.phone(shot.flat(bleached(fields)))):
        assert (seen_in(shot.noisy(photograph), form) == SHOWN).all()


@pytest.mark.parametrize("lost", [(0,), (1, 2)])
def test_a_bleached_page_without_all_markers_is_turned_away(
    lost: tuple[int, ...], form: Page, fields: tuple[Field, ...]
) -> None:
    photograph = shot.without_markers(shot.flat(bleached(fields)), shot.printed()[0], lost)
    with pytest.raises(NotASheet) as refused:
        seen_in(shot.noisy(photograph), form)
    assert refused.value.reason == "wrong_form"


def test_a_bleached_page_that_a_lens_bends_is_turned_away(form: Page, fields: tuple[Field, ...]) -> None:
    photograph = shot.barrel(shot.phone(shot.flat(bleached(fields)), 15, 5), -0.08)
    with pytest.raises(NotASheet) as refused:
        seen_in(shot.noisy(photograph), form)
    assert refused.value.reason == "wrong_form"


@pytest.mark.parametrize("share", [0.4, 0.7])
def test_fields_under_a_sheet_of_paper_are_hidden_though_code_and_markers_show(
    share: float, page: Grey, form: Page, fields: tuple[Field, ...]
) -> None:
    height = page.shape[0]
    low = round(0.89 * height)
    covered = page.copy()
    covered[low - round(share * 0.75 * height) : low, round(25 * shot.PX) : -round(25 * shot.PX)] = 240
    seen = seen_in(shot.noisy(shot.flat(covered)), form)
    at = middles(fields) * shot.PX
    inside = (at[:, 1] > low - share * 0.75 * height + 40) & (at[:, 1] < low - 40)
    inside &= (at[:, 0] > 33 * shot.PX) & (at[:, 0] < page.shape[1] - 33 * shot.PX)
    assert inside.sum() > 10 and not (seen[inside] == SHOWN).any()
