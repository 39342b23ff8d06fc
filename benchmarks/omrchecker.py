"""Reads sheets made for OMRChecker with Nunbit's marks network and compares them with what an eye reads there.

    python benchmarks/omrchecker.py FOLDER [--weights FOLDER]

FOLDER holds truth.csv (image, field, value, certainty) and the images, each below a template.json. Nothing is tuned
on these sheets. Every image is read as it is and turned by 90, 180 and 270 degrees, which must change no answer.
"""

import csv
import sys
from argparse import ArgumentParser
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from grading.sheet.code import NotASheet  # noqa: E402
from grading.sheet.interpret import ItemReading  # noqa: E402
from grading.sheet.omrchecker.page import read_sheet  # noqa: E402
from grading.sheet.omrchecker.reading import read_answers  # noqa: E402
from grading.sheet.omrchecker.template import Template, read_template  # noqa: E402
from grading.sheet.scan_files import open_pages  # noqa: E402
from ml.cells.reader import CellReader, load_reader  # noqa: E402
from ml.core.cards import WEIGHTS_FOLDER  # noqa: E402
from uploads.sandbox import Sandbox  # noqa: E402

Readings = dict[str, ItemReading]
SHOWN = 2  # cells of an answer


@dataclass
class Tally:
    """How the fields of one image were read; `wrong` and `open` with what there is to say about each."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def add(self, name: str, truth: str, reading: ItemReading, doubts: str) -> None:
        verdict = (
            f"{name}: {reading.value!r} for {truth!r}, confidence {reading.confidence:.5f} {reading.reason}"
        )
        if reading.reason:
            self.open.append(f"{verdict} {doubts}")
        elif reading.value == truth:
            self.right += 1
        else:
            self.wrong.append(f"{verdict} {doubts}")


def main() -> int:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--weights", type=Path, default=WEIGHTS_FOLDER, help="folder of marks.json")
    arguments = parser.parse_args()
    folder, reader = arguments.folder, load_reader("marks", arguments.weights)
    tallies = [report(folder, image, truth, reader) for image, truth in truths(folder).items()]
    right, wrong, doubtful = (
        sum(counts) for counts in zip(*((t.right, len(t.wrong), len(t.open)) for t in tallies), strict=True)
    )
    print(f"together: {right} certain and right, {wrong} certain and wrong, {doubtful} in review")
    return 1 if wrong else 0


def truths(folder: Path) -> dict[str, dict[str, str]]:
    """image -> field -> what an eye reads."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with (folder / "truth.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found[row["image"]][row["field"]] = row["value"]
    return found


def report(folder: Path, image: str, truth: dict[str, str], reader: CellReader) -> Tally:
    template = template_of(folder / image)
    grey = next(open_pages(Sandbox(), folder / image, image)).grey
    assert grey is not None, image
    tally = Tally()
    readings, doubts = read(grey, template, reader)
    for name, value in truth.items():
        tally.add(
            name, value, readings.get(name, ItemReading("", 0.0, "not_this_form")), doubts.get(name, "")
        )
    print(f"{image}: {len(truth)} fields, {tally.right} certain and right, {len(tally.wrong)} certain and wrong, "
          f"{len(tally.open)} in review")  # fmt: skip
    for line in tally.wrong:
        print("  WRONG ", line)
    for line in tally.open:
        print("  review", line)
    report_turned(grey, template, reader, readings)
    return tally


def report_turned(grey: np.ndarray, template: Template, reader: CellReader, upright: Readings) -> None:
    for quarters in (1, 2, 3):
        turned, _ = read(np.ascontiguousarray(np.rot90(grey, -quarters)), template, reader)
        other = [name for name in upright if told(turned.get(name)) != told(upright[name])]
        verdict = f"DIFFERENT in {', '.join(other)}" if other else "the same answers"
        print(f"  turned by {quarters * 90}: {verdict if turned else 'REFUSED'}")


def told(reading: ItemReading | None) -> tuple[str, str] | None:
    return (reading.value, reading.state) if reading else None


def read(grey: np.ndarray, template: Template, reader: CellReader) -> tuple[Readings, dict[str, str]]:
    """The answers, and what is doubtful in each; both empty where the picture is refused."""
    try:
        sheet = read_sheet(grey, template)
    except NotASheet as problem:
        print("  refused:", problem.reason)
        return {}, {}
    marks = reader.read(sheet.cells())
    return read_answers(template, marks, reader.certain), doubtful_cells(template, marks, reader)


def doubtful_cells(template: Template, marks: np.ndarray, reader: CellReader) -> dict[str, str]:
    """For each answer its least certain cells: value, and the two best classes with their probabilities."""
    notes: dict[str, list[tuple[float, str]]] = defaultdict(list)
    cells = iter(zip(marks, reader.read_meanings(marks).max(1), strict=True))
    for answer in template.answers:
        for bubble in (bubble for one in answer.fields for bubble in one.bubbles):
            row, sure = next(cells)
            first, second = np.argsort(-row)[:2]
            says = f"{reader.classes[first]} {row[first]:.4f}, {reader.classes[second]} {row[second]:.4f}"
            notes[answer.name].append((float(sure), f"[{bubble.value}: {says}]"))
    return {name: " ".join(text for _, text in sorted(cells)[:SHOWN]) for name, cells in notes.items()}


def template_of(image: Path) -> Template:
    """The template nearest to an image, with the files beside it."""
    folder = next(parent for parent in image.parents if (parent / "template.json").exists())
    return read_template({path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()})


if __name__ == "__main__":
    sys.exit(main())
