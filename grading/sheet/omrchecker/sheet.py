"""From a picture of a template's sheet to its answers: the one way that everybody takes."""

from dataclasses import replace

from grading.sheet.decoding import Grey
from grading.sheet.interpret import ItemReading, with_beside
from grading.sheet.marks import MarksReader, read_marks
from grading.sheet.omrchecker.page import read_sheet
from grading.sheet.omrchecker.reading import read_answers
from grading.sheet.omrchecker.template import Template


def read_template_sheet(grey: Grey, template: Template, reader: MarksReader) -> dict[str, ItemReading]:
    """What each answer says, by its name, in the order of `template.answers`. Raises NotASheet.

    Where it is not clear which side is up, everything is for a person, and what was not found in print: the reason is
    then a key of `TEMPLATE_PROBLEMS`.
    """
    sheet = read_sheet(grey, template)
    marks = read_marks(reader, sheet.cells(), sheet.fields)
    readings = read_answers(template, marks, reader.certain)
    beside = {template.answers[number - 1].name for number in sheet.beside(template)}
    readings = {name: with_beside(reading, name in beside) for name, reading in readings.items()}
    unseen = {template.answers[number - 1].name for number in sheet.unseen}
    doubts = {name: sheet.doubt or ("faint_print" if name in unseen else "") for name in readings}
    return {
        name: replace(reading, reason=reading.reason or doubts[name]) for name, reading in readings.items()
    }
