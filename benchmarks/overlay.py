#!/usr/bin/env python
"""How long a teacher waits for the PDF of all papers with their readings drawn on them, and how much memory that takes.

    python benchmarks/overlay.py [--papers 300] [--items 40]

Papers with grey, grained scans lie in a (temporary SQLite) database and its storage; the PDF is asked for as a browser
asks for it. Exit status 1 where 300 papers take 60 seconds or more, or 500 MB, or where a page is missing.
"""

# ruff: noqa: E402 (Django is set up before its models are imported)

import argparse
import io
import os
import sys
import tempfile
import time
from pathlib import Path

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

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from benchmarks.machine import machine
from grading import services
from grading.models import Answer, Exam, Paper, Scan, ScanPage
from grading.papers.scores import points_of, settle
from grading.sheet.pdf_pages import Pdf, render_page
from grading.sheet.scan import PX_PER_MM
from jobs.models import Job

SECONDS_EACH, MEGABYTES = 60 / 300, 500
GRAIN = 5  # grey values of a scanner's noise: what makes a scan large
QUALITY = 82
AT_ONCE = 500


def an_exam(items: int) -> Exam:
    owner = User.objects.create_user("teacher", password="", role="teacher")
    rows = [
        {"number": number, "kind": "choice", "answer": str(1 + number % 5)} for number in range(1, items + 1)
    ]
    return services.create_exam(owner=owner, title="Benchmark", items=rows)


def a_scan(exam: Exam, rng: np.random.Generator) -> bytes:
    """JPEG of the first page of a sheet, as it is kept."""
    out, jpeg = io.BytesIO(), io.BytesIO()
    services.write_sheets(exam=exam, out=out)
    grey = render_page(out.getvalue(), 0, PX_PER_MM * 25.4).astype(np.float32)
    grained = np.clip(grey * 0.95 + rng.normal(0, GRAIN, grey.shape), 0, 255).astype(np.uint8)
    Image.fromarray(grained).save(jpeg, "JPEG", quality=QUALITY)
    return jpeg.getvalue()


def hand_in(exam: Exam, papers: int) -> None:
    """As one scan, read and graded; one in twenty answers is to be reviewed."""
    rng = np.random.default_rng(1)
    picture = a_scan(exam, rng)
    scan = Scan.objects.create(job=Job.objects.create(owner=exam.owner, task=services.READ_SCAN), exam=exam)
    items = list(exam.items.all())
    for place in range(papers):
        paper = Paper.objects.create(exam=exam, number=f"{place:08}")
        name = default_storage.save(scan.image_name(place + 1), ContentFile(picture))
        page = ScanPage.objects.create(
            scan=scan,
            page=place + 1,
            file_page=place + 1,
            status="read",
            paper=paper,
            sheet_page=1,
            image=name,
        )
        values = [str(rng.integers(1, 6)) for _item in items]
        Answer.objects.bulk_create(
            Answer(
                paper=paper,
                item=item,
                page=page,
                value=value,
                state="review" if rng.random() < 0.05 else "certain",
                points=points_of(item, 1, value),
            )
            for item, value in zip(items, values, strict=True)
        )
    settle(exam, exam.papers.all())


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def peak_megabytes() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=int, default=300)
    parser.add_argument("--items", type=int, default=40)
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    exam = an_exam(asked.items)
    hand_in(exam, asked.papers)
    client = APIClient(headers={"host": "localhost"})
    client.force_authenticate(exam.owner)
    target = Path(FOLDER.name) / "overlay.pdf"
    forget_peak()
    begin = time.perf_counter()
    answer = client.get(f"/api/exams/{exam.pk}/overlay.pdf")
    with target.open("wb") as file:
        file.writelines(answer.streaming_content)
    seconds, megabytes = time.perf_counter() - begin, peak_megabytes()
    print("| papers | s | peak MB | file MB |\n|---|---|---|---|")
    print(f"| {asked.papers} | {seconds:.1f} | {megabytes:.0f} | {target.stat().st_size / 1e6:.0f} |")
    print(machine("django", "reportlab"))
    is_whole = Pdf(target).count == asked.papers * len(exam.layout.pages)
    is_good = seconds < SECONDS_EACH * max(asked.papers, 20) and megabytes < MEGABYTES and is_whole
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
