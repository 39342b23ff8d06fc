"""Reads sheets made for OMRChecker with Nunbit's marks network and compares them with what an eye reads there.

    python benchmarks/omrchecker.py FOLDER [--degrade] [--weights FOLDER] [--omrchecker PYTHON FOLDER]

FOLDER holds template.json files, pictures, and one or more truth.csv (image, field, value, and certainty: only what is
"clear" counts, which is all where there is no such column). Nothing is tuned on these sheets. With --degrade every
picture is also turned, shrunk, blurred, shaded, tilted and compressed. CPU seconds are those of reading an opened
page. --omrchecker runs that program, too: a Python that has what it needs, and the folder of its main.py.
"""

import csv
import os
import sys
import time
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in manage.py

import cv2  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.degradations import DEGRADATIONS, ORIGINAL, Degradation  # noqa: E402
from benchmarks.machine import machine  # noqa: E402
from benchmarks.omrchecker_itself import read_by_itself  # noqa: E402
from grading.sheet.code import NotASheet  # noqa: E402
from grading.sheet.decoding import Grey  # noqa: E402
from grading.sheet.interpret import ItemReading  # noqa: E402
from grading.sheet.marks import MarksReader
from grading.sheet.omrchecker.batch import SheetFile, SheetFolder  # noqa: E402
from grading.sheet.omrchecker.sheet import read_template_sheet  # noqa: E402
from grading.sheet.scan_files import open_pages  # noqa: E402
from ml.cells.reader import load_reader  # noqa: E402
from ml.core.cards import WEIGHTS_FOLDER  # noqa: E402
from uploads.sandbox import Sandbox  # noqa: E402

HEAD = ("set", "condition", "sheets", "fields", "right", "review", "refused", "wrong", "CPU s")


@dataclass(frozen=True)
class Truth:
    """What an eye reads in a field; "" where nothing is marked."""

    field: str
    value: str
    is_clear: bool


@dataclass
class Tally:
    """How the fields of a set were read in one condition: `wrong` are those that were called certain."""

    sheets: int = 0
    right: int = 0
    review: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def fields(self) -> int:
        return self.right + self.review + self.refused + len(self.wrong)

    def add(self, image: str, truth: Truth, reading: ItemReading | None) -> None:
        said = f"{image} {truth.field}: {describe(reading)}, for {truth.value!r}"
        if not truth.is_clear:
            self.ambiguous.append(said)
        elif reading is None:
            self.refused += 1
        elif reading.reason:
            self.review += 1
        elif reading.value == truth.value:
            self.right += 1
        else:
            self.wrong.append(said)


Tallies = dict[tuple[str, str], Tally]  # (set, condition)


def describe(reading: ItemReading | None) -> str:
    if reading is None:
        return "refused"
    return f"{reading.value!r} {reading.reason or 'certain'} ({reading.confidence:.4f})"


def main() -> int:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--degrade", action="store_true", help="also degraded in eight ways")
    parser.add_argument("--weights", type=Path, default=WEIGHTS_FOLDER, help="folder of marks.json")
    parser.add_argument("--omrchecker", nargs=2, metavar=("PYTHON", "FOLDER"), help="run OMRChecker, too")
    arguments = parser.parse_args()
    conditions = {**ORIGINAL, **(DEGRADATIONS if arguments.degrade else {})}
    tallies = measure(arguments.folder, conditions, load_reader("marks", arguments.weights))
    print_report(tallies)
    if arguments.omrchecker:
        print("\nOMRChecker itself, which is always certain\n")
        print("\n".join(table(measure_itself(arguments.folder, conditions, tuple(arguments.omrchecker)))))
    return 1 if any(tally.wrong for tally in tallies.values()) else 0


def measure(folder: Path, conditions: Mapping[str, Degradation], reader: MarksReader) -> Tallies:
    """Every picture for which there is a truth, in each condition."""
    cv2.setNumThreads(1)
    sheets = SheetFolder(folder)
    sheets.read_keys(reader)
    truths = truths_in(folder)
    tallies: Tallies = defaultdict(Tally)
    for sheet in sheets.sheets():
        if sheet.name in truths:
            grey = next(open_pages(Sandbox(), sheet.path, sheet.name)).grey
            for condition, degrade in conditions.items():
                tally = tallies[set_of(folder, sheet), condition]
                changed = None if grey is None else degrade(grey)
                count_sheet(tally, sheet, truths[sheet.name], read(tally, sheet, changed, reader))
    return tallies


def measure_itself(folder: Path, conditions: Mapping[str, Degradation], program: tuple[str, str]) -> Tallies:
    """The same by OMRChecker's own program."""
    truths = truths_in(folder)
    sheets = {sheet.name: sheet for sheet in SheetFolder(folder).sheets() if sheet.name in truths}
    opened = {name: next(open_pages(Sandbox(), sheet.path, name)).grey for name, sheet in sheets.items()}
    readable = {name: grey for name, grey in opened.items() if grey is not None}
    tallies: Tallies = defaultdict(Tally)
    for condition, degrade in conditions.items():
        read_there, seconds = read_by_itself(folder, sheets, readable, degrade, program)
        for name, sheet in sheets.items():
            tally = tallies[set_of(folder, sheet), condition]
            tally.seconds.append(seconds / len(sheets))
            count_sheet(tally, sheet, truths[name], read_there.get(name, {}))
    return tallies


def truths_in(folder: Path) -> dict[str, list[Truth]]:
    """image, from the folder -> what an eye reads, field by field."""
    found: dict[str, list[Truth]] = defaultdict(list)
    for path in sorted(folder.rglob("truth.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                image = (path.parent / row["image"]).relative_to(folder).as_posix()
                is_clear = row.get("certainty", "clear") == "clear"
                found[image].append(Truth(row["field"], row["value"], is_clear))
    return found


def set_of(folder: Path, sheet: SheetFile) -> str:
    """The folder of its template."""
    own = next(parent for parent in sheet.path.parents if (parent / "template.json").exists())
    return own.relative_to(folder).as_posix()


def read(tally: Tally, sheet: SheetFile, grey: Grey | None, reader: MarksReader) -> dict[str, ItemReading]:
    """The answers; none where the picture is refused."""
    if grey is None:
        tally.refusals.append(f"{sheet.name}: cannot be opened")
        return {}
    started = time.process_time()
    try:
        return read_template_sheet(grey, sheet.template, reader)
    except NotASheet as problem:
        tally.refusals.append(f"{sheet.name}: {problem.reason}")
        return {}
    finally:
        tally.seconds.append(time.process_time() - started)


def count_sheet(
    tally: Tally, sheet: SheetFile, truths: Sequence[Truth], readings: Mapping[str, ItemReading]
) -> None:
    tally.sheets += 1
    for truth in truths:
        tally.add(sheet.name, truth, readings[truth.field] if readings else None)


# --- the report


def print_report(tallies: Tallies) -> None:
    print(", ".join(machine("numpy", "opencv-python-headless", "onnxruntime").values()), end="\n\n")
    print("\n".join(table(tallies)))
    for title, lines in (
        ("Certain and wrong", [(key, line) for key, tally in tallies.items() for line in tally.wrong]),
        ("Refused", [(key, line) for key, tally in tallies.items() for line in tally.refusals]),
        (
            "Ambiguous, not counted",
            [(key, line) for key, tally in tallies.items() for line in tally.ambiguous],
        ),
    ):
        if lines:
            print(f"\n{title}\n")
            print("\n".join(f"- {condition}: {line}" for (_, condition), line in lines))


def table(tallies: Tallies) -> Iterator[str]:
    """A row for each set and condition, then for each condition, then for all."""
    yield row(HEAD)
    yield row(["---"] * len(HEAD))
    for (name, condition), tally in tallies.items():
        yield row(cells(name, condition, [tally]))
    conditions = dict.fromkeys(condition for _, condition in tallies)
    for condition in conditions:
        yield row(
            cells("all sets", condition, [tally for key, tally in tallies.items() if key[1] == condition])
        )
    if len(conditions) > 1:
        yield row(cells("all sets", "all", list(tallies.values())))


def row(values: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, values))} |"


def cells(name: str, condition: str, tallies: Sequence[Tally]) -> list[object]:
    seconds = [each for tally in tallies for each in tally.seconds]
    counts = [
        (tally.sheets, tally.fields, tally.right, tally.review, tally.refused, len(tally.wrong))
        for tally in tallies
    ]
    return [
        name,
        condition,
        *map(sum, zip(*counts, strict=True)),
        f"{median(seconds):.2f}" if seconds else "-",
    ]


if __name__ == "__main__":
    sys.exit(main())
