"""An exam once more, for another class."""

from django.core.files.storage import default_storage
from django.urls import reverse

from accounts.grants import Right, grant
from grading.duplicates import duplicate_exam
from grading.models import Exam
from grading.tests.conftest import RIGHT
from grading.tests.drawing import filled_in
from grading.tests.forms_of_others import NUMBER, hand_in, photo
from grading.tests.forms_of_others import RIGHT as RIGHT_THERE
from grading.trash import purge_exam


def test_a_copy_asks_the_same_and_has_nobodys_papers(exam, upload, browse, alice):
    upload(filled_in(exam, "0001", RIGHT))
    answer = browse(alice).post(reverse("grading:duplicate", args=[exam.pk]))
    copy = Exam.objects.exclude(pk=exam.pk).get()
    assert answer["Location"] == reverse("grading:design", args=[copy.pk])
    assert (copy.title, copy.spec.items, copy.id_digits) == ("Midterm, copy", exam.spec.items, 4)
    assert [item.key(1) for item in copy.items.all()] == [item.key(1) for item in exam.items.all()]
    assert copy.code != exam.code and not copy.papers.exists() and exam.papers.exists()


def test_sheets_of_the_copy_are_graded_and_those_of_the_other_refused(exam, upload, alice):
    copy = duplicate_exam(exam=exam, owner=alice)
    scan = upload(filled_in(copy, "0001", RIGHT), filled_in(exam, "0002", RIGHT), to=copy)
    assert [page.status for page in scan.pages.order_by("page")] == ["read", "rejected"]
    assert copy.papers.get().score == copy.papers.get().max_score


def test_the_copy_of_a_template_outlives_it(harbour, alice, django_capture_on_commit_callbacks):
    copy = duplicate_exam(exam=harbour, owner=alice)
    with django_capture_on_commit_callbacks(execute=True):
        purge_exam(exam=harbour)
    assert all(default_storage.exists(path) for path in copy.template["pictures"].values())
    hand_in(copy, photo(NUMBER, RIGHT_THERE))
    assert copy.papers.get().number == NUMBER


def test_a_colleague_who_may_look_gets_a_copy_of_their_own(exam, bob, call):
    url = f"/api/exams/{exam.pk}/duplicate/"
    assert call(bob).post(url).status_code == 404
    grant(row=exam, who="bob", right=Right.VIEW, by=exam.owner)
    answer = call(bob).post(url)
    assert answer.status_code == 201 and answer["Location"].endswith(f"/api/exams/{answer.data['id']}/")
    assert Exam.objects.get(pk=answer.data["id"]).owner == bob
