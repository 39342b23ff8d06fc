#!/usr/bin/env python
"""How fast are sheets read? CPU and wall seconds a page, from file to stored readings, by one worker thread.

    python benchmarks/grading.py             the table that README.md quotes (make bench)
    python benchmarks/grading.py --json      the same for machines

The real task runs on a real (temporary SQLite) database: an A4 page with 40 five-choice items, scanned at 300
dpi into a PDF of JPEG pictures, and photographed with 12 megapixels. Beside it stands what any program has to pay
for the same files: rendering the PDF at 300 dpi, decoding the photos. Exit status 1 where a target is missed.
"""

# ruff: noqa: E402 (Django is set up before its models are imported)

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import repeat
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
FOLDER = tempfile.TemporaryDirectory(prefix="nunbit-bench-")
os.environ |= {"DATA_DIR": FOLDER.name, "OMP_NUM_THREADS": "1", "LOG_LEVEL": "WARNING"}
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
for outside in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(outside, None)

import cv2
import django
import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

django.setup()

from accounts.models import User
from benchmarks import bench_sheets as sheets
from benchmarks.client import File
from benchmarks.machine import machine
from benchmarks.processes import cpu_seconds
from grading import services, tasks
from grading.models import Exam, Scan
from grading.reading.files import stored_path
from grading.sheet.cutting import cut_by_network, fields_read
from grading.sheet.scan import find_sheet, straighten_sheet
from grading.sheet.scan_files import open_pages
from uploads.sandbox import Sandbox

TARGETS = {"scan": 0.15, "photo": 0.12}  # CPU seconds a page
MOST_GROWTH = 200.0  # MB
STAGES = ("decode", "find and straighten", "cut cells", "read cells", "the rest: keep picture, store")
PACKAGES = ("Django", "numpy", "opencv-python-headless", "onnxruntime", "pypdfium2", "pillow")


@dataclass
class Timing:
    """Seconds a page, one figure a run."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    @contextmanager
    def of(self, pages: int) -> Iterator[None]:
        wall, cpu = time.perf_counter(), cpu_seconds(os.getpid())
        yield
        self.cpu.append((cpu_seconds(os.getpid()) - cpu) / pages)
        self.wall.append((time.perf_counter() - wall) / pages)

    def __str__(self) -> str:
        return f"{spread(self.cpu)} CPU   {spread(self.wall)} wall"


@dataclass
class Figures:
    """What was measured of one kind of file."""

    pages: int
    megabytes: float
    whole: Timing
    least: Timing
    stages: dict[str, float]
    targets_cpu: float


def spread(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.3f} ({min(seconds):.3f} to {max(seconds):.3f}) s"


def main() -> int:
    options = parse()
    cv2.setNumThreads(1)
    call_command("migrate", verbosity=0)
    exam = make_exam()
    figures = {
        "scan": measure(exam, sheets.as_pdfs(pages_of_class(exam, options.pages), 1), "scan", options),
        "photo": measure(exam, sheets.as_photos(pages_of_class(exam, options.pages), 1), "photo", options),
    }
    growth = memory_growth(exam, options.memory) if options.memory else None
    if options.json:
        print(
            json.dumps(
                machine(*PACKAGES)
                | {kind: asdict(one) for kind, one in figures.items()}
                | {"growth_mb": growth}
            )
        )
    else:
        print_all(figures, growth, options)
    slow = [kind for kind, one in figures.items() if statistics.median(one.whole.cpu) > TARGETS[kind]]
    return 1 if slow or (growth or 0) > MOST_GROWTH else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=20, help="in one upload")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument(
        "--memory",
        type=int,
        default=300,
        help="pages of the upload that memory is watched over, in thirties; 0: none",
    )
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


# --- the exam and its uploads


def make_exam() -> Exam:
    owner = User.objects.create_user("bench", password=None)
    return services.create_exam(owner=owner, items=sheets.items(), title="Speed")


def pages_of_class(exam: Exam, count: int) -> Iterator[sheets.Picture]:
    return sheets.filled(sheets.Printed(exam.code, exam.spec, exam.layout), count, seed=1)


def submit(exam: Exam, files: Sequence[File]) -> Scan:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return services.submit_scans(exam=exam, uploads=uploads, owner=exam.owner)


def read(scan: Scan, pages: int) -> None:
    """What a worker does with the message."""
    tasks.read_scan(str(scan.job_id))
    check_read(scan, pages)


def check_read(scan: Scan, pages: int) -> None:
    """Every page must have been read: a benchmark of pages that were turned away would be worth nothing."""
    statuses = list(scan.pages.values_list("status", "reason"))
    if len(statuses) != pages or any(status == "rejected" for status, _ in statuses):
        scan.job.refresh_from_db()
        raise SystemExit(f"The pages were not read: {scan.job.status} {scan.job.error} {set(statuses)}")


def forget(exam: Exam) -> None:
    """So that the same files can be read again: a page that is there already would be turned away."""
    exam.papers.all().delete()
    exam.scans.all().delete()


# --- measuring


def measure(exam: Exam, files: Sequence[File], kind: str, options: argparse.Namespace) -> Figures:
    least: Callable[[Sequence[File]], int] = sheets.only_rasterise if kind == "scan" else sheets.only_decode
    figures = Figures(options.pages, sheets.size_of(files), Timing(), Timing(), {}, TARGETS[kind])
    read(submit(exam, files), options.pages)  # loads the networks, fills caches
    for _ in repeat(None, options.repeats):
        forget(exam)
        scan = submit(exam, files)
        with figures.whole.of(options.pages):
            read(scan, options.pages)
        with figures.least.of(options.pages):
            least(files)
    figures.stages = stages(scan, options, statistics.median(figures.whole.cpu))
    forget(exam)
    return figures


def stages(scan: Scan, options: argparse.Namespace, whole: float) -> dict[str, float]:
    """CPU seconds a page of each step, run by itself on the same files; the rest is the whole less these."""
    runs = [one_by_one(scan, options.pages) for _ in repeat(None, options.repeats)]
    medians = [statistics.median(run[index] for run in runs) for index in range(len(STAGES) - 1)]
    return dict(zip(STAGES, [*medians, whole - sum(medians)], strict=True))


def one_by_one(scan: Scan, pages: int) -> list[float]:
    form = scan.exam.layout.pages[0]
    fields = fields_read(form)
    readers = {version.kind: tasks.load_version(version.sha256) for version in scan.readers.all()}
    clock = Timing()
    with clock.of(pages):
        images = [
            page.grey
            for file in scan.files
            for page in open_pages(Sandbox(), stored_path(file), file["name"])
        ]
    with clock.of(pages):
        straight = [straighten_sheet(find_sheet(grey), form) for grey in images]
    with clock.of(pages):
        cells = [cut_by_network(sheet, fields) for sheet in straight]
    with clock.of(pages):
        for network, reader in readers.items():
            reader.read(np.concatenate([one[network] for one in cells]))
    return clock.cpu


# --- memory


def memory_growth(exam: Exam, count: int) -> float:
    """How much more memory (MB) a fresh worker holds at its highest while one upload of `count` pages is read."""
    printed = sheets.Printed(exam.code, exam.spec, exam.layout)
    small = submit(exam, sheets.many_pdfs(printed, sheets.PAGES_IN_A_FILE, 3))
    large = submit(exam, sheets.many_pdfs(printed, count, 2))
    worker = [
        sys.executable,
        str(Path(__file__).with_name("memory.py")),
        str(small.job_id),
        str(large.job_id),
    ]
    growth = float(subprocess.run(worker, check=True, stdout=subprocess.PIPE).stdout)
    check_read(large, count)
    return growth


# --- printing


def print_all(figures: dict[str, Figures], growth: float | None, options: argparse.Namespace) -> None:
    for name, text in machine(*PACKAGES).items():
        print(f"{name:9}{text}")
    print(
        f"Medians (lowest to highest) of {options.repeats} runs of {options.pages} pages, seconds a page.\n"
    )
    names = {
        "scan": ("300 dpi page in a PDF", "only rendered"),
        "photo": ("12-megapixel photo", "only decoded"),
    }
    for kind, one in figures.items():
        name, least = names[kind]
        print(f"{name} ({one.megabytes / one.pages:.1f} MB), target {TARGETS[kind]:.2f} s CPU")
        print(f"  {'file to stored readings':32}{one.whole}")
        print(f"  {least + ' (by itself)':32}{one.least}")
        for stage, seconds in one.stages.items():
            print(f"    {stage:30}{seconds:.3f}")
    if growth is not None:
        print(
            f"\nMemory grew by {growth:.0f} MB over {options.memory} pages of one upload",
            f"(at most {MOST_GROWTH:.0f}).",
        )


if __name__ == "__main__":
    with FOLDER:
        sys.exit(main())
