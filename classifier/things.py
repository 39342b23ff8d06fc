"""Pictures of four things, drawn: each is another one of its thing, in its own light, place and size. A classifier
learns them at once."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIDE = 96
GROUNDS = {"leaf": (96, 150, 70), "brick": (150, 70, 50), "sky": (110, 160, 220), "coin": (70, 70, 76)}
THINGS = tuple(GROUNDS)


def photo(thing: str, number: int) -> Image.Image:
    random = np.random.default_rng([number, THINGS.index(thing)])
    ground = np.clip(np.array(GROUNDS[thing]) + random.normal(0, 18, 3), 0, 255)
    noise = random.normal(0, 14, (SIDE, SIDE, 1))
    picture = Image.fromarray(np.clip(ground + noise, 0, 255).astype(np.uint8))
    DRAW[thing](ImageDraw.Draw(picture), random)
    return picture.filter(ImageFilter.GaussianBlur(float(random.uniform(0.3, 1.0))))


def leaf(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    for _ in range(9):
        x, y, long = *random.uniform(0, SIDE, 2), random.uniform(16, 34)
        draw.ellipse((x, y, x + long, y + long / 3), fill=(40, int(random.uniform(90, 170)), 40))


def brick(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    high = int(random.uniform(12, 20))
    for row, top in enumerate(range(0, SIDE, high)):
        draw.line((0, top, SIDE, top), fill=(205, 200, 190), width=2)
        for left in range(-(row % 2) * high, SIDE, high * 2):
            draw.line((left, top, left, top + high), fill=(205, 200, 190), width=2)


def sky(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    for _ in range(5):
        x, y, wide = *random.uniform(0, SIDE, 2), random.uniform(18, 44)
        draw.ellipse((x, y, x + wide, y + wide / 2), fill=(245, 246, 250))


def coin(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    x, y, wide = *random.uniform(6, 30, 2), random.uniform(44, 58)
    draw.ellipse((x, y, x + wide, y + wide), fill=(200, 170, 90), outline=(120, 95, 40), width=3)
    draw.text((x + wide / 2.6, y + wide / 3), str(int(random.uniform(1, 99))), fill=(110, 85, 30))


DRAW = {"leaf": leaf, "brick": brick, "sky": sky, "coin": coin}


def jpeg(thing: str, number: int) -> bytes:
    out = io.BytesIO()
    photo(thing, number).save(out, "JPEG", quality=90)
    return out.getvalue()
