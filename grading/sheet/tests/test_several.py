"""Several sheets in one picture are each read."""

import cv2
import numpy as np
import pytest

from ..cutting import CutPage, PrintedForm, cut_pages, pickled
from ..decoding import Grey
from ..layout import lay_out
from ..several import sheets_in
from . import photographs as shot

NUMBERS = ("20230101", "20230102", "20230103", "20230104")
GAP = 60  # px between sheets


@pytest.fixture(scope="module")
def sheets() -> list[Grey]:
    """One page of each of four students."""
    return [shot.rasterised(shot.pdf_of(shot.exam(), number)) for number in NUMBERS]


@pytest.fixture(scope="module")
def form() -> bytes:
    return pickled(PrintedForm("EXAM0042", 1, lay_out(shot.exam())))


def laid(sheets: list[Grey], columns: int) -> Grey:
    """On a grey glass, in rows."""
    height, width = (side + GAP for side in sheets[0].shape)
    rows = -(-len(sheets) // columns)
    glass = np.full((rows * height, columns * width), 130, np.uint8)
    for place, sheet in enumerate(sheets):
        top, left = place // columns * height, place % columns * width
        glass[top : top + sheet.shape[0], left : left + sheet.shape[1]] = sheet
    return glass


def students(pages: tuple[CutPage, ...]) -> list[str]:
    return [page.code.student if page.code and not page.reason else page.reason for page in pages]


LAID = {
    "side by side": (2, 2),
    "one above the other": (2, 1),
    "four": (4, 2),
    "three": (3, 2),
}


@pytest.mark.parametrize("how", LAID)
def test_each_sheet_of_a_scan_is_a_page_in_reading_order(how: str, sheets: list[Grey], form: bytes) -> None:
    count, columns = LAID[how]
    glass = cv2.resize(laid(sheets[:count], columns), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    pages = cut_pages(shot.noisy(shot.flat(glass)).grey, form)
    assert students(pages) == list(NUMBERS[:count])


@pytest.mark.parametrize("columns", [1, 2])
def test_each_sheet_of_a_photo_is_a_page(columns: int, sheets: list[Grey], form: bytes) -> None:
    glass = laid(sheets[: 2 * columns], columns)
    photo = shot.noisy(shot.phone(shot.flat(glass), 15, 8, 4, (4032, 4032)))
    assert students(cut_pages(photo.grey, form)) == list(NUMBERS[: 2 * columns])


@pytest.mark.parametrize("across", [200, 420])
def test_what_shows_of_a_sheet_beneath_is_no_page(across: int, sheets: list[Grey], form: bytes) -> None:
    height, width = sheets[0].shape
    desk = np.full((height + 500, width + across), 100, np.uint8)
    desk[500 : 500 + height, across:] = sheets[1]
    desk[:height, :width] = sheets[0]
    assert students(cut_pages(shot.noisy(shot.flat(desk)).grey, form)) == [NUMBERS[0]]


def test_a_sheet_of_another_exam_beside_one_is_turned_away_alone(sheets: list[Grey], form: bytes) -> None:
    other = shot.rasterised(shot.pdf_of(shot.exam(items=8)))
    assert students(cut_pages(laid([sheets[0], other], 2), form)) == [NUMBERS[0], "old_sheet"]


def test_a_picture_of_more_sheets_than_anybody_lays_out_is_turned_away(
    sheets: list[Grey], form: bytes
) -> None:
    small = cv2.resize(sheets[0], None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
    crowd = np.tile(small, (3, 4))
    assert sheets_in(crowd) == []
    assert students(cut_pages(crowd, form)) == ["two_sheets"]
