"""Bars, lines, points and pies, with axes and their numbers."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from ml.core.arrays import Picture
from ml.pictures.image_types.drawn.camera import photographed
from ml.pictures.image_types.drawn.canvas import INK, WORDS, Canvas, Colour, colour, some, some_of

Box = Sequence[float]
LIGHT = (225, 225, 225)


def chart(rng: Generator) -> Picture:
    size = (int(rng.integers(420, 1200)), int(rng.integers(340, 900)))
    is_dark = rng.random() < 0.12
    canvas = Canvas(rng, size, colour(rng, 15, 45) if is_dark else colour(rng, 240))
    ink, unit = LIGHT if is_dark else INK, min(size) / rng.uniform(26, 42)
    box = (size[0] * 0.12, size[1] * 0.12, size[0] * 0.93, size[1] * 0.86)
    if rng.random() < 0.8:
        canvas.text((size[0] * rng.uniform(0.1, 0.4), unit * 0.8), canvas.words(5), unit * 1.4, ink)
    colours = [colour(rng, 20, 235) for _ in range(6)]
    some_of((bars, lines, lines, points, pie), rng)(canvas, box, unit, colours, ink)
    for row in range(int(rng.integers(2, 5))) if rng.random() < 0.5 else ():
        y = box[1] + row * unit * 1.6
        canvas.draw.rectangle((box[2] - unit * 7, y, box[2] - unit * 6, y + unit), colours[row])
        canvas.text((box[2] - unit * 5.5, y), canvas.words(1), unit, ink)
    return photographed(rng, canvas.array()) if rng.random() < 0.08 else canvas.array()


def axes(canvas: Canvas, box: Box, unit: float, ink: Colour) -> None:
    for share in np.linspace(0, 1, int(canvas.rng.integers(4, 9))):
        y, x = box[3] - share * (box[3] - box[1]), box[0] + share * (box[2] - box[0])
        if canvas.rng.random() < 0.6:
            canvas.draw.line((box[0], y, box[2], y), (170, 170, 175), 1)
        canvas.text((box[0] - unit * 3.4, y - unit / 2), f"{share * 100:.0f}", unit, ink)
        canvas.text((x - unit, box[3] + unit * 0.5), some(canvas.rng, WORDS)[:5], unit, ink)
    canvas.draw.line((box[0], box[1], box[0], box[3]), ink, 2)
    canvas.draw.line((box[0], box[3], box[2], box[3]), ink, 2)


def bars(canvas: Canvas, box: Box, unit: float, colours: Sequence[Colour], ink: Colour) -> None:
    axes(canvas, box, unit, ink)
    count, groups = int(canvas.rng.integers(3, 16)), int(canvas.rng.integers(1, 4))
    step = (box[2] - box[0]) / count
    for place in range(count):
        for group in range(groups):
            x = box[0] + step * (place + 0.1 + 0.8 * group / groups)
            top = box[3] - canvas.rng.random() * (box[3] - box[1])
            canvas.draw.rectangle((x, top, x + step * 0.76 / groups, box[3]), colours[group])


def lines(canvas: Canvas, box: Box, unit: float, colours: Sequence[Colour], ink: Colour) -> None:
    axes(canvas, box, unit, ink)
    for group in range(int(canvas.rng.integers(1, 5))):
        count = int(canvas.rng.integers(5, 120))
        walk = np.cumsum(canvas.rng.normal(0, 1, count)) + canvas.rng.normal(0, 2)
        share = (walk - walk.min()) / max(np.ptp(walk), 1e-6) * canvas.rng.uniform(0.4, 1)
        xs = np.linspace(box[0], box[2], count)
        path = [(float(x), float(box[3] - y * (box[3] - box[1]))) for x, y in zip(xs, share, strict=True)]
        canvas.draw.line(path, colours[group], int(canvas.rng.integers(1, 5)))


def points(canvas: Canvas, box: Box, unit: float, colours: Sequence[Colour], ink: Colour) -> None:
    axes(canvas, box, unit, ink)
    middle = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    spread = np.array([box[2] - box[0], box[3] - box[1]]) / 6
    radius = unit * canvas.rng.uniform(0.15, 0.5)
    for group in range(int(canvas.rng.integers(1, 4))):
        for x, y in canvas.rng.normal(middle + canvas.rng.normal(0, spread), spread, (60, 2)):
            if box[0] < x < box[2] and box[1] < y < box[3]:
                canvas.draw.ellipse((x - radius, y - radius, x + radius, y + radius), colours[group])


def pie(canvas: Canvas, box: Box, unit: float, colours: Sequence[Colour], ink: Colour) -> None:
    radius = min(box[2] - box[0], box[3] - box[1]) / 2
    circle = (box[0], box[1], box[0] + 2 * radius, box[1] + 2 * radius)
    ends = np.cumsum([0, *canvas.rng.dirichlet(np.ones(int(canvas.rng.integers(3, 7))))]) * 360
    for place, (start, end) in enumerate(zip(ends, ends[1:], strict=False)):
        canvas.draw.pieslice(circle, start, end, colours[place % len(colours)], (255, 255, 255))
        angle = np.deg2rad((start + end) / 2)
        at = (box[0] + radius * (1 + 0.6 * np.cos(angle)), box[1] + radius * (1 + 0.6 * np.sin(angle)))
        canvas.text(at, f"{(end - start) / 3.6:.0f}%", unit, ink)
