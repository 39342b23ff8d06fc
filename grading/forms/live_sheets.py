"""What would be printed of an exam as it stands in a form that is still being typed in: nothing is stored here."""

from collections.abc import Sequence

from grading.forms.blocks import BlockFormSet
from grading.forms.exams import ExamForm
from grading.forms.key import KeyForm, field_name
from grading.key.items import check_printable, clean_for
from grading.models import Exam, Item
from grading.models.exams import laid_out
from grading.sheet import layout_json
from grading.sheet.layout import Layout
from grading.sheet.spec import SheetSpec
from grading.sheet.svg_pages import SvgPage, drawn_pages

MOST_PAGES = 6  # of which pictures are shown


def pages_of_design(form: ExamForm, blocks: BlockFormSet) -> tuple[list[SvgPage], int]:
    """The pages, and how many there are. What is not well typed yet is as it was, or left out. Raises ValidationError
    where it cannot be printed."""
    exam, _whole = form.instance, form.is_valid() & blocks.is_valid()
    exam.id_groups = form.id_groups()
    rows = [Item(**item) for item in clean_for(exam if exam.pk else None, blocks.looks())]
    spec = check_printable(exam, rows)
    return drawn(layout_of(exam, spec), spec, {})


def pages_of_key(form: KeyForm, version: int) -> tuple[list[SvgPage], int]:
    """With the right answers of this version, as far as they are known."""
    exam, items, right = form.exam, form.asked, {}
    form.is_valid()
    for item in items:
        given = form.cleaned_data
        item.points = (
            item.points if given.get(f"points-{item.number}") is None else given[f"points-{item.number}"]
        )
        if key := given.get(field_name(item.number, version)):
            right[item.number] = key.answer if isinstance(key.answer, list) else [key.answer]
    return drawn(exam.layout, exam.spec_with(items), right)


def layout_of(exam: Exam, spec: SheetSpec) -> Layout:
    """As its sheets were printed, where they were."""
    stored = exam.layouts.filter(key=spec.key).first() if exam.pk else None
    return layout_json.read(stored.content) if stored else laid_out(spec)


def drawn(layout: Layout, spec: SheetSpec, right: dict[int, Sequence[str]]) -> tuple[list[SvgPage], int]:
    return drawn_pages(layout, spec, right, MOST_PAGES), len(layout.pages)
