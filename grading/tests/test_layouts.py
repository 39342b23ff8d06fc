"""The boxes of an exam are stored when it is made: later releases may lay out new exams in another way."""

from dataclasses import replace
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from grading import services
from grading.models import Exam
from grading.sheet import layout_json
from grading.sheet.layout import Layout, lay_out
from grading.tests.conftest import ITEMS, RIGHT
from grading.tests.drawing import filled_in

migration = import_module("grading.migrations.0003_lay_out_exams")


def moved(layout: Layout, mm: float, fingerprint: str) -> Layout:
    """As another release may lay out the same exam: everything that is read further down."""

    def lower(field):
        x, y, width, height = field.box
        return replace(field, box=(x, y + mm, width, height))

    pages = [replace(page, fields=tuple(map(lower, page.fields))) for page in layout.pages]
    return Layout(layout.paper, tuple(pages), fingerprint)


@pytest.fixture
def old(exam) -> Exam:
    """An exam that a release printed whose boxes were 0.3 mm lower than today's."""
    row = exam.layouts.get()
    row.content = layout_json.write(moved(layout_json.read(row.content), 0.3, "PAST"))
    row.save()
    return Exam.objects.get(pk=exam.pk)


def answers(exam: Exam) -> dict[int, str]:
    return dict(exam.papers.get().answers.values_list("item__number", "value"))


def test_paper_of_another_release_is_printed_and_read_by_its_own_boxes(old, upload):
    upload(filled_in(old, "0042", RIGHT), to=old)
    page = old.scans.get().pages.get()
    assert (page.status, page.reason) == ("read", "")
    assert old.papers.get().number == "0042" and answers(old) == RIGHT


def test_the_api_tells_the_boxes_that_were_printed(old, call, alice):
    layout = call(alice).get(f"/api/exams/{old.pk}/layout/").json()
    assert layout["fingerprint"] == "PAST"
    assert layout["pages"] == old.layout.as_json()["pages"] != lay_out(old.spec).as_json()["pages"]


def test_paper_of_another_release_stays_readable_when_words_and_keys_change(old, upload):
    page = filled_in(old, "0042", RIGHT)
    items = [item | {"points": 3} for item in ITEMS]
    services.update_exam(exam=old, items=items, title="Another title", language="ko")
    changed = Exam.objects.get(pk=old.pk)
    assert changed.layout.fingerprint == "PAST"
    upload(page, to=changed)
    services.update_exam(exam=changed, items=ITEMS)
    assert answers(changed) == RIGHT


def test_an_exam_that_is_changed_back_finds_the_boxes_that_were_printed(old):
    services.update_exam(exam=old, items=ITEMS[:5])
    changed = Exam.objects.get(pk=old.pk)
    assert changed.layout == lay_out(changed.spec)
    services.update_exam(exam=changed, items=ITEMS)
    assert Exam.objects.get(pk=old.pk).layout.fingerprint == "PAST"


def test_what_is_printed_cannot_change_once_it_was_scanned(old, upload):
    upload(filled_in(old, "0042", RIGHT), to=old)
    with pytest.raises(ValidationError, match="already scanned"):
        services.update_exam(exam=old, items=ITEMS[:5])


def test_exams_from_before_layouts_were_stored_get_theirs(exam):
    spec, layout = exam.spec, exam.layout
    exam.layouts.all().delete()
    migration.lay_out_exams(apps, None)
    row = exam.layouts.get()
    assert row.key == spec.key and layout_json.read(row.content) == layout


def test_no_wrong_layout_is_stored_for_old_exams_when_the_code_has_changed(exam, monkeypatch):
    exam.layouts.all().delete()
    monkeypatch.setattr(migration, "lay_out", lambda spec: moved(lay_out(spec), 0.3, "NEXT"))
    with pytest.raises(RuntimeError, match="upgrade to the release before"):
        migration.lay_out_exams(apps, None)
    assert not exam.layouts.exists()
