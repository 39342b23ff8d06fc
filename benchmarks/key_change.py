#!/usr/bin/env python
"""How long a teacher waits who changes the key of an exam that is graded already.

    python benchmarks/key_change.py [--papers 1000] [--items 40]

Papers with the probabilities of their marks lie in a (temporary SQLite) database, as a scan leaves them. Printed are,
for each kind of change, the seconds of the preview and of saving, and how many scores change. Exit status 1 where the
two together take 5 seconds or more, or a paper's score is another than its answers'.
"""

# ruff: noqa: E402 (Django is set up before its models are imported)

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from decimal import Decimal
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
from django.core.management import call_command

django.setup()

from accounts.models import User
from benchmarks.machine import machine
from grading import services
from grading.models import Answer, Exam, Item, PageCells, Paper, Scan, ScanPage
from grading.papers.scores import answers_of, items_on, read_items, settle, thresholds_of
from grading.sheet.interpret import MARKS
from jobs.models import Job
from registry.models import ModelVersion

SECONDS = 5.0
OPTIONS = 5
AT_ONCE = 500
CHANGES: Mapping[str, Mapping[int, Mapping[str, Any]]] = {
    "another right option": {3: {"answer": "2"}},
    "one of several": {3: {"answer": ["1", "2"], "any_of": True}},
    "several must be marked": {3: {"answer": ["1", "2"]}, 4: {"answer": ["3", "4"]}},
    "points of all items": {number: {"points": Decimal("2.5")} for number in range(1, 201)},
}


def an_exam(items: int) -> Exam:
    owner = User.objects.create_user("teacher", password="", role="teacher")
    rows = [
        {"number": number, "kind": "choice", "answer": str(1 + number % OPTIONS)}
        for number in range(1, items + 1)
    ]
    return services.create_exam(owner=owner, title="Benchmark", items=rows)


def cells_of(items: list[Item], rng: np.random.Generator) -> dict[str, Any]:
    """A filled bubble in each row; in one of twenty rows two."""
    cells = {}
    for item in items:
        filled = {int(rng.integers(OPTIONS))} | (
            {int(rng.integers(OPTIONS))} if rng.random() < 0.05 else set()
        )
        rows = [certain("filled" if place in filled else "empty") for place in range(OPTIONS)]
        cells[str(item.number)] = rows
    return cells


def certain(what: str) -> list[float]:
    return [1.0 if one == what else 0.0 for one in MARKS]


def hand_in(exam: Exam, papers: int) -> None:
    """As one scan, filed."""
    rng = np.random.default_rng(1)
    scan = Scan.objects.create(job=Job.objects.create(owner=exam.owner, task=services.READ_SCAN), exam=exam)
    scan.readers.set(ModelVersion.objects.filter(kind__in=["marks", "numerals", "letters"], state="active"))
    thresholds = thresholds_of(scan.readers.all())
    rows = Paper.objects.bulk_create([Paper(exam=exam, number=f"{place:08}") for place in range(papers)])
    number = 0
    for form in exam.layout.pages:
        items = items_on(exam, form.number)
        pages = [
            ScanPage(
                scan=scan,
                page=number + place,
                file_page=place,
                status="read",
                paper=paper,
                sheet_page=form.number,
            )
            for place, paper in enumerate(rows)
        ]
        number += len(pages)
        ScanPage.objects.bulk_create(pages, AT_ONCE)
        cells = [PageCells(page=page, items=cells_of(items, rng)) for page in pages]
        PageCells.objects.bulk_create(cells, AT_ONCE)
        for page, one in zip(pages, cells, strict=True):
            readings = read_items(exam, one, items, 1, thresholds)
            Answer.objects.bulk_create(answers_of(page, page.paper, items, readings))
    settle(exam, exam.papers.all())


def changed(exam: Exam, change: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"number": item.number, **change.get(item.number, {})} for item in exam.items.all()]


def is_true(exam: Exam) -> bool:
    """Whether all scores are those of a fresh reading of everything."""
    before = dict(exam.papers.values_list("pk", "score"))
    services.regrade(exam=exam)
    return before == dict(exam.papers.values_list("pk", "score"))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=int, default=1000)
    parser.add_argument("--items", type=int, default=40)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    exam = an_exam(asked.items)
    hand_in(exam, asked.papers)
    is_fast, is_right = True, True
    print("| change | preview s | save s | scores changed |\n|---|---|---|---|")
    for name, change in CHANGES.items():
        items = changed(exam, change)
        begin = time.perf_counter()
        found = services.preview_exam(exam=exam, items=items)
        middle = time.perf_counter()
        exam = services.update_exam(exam=exam, items=items)
        end = time.perf_counter()
        print(f"| {name} | {middle - begin:.2f} | {end - middle:.2f} | {len(found.scores)} |")
        is_fast &= end - begin < SECONDS
        is_right &= is_true(exam)
    print(machine("django"))
    print("" if is_right else "A score is not that of its answers.")
    return 0 if is_fast and is_right else 1


if __name__ == "__main__":
    sys.exit(main())
