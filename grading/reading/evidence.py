"""Why something was read as it was: the cells of an item as they are on the page, beside what is typical there, and
what each reader said of them.

Worked out when somebody asks, from the kept picture of the page and from its row; no network runs. That picture is a
JPEG, so that ink may differ a little from what was measured when the page was read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from grading.models import Answer, Correction, ItemKind, Paper, ScanPage
from grading.papers.scores import thresholds_of
from grading.reading.cell_evidence import CellEvidence, cells_of, cells_row
from grading.reading.cells import Numbers
from grading.reading.page_images import first_page
from grading.reasons import reason_text
from grading.sheet.identity import BLANK, OPEN, SURE, Channel, bubbled, handwritten, place_of
from grading.sheet.ink import DARK, FAINT
from grading.sheet.interpret import Thresholds

STATES = {SURE: "sure", BLANK: "blank", OPEN: "open"}


@dataclass(frozen=True)
class PlaceEvidence:
    """One digit of a student number: what each channel says, as (state, digit), and what that comes to."""

    place: int
    printed: str
    bubbled: tuple[str, str]
    handwritten: tuple[str, str]
    digit: str
    reason: str


@dataclass(frozen=True)
class Evidence:
    """`rule`: what decided, in a sentence. `is_whole`: whether what the networks said alone was kept."""

    rule: str
    cells: list[CellEvidence]
    places: list[PlaceEvidence] = field(default_factory=list)
    faint: float = FAINT
    mark: float = DARK

    @property
    def limits(self) -> tuple[float, float]:
        """In per cent."""
        return 100 * self.faint, 100 * self.mark

    @property
    def is_whole(self) -> bool:
        return all(cell.network for cell in self.cells)

    @property
    def has_ink(self) -> bool:
        """What is written in boxes is not told by how dark it is."""
        return any(cell.ink is not None for cell in self.cells)

    @property
    def has_pictures(self) -> bool:
        return all(cell.picture for cell in self.cells)


def evidence_of_answer(answer: Answer) -> Evidence:
    """Of one that was found `with_page`."""
    return Evidence(rule_of(answer), cells_of(answer.page, answer.item.number))


def evidence_of_student(paper: Paper) -> Evidence:
    page = first_page(paper)
    if page is None:
        return Evidence(_("No page of this paper is there."), [])
    prefetch_related_objects([page], "scan__readers")
    return Evidence(rule_of_student(paper, page), cells_of(page, "id"), places_of(page))


# --- what decided


def rule_of(answer: Answer) -> str:
    """Which rule decided, in one sentence."""
    if answer.state == Answer.State.CORRECTED:
        return corrected_by(answer.paper.corrections.standing().filter(item=answer.item).first())
    if answer.reason:
        return reason_text(answer.reason)
    if answer.item.kind not in (ItemKind.CHOICE, ItemKind.OX):
        return _("Every place can be read with certainty.") if answer.value else _("Nothing is written here.")
    if not answer.value:
        return _("Nothing is marked here.")
    return _("Several marks, as asked for.") if "," in answer.value else _("One mark, and nothing else.")


def rule_of_student(paper: Paper, page: ScanPage) -> str:
    correction = paper.corrections.standing().filter(item=None, field="student").first()
    if correction:
        return corrected_by(correction)
    if page.reason:
        return reason_text(page.reason)
    if cells_row(page).identity.get("printed"):
        return _("The number is printed on the sheet, and nothing that was marked or written says otherwise.")
    return _("Nothing that was marked or written contradicts this number.")


def corrected_by(correction: Correction | None) -> str:
    if correction is None:
        return _("A person put it right.")
    words = {"who": correction.by or "?", "old": correction.old or "–", "new": correction.new or "–"}
    return _("%(who)s put it right: “%(old)s” became “%(new)s”.") % words


# --- the student number


def places_of(page: ScanPage) -> list[PlaceEvidence]:
    """Of a number on sheets of our own, digit by digit."""
    identity = cells_row(page).identity
    if page.scan.exam.template or not identity.get("bubbled") or not identity.get("handwritten"):
        return []
    thresholds = thresholds_of(page.scan.readers.all())
    channels = channels_of(identity, thresholds)
    printed = identity.get("printed", "")
    found = []
    for place in range(len(channels[0].states)):
        says = place_of(place, *channels)
        first, second = (said_by(channel, place) for channel in channels)
        given = printed[place : place + 1]
        found.append(
            PlaceEvidence(place + 1, given, first, second, given or says.digit, reason_text(says.reason))
        )
    return found


def channels_of(identity: Mapping[str, Any], thresholds: Thresholds) -> tuple[Channel, Channel]:
    columns: Numbers = np.array(identity["bubbled"], np.float32)
    boxes: Numbers = np.array(identity["handwritten"], np.float32)
    return bubbled(columns, thresholds.marks), handwritten(boxes, thresholds.numerals)


def said_by(channel: Channel, place: int) -> tuple[str, str]:
    state = channel.states[place]
    return STATES[state], "" if state == BLANK else str(channel.digits[place])
