"""Trainings that are stopped, gone on with, and set side by side."""

import shutil
from dataclasses import fields
from pkgutil import resolve_name

import pytest
from django.utils import timezone, translation

from jobs.models import Job, Status
from jobs.services import cancel
from ml.core.architectures import ARCHITECTURES
from ml.tests.tiny_cells import make_small
from registry import services
from registry.models import ModelVersion, TrainingRun
from registry.presentation.runs import CONFIG_NAMES, config_text
from registry.tasks import trainings as tasks
from registry.tests.test_trainings import ASKED, do
from registry.trainings import folder_of

pytestmark = pytest.mark.django_db


# --- stopped, and gone on with


class StopsAt:
    """An admin who presses *Stop here* once so many epochs are done."""

    def __init__(self, monkeypatch, run: TrainingRun, epochs: int) -> None:
        note = services.note_training

        def noted(*, run: TrainingRun, epochs: int, curves: list) -> None:
            note(run=run, epochs=epochs, curves=curves)
            if len(curves) == self.epochs:
                services.stop_training(run=TrainingRun.objects.get(pk=run.pk))

        self.epochs = epochs
        monkeypatch.setattr(tasks, "note_training", noted)


def begun(call, root, **changes) -> TrainingRun:
    assert call(root).post("/api/trainings/", ASKED | changes, format="json").status_code == 202
    return TrainingRun.objects.first()


def test_a_training_that_is_stopped_becomes_a_candidate_and_goes_on_from_its_checkpoint(
    call, browse, root, data, monkeypatch
):
    run = begun(call, root, epochs=9)
    StopsAt(monkeypatch, run, 2)
    assert do(run).status == Status.DONE
    assert len(run.curves) == 2 and run.version.state == "candidate" and run.version.figures
    page = browse(root).get(f"/models/trainings/{run.pk}/").text
    assert "Stopped at" in page and "From its checkpoint, as if it had been planned longer" in page
    monkeypatch.undo()
    page = browse(root).post(f"/models/trainings/{run.pk}/go-on/", {"epochs": 1}, follow=True)
    longer = TrainingRun.objects.first()
    assert page.redirect_chain == [(f"/models/trainings/{longer.pk}/", 302)]
    assert do(longer).status == Status.DONE
    assert (longer.begins_from, longer.goes_on_from, len(longer.curves)) == ("checkpoint", run, 3)
    assert longer.curves[:2] == run.curves and longer.version != run.version
    page = browse(root).get(f"/models/trainings/{longer.pk}/").text
    assert "It goes on from an earlier training" in page and "from its checkpoint" in page


def test_without_its_checkpoint_it_goes_on_from_its_weights(call, browse, root, data):
    run = begun(call, root)
    do(run)
    shutil.rmtree(folder_of(run))
    assert (
        "its checkpoint is no longer on this machine" in browse(root).get(f"/models/trainings/{run.pk}/").text
    )
    answer = call(root).post(f"/api/trainings/{run.pk}/go-on/", {"epochs": 1}, format="json")
    longer = TrainingRun.objects.first()
    assert do(longer).status == Status.DONE
    body = call(root).get(answer["Location"]).json()
    assert (body["begins_from"], body["goes_on_from"], len(body["curves"])) == ("weights", run.pk, 1)
    assert len(longer.version.card["curves"]) == 3  # after those of the weights that it began with


@pytest.mark.full
def test_a_reader_of_marks_goes_on_from_its_weights(call, root, monkeypatch):
    make_small(monkeypatch)
    run = begun(call, root, kind="marks", architecture="CellNet", source="simulation", epochs=1)
    do(run)
    shutil.rmtree(folder_of(run))
    call(root).post(f"/api/trainings/{run.pk}/go-on/", {"epochs": 1}, format="json")
    longer = TrainingRun.objects.first()
    assert do(longer).status == Status.DONE
    assert longer.begins_from == "weights" and longer.version.sha256 != run.version.sha256


def test_what_was_cancelled_goes_on_from_its_checkpoint(call, root, data, monkeypatch):
    run = begun(call, root, epochs=9)
    note = services.note_training

    def noted(*, run: TrainingRun, epochs: int, curves: list) -> None:
        note(run=run, epochs=epochs, curves=curves)
        cancel(job=Job.objects.get(pk=run.job_id))

    monkeypatch.setattr(tasks, "note_training", noted)
    assert do(run).status == Status.CANCELLED and run.version is None
    monkeypatch.undo()
    call(root).post(f"/api/trainings/{run.pk}/go-on/", {"epochs": 1}, format="json")
    longer = TrainingRun.objects.first()
    assert do(longer).status == Status.DONE
    assert (longer.begins_from, len(longer.curves)) == ("checkpoint", 2)


def test_what_cannot_be_stopped_or_gone_on_with_is_a_sentence(call, browse, root, data):
    run = begun(call, root)
    api = call(root)
    stopped = api.post(f"/api/trainings/{run.pk}/stop/")
    assert "Only what a worker is training now can be stopped." in stopped.json()["errors"][0]["detail"]
    going = api.post(f"/api/trainings/{run.pk}/go-on/", {"epochs": 1}, format="json")
    assert "still being trained" in going.json()["errors"][0]["detail"]
    cancel(job=run.job)
    going = api.post(f"/api/trainings/{run.pk}/go-on/", {"epochs": 1}, format="json")
    assert "nothing is left of this" in going.json()["errors"][0]["detail"]
    page = browse(root).post(f"/models/trainings/{run.pk}/go-on/", {"epochs": "0"}, follow=True)
    assert "Please say for how many epochs, 1 to 200." in page.text


def test_stopped_before_it_learned_anything_is_a_sentence_and_can_be_tried_again(call, root, data):
    run = begun(call, root)
    run.stop_asked_at = timezone.now()
    run.save()
    job = do(run)
    assert (job.status, job.error, run.stop_asked_at) == (Status.FAILED, tasks.STOPPED_AT_ONCE, None)


# --- side by side


def a_run(architecture: str, figure: float, epochs: int = 2, kind: str = "digits") -> TrainingRun:
    metrics = [{"set": "MNIST test (40)", "md5": "1", "measure": "accuracy", "value": figure}]
    card = {"metrics": metrics, "config": {"width": len(architecture)}}
    version = ModelVersion.objects.create(kind=kind, name=architecture, sha256=f"{figure:064}", card=card)
    curves = [
        {
            "epoch": epoch,
            "validation_loss": 1 / epoch,
            "validation_accuracy": 1 - 0.1 / epoch,
            "seconds": 40.0,
        }
        for epoch in range(1, epochs + 1)
    ]
    return TrainingRun.objects.create(
        kind=kind,
        architecture=architecture,
        seed=3,
        epochs=epochs,
        curves=curves,
        version=version,
        state="done",
    )


def test_trainings_of_one_kind_lie_side_by_side(browse, call, charlie, root):
    first, second = a_run("cnn", 0.98), a_run("dense", 0.95, epochs=3)
    listed = browse(charlie).get("/models/").text
    assert f'name="run" value="{first.pk}"' in listed and "Compare the chosen ones" in listed
    page = browse(charlie).get(f"/models/trainings/compare/?run={second.pk}&run={first.pk}").text
    for part in ('class="validation_loss A"', 'class="validation_accuracy B"', '<b class="best">98.00 %</b>'):
        assert part in page
    assert "1 min 20 s" in page and "2 min 0 s" in page
    assert ">Architecture<" in page and ">Width<" in page and ">Seed</th>\n          <td" not in page
    body = call(root).get(f"/api/trainings/compare/?run={first.pk}&run={second.pk}").json()
    assert [run["id"] for run in body["runs"]] == [first.pk, second.pk]
    assert body["figures"]["MNIST test (40)"] == [{"label": "Accuracy", "texts": ["98.00 %", "95.00 %"]}]
    assert {
        "label": "Architecture",
        "texts": ["Convolutional network", "Dense network of the tutorial"],
    } in body["settings"]


def test_settings_are_told_as_people_write_them():
    told = {
        "32, 96, 192": [32, 96, 192],
        "-3, 3; -2, 2": [[-3, 3], [-2, 2]],
        "smile 1, age -2": {"smile": 1, "age": -2},
        "yes": True,
        "0.4": 0.4,
        "–": None,
    }
    with translation.override("en"):
        assert [config_text(value) for value in told.values()] == list(told)


def test_every_setting_of_an_architecture_has_a_name():
    configs = [resolve_name(f"{module}:{config}") for module, _build, config in ARCHITECTURES.values()]
    assert {field.name for config in configs for field in fields(config)} <= CONFIG_NAMES.keys()


def test_what_cannot_be_compared_is_a_sentence(browse, call, charlie, root):
    digits, marks = a_run("cnn", 0.98), a_run("CellNet", 0.9, kind="marks")
    too_few = "Choose two to four trainings"
    for asked, sentence in [
        ("", too_few),
        (f"?run={digits.pk}", too_few),
        (f"?run={digits.pk}&run={marks.pk}", "Networks that do different things cannot be compared."),
        (f"?run={digits.pk}&run=99999", "no longer there"),
        (f"?run={digits.pk}&run=x", "no longer there"),
    ]:
        assert sentence in browse(charlie).get(f"/models/trainings/compare/{asked}").text
        assert call(root).get(f"/api/trainings/compare/{asked}").status_code == 400
