"""The QR code of a page, read where it must be."""

from collections.abc import Iterator

import cv2
import zxingcpp

from grading.sheet.decoding import Grey

from .boxes import EDGE, MARKER, PAPERS, QR_SIDE, QUIET
from .code import PageCode
from .markers import Placement
from .rectification import warp_patch

QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

BINARIZERS = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)
GRAIN, EDGES = 0.12, 0.25  # mm: noise is finer than the one, a module (0.6 mm) coarser than the other

# margin in mm, px per mm, how much to sharpen: what is cheap and mostly enough comes first
LADDER = ((2, 8, 0), (3, 8, 4), (3, 12, 3), (3, 16, 4), (12, 12, 1))


def read_code(grey: Grey, small: Grey, placement: Placement) -> PageCode | None:
    """What the code says, None where none can be read. Raises NotASheet("foreign_code") for someone else's code."""
    for picture in _attempts(grey, small, placement):
        for binarizer in BINARIZERS:
            for found in zxingcpp.read_barcodes(picture, formats=QR, binarizer=binarizer):
                if found.valid and found.text:
                    return PageCode.parse(found.text)
    return None


def _attempts(grey: Grey, small: Grey, placement: Placement) -> Iterator[Grey]:
    """The box where the code must be: as it is, then sharper and larger, then wider; last the whole picture."""
    width, _ = PAPERS[placement.paper]
    left, top = width - EDGE - MARKER - QUIET - QR_SIDE, EDGE
    for margin, scale, amount in LADDER:
        box = (left - margin, top - margin, QR_SIDE + 2 * margin, QR_SIDE + 2 * margin)
        yield _sharp(warp_patch(grey, placement.matrix, box, scale), scale, amount)
    yield small


def _sharp(picture: Grey, scale: int, amount: float) -> Grey:
    """Unsharp masking after a light smoothing: modules that a blur has run together come apart, grain does not."""
    if not amount:
        return picture
    smooth = cv2.GaussianBlur(picture, (0, 0), GRAIN * scale)
    return cv2.addWeighted(smooth, 1 + amount, cv2.GaussianBlur(smooth, (0, 0), EDGES * scale), -amount, 0)
