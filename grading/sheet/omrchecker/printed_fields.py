"""The boxes of a page's bubbles as they are printed, and the blocks whose print is not to be seen."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from grading.sheet.boxes import Field, Page
from grading.sheet.decoding import Grey
from grading.sheet.markers import Points
from grading.sheet.omrchecker.bubble_grid import centres_of
from grading.sheet.omrchecker.bubble_print import print_of, printed_places
from grading.sheet.omrchecker.template import Template
from grading.sheet.rectification import downscale
from grading.sheet.registration import SCALE, Registration
from grading.sheet.scan import PX_PER_MM

FEW = 6  # bubbles of a block that say by how much it is off
MOST_ALIKE = 0.5  # of a block's bubbles that look as most do: it is where it should be
BESIDE = 3.0  # mm around a block that still is the block


def printed_fields(page: Grey, template: Template) -> tuple[tuple[Field, ...], int, NDArray[np.bool_]]:
    """The fields with the boxes of their bubbles as printed, how many of these are not there at all, and which look as
    most do.

    Those whose boxes are alike are printed alike. Those of a block are off together: templates are written by hand.
    """
    form = template.form
    boxes, is_there = np.array([field.box for field in form.fields]), np.zeros(len(form.fields), np.bool_)
    small, kinds = downscale(page, PX_PER_MM // SCALE), alike(form)
    for places in kinds:
        printed = print_of(page, boxes[places], PX_PER_MM)
        centres, sizes = centres_of(boxes[places]), boxes[places, 2:] * [printed.wide, printed.high]
        boxes[places] = np.hstack([centres + printed.off - sizes / 2, sizes])
    for _ in range(2):  # the second time blocks lie on each other
        offs = np.zeros((len(boxes), 2))
        for places in kinds:
            offs[places], is_there[places] = printed_places(small, boxes[places], SCALE)
        boxes[:, :2] += _together(offs, template)
    fields = (replace(field, box=tuple(box)) for field, box in zip(form.fields, boxes.tolist(), strict=True))
    return tuple(fields), int((~is_there).sum()), ~np.isnan(offs[:, 0])


def _together(offs: Points, template: Template) -> Points:
    """The median of each block; none where too few are seen."""
    blocks = blocks_of(template)
    moved = np.zeros_like(offs)
    for block in np.unique(blocks):
        seen = offs[(blocks == block) & ~np.isnan(offs[:, 0])]
        if len(seen) >= FEW:
            moved[blocks == block] = np.median(seen, axis=0)
    return moved


def alike(form: Page) -> list[NDArray[np.int64]]:
    """Places of the fields whose boxes have the same width and height."""
    sizes = np.array([field.box[2:] for field in form.fields])
    return [np.flatnonzero((sizes == size).all(axis=1)) for size in np.unique(sizes, axis=0)]


def unseen_blocks(
    registration: Registration, is_like: NDArray[np.bool_], template: Template
) -> list[list[Field]]:
    """Those in which no print was found, neither in patches nor in most bubbles: they may be off by themselves, since
    templates are written by hand."""
    blocks, centres = blocks_of(template), centres_of(field.box for field in template.form.fields)
    unseen = []
    for block in np.unique(blocks):
        mine = np.flatnonzero(blocks == block)
        low, high = centres[mine].min(axis=0) - BESIDE, centres[mine].max(axis=0) + BESIDE
        is_found = ((registration.places >= low) & (registration.places <= high)).all(axis=1).any()
        if not is_found and is_like[mine].mean() < MOST_ALIKE:
            unseen.append([template.form.fields[place] for place in mine])
    return unseen


def blocks_of(template: Template) -> NDArray[np.str_]:
    """The name of each bubble's block."""
    return np.array(
        [field.block for answer in template.answers for field in answer.fields for _ in field.bubbles]
    )
