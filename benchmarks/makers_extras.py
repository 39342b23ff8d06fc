"""What stands on the sheets of other makers beside their bubbles: titles, boxes, bands, timing tracks, markers."""

import cv2
import numpy as np
from PIL import Image

from benchmarks.makers_forms import BLACK, GREY, Maker, labels_of, values_of
from benchmarks.makers_press import PX, Press
from grading.sheet.filling.ink import Picture

MARKER, INSET = 8.0, 13.0  # mm: the side of a marker, and its middle from the paper's edges


def marker_picture(kind: str, side: int) -> Picture:
    """Grey: a square, a ring with a dot, or bars."""
    picture = np.full((side * 4, side * 4), 255, np.uint8)
    whole, middle = side * 4, (side * 2, side * 2)
    if kind == "square":
        picture[whole // 8 : -whole // 8, whole // 8 : -whole // 8] = 0
    elif kind == "ring":
        cv2.circle(picture, middle, round(whole * 0.38), 0, round(whole * 0.14))
        cv2.circle(picture, middle, round(whole * 0.12), 0, -1)
    else:
        for start in (0.08, 0.4, 0.74):
            picture[:, round(start * whole) : round((start + 0.18) * whole)] = 0
    return cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)


def print_markers(press: Press, kind: str) -> None:
    side = round(MARKER * PX)
    picture = Image.fromarray(marker_picture(kind, side)).convert("RGB")
    for x in (INSET, press.paper[0] - INSET):
        for y in (INSET, press.paper[1] - INSET):
            press.image.paste(picture, (round(x * PX - side / 2), round(y * PX - side / 2)))


def title(press: Press, maker: Maker, y: float = 22.0) -> None:
    press.text((press.paper[0] / 2, y), maker.name.replace("_", " ").title(), maker.font, 5.0)
    press.text((press.paper[0] / 2, y + 8), "Mark one answer for each question.", maker.font, 2.0, GREY)


def title_low(press: Press, maker: Maker) -> None:
    title(press, maker, 30.0)


def header(press: Press, maker: Maker) -> None:
    """A framed box of text over the whole width."""
    width = press.paper[0]
    press.box((width / 2, 32), (width - 40, 28), 0.5, BLACK)
    press.text((26, 24), maker.name.replace("_", " ").upper(), maker.font, 4.0, anchor="lm")
    for row, text in enumerate(
        ("Use a dark pen. Fill the bubble of your answer.", "Do not fold this sheet.")
    ):
        press.text((26, 33 + 6 * row), text, maker.font, 1.9, GREY, anchor="lm")


def name(press: Press, maker: Maker) -> None:
    for place, word in enumerate(("Name", "Class")):
        x = 26 + place * 80
        press.text((x, 54), word, maker.font, 2.4, anchor="lm")
        press.line((x + 14, 56), (x + 64, 56), 0.25, BLACK)


def name_right(press: Press, maker: Maker) -> None:
    for row, word in enumerate(("Name", "Class", "Date")):
        y = 52 + 14 * row
        press.text((90, y), word, maker.font, 2.4, anchor="lm")
        press.box((145, y), (74, 9), 0.3, BLACK)


def logo(press: Press, maker: Maker) -> None:
    """A disc with a letter, in the upper right corner."""
    at = press.paper[0] - 24, 20.0
    press.oval(at, (13, 13), 0, BLACK, (40, 90, 150))
    press.text(at, maker.name[0].upper(), maker.font, 6, (255, 255, 255))


def timing_left(press: Press, maker: Maker) -> None:
    for block in maker.blocks[:1]:
        for row in range(len(labels_of(block.labels))):
            press.box((11, block.at[1] + row * block.row), (6, 1.6), 0, BLACK, BLACK)


def timing_bottom(press: Press, maker: Maker) -> None:
    for x in np.arange(20, press.paper[0] - 15, 6.6):
        press.box((x, press.paper[1] - 9), (1.6, 5), 0, BLACK, BLACK)


def bands(press: Press, maker: Maker) -> None:
    """Every second row of questions on a tinted band."""
    for block in maker.blocks:
        values, direction = values_of(block)
        if direction == "horizontal":
            width = (len(values) - 1) * block.step + maker.bubble.size[0] + 12
            for row in range(0, len(labels_of(block.labels)), 2):
                middle = block.at[0] + (len(values) - 1) * block.step / 2 - 3, block.at[1] + row * block.row
                press.box(middle, (width, block.row), 0, GREY, (226, 230, 236))


def letters_above(press: Press, maker: Maker) -> None:
    for block in maker.blocks:
        for step, value in enumerate(values_of(block)[0]):
            press.text((block.at[0] + step * block.step, block.at[1] - 7), value, maker.font, 2.6)


def cells(press: Press, maker: Maker) -> None:
    """A table whose cells hold the bubbles."""
    for block in maker.blocks:
        count, rows = len(values_of(block)[0]), len(labels_of(block.labels))
        left, top = block.at[0] - block.step / 2, block.at[1] - block.row / 2
        right, low = left + count * block.step, top + rows * block.row
        for column in range(count + 1):
            press.line((left + column * block.step, top), (left + column * block.step, low), 0.2, BLACK)
        for row in range(rows + 1):
            press.line((left, top + row * block.row), (right, top + row * block.row), 0.2, BLACK)


def rules(press: Press, maker: Maker) -> None:
    """A dotted line below every question."""
    for block in maker.blocks:
        for row in range(len(labels_of(block.labels))):
            y = block.at[1] + (row + 0.5) * block.row
            for x in np.arange(block.at[0] - 12, block.at[0] + 36, 1.6):
                press.line((x, y), (x + 0.5, y), 0.2, GREY)


def write_above(press: Press, maker: Maker) -> None:
    """A box for the written digit above each column."""
    for block in maker.blocks:
        if values_of(block)[1] == "vertical":
            for row in range(len(labels_of(block.labels))):
                press.box((block.at[0] + row * block.row, block.at[1] - 8), (block.row - 0.6, 7), 0.25, BLACK)


EXTRAS = {
    extra.__name__: extra
    for extra in (
        *(title, title_low, header, name, name_right, logo, timing_left, timing_bottom),
        *(bands, letters_above, cells, rules, write_above),
    )
}
