#!/usr/bin/env python
"""What is written into boxes by hand: numbers of three digits, letters, and student numbers, by whose hands.

    python benchmarks/written.py --data FOLDER [--sheets 12] [--only "MNIST test"] [--weights FOLDER]

Sheets are printed, filled in with handwriting that no network here learned from, scanned and photographed; pens,
scanner and phone are this folder's own. FOLDER holds the collections that docs/models.md names; without it digits are
drawn from this folder's own strokes. Printed are, of each collection: the fields, how many are left for a person, how
many characters of the others are wrong, with the highest share that this allows for (Wilson's interval, 95 %); and of
pupils who write their number and fill in no bubble, how many are known by a roster of 30, and by none. Exit status 1
where more than 8 % of the fields are left, or a paper is given to somebody else.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bench_sheets import Printed, blank_page
from benchmarks.erasures import taken
from benchmarks.exam_day import DPI
from benchmarks.handwriting import RealCharacters
from grading.sheet.cutting import cut_by_network, fields_read
from grading.sheet.decoding import PictureFile
from grading.sheet.filling.digits import Writer, write_skeleton
from grading.sheet.filling.ink import MM_PER_INCH, PENS, Hand, Page, Picture
from grading.sheet.identity import identify
from grading.sheet.interpret import MARKS, Thresholds, read_letter, read_number
from grading.sheet.layout import Layout, lay_out
from grading.sheet.scan import find_sheet, straighten_sheet
from grading.sheet.spec import ItemSpec, SheetSpec
from measures.proportions import wilson_interval
from ml.cells.letters import ANSWERS
from ml.cells.reader import CellReader, load_reader
from ml.core import characters
from ml.core.cards import WEIGHTS_FOLDER

DIGITS = "0123456789"
NUMBERS, LETTERS, LENGTH = 40, 60, 8  # fields of a sheet; digits of a student number
ROSTER = tuple(f"2026{1 + place // 15:02}{1 + place % 15:02}" for place in range(30))
OFF_ROSTER = 0.1  # of the pupils write a number that nobody has
MOST_IN_REVIEW = 0.08


class Blank(NamedTuple):
    """A sheet of one kind of item before anybody wrote on it."""

    kind: str
    layout: Layout
    picture: Picture


@dataclass
class Counts:
    fields: int = 0
    review: int = 0
    characters: int = 0  # of the fields that are certain
    wrong: int = 0
    papers: int = 0
    known: int = 0
    known_by_roster: int = 0
    confused: int = 0  # given to somebody who did not write them

    def add(self, other: "Counts") -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    @property
    def row(self) -> str:
        most = wilson_interval(self.wrong / self.characters, self.characters)[1] if self.characters else 1.0
        review = f"{self.fields} | {self.review / max(self.fields, 1):.1%}"
        figures = f"{review} | {self.characters} | {self.wrong} | {most:.3%}"
        names = f"{self.known} | {self.known_by_roster} | {self.papers} | {self.confused}"
        return f"{figures} | {names if self.papers else ' | | | '} |"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder with collections of handwriting")
    parser.add_argument(
        "--sheets", type=int, default=12, help="of each collection, half of them photographed"
    )
    parser.add_argument("--only", help="one collection")
    parser.add_argument("--weights", type=Path, default=WEIGHTS_FOLDER, help="folder of numerals and letters")
    wanted = parser.parse_args()
    readers = {kind: load_reader(kind, wanted.weights) for kind in ("numerals", "letters")}
    blanks = {kind: blank_sheet(kind) for kind in ("number", "letter")}
    print(
        "| written by | by | fields | in review | certain characters | wrong | at most | papers known by the digits "
        "| and a roster | of | given to another |\n|---|---|---|---|---|---|---|---|---|---|---|"
    )
    missed = False
    for name, (kind, writer) in hands(wanted.data).items():
        if wanted.only in (None, name):
            for by in ("scanner", "phone"):
                counts = read_all(readers, blanks[kind], writer, by, wanted.sheets // 2 or 1)
                missed |= counts.review > MOST_IN_REVIEW * counts.fields or counts.confused > 0
                print(f"| {name} | {by} | {counts.row}", flush=True)
    return int(missed)


def hands(folder: Path | None) -> dict[str, tuple[str, Writer]]:
    """By collection what it writes, and who writes it: of those that networks learned from only the last writers."""
    if folder is None:
        return {"strokes of this folder": ("number", write_skeleton)}
    digits = {
        "MNIST test": characters.mnist(folder, "t10k"),
        "EMNIST digits test": characters.emnist_digits(folder),
        "USPS test": characters.usps(folder, "test"),
    }
    emnist, tablet = (
        characters.emnist_letters(folder).part(0.75, 1),
        characters.chars74k(folder).part(0.91, 1),
    )
    letters = {"EMNIST letters, last quarter": emnist, "Chars74K, last 5 writers": tablet}
    found = {name: ("number", RealCharacters(known.of(DIGITS))) for name, known in digits.items()}
    return found | {
        name: ("letter", RealCharacters(upper(known).of(ANSWERS))) for name, known in letters.items()
    }


def upper(known: characters.Characters) -> characters.Characters:
    return characters.Characters(known.pictures, np.char.upper(known.labels))


def blank_sheet(kind: str) -> Blank:
    count, length = (NUMBERS, LENGTH) if kind == "number" else (LETTERS, 0)
    items = tuple(ItemSpec(number, kind) for number in range(1, count + 1))
    spec = SheetSpec(title="Written", items=items, language="en", id_digits=length)
    layout = lay_out(spec)
    return Blank(kind, layout, blank_page(Printed("WRITTENS", spec, layout)))


def read_all(readers: Mapping[str, CellReader], blank: Blank, writer: Writer, by: str, sheets: int) -> Counts:
    counts = Counts()
    for seed in range(sheets):
        rng = np.random.default_rng((seed, len(by)))
        counts.add(read_sheet(readers, blank, writer, by, rng))
    return counts


def read_sheet(
    readers: Mapping[str, CellReader], blank: Blank, writer: Writer, by: str, rng: np.random.Generator
) -> Counts:
    picture, texts = blank.picture.copy(), dict(answers(blank.kind, rng))
    pen, hand = PENS[rng.integers(len(PENS))], any_hand(rng)
    page, form = Page(picture, DPI / MM_PER_INCH), blank.layout.pages[0]
    boxes = [field for field in fields_read(form) if field.kind != "bubble" and field.item in texts]
    for field in boxes:
        character = texts[field.item][field.part]
        if character != " ":
            writer(page, character, field.box, pen, hand, rng)
    sheet = straighten_sheet(find_sheet(PictureFile(taken(picture, by, rng)).page(0)), form)
    network = "numerals" if blank.kind == "number" else "letters"
    cells = cut_by_network(sheet, boxes)[network]
    rows: dict[Any, list[Any]] = {}
    for field, row in zip(boxes, readers[network].read(cells), strict=True):
        rows.setdefault(field.item, []).append(row)
    return judged(rows, texts, readers[network].certain)


def any_hand(rng: np.random.Generator) -> Hand:
    return Hand(rng.uniform(0.02, 0.1), rng.uniform(0.1, 0.4), (0.0, 0.0), rng.uniform(0.8, 1.2))


def answers(kind: str, rng: np.random.Generator) -> Iterator[tuple[int | str, str]]:
    """What is written where: numbers of two and three digits, or letters; the student number."""
    if kind == "letter":
        yield from ((item, str(rng.choice(list(ANSWERS)))) for item in range(1, LETTERS + 1))
        return
    for item in range(1, NUMBERS + 1):
        yield item, str(rng.integers(10, 1000)).ljust(3)
    known = str(rng.choice(ROSTER))
    other = "".join(rng.choice(list(DIGITS), LENGTH))
    yield "id", other if rng.random() < OFF_ROSTER else known


def judged(rows: Mapping[Any, list[Any]], texts: Mapping[Any, str], certain: float) -> Counts:
    counts = Counts()
    for item, text in texts.items():
        cells, written = np.stack(rows[item]), text.strip()
        if item == "id":
            judge_student(counts, cells, written, certain)
            continue
        reading = read_letter(cells[0], certain) if len(cells) == 1 else read_number(cells, certain)
        counts.fields += 1
        if reading.reason:
            counts.review += 1
            continue
        pairs = list(zip(reading.value.ljust(len(written)), written.ljust(len(reading.value)), strict=True))
        counts.characters += len(pairs)
        counts.wrong += sum(read != wrote for read, wrote in pairs)
    return counts


def judge_student(counts: Counts, boxes: np.ndarray, written: str, certain: float) -> None:
    """No bubble is filled in: the digits alone must do, with the roster and without."""
    empty = np.zeros((LENGTH, 10, len(MARKS)), np.float32)
    empty[..., 0] = 1
    thresholds = Thresholds(numerals=certain)
    alone, helped = (identify(empty, boxes, "", thresholds, (), roster) for roster in ((), ROSTER))
    counts.papers += 1
    counts.known += not alone.reason and alone.number == written
    counts.known_by_roster += not helped.reason and helped.number == written
    counts.confused += not helped.reason and helped.number != written and helped.number in ROSTER


if __name__ == "__main__":
    raise SystemExit(main())
