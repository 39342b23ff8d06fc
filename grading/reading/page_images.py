"""Pictures of papers for people: a page, the crop of an item, a page with its readings drawn on it."""

import io
from collections.abc import Iterable, Sequence

import numpy as np
from django.core.files.base import File
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

from grading.models import Answer, Paper, ScanPage
from grading.sheet.boxes import Box, Field
from grading.sheet.markers import Placement
from grading.sheet.omrchecker.printed_fields import printed_fields
from grading.sheet.pen import BOLD, FONTS
from grading.sheet.scan import PX_PER_MM, Sheet

HEAD = 0.2  # of a page
MARGIN = 2.5  # mm around an item's boxes
SURROUNDINGS = 14.0  # mm, where what is beside them matters, too
COLOURS = {"certain": (22, 128, 60), "review": (205, 95, 0), "corrected": (37, 99, 235)}


SMALL = 320  # px of the longer side of a picture in a list


def open_page_image(page: ScanPage, side: int = 0) -> Image.Image:
    """side: px that the longer side has at least, where the picture need not be as sharp as it is. Raises
    FileNotFoundError."""
    with open_file(page) as file:
        picture = Image.open(file)
        if side:
            picture.draft("L", (side, side))
        picture.load()
    return picture


def kept_sheet(page: ScanPage, fields: Sequence[Field]) -> tuple[Sheet, Sequence[Field]]:
    """The kept picture as the sheet that it was straightened to, and these fields where they are printed on it.
    Raises OSError."""
    grey, exam = np.asarray(open_page_image(page).convert("L")), page.scan.exam
    sheet = Sheet(grey, None, Placement("", np.eye(3), {}, 0.0), None)
    return sheet, printed_fields(grey, exam.read_by)[0] if exam.template else fields


def open_file(page: ScanPage) -> File:
    """Raises FileNotFoundError where there is no picture of it."""
    if not page.image:
        raise FileNotFoundError(str(page))
    return default_storage.open(page.image)


def boxes_of(page: ScanPage, item: int | str) -> list[Field]:
    """Where an item is on its page: the fields that are read."""
    form = page.scan.exam.layout.pages[page.sheet_page - 1]
    return [field for field in form.fields if field.item == item and field.kind != "text"]


def around(fields: Iterable[Field], margin: float = MARGIN) -> Box:
    """The box around all of these in mm, with a margin."""
    boxes = [field.box for field in fields]
    left, top = min(box[0] for box in boxes) - margin, min(box[1] for box in boxes) - margin
    right, bottom = (
        max(x + w for x, _y, w, _h in boxes) + margin,
        max(y + h for _x, y, _w, h in boxes) + margin,
    )
    return left, top, right - left, bottom - top


def first_page(paper: Paper) -> ScanPage | None:
    """Which says whose paper it is."""
    return paper.pages.filed().select_related("scan__exam").order_by("sheet_page").first()


def head_of(page: ScanPage) -> Box:
    """Where names are written on sheets that ask for no number."""
    form = page.scan.exam.layout.pages[page.sheet_page - 1]
    return 0.0, 0.0, form.width, form.height * HEAD


def crop(page: ScanPage, item: int | str, margin: float = MARGIN) -> bytes:
    """JPEG of what the student wrote there; all of a page that nobody has found the boxes of."""
    if page.placed == ScanPage.Placed.NOT:
        return read_page_image(page)
    fields = boxes_of(page, item)
    x, y, width, height = (side * PX_PER_MM for side in (around(fields, margin) if fields else head_of(page)))
    picture = open_page_image(page)
    right, bottom = min(x + width, picture.width), min(y + height, picture.height)
    return as_jpeg(picture.crop((round(max(x, 0)), round(max(y, 0)), round(right), round(bottom))))


def overlay(page: ScanPage, answers: Iterable[Answer]) -> bytes:
    """JPEG of the page with every reading and its points drawn beside its boxes."""
    if page.placed == ScanPage.Placed.NOT:
        return read_page_image(page)
    picture = open_page_image(page).convert("RGB")
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(FONTS / f"{BOLD}.ttf"), 30)
    for answer in answers:
        fields = boxes_of(page, answer.item.number)
        if fields:
            draw_reading(pen, font, answer, fields)
    return as_jpeg(picture)


def draw_reading(
    pen: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, answer: Answer, fields: list[Field]
) -> None:
    colour = COLOURS[answer.state]
    chosen = answer.value.split(",")
    for field in fields:
        if field.kind == "bubble" and field.option in chosen and answer.item.kind in ("choice", "ox"):
            x, y, width, height = (side * PX_PER_MM for side in field.box)
            pen.ellipse((x - 8, y - 8, x + width + 8, y + height + 8), outline=colour, width=4)
    x, y, width, height = (side * PX_PER_MM for side in around(fields))
    pen.rectangle((x, y, x + width, y + height), outline=colour, width=3)
    text = f"{answer.value or '–'}  {answer.points:g}"
    pen.text((x + width - 6, y + height - 4), text, fill=colour, font=font, anchor="rs")


def as_jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def read_page_image(page: ScanPage) -> bytes:
    """JPEG of the whole page, as it was kept."""
    with open_file(page) as file:
        content: bytes = file.read()
    return content


def small_image(page: ScanPage) -> bytes:
    """JPEG of the whole page for a list."""
    picture = open_page_image(page, SMALL)
    picture.thumbnail((SMALL, SMALL))
    return as_jpeg(picture)
