"""Versions and the apps whose work they do: how often they answered, and learning from what people put right."""

from datetime import timedelta

import pytest
from django.utils import timezone

from benchmarks import activation
from benchmarks.client import Site
from conftest import PASSWORD
from digits.models import Reading, corrected_digits
from digits.services import correct, read
from jobs.models import Status
from ml.kinds import KINDS
from registry.models import Change, ModelVersion, TrainingRun
from registry.services import activate
from registry.tasks import trainings as tasks
from registry.tests.test_trainings import do
from registry.trainings import TRAINABLE
from tests.support.tiny_mnist import drawn_digits, write_mnist

pytestmark = pytest.mark.django_db
ASKED = {"kind": "digits", "architecture": "dense", "source": "corrections", "epochs": 1, "seed": 3}


def test_every_architecture_that_is_trained_by_a_command_is_offered_on_pages():
    assert {kind: KINDS[kind].architectures for kind in TRAINABLE} == TRAINABLE


def test_each_week_says_how_often_it_answered_and_was_corrected(browse, root, charlie):
    digits = ModelVersion.objects.active("digits")
    readings = [read(owner=charlie, source=Reading.Source.PIXELS, pixels=bytes(784)) for _ in range(4)]
    Reading.objects.update(model=digits, text="3")
    for reading, right in zip(readings, ["8", "3", ""], strict=False):
        reading.text = "3"
        correct(reading=reading, text=right)
    Reading.objects.filter(pk=readings[3].pk).update(created_at=timezone.now() - timedelta(weeks=20))
    page = "".join(map(str.strip, browse(root).get(f"/models/{digits.pk}/").text.splitlines()))
    assert '<td class="number">3</td><td class="number">1 (33.3 %)</td>' in page
    other = ModelVersion.objects.get(name="digits_dense")
    assert "Not once in the last twelve weeks." in browse(root).get(f"/models/{other.pk}/").text


def put_right(owner, count: int, seed: int = 5) -> None:
    """So many drawn digits, each a reading of its own that was misread."""
    for picture, label in zip(*drawn_digits(count, seed), strict=True):
        reading = read(owner=owner, source=Reading.Source.PIXELS, pixels=picture.tobytes())
        reading.frames, reading.text = picture.tobytes(), str((label + 1) % 10)
        reading.save()
        correct(reading=reading, text=str(label))


def test_digits_that_people_put_right_are_gathered_and_always_the_same_are_held_out(charlie):
    put_right(charlie, 40)
    wrong_count = Reading.objects.first()
    correct(reading=wrong_count, text="12")  # two digits, where the network saw one
    pictures, labels, is_held_out = corrected_digits()
    assert pictures.shape == (39, 28, 28)
    readings = {row.frame(0): row for row in Reading.objects.exclude(pk=wrong_count.pk)}
    for picture, label, held_out in zip(pictures, labels, is_held_out, strict=True):
        row = readings[picture.tobytes()]
        assert (row.right_text, row.pk.int % 5 == 0) == (str(label), held_out)
    assert corrected_digits()[2] == is_held_out


@pytest.mark.parametrize("with_mnist", [True, False])
def test_a_network_learns_from_them_and_both_are_measured_on_those_held_out(
    call, browse, root, charlie, with_mnist, tmp_path, settings
):
    write_mnist(tmp_path / "data" / "MNIST" / "raw")
    settings.DATA_FOLDER = str(tmp_path / "data") if with_mnist else ""
    live = ModelVersion.objects.get(name="digits_dense")
    activate(version=live)
    put_right(charlie, 120)
    call(root).post("/api/trainings/", ASKED, format="json")
    run = TrainingRun.objects.get()
    assert do(run).status == Status.DONE, run.job.error
    held_out = sum(corrected_digits()[2])
    name = f"corrections, held out ({held_out})"
    live.refresh_from_db()
    for version in (run.version, live):
        assert {row["measure"] for row in version.figures if row["set"] == name} >= {"accuracy", "ece"}
    sets = {row["set"] for row in run.version.figures}
    assert ("MNIST test (40)" in sets) == with_mnist
    assert not with_mnist or sets > {name}
    assert run.version.card["data"][0]["name"] == "corrections by people of this site"
    assert (len(run.version.card["data"]) > 1) == with_mnist
    assert name in browse(root).get(f"/models/{run.version_id}/").text


def test_a_handful_of_corrections_is_too_few(call, root, charlie):
    put_right(charlie, 10)
    call(root).post("/api/trainings/", ASKED, format="json")
    job = do(TrainingRun.objects.get())
    assert (job.status, job.error) == (Status.FAILED, tasks.TOO_FEW)


@pytest.mark.worker
def test_no_request_fails_and_none_is_answered_by_half_a_change(site, root, monkeypatch):
    monkeypatch.setattr(activation, "WARM", 3)
    program = Site(site)
    program.sign_in("root", PASSWORD)
    record = activation.run(program, requests=60, times=5, clients=4)
    assert (len(record.answers), record.errors, record.out_of_order()) == (60, [], [])
    log = Change.objects.filter(kind="digits", by=root).order_by("pk")
    assert [change.after_id for change in log][-5:] == [change.version for change in record.changes[1:]]
    assert {answer.version for answer in record.answers} == {change.version for change in record.changes}
