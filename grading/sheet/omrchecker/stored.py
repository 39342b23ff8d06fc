"""A template as a site keeps it: template.json as JSON, and beside it the pictures that it names.

The files of an upload are opened by a child (`open_template`); what comes back holds no pixels. Whoever reads a page
unpacks the pictures again (`TemplateForm`), in a child, too.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from grading.sheet.boxes import Page
from grading.sheet.code import NotASheet
from grading.sheet.cutting import CutPage, PageClaim, page_jpeg
from grading.sheet.decoding import Grey
from grading.sheet.layout import Layout, fingerprint_of
from grading.sheet.markers import Points
from grading.sheet.omrchecker.folder import UploadedFolder, unpack_uploads
from grading.sheet.omrchecker.items import student_answer
from grading.sheet.omrchecker.page import TemplateSheet, read_sheet, sheet_by_corners
from grading.sheet.omrchecker.picture import ScaledPicture
from grading.sheet.omrchecker.placing import likely_placings
from grading.sheet.omrchecker.template import Template
from grading.sheet.omrchecker.template_reading import PICTURES, WHERE, read_template, template_in
from grading.sheet.omrchecker.values import read_json
from grading.sheet.scan import PX_PER_MM
from grading.sheet.visibility import visible_cells

STUDENT = "id"  # the item that says whose sheet it is, as on our own sheets


@dataclass(frozen=True, eq=False)
class OpenedTemplate:
    """What an upload holds: `values` of template.json, `pictures` by the names that stand there. The pictures of
    `template` are left out; a key that is on a picture was not read."""

    values: dict[str, Any]
    pictures: dict[str, bytes]
    template: Template
    has_key_picture: bool


def open_template(uploads: Sequence[tuple[str, bytes]]) -> OpenedTemplate:
    """In a child. Raises WrongTemplate and BadFile."""
    files = unpack_uploads(uploads)
    template = read_template(files)
    folder = folder_of(files)
    names = [step.options[PICTURES[step.name]] for step in template.steps if step.name in PICTURES]
    return OpenedTemplate(
        read_json(folder.data(WHERE), WHERE),
        {name: folder.data(name) for name in names},
        replace(template, steps=(), key_picture=None),
        template.key_picture is not None,
    )


def folder_of(files: Mapping[str, bytes]) -> UploadedFolder:
    """That of the outermost template.json, as `read_template` chooses it."""
    named = {PurePosixPath(name.replace("\\", "/")): data for name, data in files.items()}
    paths = sorted((path for path in named if path.name == WHERE), key=lambda path: (len(path.parts), path))
    return UploadedFolder(named, paths[0].parent)


class NoPictures(UploadedFolder):
    """For what asks for places and names only: pictures are opened by children alone."""

    def picture(self, name: str) -> Grey:
        return np.zeros((1, 1), np.uint8)


def without_pictures(values: Mapping[str, Any]) -> Template:
    """The template of these values. Raises WrongTemplate."""
    folder = NoPictures({PurePosixPath(WHERE): json.dumps(values).encode()}, PurePosixPath("."))
    return template_in(folder, folder, folder)


def layout_of(template: Template) -> Layout:
    """Where the boxes are, in mm of the form, under the numbers of `items_of`; the student number is item "id"."""
    student = student_answer(template)
    number = template.answers.index(student) + 1 if student else 0
    fields = tuple(
        replace(field, item=STUDENT) if field.item == number else field for field in template.form.fields
    )
    pages: tuple[Page, ...] = (replace(template.form, fields=fields),)
    return Layout("", pages, fingerprint_of("", pages))


@dataclass(frozen=True, eq=False)
class TemplateForm:
    """What must be known to read the pages of an exam that has a template: its files."""

    files: Mapping[str, bytes]

    @cached_property
    def template(self) -> Template:
        return read_template(self.files)

    def cut(self, grey: Grey, claim: PageClaim) -> CutPage:
        sheet = read_sheet(grey, self.template)
        claim.number = 1
        return self._cut(sheet, 1, sheet.doubt or ("faint_print" if sheet.unseen else ""))

    def cut_as(self, grey: Grey, number: int, corners: Points | None) -> CutPage:
        if corners is None:
            return self.cut(grey, PageClaim())
        return self._cut(sheet_by_corners(grey, self.template, corners), number, is_forced=True)

    def _cut(self, sheet: TemplateSheet, number: int, doubt: str = "", is_forced: bool = False) -> CutPage:
        cells = sheet.cells()
        seen, beside = {"marks": visible_cells(cells)}, sheet.beside(self.template)
        image = page_jpeg(sheet.page)
        return CutPage(doubt, False, None, number, image, {"marks": cells}, seen, is_forced, beside)


class PlacedForm(TemplateForm):
    """Pages as they lie before any bubble is looked for closely: over them people see where the template is off."""

    def cut(self, grey: Grey, claim: PageClaim) -> CutPage:
        picture, form = ScaledPicture(grey), self.template.form
        placings = next(likely_placings(picture, self.template))
        if not placings:
            raise NotASheet("not_this_form")
        page = picture.evened(placings[0].matrix, (form.width, form.height), PX_PER_MM)
        return CutPage("", False, None, 1, page_jpeg(page))
