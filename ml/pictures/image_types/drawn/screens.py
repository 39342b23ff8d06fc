"""What is on screens: web pages, editors, forms and chats, in windows and on phones."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from ml.core.arrays import Picture
from ml.pictures.image_types.drawn.canvas import Canvas, Colour, colour, fonts, some, some_of

WHITE = (250, 250, 250)


def screenshot(rng: Generator) -> Picture:
    """As it was on the screen: without noise, and straight."""
    is_phone, is_dark = rng.random() < 0.3, rng.random() < 0.35
    widths, heights = ((360, 640), (700, 1280)) if is_phone else ((800, 1500), (500, 950))
    size = (int(rng.integers(*widths)), int(rng.integers(*heights)))
    back = colour(rng, 12, 50) if is_dark else colour(rng, 240)
    ink = colour(rng, 190) if is_dark else colour(rng, 10, 70)
    canvas, accent, unit = Canvas(rng, size, back), colour(rng, 30, 220), max(size) / rng.uniform(55, 85)
    bar = unit * rng.uniform(1.8, 3.4)
    canvas.draw.rectangle((0, 0, size[0], bar), accent if rng.random() < 0.4 else darker(back, 18))
    for place in range(int(rng.integers(2, 8))):
        canvas.text((unit + place * unit * 7, bar / 2 - unit / 2), canvas.words(1), unit, ink)
    left = 0.0
    if not is_phone and rng.random() < 0.6:
        left = size[0] * rng.uniform(0.12, 0.26)
        canvas.draw.rectangle((0, bar, left, size[1]), darker(back, 10))
        for row in range(int(rng.integers(5, 20))):
            canvas.text((unit, bar + unit * (1.5 + 2 * row)), canvas.words(2), unit, ink)
    area = (left + unit, bar + unit, size[0] - unit, size[1] - unit)
    some_of((cards, code, fields, chat), rng)(canvas, area, unit, ink, accent)
    return canvas.array()


def darker(back: Colour, by: int) -> Colour:
    red, green, blue = (max(0, one - by) for one in back)
    return red, green, blue


def cards(canvas: Canvas, area: Sequence[float], unit: float, ink: Colour, accent: Colour) -> None:
    across = max(1, int((area[2] - area[0]) / unit / canvas.rng.uniform(12, 24)))
    side = (area[2] - area[0]) / across
    for y in np.arange(area[1], area[3] - side * 0.4, side * 0.8):
        for place in range(across):
            box = (area[0] + place * side, y, area[0] + (place + 0.94) * side, y + side * 0.74)
            canvas.draw.rounded_rectangle(box, unit / 2, None, (150, 150, 150))
            if canvas.rng.random() < 0.5:
                canvas.draw.rectangle((box[0], box[1], box[2], box[1] + side * 0.36), colour(canvas.rng))
            canvas.paragraph((box[0] + unit / 2, y + side * 0.4, box[2], box[3]), unit, ink)


def code(canvas: Canvas, area: Sequence[float], unit: float, ink: Colour, accent: Colour) -> None:
    mono = [path for path in fonts() if "Mono" in path]
    canvas.face = some(canvas.rng, mono) if mono else canvas.face
    y, indent = area[1], 0
    while y < area[3]:
        indent = max(0, min(5, indent + int(canvas.rng.integers(-1, 2))))
        x = area[0] + unit * 2 * indent
        for word in canvas.words(5).split():
            canvas.text((x, y), word, unit, colour(canvas.rng, 60, 230) if canvas.rng.random() < 0.4 else ink)
            x += canvas.font(unit).getlength(word + " ")
        y += unit * 1.5


def fields(canvas: Canvas, area: Sequence[float], unit: float, ink: Colour, accent: Colour) -> None:
    y = area[1]
    while y < area[3] - 4 * unit:
        canvas.text((area[0], y), canvas.words(3), unit, ink)
        box = (area[0], y + unit * 1.5, area[0] + unit * 26, y + unit * 4)
        canvas.draw.rounded_rectangle(box, unit / 3, None, (140, 140, 140))
        canvas.text((box[0] + unit / 2, box[1] + unit / 2), canvas.words(2), unit, ink)
        y += unit * canvas.rng.uniform(5, 6.5)
        if canvas.rng.random() < 0.25:
            canvas.draw.rounded_rectangle((area[0], y, area[0] + unit * 8, y + unit * 2.5), unit / 2, accent)
            canvas.text((area[0] + unit, y + unit * 0.6), canvas.words(1), unit, WHITE)
            y += unit * 4


def chat(canvas: Canvas, area: Sequence[float], unit: float, ink: Colour, accent: Colour) -> None:
    y = area[1]
    while y < area[3] - 5 * unit:
        is_own, rows = canvas.rng.random() < 0.5, int(canvas.rng.integers(1, 5))
        width = (area[2] - area[0]) * canvas.rng.uniform(0.3, 0.7)
        left = area[2] - width if is_own else area[0]
        box = (left, y, left + width, y + unit * (1 + 1.5 * rows))
        canvas.draw.rounded_rectangle(box, unit, accent if is_own else (128, 128, 132))
        canvas.paragraph((box[0] + unit, box[1] + unit / 2, box[2] - unit, box[3]), unit, WHITE)
        y = box[3] + unit
