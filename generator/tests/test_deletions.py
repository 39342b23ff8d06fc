"""Orders and photos that are deleted while a worker is at them."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from generator import services, tasks
from generator.models import Order, Photo
from generator.tests.calls import photo
from generator.tests.test_views import Inverter
from jobs.models import Job, Status
from tests.support.deletions import before, delete_for_good, files_in, is_quiet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(alice, networks, monkeypatch) -> Order:
    """Of a smile, from a photo."""
    monkeypatch.setattr(tasks, "inverter", lambda sha256: Inverter(tasks.load_version(sha256)))
    image = SimpleUploadedFile("face.png", photo())
    settings = {"seed": 1, "count": 1, "prompt": "a smile"}
    model = next(version for version in networks.values() if "style" in version.name)
    return services.draw(owner=alice, model=model, settings=settings, image=image)


@pytest.mark.parametrize("step", ["understand", "keep_to_show", "draw_some"])
def test_of_an_order_that_is_deleted_while_it_is_drawn_nothing_stays(
    order, settings, monkeypatch, caplog, step
):
    before(monkeypatch, f"generator.tasks.{step}", lambda: delete_for_good(order))
    tasks.draw()
    assert files_in(Path(settings.MEDIA_ROOT)) == [] and is_quiet(caplog) and not Job.objects.exists()


def test_a_photo_that_is_deleted_before_it_is_opened_ends_the_order_with_a_sentence(
    order, monkeypatch, caplog
):
    before(monkeypatch, "generator.tasks.keep_to_show", lambda: services.forget_photo(photo=order.photo))
    tasks.draw()
    job = Job.objects.get()
    assert (job.status, job.error, job.attempt) == (Status.FAILED, tasks.GONE, 1) and is_quiet(caplog)


def test_of_a_photo_that_is_deleted_while_its_face_is_found_no_cutting_stays(order, monkeypatch):
    before(monkeypatch, "generator.tasks.png_of", lambda: services.forget_photo(photo=order.photo))
    tasks.draw()
    assert Photo.objects.get().aligned is None and Job.objects.get().status == Status.DONE
