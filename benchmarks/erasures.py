#!/usr/bin/env python
"""What is read where a mark was rubbed out, by how much of its darkness is gone.

    python benchmarks/erasures.py [--removed 95 90 85 80 70 50] [--seeds 1] [--weights FOLDER]

Each sheet is one pupil's: 12 items are answered, 14 had an answer that was rubbed out, and 14 had one that was rubbed
out and another filled in. Pens, eraser, scanner and phone are this folder's own. Printed are, of the 14, how many are
called certain: rubbed out alone, as an answer (must be 0); rubbed out and another filled, as anything but that other
one (must be 0), and how many of these are left for a person. Exit status 1 where one must be 0 and is not.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import camera
from benchmarks.bench_sheets import Printed, blank_page
from benchmarks.exam_day import DPI
from grading.sheet.boxes import Field
from grading.sheet.cutting import fields_read
from grading.sheet.decoding import PictureFile
from grading.sheet.filling.ink import MM_PER_INCH, PENS, Hand, Page, Pen, Picture
from grading.sheet.filling.marks import full
from grading.sheet.interpret import ItemReading, read_options
from grading.sheet.layout import Layout, lay_out
from grading.sheet.marks import MarksReader, read_marks
from grading.sheet.scan import cut_cells, find_sheet, straighten_sheet
from grading.sheet.spec import ItemSpec, SheetSpec
from ml.cells.reader import load_reader
from ml.core.cards import WEIGHTS_FOLDER

REMOVED = (95, 90, 85, 80, 70, 50)  # percent of the darkness
PATTERNS = ("streaks", "smudge")
PENS_USED = (PENS[0], PENS[2], PENS[4])  # pencil, ball pen, felt pen
HAND = Hand(tremor=0.05, aim=0.15, bias=(0.05, -0.05), pressure=1.0)
ANSWERED, ALONE = 12, 14  # items; as many as ALONE have another mark
OPTIONS = ("1", "2", "3", "4", "5")


@dataclass
class Row:
    alone: int = 0
    wrong: int = 0
    review: int = 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--removed", type=int, nargs="+", default=REMOVED, help="percent")
    parser.add_argument("--seeds", type=int, default=1, help="sheets of each kind")
    parser.add_argument("--weights", type=Path, default=WEIGHTS_FOLDER, help="folder of marks.json")
    wanted = parser.parse_args()
    reader, (layout, blank) = load_reader("marks", wanted.weights), blank_sheet()
    print(
        "| removed | by | eraser | pen | of 14 alone: certain as an answer "
        "| of 14 with another: certain and wrong | in review |\n|---|---|---|---|---|---|---|"
    )
    missed = 0
    for removed, by, pattern, pen in product(wanted.removed, ("scanner", "phone"), PATTERNS, PENS_USED):
        rows = [read_sheet(reader, layout, blank, removed, by, pattern, pen, s) for s in range(wanted.seeds)]
        alone, wrong, review = (
            sum(getattr(row, name) for row in rows) for name in ("alone", "wrong", "review")
        )
        missed += alone + wrong
        print(f"| {removed} % | {by} | {pattern} | {pen.name} | {alone} | {wrong} | {review} |", flush=True)
    print(f"\n{missed} certain and wrong." if missed else "\nNone is certain and wrong.")
    return 1 if missed else 0


def blank_sheet() -> tuple[Layout, Picture]:
    items = tuple(ItemSpec(number, "choice", OPTIONS) for number in range(1, ANSWERED + 2 * ALONE + 1))
    spec = SheetSpec(title="Erasures", items=items, language="en", id_digits=0)
    layout = lay_out(spec)
    return layout, blank_page(Printed("ERASURES", spec, layout))


def read_sheet(
    reader: MarksReader,
    layout: Layout,
    blank: Picture,
    removed: int,
    by: str,
    pattern: str,
    pen: Pen,
    seed: int,
) -> Row:
    rng = np.random.default_rng((seed, removed, len(by), len(pattern), PENS_USED.index(pen)))
    rows = list(items_of(layout))
    filled, wanted = fill_in(blank.copy(), rows, 1 - removed / 100, pattern, pen, rng)
    readings = read_back(reader, layout, taken(filled, by, rng))
    alone, other = readings[ANSWERED : ANSWERED + ALONE], readings[ANSWERED + ALONE :]
    pairs = list(zip(other, wanted[ANSWERED + ALONE :], strict=True))
    return Row(
        alone=sum(not reading.reason and reading.value != "" for reading in alone),
        wrong=sum(not reading.reason and reading.value != value for reading, value in pairs),
        review=sum(bool(reading.reason) for reading, _ in pairs),
    )


def items_of(layout: Layout) -> Iterator[list[Field]]:
    fields = fields_read(layout.pages[0])
    for number in range(1, ANSWERED + 2 * ALONE + 1):
        yield [field for field in fields if field.item == number]


def fill_in(
    picture: Picture,
    rows: Sequence[list[Field]],
    left: float,
    pattern: str,
    pen: Pen,
    rng: np.random.Generator,
) -> tuple[Picture, list[str]]:
    """The filled sheet, and what is marked in each row."""
    page, wanted = Page(picture, DPI / MM_PER_INCH), []
    for place, row in enumerate(rows):
        first, second = rng.choice(len(row), 2, replace=False)
        if place >= ANSWERED:
            rub_out(page, row[first], left, pattern, pen, rng)
        is_marked = place < ANSWERED or place >= ANSWERED + ALONE
        if is_marked:
            mark(page, row[second], pen, rng)
        wanted.append(row[second].option or "" if is_marked else "")
    return picture, wanted


def mark(page: Page, field: Field, pen: Pen, rng: np.random.Generator) -> None:
    x, y, width, height = field.box
    page.draw(full(x + width / 2, y + height / 2, height / 2, pen.width, rng), pen, HAND, rng)


def rub_out(page: Page, field: Field, left: float, pattern: str, pen: Pen, rng: np.random.Generator) -> None:
    """A mark of which `left` of its darkness remains: in lanes, or smeared beyond the bubble."""
    before = page.picture.copy()
    mark(page, field, pen, rng)
    x, y, width, height = (side * page.dots for side in field.box)
    reach = 1.5 * width
    top, low = round(y + height / 2 - reach), round(x + width / 2 - reach)
    window = np.s_[max(top, 0) : round(top + 2 * reach), max(low, 0) : round(low + 2 * reach)]
    ink = before[window].astype(np.float32) - page.picture[window]
    if pattern == "streaks":
        rest = ink * (left * lanes(ink.shape[:2], page.dots, rng)[..., None])
    else:
        rest = left * (
            0.6 * cv2.GaussianBlur(ink, (0, 0), 0.35 * page.dots) + 0.4 * smear(ink, page.dots, rng)
        )
    page.picture[window] = np.clip(before[window] - rest, 0, 255).astype(np.uint8)


def lanes(shape: tuple[int, int], dots: float, rng: np.random.Generator) -> np.ndarray:
    """How much an eraser leaves, 1 in the mean: bands a millimetre wide at a slant."""
    rows, columns = np.mgrid[: shape[0], : shape[1]] / dots
    slant = rng.uniform(0, np.pi)
    across = rows * np.cos(slant) + columns * np.sin(slant)
    knots = rng.uniform(0.1, 1.9, 64)
    return np.interp(across / 0.5, np.arange(64) - 20, knots).astype(np.float32)


def smear(ink: np.ndarray, dots: float, rng: np.random.Generator) -> np.ndarray:
    """Dragged along by two millimetres."""
    length = round(2 * dots)
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    end = (round(length + length * np.cos(angle)), round(length + length * np.sin(angle)))
    cv2.line(kernel, (length, length), end, 1.0, 2)
    return cv2.filter2D(ink, -1, kernel / kernel.sum())


def taken(picture: Picture, by: str, rng: np.random.Generator) -> bytes:
    if by == "phone":
        return camera.photograph(picture, rng)
    out = BytesIO()
    camera.scan(picture, rng).save(out, "JPEG", quality=85)
    return out.getvalue()


def read_back(reader: MarksReader, layout: Layout, picture: bytes) -> list[ItemReading]:
    page = layout.pages[0]
    sheet = straighten_sheet(find_sheet(PictureFile(picture).page(0)), page)
    fields = fields_read(page)
    rows = read_marks(reader, cut_cells(sheet, fields), fields)
    places = [[fields.index(field) for field in row] for row in items_of(layout)]
    return [read_options(rows[place], OPTIONS, False, reader.certain) for place in places]


if __name__ == "__main__":
    raise SystemExit(main())
