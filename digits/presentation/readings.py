"""A reading as its pages show it: each digit with its probabilities, and the picture as every browser can show it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from PIL import Image

from digits.models import SIDE, Reading
from uploads.pictures import encoded
from web.files import heat_map, image_answer, open_to_show

SMALL = 192  # px of the longer side of a picture in a list


def digits_of(reading: Reading) -> list[dict[str, Any]]:
    """The digits in order, each with its place, the ten bars, the runner-up where it is unsure, and the right digit."""
    right = reading.right_digits
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


def picture_answer(reading: Reading, longest: int) -> HttpResponse:
    """What was drawn or uploaded, as a browser can show it, no larger than that; 404 where it cannot be shown."""
    if reading.pixels is not None:
        return grey_answer(bytes(reading.pixels))
    picture = open_to_show(reading.picture, longest, is_read=reading.is_read)
    is_drawing = reading.source == Reading.Source.CANVAS
    return image_answer(encoded(picture.convert("L"), "PNG") if is_drawing else encoded(picture))


def grey_answer(pixels: bytes) -> HttpResponse:
    return image_answer(encoded(Image.frombytes("L", (SIDE, SIDE), pixels), "PNG"))


def frame_answer(reading: Reading, place: int) -> HttpResponse:
    """The 28 x 28 pixels that the network saw, ink white on black; 404 where there is no such digit."""
    if place >= reading.frame_count:
        raise Http404
    return grey_answer(reading.frame(place))


def heat_answer(reading: Reading, place: int) -> HttpResponse:
    """What in the digit spoke for the answer, to be laid over its frame; 404 where that was not asked for."""
    spoke = reading.saliency_of(place)
    if not spoke:
        raise Http404
    return image_answer(heat_map(Image.frombytes("L", (SIDE, SIDE), spoke)))
