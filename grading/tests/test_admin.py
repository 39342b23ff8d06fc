import pytest

from grading.tests.conftest import ITEMS, RIGHT
from grading.tests.drawing import filled_in

LISTS = ["exam", "scan", "scanpage", "paper", "candidate", "correction"]


@pytest.mark.parametrize("name", LISTS)
def test_an_admin_looks_at_everyones_rows_and_teachers_do_not_enter(browse, root, alice, exam, upload, name):
    upload(filled_in(exam, "0001", RIGHT))
    assert browse(root).get(f"/admin/grading/{name}/").status_code == 200
    assert browse(alice).get(f"/admin/grading/{name}/").status_code == 302


def test_an_admin_grades_an_exam_again_but_does_not_change_its_items(browse, root, exam, upload):
    upload(filled_in(exam, "0001", RIGHT))
    page = browse(root)
    assert (
        page.post("/admin/grading/exam/", {"action": "regrade", "_selected_action": [exam.pk]}).status_code
        == 302
    )
    assert page.post(f"/admin/grading/exam/{exam.pk}/delete/", {"post": "yes"}).status_code == 403
    assert exam.items.count() == len(ITEMS)
