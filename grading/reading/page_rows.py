"""Rows of pages: as a reading has them, which are alike, and out of or into another paper."""

from collections.abc import Iterable

from grading.models import AGAIN, Answer, PageCells, Paper, Scan, ScanPage
from grading.reading.cells import PageReading, as_list

REJECTED, REVIEW, READ = ScanPage.Status.REJECTED, ScanPage.Status.REVIEW, ScanPage.Status.READ
PRINT, HAND = ScanPage.Placed.PRINT, ScanPage.Placed.HAND


def pages_like(papers: Iterable[Paper], row: ScanPage) -> Iterable[ScanPage]:
    """The same page of the sheet in other papers."""
    for paper in papers:
        yield from paper.pages.filed().filter(sheet_page=row.sheet_page)


def take_out(page: ScanPage, reason: str = "replaced") -> None:
    """Of its paper: another page takes its place, or a person said so. It can be given another one."""
    page.answers.all().delete()
    page.paper, page.status, page.reason, page.placed = None, REJECTED, reason, PRINT
    if page.image == page.scan.image_name(page.page, page.part, AGAIN):
        page.image = page.scan.image_name(page.page, page.part)  # as it came: its corners can be set anew
        PageCells.objects.filter(page=page).delete()
    page.save()


def scan_page(scan: Scan, reading: PageReading) -> ScanPage:
    return ScanPage(
        scan=scan,
        page=reading.page,
        part=reading.part,
        file_name=reading.file_name,
        file_page=reading.file_page,
        status=REJECTED if reading.is_rejected else READ,
        reason=reading.reason,
        sheet_page=reading.sheet_page or None,
        image=reading.image,
        suggested_number=reading.identity.number[:20],
    )


def page_cells(row: ScanPage, reading: PageReading) -> PageCells:
    items = {str(number): as_list(cells) for number, cells in reading.cells.items()}
    return PageCells(
        page=row,
        items=items,
        identity=reading.channels,
        networks=reading.networks,
        beside=reading.beside,
        looks={str(number): look for number, look in reading.looks.items()},
    )


def move_to(other: Paper, paper: Paper) -> None:
    """All that is there of a paper, also what is in the trash; nothing of it stays."""
    for model in (ScanPage, Answer):
        model.with_trashed.filter(paper=paper).update(paper=other)
    paper.corrections.update(paper=other)
    paper.regrade_requests.update(paper=other)
    paper.delete()
