"""One exam from printing to papers: the day of a teacher, of thirty pupils and of a scanner or a phone."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image

from benchmarks import camera
from benchmarks.client import File, Site
from benchmarks.pupils import Item, first_exam, make_class, with_key
from grading.sheet.filling.digits import Writer
from grading.sheet.filling.ink import MM_PER_INCH, Page, Picture
from grading.sheet.filling.pupils import Pupil, fill_page

DPI = 300
Capture = Callable[[Picture, np.random.Generator], Image.Image | bytes]


@dataclass(frozen=True)
class Exam:
    """An exam on the site, its pupils, and the pages of its layout."""

    id: int
    items: list[Item]
    pupils: list[Pupil]
    layout: list[dict[str, Any]]

    def path(self, rest: str = "") -> str:
        return f"/api/exams/{self.id}/{rest}"


def set_exam(site: Site, title: str, size: int, rng: np.random.Generator, fills_number: float = 1) -> Exam:
    """Make the exam and its roster. `fills_number`: the share of pupils who give their number by hand."""
    items = with_key(first_exam(), rng)
    pupils = make_class(items, size, rng)
    pupils = [replace(pupil, fills_number=bool(rng.random() < fills_number)) for pupil in pupils]
    made = site.post("/api/exams/", {"title": title, "language": "ko", "id_digits": 8, "items": items})
    exam = Exam(made["id"], items, pupils, [])
    site.wait(site.upload("PUT", exam.path("roster/"), "file", [("roster.csv", roster(pupils))])["job"])
    return replace(exam, layout=site.get(exam.path("layout/"))["pages"])


def roster(pupils: Sequence[Pupil]) -> bytes:
    out = io.StringIO()
    rows = [["학번", "이름", "반"]] + [[pupil.number, pupil.name, "1반"] for pupil in pupils]
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def printed(site: Site, exam: Exam, query: str) -> Iterator[Picture]:
    """The pages of the sheets as a printer leaves them."""
    document = pypdfium2.PdfDocument(site.fetch(exam.path(f"sheet.pdf?{query}")))
    for page in document:
        yield np.array(page.render(scale=DPI / 72).to_pil().convert("RGB"))


def filled(site: Site, exam: Exam, query: str, write: Writer, rng: np.random.Generator) -> Iterator[Picture]:
    """The sheets after the exam, pupil by pupil, each with its pages."""
    for index, picture in enumerate(printed(site, exam, query)):
        pupil, page = divmod(index, len(exam.layout))
        fill_page(Page(picture, DPI / MM_PER_INCH), exam.layout[page], exam.pupils[pupil], write, rng)
        yield picture


def captured(pictures: Iterator[Picture], capture: Capture, rng: np.random.Generator) -> list[File]:
    """The pictures as the files of an upload: photos one by one, scans as one PDF."""
    taken = [capture(picture, rng) for picture in pictures]
    photos = [one for one in taken if isinstance(one, bytes)]
    if photos:
        return [(f"IMG_{2000 + index}.jpg", photo) for index, photo in enumerate(photos)]
    return [("scans.pdf", camera.save_pdf([one for one in taken if isinstance(one, Image.Image)]))]


def upload(site: Site, exam: Exam, files: Sequence[File]) -> dict[str, Any]:
    """Start the reading; the answer carries the job."""
    return site.upload("POST", exam.path("scans/"), "files[]", files)


def read_papers(site: Site, exam: Exam, scan: dict[str, Any]) -> list[dict[str, Any] | None]:
    """For each sheet in the order of the upload its paper with all answers; None where it was turned away."""
    site.wait(scan["job"])
    pages = site.get(f"/api/scans/{scan['id']}/")["pages"]
    for page in pages:
        if page["status"] == "rejected":
            print(f"  page {page['page']} was turned away: {page['reason']}")
    firsts = sorted(pages, key=lambda page: page["page"])[:: len(exam.layout)]
    return [site.get(f"/api/papers/{page['paper']}/") if page["paper"] else None for page in firsts]
