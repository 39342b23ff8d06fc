"""What ended is asked for once more from the history, in every app alike."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone

from classifier.models import Picture, Training
from digits.models import Reading
from generator.models import Order
from grading.models import Scan
from jobs.models import Job, Status
from jobs.repeating import repeat, repeats
from tests.support.everything import one_of_each_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def owned(alice) -> dict[str, object]:
    """A row of each kind, whose jobs have ended."""
    rows = one_of_each_kind(alice)
    Job.objects.update(status=Status.DONE, ended_at=timezone.now())
    return rows


def test_the_same_is_asked_for_by_a_new_job(alice, owned):
    reading, picture, order = (
        model.objects.get(pk=owned[name])
        for model, name in ((Reading, "reading"), (Picture, "picture"), (Order, "order"))
    )
    for row, model, kept in (
        (reading, Reading, ("source", "pixels", "wants_saliency")),
        (picture, Picture, ("name", "wants_labels_only", "taught")),
        (order, Order, ("model", "seed", "count", "prompt", "edits", "truncation", "to_seed")),
    ):
        job = repeat(job=row.job, by=alice)
        again = model.objects.get(job=job)
        assert again.pk != row.pk and job.status == Status.QUEUED
        for name in kept:
            assert getattr(again, name) == getattr(row, name), name


def test_a_scan_is_read_again_in_its_place(alice, owned):
    scan = Scan.objects.get(pk=owned["scan"])
    assert repeat(job=scan.job, by=alice) == scan.job
    scan.job.refresh_from_db()
    assert scan.job.status == Status.QUEUED


def test_every_task_that_can_be_repeated_is_one_of_the_history():
    titled = {task for config in apps.get_app_configs() for task in getattr(config, "job_titles", ())}
    assert repeats().keys() <= titled


def test_a_picture_whose_file_is_gone_is_not_looked_at_again(english, alice, owned):
    picture = Picture.objects.get(pk=owned["picture"])
    picture.file.storage.delete(picture.file.name)
    with pytest.raises(ValidationError, match="no longer there"):
        repeat(job=picture.job, by=alice)


def test_what_was_deleted_or_is_anothers_is_not_done_again(english, alice, bob, owned):
    training = Training.objects.get(pk=owned["course"])
    with pytest.raises(ValidationError, match="was deleted"):
        repeat(job=training.job, by=bob)
    with pytest.raises(ValidationError, match="was deleted"):
        repeat(job=Scan.objects.get(pk=owned["scan"]).job, by=bob)


def test_a_job_whose_exam_was_deleted_meanwhile_says_so_in_an_older_page(english, browse, alice, owned):
    scan, site = Scan.objects.get(pk=owned["scan"]), browse(alice)
    site.post(f"/exams/{scan.exam_id}/delete/")
    assert f"/history/{scan.job_id}/repeat/" not in site.get("/history/").text
    answer = site.post(f"/history/{scan.job_id}/repeat/", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert answer.text == "What this was about is no longer there. Load the page again."


def test_who_repeats_from_the_history_comes_to_the_new_result(browse, alice, owned):
    before = Reading.objects.get(pk=owned["reading"])
    address = f"/history/{before.job_id}/repeat/"
    assert address in browse(alice).get("/history/").text
    answer = browse(alice).post(address)
    again = Reading.objects.exclude(pk=before.pk).get()
    assert answer.headers["Location"] == again.job.result_url
