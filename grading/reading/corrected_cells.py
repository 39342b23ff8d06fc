"""The cells of what people corrected or confirmed, of exams that may be learned from: examples for the networks that
read cells.

Nothing is copied. They are cut from the kept pages when a network is trained, so that they are what the last correction
says, and go with the page, the exam and the exam's consent.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from grading.models import Answer, Exam, Paper, ScanPage
from grading.reading.page_images import kept_sheet
from grading.sheet.boxes import Field
from grading.sheet.corrected import labels_of_item
from grading.sheet.cutting import NETWORK_OF, SIDES, Cells, fields_read
from grading.sheet.empty_cells import UNKNOWN, empty_cells, kinds_of
from grading.sheet.ink import STILL, strokes
from grading.sheet.scan import are_visible, cut_cells
from grading.sheet.spec import ITEMS_OF
from registry.trainings import HELD_OUT

Examples = list[tuple[Cells, str]]
Corrected = tuple[Cells, list[str], list[bool], int]


def corrected_cells(network: str) -> Corrected:
    """Cells as the network gets them, (n, side, side), of marks (n, 2, side, side) with how each looks when empty; the
    class of each; whether it is held out, by who wrote it; how many corrections they are of."""
    pictures, labels, is_held_out, count = [], [], [], 0
    for answer, examples in corrected_answers(network):
        pictures += [picture for picture, _label in examples]
        labels += [label for _picture, label in examples]
        is_held_out += [is_of_held_out(answer.paper)] * len(examples)
        count += bool(examples)
    side = SIDES[network]
    shape = (-1, 2, side, side) if network == "marks" else (-1, side, side)
    return np.array(pictures, np.uint8).reshape(shape), labels, is_held_out, count


corrected_marks = partial(corrected_cells, "marks")
corrected_numerals = partial(corrected_cells, "numerals")
corrected_letters = partial(corrected_cells, "letters")


def is_of_held_out(paper: Paper) -> bool:
    """Always the same students, whatever they write: by who they are, else by their number, else by the paper."""
    if paper.candidate:
        writer = f"student {paper.candidate.enrollment.student_id}"
    else:
        writer = f"number {paper.exam.owner_id} {paper.number}" if paper.number else f"paper {paper.pk}"
    return crc32(writer.encode()) % HELD_OUT == 0


def corrected_answers(network: str) -> Iterator[tuple[Answer, Examples]]:
    """In an order that stays."""
    for exam in Exam.objects.filter(is_learned_from=True).order_by("pk"):
        answers = Answer.objects.filter(
            paper__exam=exam,
            state=Answer.State.CORRECTED,
            item__kind__in=ITEMS_OF[network],
            page__cells__isnull=False,
            page__placed=ScanPage.Placed.PRINT,
        )
        if exam.template:  # its blocks may have been moved since a page was read
            answers = answers.filter(page__scan__created_at__gte=exam.layouts.latest("created_at").created_at)
        related = "item", "paper__exam", "paper__candidate__enrollment", "page__cells", "page__scan__exam"
        rows = answers.select_related(*related).order_by("page_id", "item__number")
        for page, own in groupby(rows.iterator(), key=lambda answer: answer.page):
            with suppress(OSError):  # of a picture that is lost
                cut = CutAgain.from_page(exam, page, network)
                for answer in own:
                    yield answer, cut.examples_of(answer)


@dataclass(frozen=True, eq=False)
class CutAgain:
    """What one network reads of a page; all but the fields by cell, in their order."""

    fields: tuple[Field, ...]
    inputs: Cells
    has_ink: NDArray[np.bool_]
    is_seen: NDArray[np.bool_]

    @classmethod
    def from_page(cls, exam: Exam, page: ScanPage, network: str) -> Self:
        """Raises OSError where its picture is gone."""
        layout = exam.layout.pages[page.sheet_page - 1]
        fields = tuple(box for box in fields_read(layout) if NETWORK_OF[box.kind] == network)
        sheet, printed = kept_sheet(page, fields)
        cells = cut_cells(sheet, printed, SIDES[network])
        is_seen = are_visible(cells)
        if network != "marks":
            return cls(fields, cells, is_seen, is_seen)
        empty = empty_cells(cells, kinds_of(fields))
        has_ink = (strokes(cells, empty) > STILL) & (empty.min(axis=(1, 2)) < UNKNOWN)
        return cls(fields, np.stack([cells, empty], 1), has_ink, is_seen)

    def examples_of(self, answer: Answer) -> Examples:
        """Nothing where the boxes are no longer those that were read."""
        places = [place for place, box in enumerate(self.fields) if box.item == answer.item.number]
        rows = np.array(answer.page.cells.items.get(str(answer.item.number), []), np.float32)
        if not places or len(rows) != len(places):
            return []
        fields = [self.fields[place] for place in places]
        labels = labels_of_item(answer.item.kind, answer.value, fields, rows, self.has_ink[places])
        return [
            (self.inputs[place], label)
            for place, label in zip(places, labels, strict=True)
            if label and self.is_seen[place]
        ]
