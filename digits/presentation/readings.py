"""A reading as its pages show it: each digit with its probabilities, and the picture as every browser can show it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from PIL import Image

from digits.models import SIDE, Reading
from uploads.pictures import encoded, open_rgb
from web.files import image_answer

HEAT = (0xE6, 0x6A, 0x00)  # orange over grey is told apart by the colour-blind, too
SHARPEST = 1600  # px of the longer side of a picture on a page
SMALL = 192  # px of the longer side of one in a list


def digits_of(reading: Reading) -> list[dict[str, Any]]:
    """The digits in order, each with its place, the ten bars, the runner-up where it is unsure, and the right digit."""
    right = "".join(reading.right_text.split())
    has_right = len(right) == len(reading.digits)
    found = []
    for place, digit in enumerate(reading.digits):
        bars = [
            (figure, share, f"{share:.1%}".replace("%", " %"))
            for figure, share in enumerate(digit["probabilities"])
        ]
        second = max((bar for bar in bars if bar[0] != digit["value"]), key=lambda bar: bar[1])[0]
        found.append(
            digit
            | {
                "place": place,
                "number": place + 1,
                "bars": bars,
                "second": None if digit["is_certain"] else second,
                "right": right[place] if has_right and right[place] != str(digit["value"]) else "",
            }
        )
    return found


def alternative_text(reading: Reading) -> str:
    """The picture in words."""
    if reading.answer_text:
        return _("A picture in which “%(text)s” was read") % {"text": " / ".join(reading.answer_text.split())}
    return _("A picture in which no digit was read")


def browser_picture(reading: Reading, longest: int) -> bytes:
    """JPEG or PNG: upright, no larger than that, without what a camera wrote into the file.

    Raises uploads.problems.BadFile where the file is damaged.
    """
    if reading.pixels is not None:
        return encoded(Image.frombytes("L", (SIDE, SIDE), bytes(reading.pixels)), "PNG")
    with reading.picture.open() as file:
        picture = Image.fromarray(open_rgb(file.read(), longest))
    is_drawing = reading.source == Reading.Source.CANVAS
    return encoded(picture.convert("L"), "PNG") if is_drawing else encoded(picture, "JPEG")


def frame_answer(reading: Reading, place: int) -> HttpResponse:
    """The 28 x 28 pixels that the network saw, ink white on black; 404 where there is no such digit."""
    if place >= reading.frame_count:
        raise Http404
    return image_answer(encoded(Image.frombytes("L", (SIDE, SIDE), reading.frame(place)), "PNG"))


def heat_map(reading: Reading, place: int) -> bytes:
    """A PNG to lay over the digit: the more a pixel spoke for the answer, the less transparent."""
    heat = Image.new("RGBA", (SIDE, SIDE), HEAT)
    heat.putalpha(Image.frombytes("L", (SIDE, SIDE), reading.saliency_of(place)))
    return encoded(heat, "PNG")
