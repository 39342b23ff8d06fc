"""A key that nobody typed: the right answers are what is marked on a picture of a filled sheet."""

from collections.abc import Mapping
from dataclasses import replace

from grading.sheet.code import NotASheet
from grading.sheet.interpret import ItemReading
from grading.sheet.marks import MarksReader
from grading.sheet.omrchecker.key import KeyPicture
from grading.sheet.omrchecker.problems import WrongTemplate
from grading.sheet.omrchecker.sheet import read_template_sheet
from grading.sheet.omrchecker.template import Template


def with_key(template: Template, reader: MarksReader) -> Template:
    """The template with the key of its `key_picture`, where it has one. Raises WrongTemplate: what is in doubt there is
    no key."""
    picture = template.key_picture
    if picture is None:
        return template
    try:
        readings = read_template_sheet(picture.grey, template, reader)
    except NotASheet as problem:
        raise WrongTemplate("key_not_read", picture.name) from problem
    return replace(
        template,
        key=tuple(
            picture.schemes.item(name, _right_answer(name, readings[name]))
            for name in _questions(picture, readings)
        ),
    )


def _questions(picture: KeyPicture, readings: Mapping[str, ItemReading]) -> list[str]:
    """In the order of the answers where the key names none: then all that are marked, or may be."""
    marked = [name for name, reading in readings.items() if reading.value or reading.reason]
    return list(picture.questions) or marked


def _right_answer(name: str, reading: ItemReading) -> str:
    if reading.reason:
        raise WrongTemplate("key_in_doubt", name)
    if not reading.value:
        raise WrongTemplate("key_unmarked", name)
    return reading.value
