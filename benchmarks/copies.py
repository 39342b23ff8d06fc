#!/usr/bin/env python
"""What is read of sheets after what copiers, phones and people do to them.

    python benchmarks/copies.py [--sheets 4] [--seed 1] [--only "70 %,stained"] [--mnist FOLDER]

Each row is a class whose sheets (20 choices, 5 O/X, 5 numbers of three digits, student number bubbled and written)
went through the same thing, read by the real task on a real (temporary SQLite) database. Printed are sheets that were
turned away, students known and known wrongly, and of all answers those right and certain, in review, refused with
their sheet, and certain and wrong: marks, and apart from them digits, which are another network's. Exit status 1 where
anything is certain and wrong.
"""

# ruff: noqa: E402 (Django is set up before its models are imported)

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
FOLDER = tempfile.TemporaryDirectory(prefix="nunbit-bench-")
os.environ |= {"DATA_DIR": FOLDER.name, "OMP_NUM_THREADS": "1", "LOG_LEVEL": "WARNING"}
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
for outside in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(outside, None)

import django
import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

django.setup()

from accounts.models import User
from benchmarks import accidents, camera, handwriting
from benchmarks.bench_sheets import Printed, blank_page
from benchmarks.exam_day import DPI
from benchmarks.pupils import first_exam, make_class, with_key
from benchmarks.verdict import same
from grading import services, tasks
from grading.models import Exam, Paper, Scan
from grading.sheet.filling.ink import MM_PER_INCH, Page, Picture
from grading.sheet.filling.pupils import Pupil, fill_page

Rng = np.random.Generator
Shot = tuple[list[int], bytes]  # which pupils' sheets are in a picture
Condition = Callable[[Sequence[Picture], Rng], list[Shot]]


def jpeg(picture: Any) -> bytes:
    out = BytesIO()
    (picture if isinstance(picture, Image.Image) else Image.fromarray(picture)).save(out, "JPEG", quality=85)
    return out.getvalue()


def tiff(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "TIFF", compression="group4")
    return out.getvalue()


def scan(picture: Picture, rng: Rng) -> bytes:
    return jpeg(camera.scan(picture, rng))


def each(
    change: Callable[[Picture, Rng], Picture], take: Callable[[Picture, Rng], bytes] = scan
) -> Condition:
    """A picture of each sheet."""
    return lambda pictures, rng: [([n], take(change(one, rng), rng)) for n, one in enumerate(pictures)]


def beside(
    change: Callable[[Picture, Picture], Picture], take: Callable[[Picture, Rng], bytes] = scan
) -> Condition:
    """A picture of each sheet with the next one."""

    def shots(pictures: Sequence[Picture], rng: Rng) -> list[Shot]:
        others = [*pictures[1:], pictures[0]]
        return [([n], take(change(one, others[n]), rng)) for n, one in enumerate(pictures)]

    return shots


def together(
    count: int, lay: Callable[[Sequence[Picture]], Picture], take: Callable[[Picture, Rng], bytes] = scan
) -> Condition:
    """`count` sheets in each picture."""

    def shots(pictures: Sequence[Picture], rng: Rng) -> list[Shot]:
        starts = range(0, len(pictures), count)
        return [
            (list(range(at, min(at + count, len(pictures)))), take(lay(pictures[at : at + count]), rng))
            for at in starts
        ]

    return shots


def same_picture(picture: Picture, _rng: Rng) -> Picture:
    return picture


def coarse(dpi: int, is_one_bit: bool = False) -> Condition:
    def take(picture: Picture, rng: Rng) -> bytes:
        grey = accidents.scanned(picture, rng, dpi)
        return tiff(accidents.one_bit(grey)) if is_one_bit else jpeg(grey)

    return each(same_picture, take)


def four(pictures: Sequence[Picture]) -> Picture:
    rows = [accidents.side_by_side(pictures[at : at + 2]) for at in range(0, len(pictures), 2)]
    return accidents.one_above_the_other(rows)


def cut(side: str, take: Callable[[Picture, Rng], bytes] = scan) -> Condition:
    return each(lambda picture, _rng: accidents.cut(picture, side), take)


def beneath(rng_seed: int, take: Callable[[Picture, Rng], bytes] = scan) -> Condition:
    rng = np.random.default_rng(rng_seed)
    return beside(lambda one, other: accidents.lay_over(one, other, rng), take)


CONDITIONS: Mapping[str, Condition] = {
    "scan": each(same_picture),
    "photo": each(same_picture, camera.photograph),
    "bleached outlines, scan": each(same_picture),
    "bleached outlines, photo": each(same_picture, camera.photograph),
    "outlines at 6 %, scan": each(same_picture),
    "light copy, scan": each(lambda picture, _rng: accidents.overexpose(picture)),
    **{f"{side} 70 %, scan": cut(side) for side in accidents.SIDES},
    **{f"{side} 70 %, photo": cut(side, camera.photograph) for side in accidents.SIDES},
    "two on A3, scan": together(2, accidents.side_by_side),
    "two on A3, photo": together(2, accidents.side_by_side, camera.photograph),
    "two, one above the other": together(2, accidents.one_above_the_other),
    "four in a photo": together(4, four, camera.photograph),
    "folded, scan": each(accidents.fold),
    "folded, photo": each(accidents.fold, camera.photograph),
    "dog's ear, scan": each(accidents.fold_corner),
    "stained, scan": each(accidents.stain),
    "stained, photo": each(accidents.stain, camera.photograph),
    "another sheet beneath, scan": beneath(1),
    "another sheet beneath, photo": beneath(1, camera.photograph),
    "print of the back, scan": beside(accidents.show_through),
    "100 dpi": coarse(100),
    "75 dpi": coarse(75),
    "one-bit, 300 dpi": coarse(300, True),
    "one-bit, 200 dpi": coarse(200, True),
    "one-bit, 100 dpi": coarse(100, True),
}
BLEACHED = {"bleached outlines, scan": 0.0, "bleached outlines, photo": 0.0, "outlines at 6 %, scan": 0.06}
HEAD = (
    "sheets",
    "turned away",
    "students",
    "of others",
    "answers",
    "right",
    "in review",
    "refused",
    "wrong",
    "wrong digits",
)


def main() -> int:
    options = parse()
    call_command("migrate", verbosity=0)
    write, total = handwriting.writer(options.mnist), Counter[str]()
    print(f"| what happened | {' | '.join(HEAD)} |\n|---|{'---|' * len(HEAD)}")
    for name in CONDITIONS:
        if any(part in name for part in options.only.split(",")):
            counts = measure(name, options, write)
            total += counts
            print(row_of(name, counts), flush=True)
    print(row_of("all", total))
    return 1 if total["wrong"] or total["wrong digits"] or total["of others"] else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sheets", type=int, default=4, help="in each row")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="rows whose names hold one of these parts")
    parser.add_argument("--mnist", type=Path, help="folder with MNIST's test images, for the digits")
    parser.add_argument("--verbose", action="store_true", help="say why, and which answers are wrong")
    return parser.parse_args()


def row_of(name: str, counts: Counter[str]) -> str:
    return f"| {name} | {' | '.join(str(counts[what]) for what in HEAD)} |"


def measure(name: str, options: argparse.Namespace, write: handwriting.Writer) -> Counter[str]:
    rng = np.random.default_rng((options.seed, list(CONDITIONS).index(name)))
    owner, _ = User.objects.get_or_create(username="bench")
    items = with_key(first_exam(), rng)
    exam = services.create_exam(owner=owner, items=items, title=name, id_digits=8)
    pupils = make_class(items, options.sheets, rng)
    pictures = list(filled(exam, pupils, BLEACHED.get(name, 1.0), write, rng))
    shots = CONDITIONS[name](pictures, rng)
    uploads = [SimpleUploadedFile(f"{at}.bin", data) for at, (_pupils, data) in enumerate(shots)]
    scan = services.submit_scans(exam=exam, uploads=uploads, owner=owner)
    tasks.read_scan(str(scan.job_id))
    counts = Counter[str]()
    for at, (places, _data) in enumerate(shots):
        counts += judge(scan, at + 1, [pupils[place] for place in places], options.verbose)
    return counts


def filled(
    exam: Exam, pupils: Sequence[Pupil], left: float, write: handwriting.Writer, rng: Rng
) -> Iterator[Picture]:
    layout = exam.layout.as_json()["pages"][0]
    printed = blank_page(Printed(exam.code, exam.spec, exam.layout))
    for pupil in pupils:
        picture = printed.copy() if left == 1 else accidents.bleach(printed, layout, left)
        fill_page(Page(picture, DPI / MM_PER_INCH), layout, pupil, write, rng)
        yield picture


def judge(scan: Scan, page: int, pupils: Sequence[Pupil], verbose: bool) -> Counter[str]:
    """Of one picture: each paper is taken for the sheet with most of the same answers."""
    rows = list(scan.pages.filter(page=page).select_related("paper"))
    papers = [row.paper for row in rows if row.paper and row.status != "rejected"]
    left, counts = list(pupils), Counter(sheets=len(pupils), answers=sum(len(one.answers) for one in pupils))
    if verbose:
        print(page, [(row.status, row.reason, row.suggested_number) for row in rows])
    for paper in papers:
        read = {answer.item.number: answer for answer in paper.answers.select_related("item")}
        pupil = max(left or pupils, key=partial(alike, read))
        if pupil in left:
            left.remove(pupil)
        counts += judge_paper(paper, read, pupil, verbose)
    counts.update({"turned away": len(left), "refused": sum(len(one.answers) for one in left)})
    return counts


def alike(read: Mapping[int, Any], pupil: Pupil) -> int:
    return sum(same(written, read[item].value) for item, written in pupil.answers.items())


def judge_paper(paper: Paper, read: Mapping[int, Any], pupil: Pupil, verbose: bool) -> Counter[str]:
    counts = Counter(
        {"students": paper.number == pupil.number, "of others": paper.number not in ("", pupil.number)}
    )
    for item, written in pupil.answers.items():
        is_sure, is_right = read[item].state == "certain", same(written, read[item].value)
        wrong = "wrong digits" if read[item].item.kind == "number" else "wrong"
        counts["right" if is_sure and is_right else wrong if is_sure else "in review"] += 1
        if verbose and not (is_sure and is_right):
            print(
                "   ",
                item,
                pupil.style,
                pupil.pen.name,
                repr(written),
                repr(read[item].value),
                read[item].reason,
            )
    return counts


if __name__ == "__main__":
    with FOLDER:
        sys.exit(main())
