"""OMRChecker on the same pictures: its own program is run, and its table compared with the truth.

It has no "in doubt": whatever it prints counts as certain, and a picture that is not in its table as refused.
"""

import csv
import resource
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from benchmarks.degradations import Degradation
from grading.sheet.decoding import Grey
from grading.sheet.interpret import ItemReading
from grading.sheet.omrchecker.batch import SheetFile

FRAME = ("file_id", "input_path", "output_path", "score")  # its columns that are no answers

Opened = Mapping[str, Grey]  # name of a picture -> its pixels
Tables = dict[str, dict[str, ItemReading]]  # name of a picture -> its answers


def read_by_itself(
    folder: Path,
    sheets: Mapping[str, SheetFile],
    opened: Opened,
    degrade: Degradation,
    program: tuple[str, str],
) -> tuple[Tables, float]:
    """What `program` (a Python, and the folder of OMRChecker's main.py) reads, and its CPU seconds in all."""
    with TemporaryDirectory() as made:
        inputs, outputs = Path(made) / "inputs", Path(made) / "outputs"
        shutil.copytree(folder, inputs, copy_function=shutil.copyfile)
        for name, grey in opened.items():
            Image.fromarray(degrade(grey)).save(inputs / name, quality=100)
        python, place = program
        before = _seconds_of_children()
        subprocess.run(
            [python, "main.py", "-i", inputs, "-o", outputs], cwd=place, capture_output=True, timeout=3600
        )
        seconds = _seconds_of_children() - before
        return _tables(inputs, outputs, sheets), seconds


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tables(inputs: Path, outputs: Path, sheets: Mapping[str, SheetFile]) -> Tables:
    found: Tables = defaultdict(dict)
    for path in sorted(outputs.rglob("Results_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                name = Path(row["input_path"]).relative_to(inputs).as_posix()
                empty = sheets[name].template.empty_value
                found[name] = {
                    field: ItemReading("" if value == empty else value, 1.0)
                    for field, value in row.items()
                    if field not in FRAME
                }
    return found
