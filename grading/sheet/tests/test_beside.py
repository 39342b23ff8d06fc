"""A number beside its row is noticed; print, dust, folds and shadows are not taken for one."""

import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest

from ..beside import written_beside, written_beside_alike
from ..boxes import Field, Page
from ..decoding import Grey
from ..layout import lay_out
from ..pdf import Copy, draw_sheets
from ..pdf_pages import render_page
from ..rectification import even
from ..scan import PX_PER_MM
from ..spec import ItemSpec, SheetSpec

SPEC = SheetSpec(
    title="Quiz",
    items=tuple(
        ItemSpec(number=number, kind="choice", options=tuple("12345"), points=1 + number % 2)
        for number in range(1, 41)
    ),
    language="ko",
    paper="A4",
)
ITEM = 7


@pytest.fixture(scope="module")
def form() -> Page:
    return lay_out(SPEC).pages[0]


@pytest.fixture
def page(form: Page) -> Grey:
    out = io.BytesIO()
    draw_sheets(lay_out(SPEC), SPEC, [Copy("ABCDEFGH")], out)
    return render_page(out.getvalue(), 0, 25.4 * PX_PER_MM)


def row_of(form: Page, item: int = ITEM) -> tuple[float, float, float]:
    """Left and right end of its bubbles and their middle, mm."""
    boxes = [field.box for field in form.fields if field.item == item]
    return boxes[0][0], boxes[-1][0] + boxes[-1][2], boxes[0][1] + boxes[0][3] / 2


def write(page: Grey, text: str, x: float, y: float, high: float = 5.0, grey: int = 70) -> None:
    """Letters whose left end and middle are there, mm."""
    scale = high * PX_PER_MM / 21
    place = round(x * PX_PER_MM), round((y + high / 2) * PX_PER_MM)
    cv2.putText(page, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, grey, 4, cv2.LINE_AA)


@pytest.mark.parametrize("text", ["1", "3", "12", "B"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_what_is_written_beside_a_row_is_noticed(page: Grey, form: Page, text: str, side: str) -> None:
    left, right, middle = row_of(form)
    write(page, text, right + 1.2 if side == "right" else left - 12.5, middle)
    assert ITEM in written_beside(even(page, PX_PER_MM), PX_PER_MM, form)


def speckled(page: Grey) -> None:
    rng = np.random.default_rng(0)
    for x, y, radius in zip(
        *(rng.integers(0, side, 600) for side in page.shape[::-1]), rng.integers(1, 4, 600), strict=True
    ):
        cv2.circle(page, (int(x), int(y)), int(radius), 40, -1)


def folded(page: Grey) -> None:
    height, width = page.shape
    for share in (0.2, 0.35, 0.5, 0.65, 0.8):
        cv2.line(page, (round(share * width), 0), (round(share * width) + 30, height), 150, 3)
        cv2.line(page, (0, round(share * height)), (width, round(share * height) + 20), 150, 3)


def shaded(page: Grey) -> None:
    light = np.ones(page.shape, np.float32)
    light[:, : page.shape[1] // 2] *= 0.5
    light[page.shape[0] * 2 // 3 :] *= 0.6
    page[:] = page * cv2.GaussianBlur(light, (0, 0), PX_PER_MM)


def stained(page: Grey) -> None:
    for share in (0.3, 0.5, 0.7):
        cv2.circle(page, (round(share * page.shape[1]), round(share * page.shape[0])), 30, 60, -1)


def untouched(page: Grey) -> None:
    pass


@pytest.mark.parametrize("spoil", [untouched, speckled, folded, shaded, stained])
def test_nothing_is_noticed_on_a_blank_sheet(page: Grey, form: Page, spoil: Callable[[Grey], None]) -> None:
    spoil(page)
    assert written_beside(even(cv2.GaussianBlur(page, (0, 0), 1), PX_PER_MM), PX_PER_MM, form) == ()


# --- sheets of others: labels and a rule beside each of twenty rows


def row_fields(item: int) -> list[Field]:
    return [
        Field(item, 0, label, "bubble", (30 + 8.0 * place, 8.0 * item, 4.6, 4.6))
        for place, label in enumerate("ABCD")
    ]


@pytest.fixture
def others() -> tuple[Grey, list[Field]]:
    page = np.full((200 * PX_PER_MM, 100 * PX_PER_MM), 245, np.uint8)
    fields = [field for item in range(1, 21) for field in row_fields(item)]
    for field in fields:
        x, y, side, _height = (round(value * PX_PER_MM) for value in field.box)
        cv2.circle(page, (x + side // 2, y + side // 2), side // 2, 90, 2, cv2.LINE_AA)
    for item in range(1, 21):
        write(page, f"{item:02}.", 20, 8 * item + 2.3, 3)
    cv2.line(page, (65 * PX_PER_MM, 0), (65 * PX_PER_MM, 170 * PX_PER_MM), 60, 3)
    return page, fields


def test_labels_and_rules_beside_rows_of_others_are_print(others: tuple[Grey, list[Field]]) -> None:
    page, fields = others
    assert written_beside_alike(page, PX_PER_MM, fields, [fields]) == ()


def test_what_one_row_of_others_alone_has_beside_it_is_noticed(others: tuple[Grey, list[Field]]) -> None:
    page, fields = others
    write(page, "3", 60, 8 * ITEM + 2.3)
    assert written_beside_alike(page, PX_PER_MM, fields, [fields]) == (ITEM,)
