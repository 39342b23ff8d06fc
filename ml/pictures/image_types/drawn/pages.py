"""Pages of text and tables, and receipts."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from ml.core.arrays import Picture
from ml.pictures.image_types.drawn.camera import photographed, scanned
from ml.pictures.image_types.drawn.canvas import INK, Canvas, colour, fonts, some


def document(rng: Generator) -> Picture:
    """A page of text, tables or rows of bubbles, as it was printed, scanned or photographed."""
    height = int(rng.integers(700, 1500))
    canvas = Canvas(rng, (round(height / rng.uniform(0.7, 1.6)), height), colour(rng, 235))
    size = rng.uniform(0.012, 0.032) * height
    left, right, y = 0.08 * canvas.width, 0.92 * canvas.width, 0.06 * height
    if rng.random() < 0.7:
        canvas.text((left, y), canvas.words(4), size * rng.uniform(1.4, 2.4))
        y += size * 3
    while y < 0.9 * height:
        bottom = min(y + height * rng.uniform(0.12, 0.6), 0.94 * height)
        part(canvas, (left, y, right, bottom), size)
        y = bottom + size
    return (photographed if rng.random() < 0.55 else scanned)(rng, canvas.array())


def part(canvas: Canvas, box: Sequence[float], size: float) -> None:
    left, top, right, bottom = box
    which = canvas.rng.random()
    if which < 0.5:
        canvas.paragraph(box, size)
    elif which < 0.7:
        middle = (left + right) / 2
        canvas.paragraph((left, top, middle - size, bottom), size)
        canvas.paragraph((middle + size, top, right, bottom), size)
    elif which < 0.9:
        canvas.table(box, max(2, int((bottom - top) / size / 2)), int(canvas.rng.integers(2, 9)), size)
    else:
        bubbles(canvas, box, size)


def bubbles(canvas: Canvas, box: Sequence[float], size: float) -> None:
    """Rows of an answer sheet."""
    left, top, _right, bottom = box
    radius = size * 0.7
    for row, y in enumerate(np.arange(top + radius, bottom - radius, radius * 3)):
        canvas.text((left, y - radius), str(row + 1), size)
        for place in range(5):
            x = left + 3 * size + place * radius * 3.2
            oval = (x - radius, y - radius, x + radius, y + radius)
            canvas.draw.ellipse(oval, INK if canvas.rng.random() < 0.2 else None, INK)


def receipt(rng: Generator) -> Picture:
    """A narrow slip of prices, mostly on a table."""
    width = int(rng.integers(300, 520))
    canvas = Canvas(rng, (width, int(width * rng.uniform(1.5, 3.4))), colour(rng, 232))
    mono = [path for path in fonts() if "Mono" in path or "OCR" in path]
    canvas.face = some(rng, mono) if mono and rng.random() < 0.7 else canvas.face
    size, y = width / rng.uniform(16, 24), width * 0.06
    for _ in range(int(rng.integers(2, 5))):
        words = canvas.words(3).upper()
        canvas.text(((width - canvas.font(size).getlength(words)) / 2, y), words, size)
        y += size * 1.5
    y = prices(canvas, y, size)
    canvas.text((width * 0.06, y), f"TOTAL  {rng.integers(10, 999) * 100:,}", size * 1.3)
    for x in np.arange(width * 0.15, width * 0.85, 3) if rng.random() < 0.4 else ():
        canvas.draw.rectangle((x, y + size * 2.4, x + rng.integers(1, 3), y + size * 5), INK)
    return photographed(rng, canvas.array(), 0.95) if rng.random() < 0.75 else scanned(rng, canvas.array())


def prices(canvas: Canvas, y: float, size: float) -> float:
    """Lines of what was bought, down to near the end; where the total goes."""
    rng, width = canvas.rng, canvas.width
    while y < canvas.height - size * 6:
        canvas.text((width * 0.06, y), canvas.words(2)[:18], size)
        price = f"{rng.integers(1, 90) * 100:,}" if rng.random() < 0.5 else f"{rng.uniform(1, 90):.2f}"
        canvas.text((width * 0.94 - canvas.font(size).getlength(price), y), price, size)
        y += size * rng.uniform(1.3, 1.8)
        if rng.random() < 0.08:
            canvas.text((width * 0.06, y), "-" * 28, size)
            y += size * 1.5
    return y
