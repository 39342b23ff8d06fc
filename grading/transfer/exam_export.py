"""An exam as one file that another site takes in (`grading.transfer.exam_import`): a ZIP of JSON and pictures.

manifest.json                what this is, in which version
exam.json                    title, sheet, items with their key, layouts as they were printed, roster, template
papers/<part>.json           papers with answers and corrections; of who corrected nothing but when
scans.json                   uploads and their pages
cells/<scan>-<part>.json     what the networks said of the pages
scans/<scan>/…               pictures of pages, and the uploads themselves
template/…                   the pictures of a template

Nobody's account is in it. What lies in the trash, and what was released to students, stays behind.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from grading.key.orders import as_places
from grading.models import AGAIN, Exam, PageCells, Paper, Scan, ScanPage
from grading.serializers.exams import ItemSerializer
from uploads.archive import MOST_UNPACKED
from web.zips import ZipStream

FORMAT, VERSION = "nunbit-exam", 1
FIELDS = (
    *("title", "code", "language", "paper", "id_digits", "id_groups", "versions"),
    *("rounding", "is_never_negative", "grades"),
)
PAGE_FIELDS = (
    *("page", "part", "file_name", "file_page", "status", "reason", "detail", "sheet_page", "placed"),
    "suggested_number",
)
CELLS = ("items", "identity", "networks", "beside", "looks")
PAGES_TOGETHER, PAPERS_TOGETHER = 20, 200  # in one file


def check_exportable(exam: Exam) -> None:
    """Raises ValidationError where no site could take it in."""
    if sum(map(default_storage.size, files_of(exam).values())) > MOST_UNPACKED:
        raise ValidationError(_("This exam has more than 1 GB of files: delete scans that it does not need."))


def export_exam(exam: Exam) -> Iterator[bytes]:
    """The file, piece by piece: nothing of it is kept here."""
    archive = ZipStream()
    for name, content in documents(exam):
        yield from archive.add_json(name, content)
    for name, path in files_of(exam).items():
        yield from archive.add_stored(name, path)
    yield from archive.close()


def documents(exam: Exam) -> Iterator[tuple[str, Any]]:
    scans = list(exam.scans.order_by("pk").prefetch_related("readers", "pages"))
    papers = list(exam.papers.order_by("pk").prefetch_related("answers__item", "corrections__item"))
    pages = {
        page.pk: (at, page.page, page.part) for at, scan in enumerate(scans) for page in scan.pages.all()
    }
    yield "manifest.json", {"format": FORMAT, "version": VERSION, "title": exam.title, "papers": len(papers)}
    yield "exam.json", exam_document(exam)
    for start in range(0, len(papers), PAPERS_TOGETHER):
        some = papers[start : start + PAPERS_TOGETHER]
        yield f"papers/{start:06d}.json", [paper_document(paper, pages) for paper in some]
    places = {paper.pk: at for at, paper in enumerate(papers)}
    yield "scans.json", [scan_document(at, scan, places) for at, scan in enumerate(scans)]
    for at, scan in enumerate(scans):
        cells = PageCells.objects.filter(page__scan=scan, page__trashed=None).select_related("page")
        rows, part = cells.order_by("page").iterator(PAGES_TOGETHER), 0
        while some := [cells_document(row) for row in islice(rows, PAGES_TOGETHER)]:
            yield f"cells/{at}-{part:04d}.json", some
            part += 1


def exam_document(exam: Exam) -> dict[str, Any]:
    template = {name: value for name, value in exam.template.items() if name not in ("pictures", "sheet")}
    return {
        "about": {name: getattr(exam, name) for name in FIELDS},
        "items": ItemSerializer(exam.items.all(), many=True).data,
        "rubrics": [{"item": item.number, "rows": item.rubric} for item in exam.items.all() if item.rubric],
        "orders": as_places(exam.orders),
        "layouts": list(exam.layouts.order_by("pk").values("key", "content")),
        "roster": [
            {
                **{name: getattr(one, name) for name in ("number", "name", "class_name", "state")},
                "recognised_score": None if one.recognised_score is None else str(one.recognised_score),
            }
            for one in exam.candidates.all()
        ],
        "template": {**template, "pictures": sorted(exam.template["pictures"])} if exam.template else None,
    }


def paper_document(paper: Paper, pages: dict[int, tuple[int, int, int]]) -> dict[str, Any]:
    corrections = sorted(paper.corrections.all(), key=lambda one: one.pk)
    places = {one.pk: at for at, one in enumerate(corrections)}
    return {
        **{name: getattr(paper, name) for name in ("number", "version", "doubts", "accepted")},
        "answers": [
            {
                "item": answer.item.number,
                "at": pages[answer.page_id],
                **{name: getattr(answer, name) for name in ("value", "confidence", "state", "reason")},
            }
            for answer in paper.answers.all()
        ],
        "corrections": [
            {
                "item": one.item.number if one.item else None,
                **{name: getattr(one, name) for name in ("field", "old", "new")},
                "at": one.at.isoformat(),
                "undoes": places.get(one.undoes_id),
                "pages": [pages[pk] for pk in one.pages if pk in pages],
            }
            for one in corrections
        ],
    }


def scan_document(at: int, scan: Scan, papers: dict[int, int]) -> dict[str, Any]:
    return {
        "created_at": scan.created_at.isoformat(),
        "if_there": scan.if_there,
        "readers": [version.sha256 for version in scan.readers.all()],
        "files": [{name: file[name] for name in file if name != "path"} for file in scan.files],
        "pages": [
            {
                **{name: getattr(page, name) for name in PAGE_FIELDS},
                "paper": papers.get(page.paper_id),
                "kept": kept_as(page, scan),
            }
            for page in scan.pages.all()
        ],
    }


def cells_document(row: PageCells) -> dict[str, Any]:
    return {"page": row.page.page, "part": row.page.part, **{name: getattr(row, name) for name in CELLS}}


def kept_as(page: ScanPage, scan: Scan) -> str:
    """Which of its pictures is shown; "" where there is none."""
    if not page.image:
        return ""
    return AGAIN if page.image == scan.image_name(page.page, page.part, AGAIN) else "page"


def picture_name(scan: int, page: int, part: int, kept: str) -> str:
    """In the file."""
    return f"scans/{scan}/{kept}-{page:04d}-{part}.jpg"


def upload_name(scan: int, place: int) -> str:
    """In the file."""
    return f"scans/{scan}/upload-{place:04d}"


def files_of(exam: Exam) -> dict[str, str]:
    """Names in the file → in the storage."""
    found = {}
    for at, scan in enumerate(exam.scans.order_by("pk").prefetch_related("pages")):
        for place, file in enumerate(scan.files):
            found[upload_name(at, place)] = file.get("path", "")
        for page in scan.pages.all():
            found[picture_name(at, page.page, page.part, "page")] = scan.image_name(page.page, page.part)
            kept = kept_as(page, scan)
            if kept:
                found[picture_name(at, page.page, page.part, kept)] = page.image
    for place, (_name, path) in enumerate(sorted(exam.template.get("pictures", {}).items())):
        found[f"template/{place:02d}"] = path
    if exam.template.get("sheet"):
        found["template/sheet.jpg"] = exam.template["sheet"]
    return {name: path for name, path in found.items() if path and default_storage.exists(path)}
