"""Papers that somebody photographed or scanned, made of digits of unseen hands: by kind, with what stands there.

They are made from seeds, and were before anything was tuned: photographs of paper in five conditions, signs, blots,
digits crossed out, letters and printed item numbers, displays.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Picture
from ml.digits.drawn import crossings, draw_line, draw_segments
from ml.digits.sheets import HIGH, WIDE, Hands, Sheet
from ml.writing.displays import SEGMENTS


@dataclass(frozen=True)
class Paper:
    """picture (h, w, 3); text: what stands there, row by row."""

    picture: Picture
    text: str


def blank(random: Random, high: int = HIGH, wide: int = WIDE) -> NDArray[Any]:
    tint = np.array([1.0, random.uniform(0.97, 1), random.uniform(0.9, 1)])
    return np.ones((high, wide, 1)) * tint * random.uniform(215, 255)


def numbers(sheet: Sheet, can_turn: bool = False) -> str:
    """One to three numbers, each in a row of its own. can_turn: whether it shows which way is up."""
    random, rows = sheet.random, []
    size = random.uniform(75, 125)
    top, left = random.uniform(120, 200), random.uniform(150, 300)
    for _ in range(random.randrange(1, 4)):
        text = "".join(random.choice("0123456789") for _ in range(random.randrange(2, 6)))
        if can_turn:
            text = text[:-1] + random.choice("23457") + random.choice("2345")
        sheet.row(text, left + random.uniform(0, 60), top, size, random.uniform(0.25, 0.45))
        rows.append(text)
        top += size * random.uniform(1.6, 2.0)
    return "\n".join(rows)


def rules(paper: NDArray[Any], random: Random, squared: bool) -> NDArray[Any]:
    """Printed lines at any tilt up to 6 degrees, with or without a margin."""
    drawn = np.zeros((2 * HIGH, 2 * WIDE), np.uint8)
    every = random.uniform(34, 55) if squared else random.uniform(60, 105)
    width = random.choice((1, 2, 2, 3))
    for level in np.arange(0, 2 * HIGH, every):
        draw_line(drawn, np.array([(0, level), (2 * WIDE, level)]), width)
    for level in np.arange(0, 2 * WIDE, every) if squared else ():
        draw_line(drawn, np.array([(level, 0), (level, 2 * HIGH)]), width)
    turn = cv2.getRotationMatrix2D((WIDE, HIGH), random.uniform(-6, 6), 1)
    tilted = cv2.warpAffine(drawn, turn, (2 * WIDE, 2 * HIGH))[
        HIGH // 2 : HIGH // 2 + HIGH, WIDE // 2 : WIDE // 2 + WIDE
    ]
    colour = np.array(random.choice(((130, 165, 215), (150, 150, 155), (150, 190, 170), (110, 150, 200))))
    share = (tilted / 255 * random.uniform(0.6, 1))[..., None]
    paper = paper * (1 - share) + colour * share
    if not squared and random.random() < 0.5:
        margin = np.zeros((HIGH, WIDE), np.uint8)
        draw_line(margin, np.array([(110, 0), (100, HIGH)]), width)
        paper = np.where(margin[..., None] > 100, np.array((225, 130, 130)), paper)
    return paper


def shaded(picture: NDArray[Any], random: Random, deepest: float = 0.45) -> NDArray[Any]:
    """The light of a lamp at one side."""
    high, wide = picture.shape[:2]
    turn = random.uniform(0, 6.3)
    way = np.linspace(-1, 1, wide)[None] * np.cos(turn) + np.linspace(-1, 1, high)[:, None] * np.sin(turn)
    light = 1 - (1 - random.uniform(deepest, 0.8)) * (way - way.min()) / np.ptp(way)
    return picture * light[..., None]


def taken(picture: NDArray[Any], random: Random) -> Picture:
    """By a phone: soft, with noise, as JPEG."""
    seen = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), random.uniform(0.4, 1.3))
    noise = np.random.default_rng(random.randrange(2**32)).normal(0, random.uniform(1, 5), picture.shape)
    kept = np.clip(seen + noise, 0, 255).astype(np.uint8)
    _done, content = cv2.imencode(".jpg", kept, [cv2.IMWRITE_JPEG_QUALITY, random.randrange(70, 95)])
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_COLOR))


def ruled(random: Random, hands: Hands) -> Paper:
    return on_lines(random, hands, False)


def squared(random: Random, hands: Hands) -> Paper:
    return on_lines(random, hands, True)


def on_lines(random: Random, hands: Hands, is_squared: bool) -> Paper:
    sheet = Sheet(random, hands)
    text = numbers(sheet)
    picture = sheet.on(rules(blank(random), random, is_squared))
    return Paper(taken(shaded(picture, random, 0.7), random), text)


def in_shadow(random: Random, hands: Hands) -> Paper:
    """A lamp at one side, and the shadow of whoever takes the photograph."""
    sheet = Sheet(random, hands)
    text = numbers(sheet)
    picture = shaded(sheet.on(blank(random)), random)
    shadow = np.ones((HIGH, WIDE), np.float32)
    corners = np.array(
        [(random.uniform(0, WIDE), random.uniform(0, HIGH)) for _ in range(3)] + [(WIDE, HIGH)]
    )
    cv2.fillPoly(shadow, [corners.astype(np.int32)], random.uniform(0.5, 0.8))
    soft = cv2.GaussianBlur(shadow, (0, 0), random.uniform(8, 40))
    return Paper(taken(picture * soft[..., None], random), text)


def on_a_desk(random: Random, hands: Hands) -> Paper:
    """From above and aside, with the desk around it; every other sheet has lines."""
    sheet = Sheet(random, hands)
    text = numbers(sheet)
    paper = blank(random)
    flat = sheet.on(rules(paper, random, random.random() < 0.3) if random.random() < 0.5 else paper)
    return Paper(taken(shaded(put_on_desk(flat, random), random, 0.55), random), text)


def put_on_desk(flat: Picture, random: Random) -> NDArray[Any]:
    corners = np.array([(0, 0), (WIDE, 0), (WIDE, HIGH), (0, HIGH)], np.float32)
    inward = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)])
    away = np.array(
        [(random.uniform(0.01, 0.11) * WIDE, random.uniform(0.01, 0.11) * HIGH) for _ in range(4)]
    )
    seen = (corners + inward * away).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    desk = np.ones((HIGH, WIDE, 3)) * np.array(
        random.choice(((45, 50, 52), (96, 70, 45), (130, 100, 70), (70, 60, 60)))
    )
    if random.random() < 0.5:
        grain = np.random.default_rng(random.randrange(2**32)).normal(0, 12, (HIGH, 8, 1)).astype(np.float32)
        desk = desk + cv2.resize(grain, (WIDE, HIGH))[..., None]
    on_it = cv2.warpPerspective(np.ones((HIGH, WIDE), np.float32), matrix, (WIDE, HIGH))[..., None]
    return cv2.warpPerspective(flat.astype(np.float32), matrix, (WIDE, HIGH)) * on_it + desk * (1 - on_it)


def turned(random: Random, hands: Hands) -> Paper:
    sheet = Sheet(random, hands)
    text = numbers(sheet, can_turn=True)
    picture = taken(shaded(sheet.on(blank(random)), random, 0.7), random)
    return Paper(np.ascontiguousarray(np.rot90(picture, random.randrange(1, 4))), text)


def signs(random: Random, hands: Hands) -> Paper:
    sheet = Sheet(random, hands, 300, 1400)
    a, b, c = (str(random.randrange(1, 100)) for _ in range(3))
    text = random.choice(
        (
            f"-{a}",
            f"-{a}.{b}",
            f"{a}.{b}",
            f"{a},{b}",
            f"{a}/{b}",
            f"+{a}",
            f"{a}+{b}",
            f"{a}-{b}",
            f"{a}+{b}={c}",
            f"{a}={b}",
        )
    )
    sheet.row(text, 80, 80, random.uniform(85, 130), random.uniform(0.2, 0.32))
    picture = sheet.on(blank(random, 300, 1400))
    return Paper(taken(picture, random) if random.random() < 0.5 else picture, text)


def blots(random: Random, hands: Hands) -> Paper:
    """Alone, or well away from a number."""
    side = random.choice((300, 420, 900))
    sheet = Sheet(random, hands, side, side)
    if side < 900:
        for _ in range(random.randrange(1, 3)):
            sheet.blot(
                random.uniform(0.3, 0.7) * side, random.uniform(0.3, 0.7) * side, random.uniform(6, 45)
            )
        return Paper(sheet.on(blank(random, side, side)), "")
    text = str(random.randrange(100, 1000))
    sheet.row(text, 150, 150, 100)
    for _ in range(random.randrange(1, 4)):
        sheet.blot(random.uniform(100, 800), random.uniform(480, 800), random.uniform(3, 40))
    return Paper(sheet.on(blank(random, side, side)), text)


def crossed_out(random: Random, hands: Hands) -> Paper:
    """One of three or four digits."""
    sheet = Sheet(random, hands, 300, 1000)
    text = "".join(random.choice("0123456789") for _ in range(random.randrange(3, 5)))
    gone = random.randrange(len(text))
    left, size = 90.0, random.uniform(85, 120)
    for place, name in enumerate(text):
        x, y, wide, high = sheet.digit(name, left, 90, size)
        if place == gone:
            wider = max(wide, round(0.4 * high))
            x -= (wider - wide) // 2
            for line in crossings(random):
                sheet.line(np.array(line) * [wider, high] + [x, y], sheet.pen * size / 20)
        left += wide + random.uniform(0.35, 0.5) * size
    return Paper(sheet.on(blank(random, 300, 1000)), text[:gone] + text[gone + 1 :])


def letters(random: Random, hands: Hands) -> Paper:
    """Answers behind printed item numbers; a number among printed words; one beside handwritten letters."""
    way = random.randrange(3 if len(hands.letters) else 2)
    if way == 0:
        sheet, rows, top = Sheet(random, hands), [], 100.0
        size, mark = random.uniform(80, 110), random.choice((")", "."))
        for item in range(1, random.randrange(3, 5)):
            rows.append("".join(random.choice("0123456789") for _ in range(random.randrange(2, 5))))
            sheet.printed(f"{item}{mark}", 60, top + 0.3 * size, 0.45 * size)
            sheet.row(rows[-1], 250, top, size)
            top += 2 * size
        return Paper(sheet.on(blank(random)), "\n".join(rows))
    sheet = Sheet(random, hands, 220, 1200)
    number = str(random.randrange(10, 1000))
    if way == 1:
        before, after = random.choice(
            (("Total: ", " EUR"), ("Name ", ""), ("Punkte ", " mm"), ("Match ", " km"))
        )
        sheet.printed(before + number + after, 50, 80, random.uniform(50, 75))
        return Paper(sheet.on(blank(random, 220, 1200)), number)
    left, size = 60.0, random.uniform(75, 100)
    for name in random.sample("AEFHKMNRTWY", 2):
        known = hands.letters.of(name).pictures
        _x, _y, wide, _high = sheet.put(known[random.randrange(len(known))], left, 70, size)
        left += wide + 0.4 * size
    sheet.row(number, left + 0.8 * size, 70, size)
    return Paper(sheet.on(blank(random, 220, 1200)), number)


def displays(random: Random, hands: Hands) -> Paper:
    """Dark on grey, or bright on dark."""
    text = "".join(random.choice("0123456789") for _ in range(random.randrange(2, 7)))
    high = random.uniform(90, 190)
    wide, width, slant = (
        high * random.uniform(0.45, 0.58),
        high * random.uniform(0.1, 0.16),
        random.choice((0.0, 0.09)),
    )
    gap, nines = random.uniform(0.0, 0.35) * width, random.randrange(3)
    shape = (round(high * 1.6), round(len(text) * wide * 1.65 + high))
    ink = np.zeros(shape, np.uint8)
    for place, name in enumerate(text):
        ways = SEGMENTS[name]
        corner = (0.4 * high + place * wide * 1.65, 0.3 * high)
        draw_segments(ink, ways[nines % len(ways)], corner, (wide, high), width, gap, slant)
    is_bright = random.random() < 0.4
    ground = np.array((25, 18, 18) if is_bright else (165, 178, 150), np.float64)
    bars = np.array(
        random.choice(((240, 60, 40), (90, 240, 120), (120, 200, 255))) if is_bright else (25, 30, 25)
    )
    share = (ink / 255)[..., None]
    picture = np.ones((*shape, 1)) * ground * (1 - share) + bars * share
    return Paper(taken(picture, random), text)


KINDS: dict[str, Callable[[Random, Hands], Paper]] = {
    "paper, ruled": ruled,
    "paper, squared": squared,
    "paper, in shadow": in_shadow,
    "paper, on a desk": on_a_desk,
    "paper, turned": turned,
    "signs": signs,
    "blots and dots": blots,
    "crossed out": crossed_out,
    "letters, item numbers": letters,
    "displays": displays,
}


def papers(kind: str, hands: Hands, count: int = 100) -> Iterator[Paper]:
    return (KINDS[kind](Random(f"{kind} {number}"), hands) for number in range(count))
