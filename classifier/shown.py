"""Pictures as every browser can show them, without what a camera wrote into the file."""

import io

from PIL import Image

from classifier.models import Picture
from uploads.pictures import encoded, open_rgb

HEAT = (0xE6, 0x6A, 0x00)  # orange over grey is told apart by the colour-blind, too
SHARPEST = 1600  # px of the longer side of a picture on a page
SMALL = 256  # px of the longer side of one in a list


def jpeg_of(picture: Picture, longest: int) -> bytes:
    """Upright, no larger than that. Raises uploads.problems.BadFile where the file is damaged."""
    with picture.file.open() as file:
        return encoded(Image.fromarray(open_rgb(file.read(), longest)))


def heat_of(picture: Picture) -> bytes:
    """A PNG to lay over the picture: the more a place spoke for the answer, the less transparent."""
    spoke = Image.open(io.BytesIO(bytes(picture.saliency or b""))).convert("L")
    heat = Image.new("RGBA", spoke.size, HEAT)
    heat.putalpha(spoke)
    return encoded(heat, "PNG")
