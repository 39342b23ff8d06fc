"""What a page is found and known by: markers in its corners and its QR code, as boxes to be filled."""

from collections.abc import Iterator, Sequence

import segno

from grading.sheet.boxes import Box, Page

# The 4x4 patterns 0 to 3 of OpenCV's DICT_4X4_50 with their black border; "#" is black. Kept here so that
# printing needs no OpenCV; a test compares them with it.
MARKERS = (
    ("######", "#.#..#", "##.#.#", "###..#", "###.##", "######"),
    ("######", "######", "#....#", "#.##.#", "#.#.##", "######"),
    ("######", "###..#", "###..#", "###.##", "#..#.#", "######"),
    ("######", "#.##.#", "#.##.#", "##.###", "##..##", "######"),
)


def marker_blocks(page: Page) -> Iterator[Box]:
    for marker in page.markers:
        x, y, side, _ = marker.box
        yield from _runs(MARKERS[marker.id], x, y, side / 6)


def qr_blocks(text: str, box: Box) -> Iterator[Box]:
    """The QR code of ``text``, error correction M or better, with a white rim of four modules, in ``box``."""
    code = segno.make(text, error="m", micro=False)
    rows = ["".join("#" if is_black else "0" for is_black in row) for row in code.matrix]
    module = box[2] / (len(rows) + 8)
    yield from _runs(rows, box[0] + 4 * module, box[1] + 4 * module, module)


def _runs(rows: Sequence[str], x: float, y: float, module: float) -> Iterator[Box]:
    """Each run of "#" in a row as one box, a row ``module`` mm high."""
    for index, row in enumerate(rows):
        column = 0
        for run in row.replace(".", "0").split("0"):
            if run:
                yield x + column * module, y + index * module, len(run) * module, module
            column += len(run) + 1
