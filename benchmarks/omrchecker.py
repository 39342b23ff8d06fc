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
from grading.sheet.omrchecker.sheet import read_template_sheet  # noqa: E402
from grading.sheet.omrchecker.template import Template, read_template  # noqa: E402
from grading.sheet.scan_files import open_pages  # noqa: E402
from ml.cells.reader import CellReader, load_reader  # noqa: E402
from ml.core.cards import WEIGHTS_FOLDER  # noqa: E402
from uploads.sandbox import Sandbox  # noqa: E402

Readings = dict[str, ItemReading]


@dataclass
class Tally:
    """How the fields of one image were read; `wrong` and `open` with what there is to say about each."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def add(self, name: str, truth: str, reading: ItemReading) -> None:
        verdict = (
            f"{name}: {reading.value!r} for {truth!r}, confidence {reading.confidence:.5f} {reading.reason}"
        )
        if reading.reason:
            self.open.append(verdict)
        elif reading.value == truth:
            self.right += 1
        else:
            self.wrong.append(verdict)


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
    tally, readings = Tally(), read(grey, template, reader)
    for name, value in truth.items():
        tally.add(name, value, readings.get(name, ItemReading("", 0.0, "not_this_form")))
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
        turned = read(np.ascontiguousarray(np.rot90(grey, -quarters)), template, reader)
        other = [name for name in upright if told(turned.get(name)) != told(upright[name])]
        verdict = f"DIFFERENT in {', '.join(other)}" if other else "the same answers"
        print(f"  turned by {quarters * 90}: {verdict if turned else 'REFUSED'}")


def told(reading: ItemReading | None) -> tuple[str, str] | None:
    return (reading.value, reading.state) if reading else None


def read(grey: np.ndarray, template: Template, reader: CellReader) -> Readings:
    """The answers; none where the picture is refused."""
    try:
        return read_template_sheet(grey, template, reader)
    except NotASheet as problem:
        print("  refused:", problem.reason)
        return {}


def template_of(image: Path) -> Template:
    """The template nearest to an image, with the files beside it."""
    folder = next(parent for parent in image.parents if (parent / "template.json").exists())
    return read_template({path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()})


if __name__ == "__main__":
    sys.exit(main())
