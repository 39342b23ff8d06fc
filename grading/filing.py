"""File pages into papers: whose is it, is it the second of its kind?

Nothing here is a guess: a page whose student is in doubt becomes a paper of its own, in review. Nothing that is
already there is overwritten.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext_noop

from grading.cell_reading import PageReading, as_list
from grading.models import AGAIN, Answer, Exam, Item, PageAssignment, PageCells, Paper, Scan, ScanPage
from grading.paper_scores import answers_of, items_on, read_items, settle, thresholds_of
from grading.services import log_correction
from grading.sheet.interpret import ItemReading
from jobs.claims import Rejected
from registry.models import ModelVersion

REJECTED, REVIEW, READ = ScanPage.Status.REJECTED, ScanPage.Status.REVIEW, ScanPage.Status.READ
PRINT, HAND = ScanPage.Placed.PRINT, ScanPage.Placed.HAND
HAS_ITS_PLACE = gettext_noop("This page has its place in a paper already.")


def record(scan: Scan, pages: Iterable[PageReading], versions: Sequence[ModelVersion]) -> None:
    """Keep what was read. Call within the job's finishing(): it commits all or nothing."""
    # Two scans of one exam file one after the other
    exam = Exam.objects.select_for_update().get(pk=scan.exam_id)
    scan.readers.set(versions)
    filer = PageFiler(exam, scan, versions)
    for page in pages:
        filer.file(page)
    filer.finish()


def record_assigned(asked: PageAssignment, reading: PageReading, versions: Sequence[ModelVersion]) -> None:
    """Keep what was read of a page as what a person says that it is. Call within the job's finishing().

    Raises Rejected where it has its place by now.
    """
    exam = Exam.objects.select_for_update().get(pk=asked.page.scan.exam_id)
    page = ScanPage.objects.select_for_update().get(pk=asked.page_id)
    if not page.is_rejected:
        raise Rejected(HAS_ITS_PLACE)
    page.scan.readers.add(*versions)
    page.image, page.placed = reading.image, HAND if reading.is_forced else PRINT
    page.sheet_page = asked.sheet_page
    filer = PageFiler(exam, page.scan, page.scan.readers.all())
    cells = page_cells(page, reading)
    cells.save()
    items = filer.items[asked.sheet_page]
    readings = read_items(exam, cells, items, asked.version, filer.thresholds)
    filer.file_as(page, asked.number, asked.version, readings, reading.reason, asked.is_instead)
    log_correction(page.paper, asked.job.owner, "assigned", "", str(page))
    filer.finish()


class PageFiler:
    """Files the pages of one scan."""

    def __init__(self, exam: Exam, scan: Scan, versions: Iterable[ModelVersion]) -> None:
        self.exam, self.scan = exam, scan
        self.thresholds = thresholds_of(versions)
        self.items = {page.number: items_on(exam, page.number) for page in exam.layout.pages}
        self.has_roster = exam.candidates.exists()
        self.touched: set[int] = set()
        self.numbers: set[str] = set()

    def file(self, reading: PageReading) -> None:
        row = scan_page(self.scan, reading)
        row.detail = self.other_exam(reading)
        row.save()
        if not reading.is_rejected:
            cells = page_cells(row, reading)
            cells.save(force_insert=True)
            self.file_read(row, cells, reading)
            row.save()

    def file_read(self, row: ScanPage, cells: PageCells, reading: PageReading) -> None:
        version = reading.code.version if reading.code else 1
        items = self.items[reading.sheet_page]
        readings = read_items(self.exam, cells, items, version, self.thresholds)
        doubt = self.doubt_of(reading)
        number = "" if doubt else reading.identity.number
        held = self.papers_of(number, version)
        if twin := next(
            (page for page in pages_like(held, row) if self.is_same(page, readings, items)), None
        ):
            row.paper, row.reason, row.status = twin.paper, "duplicate_page", REJECTED
            return
        row.paper = self.paper_for(row, held, number, version)
        self.add(row, row.paper, readings, doubts=(doubt, reading.reason))

    def file_as(
        self,
        page: ScanPage,
        number: str,
        version: int,
        readings: Mapping[int, ItemReading],
        doubt: str = "",
        is_instead: bool = False,
    ) -> None:
        """A rejected page as the student's that a person named. A page that they have already stays in their paper,
        and this one is in one of its own, unless it is put in its place."""
        held = self.papers_of(number, version)
        if is_instead and (other := next(iter(pages_like(held, page)), None)):
            take_out(other)
        page.paper, page.detail = self.paper_for(page, held, number, version), ""
        self.add(page, page.paper, readings, doubts=("" if number else "student_missing", doubt))
        page.save()

    def add(
        self, row: ScanPage, paper: Paper, readings: Mapping[int, ItemReading], doubts: Iterable[str]
    ) -> None:
        """To its paper; the row is not saved."""
        codes = [code for code in doubts if code]
        row.reason, row.status = (codes[0], REVIEW) if codes else ("", READ)
        paper.doubts = [*paper.doubts, *(code for code in codes if code not in paper.doubts)]
        paper.save(update_fields=["doubts"])
        Answer.objects.bulk_create(answers_of(row, paper, self.items[row.sheet_page], readings))
        self.touched.add(paper.pk)

    def other_exam(self, reading: PageReading) -> str:
        """The title of the exam that a strange page belongs to, where it is the same teacher's."""
        if reading.reason != "other_exam" or reading.code is None:
            return ""
        own = Exam.objects.for_user(self.exam.owner)
        return own.filter(code=reading.code.exam).values_list("title", flat=True).first() or ""

    def doubt_of(self, reading: PageReading) -> str:
        """Why this page's student is not known; a number shorter than asked for needs a roster that has it."""
        identity = reading.identity
        is_short = not self.has_roster and len(identity.number) < self.exam.id_length
        is_printed = bool(reading.code and reading.code.student)
        return identity.reason or ("student_unreadable" if is_short and not is_printed else "")

    def papers_of(self, number: str, version: int) -> list[Paper]:
        """The papers that already bear this number; those of another version are other papers."""
        self.numbers.add(number)
        return list(self.exam.papers.filter(number=number, version=version).order_by("pk")) if number else []

    def paper_for(self, row: ScanPage, held: Iterable[Paper], number: str, version: int) -> Paper:
        """The student's paper that lacks this page, else a new one."""
        for paper in held:
            if not paper.pages.filed().filter(sheet_page=row.sheet_page).exists():
                return paper
        return Paper.objects.create(exam=self.exam, number=number, version=version)

    def is_same(self, page: ScanPage, readings: Mapping[int, ItemReading], items: Sequence[Item]) -> bool:
        """Whether this page says what another one does: where both are certain, and that is most of it. Of one whose
        answers were typed in nobody can tell."""
        if page.placed == ScanPage.Placed.NOT:
            return False
        thresholds = thresholds_of(page.scan.readers.all())
        others = read_items(self.exam, page.cells, items, page.paper.version, thresholds)
        sure = [number for number, own in readings.items() if not own.reason and not others[number].reason]
        is_enough = 2 * len(sure) >= len(readings)
        return is_enough and all(readings[number].value == others[number].value for number in sure)

    def finish(self) -> None:
        """Scores and reasons, also of papers that got a namesake."""
        self.numbers.discard("")
        papers = list(self.exam.papers.filter(Q(pk__in=self.touched) | Q(number__in=self.numbers)))
        settle(self.exam, papers)
        for paper in papers:
            paper.told_score = paper.score
        Paper.objects.bulk_update([paper for paper in papers if paper.pk in self.touched], ["told_score"])


def pages_like(papers: Iterable[Paper], row: ScanPage) -> Iterable[ScanPage]:
    """The same page of the sheet in other papers."""
    for paper in papers:
        yield from paper.pages.filed().filter(sheet_page=row.sheet_page)


def take_out(page: ScanPage) -> None:
    """Of its paper: another page takes its place. It can be given another one."""
    page.answers.all().delete()
    page.paper, page.status, page.reason, page.placed = None, REJECTED, "replaced", PRINT
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
