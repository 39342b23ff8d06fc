import pytest
from django.db import IntegrityError

from grading.models import Answer, Exam, Item, Paper, Scan, ScanPage
from grading.models.exams import new_code
from grading.sheet.code import PageCode
from grading.tests.drawing import filled_in


def test_a_code_is_eight_characters_that_no_one_mixes_up():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 8 and not set(code) & set("01IO") for code in codes)
    assert PageCode(codes.pop(), 1, 1, "", "ABCD")


def test_everything_of_an_exam_is_its_owners_alone(exam, upload, alice, bob, root):
    upload(filled_in(exam, "0001"))
    for model in (Exam, Scan, Paper, ScanPage, Answer):
        assert model.objects.for_user(alice).exists()
        assert not model.objects.for_user(bob).exists()
        assert not model.objects.for_user(root).exists()


def test_a_number_is_given_to_one_item_only(exam):
    with pytest.raises(IntegrityError):
        Item.objects.create(exam=exam, number=1, kind="ox")


def test_a_fresh_exam_and_a_stored_one_are_laid_out_alike(exam):
    stored = Exam.objects.get(pk=exam.pk)
    assert repr(exam.spec_with(exam.items.all())) == repr(stored.spec)
    assert exam.layout.fingerprint == stored.layout.fingerprint


def test_an_own_key_of_a_version_comes_before_the_common_one():
    item = Item(kind="choice", answer="1", answers=["2", ""])
    assert [item.key(version) for version in (1, 2, 3)] == ["2", "1", "1"]


def test_only_a_choice_with_a_list_asks_for_several_marks():
    assert Item(kind="choice", answer=["1", "2"]).takes_several(1)
    assert not Item(kind="choice", answer=["1", "2"], any_of=True).takes_several(1)
    assert not Item(kind="number", answer=["1", "2"]).takes_several(1)
