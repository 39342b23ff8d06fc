"""`make dev`: which changes start the site again, and the samples that it is given once."""

import pytest

from benchmarks.client import Site
from conftest import PASSWORD, wait_until
from digits.models import Reading
from grading.models import Exam, Paper
from jobs.models import OPEN, Job
from tools import dev
from tools.dev import changed, watched
from tools.samples import make_samples


@pytest.mark.full
@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_samples_are_made_once_and_read(site, root):
    program = Site(site)
    program.sign_in("root", PASSWORD)
    for _start in range(2):
        make_samples(program)
    wait_until(lambda: not Job.objects.filter(status__in=OPEN).exists(), Job.objects.count)
    assert (Exam.objects.count(), Paper.objects.count(), Reading.objects.get().text) == (1, 12, "2")


def test_code_templates_and_catalogues_are_watched_and_tests_are_not():
    names = [name.rpartition("/")[2] for name in watched()]
    assert {"views.py", "base.html", "django.mo", "settings.py"} <= set(names)
    assert "test_dev.py" not in names and "nunbit.css" not in names


def test_a_file_that_is_written_added_or_removed_is_a_change():
    assert changed({"a": 1.0, "b": 1.0}, {"a": 2.0, "b": 1.0}) == ["a"]
    assert changed({"a": 1.0}, {"a": 1.0, "b": 1.0}) == ["b"] == changed({"a": 1.0, "b": 1.0}, {"a": 1.0})
    assert changed({"a": 1.0}, {"a": 1.0}) == []


class Stub:
    """A site without processes."""

    def __init__(self) -> None:
        self.restarts = 0

    def add_samples(self) -> None:
        pass

    def restart(self) -> None:
        self.restarts += 1


def test_the_site_starts_again_once_for_each_change(monkeypatch):
    here = str(dev.ROOT / "manage.py")
    states = iter([{here: 1.0}, {here: 1.0}, {here: 2.0}, {here: 2.0}])
    monkeypatch.setattr(dev, "watched", lambda: next(states))
    monkeypatch.setattr(dev, "LOOK_SECONDS", 0)
    site = Stub()
    with pytest.raises(StopIteration):
        dev.serve(site)
    assert site.restarts == 1
