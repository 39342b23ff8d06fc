"""File pages into papers: whose is it, is it the second of its kind?

Nothing here is a guess: a page whose student is in doubt becomes a paper of its own, in review. Nothing that is
already there is overwritten, unless who uploaded the scan said so. A scan that is read again finds the rows of its
pages (`grading.reading.again`).
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext_noop

from grading.models import (
    Answer,
    Exam,
    IfThere,
    Item,
    PageAssignment,
    PageCells,
    Paper,
    Scan,
    ScanPage,
)
from grading.papers.corrections import log_correction, put
from grading.papers.scores import answers_of, items_on, put_reading, read_items, settle, thresholds_of
from grading.reading.again import doubts_of, is_known_by_hand
from grading.reading.cells import PageReading
from grading.reading.page_rows import (
    HAND,
    PRINT,
    READ,
    REJECTED,
    REVIEW,
    move_to,
    page_cells,
    pages_like,
    scan_page,
    take_out,
)
from grading.sheet.interpret import ItemReading
from jobs.claims import Rejected
from registry.models import ModelVersion

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
    log_correction(page.paper, asked.job.owner, "assigned", "", str(page), pages=[page.pk])
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
        # Of a reading before this one: the sheets of each page
        self.before: dict[int, dict[int, ScanPage]] = {}
        for row in ScanPage.with_trashed.filter(scan=scan).select_related("paper"):
            self.before.setdefault(row.page, {})[row.part] = row

    def file(self, reading: PageReading) -> None:
        before = self.before.get(reading.page, {})
        row = before.get(reading.part)
        if row is None:
            if self.makes_way(before, reading):
                self.file_new(scan_page(self.scan, reading), reading)
        elif not row.trashed_id and row.placed == PRINT:
            self.file_again(row, reading)

    def makes_way(self, before: dict[int, ScanPage], reading: PageReading) -> bool:
        """Whether a sheet is filed that no row is of: what was one picture may be several sheets now, or the other way
        around, unless a paper has it already."""
        if reading.part and 0 not in before:
            return True
        if not all(one.is_rejected for one in before.values()):
            return False
        for one in before.values():
            if not one.trashed_id:
                one.delete()
        before.clear()
        return True

    def file_new(self, row: ScanPage, reading: PageReading) -> None:
        """row: as the reading has it, unsaved or one that was rejected before."""
        row.detail = self.other_exam(reading)
        row.save()
        if not reading.is_rejected:
            cells = page_cells(row, reading)
            cells.save()
            self.file_read(row, cells, reading)
            row.save()

    def file_again(self, row: ScanPage, reading: PageReading) -> None:
        """A row that is there. One whose place another page took waits for a person."""
        if row.is_rejected and row.reason != "replaced":
            fresh = scan_page(self.scan, reading)
            fresh.pk, fresh._state.adding = row.pk, False
            self.file_new(fresh, reading)
        elif not row.is_rejected and not reading.is_rejected:
            self.read_again(row, reading)

    def read_again(self, row: ScanPage, reading: PageReading) -> None:
        """One that is in a paper, which it leaves where it turns out to be another student's."""
        paper, version = row.paper, reading.code.version if reading.code else 1
        doubt = self.doubt_of(reading)
        number, is_by_hand = "" if doubt else reading.identity.number, is_known_by_hand(paper)
        is_same = is_by_hand or (number, version) == (paper.number, paper.version)
        if reading.sheet_page != row.sheet_page and is_by_hand:
            return
        cells = page_cells(row, reading)
        cells.save()
        row.image = reading.image
        if is_same and reading.sheet_page == row.sheet_page:
            codes = [] if is_by_hand else [doubt, reading.reason]
            self.put_again(row, cells, codes)
        else:
            self.move(row, cells, reading)

    def put_again(self, row: ScanPage, cells: PageCells, codes: Sequence[str]) -> None:
        """What its cells say now; what was corrected by hand stays."""
        paper, items = row.paper, self.items[row.sheet_page]
        readings = read_items(self.exam, cells, items, paper.version, self.thresholds)
        there = {answer.item_id: answer for answer in row.answers.select_related("item")}
        for answer in there.values():
            if answer.state != Answer.State.CORRECTED:
                answer.paper = paper
                put_reading(answer, row, readings[answer.item.number]).save()
        new = [item for item in items if item.pk not in there]
        Answer.objects.bulk_create(answers_of(row, paper, new, readings))
        paper.doubts = doubts_of(paper, row, codes)
        paper.save(update_fields=["doubts"])
        row.reason = next(filter(None, codes), "")
        row.status = REVIEW if row.reason else READ
        row.save()
        self.touched.add(paper.pk)

    def move(self, row: ScanPage, cells: PageCells, reading: PageReading) -> None:
        """To the student whose it turns out to be, with what was corrected on it."""
        old = row.paper
        corrected = dict(row.answers.filter(state=Answer.State.CORRECTED).values_list("item", "value"))
        row.answers.all().delete()
        row.paper, row.sheet_page = None, reading.sheet_page
        row.save()
        self.file_read(row, cells, reading)
        row.save()
        for answer in row.answers.filter(item__in=corrected).select_related("item"):
            answer.paper = row.paper
            put(answer, corrected[answer.item_id])  # worth what the key of its version says
            answer.save()
        self.numbers.add(old.number)
        if ScanPage.with_trashed.filter(paper=old).exists():
            self.touched.add(old.pk)
        else:
            self.touched.discard(old.pk)
            move_to(row.paper, old)

    def file_read(self, row: ScanPage, cells: PageCells, reading: PageReading) -> None:
        version = reading.code.version if reading.code else 1
        items = self.items[reading.sheet_page]
        readings = read_items(self.exam, cells, items, version, self.thresholds)
        doubt = self.doubt_of(reading)
        number = "" if doubt else reading.identity.number
        held = self.papers_of(number, version)
        alike = list(pages_like(held, row))
        others = [page for page in alike if page.scan_id != self.scan.pk] if self.scan.if_there else []
        if twin := next(
            (page for page in alike if page not in others and self.is_same(page, readings, items)), None
        ):
            row.paper, row.reason, row.status = twin.paper, "duplicate_page", REJECTED
            return
        if others and self.scan.if_there == IfThere.REPLACE:
            take_out(others[0])
            row.instead_of = others[0]
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
            page.instead_of = other
        page.paper, page.detail = self.paper_for(page, held, number, version), ""
        self.add(page, page.paper, readings, doubts=(*self.exam.doubts_of_number(number), doubt))
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
