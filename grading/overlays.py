"""Where readings stand on the picture of a page, in per cent of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from grading.models import Answer, Paper, ScanPage
from grading.page_images import around, boxes_of


@dataclass(frozen=True)
class Place:
    """A reading on a page."""

    answer: Answer
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Overlay:
    page: ScanPage
    ratio: float  # height by width
    places: list[Place]


def overlays_of(paper: Paper, answers: Iterable[Answer]) -> list[Overlay]:
    """The pages of a paper in order, each with the places of its readings."""
    answers = list(answers)
    pages = paper.pages.filed().select_related("scan__exam").order_by("sheet_page")
    return [overlay_of(page, [answer for answer in answers if answer.page_id == page.pk]) for page in pages]


def overlay_of(page: ScanPage, answers: Iterable[Answer]) -> Overlay:
    form = page.scan.exam.layout.pages[page.sheet_page - 1]
    places = []
    for answer in answers:
        x, y, width, height = around(boxes_of(page, answer.item.number))
        size = (100 / form.width, 100 / form.height)
        places.append(Place(answer, x * size[0], y * size[1], width * size[0], height * size[1]))
    return Overlay(page, form.height / form.width, places)
