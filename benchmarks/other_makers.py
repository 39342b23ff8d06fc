"""Draws filled sheets of twenty other makers, as OMRChecker's folders with their truth, and measures how they are read.

    python benchmarks/other_makers.py --out FOLDER [--only NAME,NAME] [--sheets 30] [--write-only] [--weights FOLDER]

Each maker has a folder with template.json, its marker, thirty pictures (scans of 100 to 300 dpi, photographs of phones)
and truth.csv; two sheets of each are blank. The same seeds give the same pictures. This is a check, never a goal:
nothing in it is changed because of how its sheets are read.
"""

import csv
import json
import sys
from argparse import ArgumentParser
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.degradations import ORIGINAL  # noqa: E402
from benchmarks.makers_extras import marker_picture  # noqa: E402
from benchmarks.makers_forms import FORMS, Maker  # noqa: E402
from benchmarks.makers_pictures import photograph, scan  # noqa: E402
from benchmarks.makers_press import DPI  # noqa: E402
from benchmarks.makers_print import blank_sheet, template_of  # noqa: E402
from benchmarks.makers_students import fill_sheet, nothing  # noqa: E402
from benchmarks.omrchecker import measure, print_report  # noqa: E402
from grading.sheet.filling.ink import MM_PER_INCH, Page, Picture  # noqa: E402
from ml.cells.reader import load_reader  # noqa: E402
from ml.core.cards import WEIGHTS_FOLDER  # noqa: E402

SHEETS = 30
BLANK = (13, 28)  # which sheets of each form nobody marked
MARKER_PX = 64
QUALITY = (60, 93)


def main() -> int:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="names of forms, joined by commas; without it, all")
    parser.add_argument("--sheets", type=int, default=SHEETS)
    parser.add_argument("--write-only", action="store_true")
    parser.add_argument("--weights", type=Path, default=WEIGHTS_FOLDER, help="folder of marks.json")
    arguments = parser.parse_args()
    only = arguments.only.split(",") if arguments.only else [maker.name for maker in FORMS]
    for maker in tqdm([maker for maker in FORMS if maker.name in only], disable=None):
        write_form(arguments.out / maker.name, maker, arguments.sheets)
    if arguments.write_only:
        print(f"{len(only)} forms of {arguments.sheets} sheets are in {arguments.out}.")
        return 0
    tallies = measure(arguments.out, ORIGINAL, load_reader("marks", arguments.weights))
    print_report(tallies)
    return 1 if any(tally.wrong for tally in tallies.values()) else 0


def write_form(folder: Path, maker: Maker, count: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "template.json").write_text(
        json.dumps(template_of(maker), indent=1, ensure_ascii=False), "utf-8"
    )
    if maker.placing == "markers":
        cv2.imwrite(str(folder / "marker.png"), marker_picture(maker.marker, MARKER_PX))
    blank = blank_sheet(maker)
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        truth = csv.writer(file, lineterminator="\n")
        truth.writerow(["image", "field", "value"])
        for number in range(count):
            image, answers = write_sheet(folder, maker, blank, number)
            truth.writerows((image, name, value) for name, value in answers.items())


def write_sheet(folder: Path, maker: Maker, blank: Picture, number: int) -> tuple[str, dict[str, str]]:
    """The name of its picture, and what an eye reads in it. Each sheet has random numbers of its own."""
    rng = np.random.default_rng([maker.seed, number])
    sheet = blank.copy()
    is_blank = number in BLANK
    answers = nothing(maker) if is_blank else fill_sheet(Page(sheet, DPI / MM_PER_INCH), maker, rng)
    # Where the template finds no page in a picture, the picture has to be the page
    see = scan if maker.placing == "none" or rng.random() < 0.5 else photograph
    picture, how = see(sheet, rng)
    image = f"{number + 1:02}_{how}{'_blank' if is_blank else ''}.jpg"
    colours = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(folder / image), colours, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*QUALITY))])
    return image, answers


if __name__ == "__main__":
    sys.exit(main())
