"""From a picture of a template's sheet to its answers: the one way that everybody takes."""

from dataclasses import replace
from typing import Protocol

from grading.sheet.decoding import Grey
from grading.sheet.empty_cells import empty_cells, kinds_of
from grading.sheet.ink import weigh
from grading.sheet.interpret import ItemReading, Numbers
from grading.sheet.omrchecker.page import read_sheet
from grading.sheet.omrchecker.reading import read_answers
from grading.sheet.omrchecker.template import Template


class MarksReader(Protocol):
    """The network that judges bubbles: cells and how each looks when empty, both (n, 32, 32) uint8 -> (n, 7)
    probabilities of MARKS; `certain`: from which probability on one may be called certain."""

    certain: float

    def read(self, cells: Grey, references: Grey) -> Numbers: ...


def read_template_sheet(grey: Grey, template: Template, reader: MarksReader) -> dict[str, ItemReading]:
    """What each answer says, by its name, in the order of `template.answers`. Raises NotASheet.

    Where it is not clear which side is up, everything is for a person: the reason of each is then a key of
    `TEMPLATE_PROBLEMS`.
    """
    sheet = read_sheet(grey, template)
    cells = sheet.cells()
    empty = empty_cells(cells, kinds_of(sheet.fields))
    marks = weigh(reader.read(cells, empty), cells, empty)
    readings = read_answers(template, marks, reader.certain)
    return {
        name: replace(reading, reason=reading.reason or sheet.doubt) for name, reading in readings.items()
    }
