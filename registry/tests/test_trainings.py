"""Networks trained from the pages: a job that ends as a candidate, measured as the one that answers is."""

import numpy as np
import pytest

from conftest import wait_for_end, wait_until
from jobs.models import Job, Status
from jobs.services import cancel
from ml.tests.tiny_cells import make_small
from registry.models import ModelVersion, TrainingRun
from registry.tasks import trainings as tasks
from registry.trainings import folder_of
from registry.weight_files import is_readable

pytestmark = pytest.mark.django_db
ASKED = {"kind": "digits", "architecture": "dense", "source": "collections", "epochs": 2, "seed": 3}


def do(run: TrainingRun) -> Job:
    """As a worker does."""
    tasks.train(str(run.job_id))
    run.refresh_from_db()
    run.job.refresh_from_db()
    return run.job


def test_a_training_ends_as_a_candidate_measured_on_the_test_sets(call, root, data):
    answer = call(root).post("/api/trainings/", ASKED, format="json")
    assert answer.status_code == 202
    run = TrainingRun.objects.get()
    assert (run.epochs, run.state_now, run.is_live) == (2, "running", True)
    assert do(run).status == Status.DONE
    body = call(root).get(answer["Location"]).json()
    assert [point["epoch"] for point in body["curves"]] == [1, 2]
    assert body["state"] == "done"
    version = ModelVersion.objects.get(pk=body["model"]["id"])
    assert (version.state, version.name, is_readable(version)) == ("candidate", "digits_dense", True)
    assert {row["set"] for row in version.figures} >= {"MNIST test (40)", "MNIST test, as uploads (40)"}
    assert np.sum(version.card["confusion"]) == 40
    assert sum(one["count"] for one in version.card["reliability"]) == 40
    assert version.milliseconds > 0
    assert ModelVersion.objects.active("digits").name == "digits"
    left = [path.suffix for path in folder_of(run).rglob("*") if path.is_file()]
    assert left == [".partial"]  # to go on from


def test_a_reader_of_marks_learns_from_the_simulation_with_curves(call, browse, root, monkeypatch):
    make_small(monkeypatch)
    asked = ASKED | {"kind": "marks", "architecture": "CellNet", "source": "simulation"}
    answer = call(root).post("/api/trainings/", asked, format="json")
    run = TrainingRun.objects.get()
    assert do(run).status == Status.DONE
    points = call(root).get(answer["Location"]).json()["curves"]
    assert [point["epoch"] for point in points] == [1, 2]
    assert points[0].keys() >= {"train_loss", "validation_loss", "validation_accuracy", "seconds"}
    page = browse(root).get(f"/models/{run.version_id}/").text
    for part in ("Training curves", "What it takes for what", "Is it as right as it is sure?"):
        assert part in page


def test_the_form_leads_to_the_curves(browse, root, data):
    asked = {"course": "digits/dense/collections", "epochs": 1, "seed": 1}
    page = browse(root).post("/models/train/", asked, follow=True)
    run = TrainingRun.objects.get()
    assert page.redirect_chain == [(f"/models/trainings/{run.pk}/", 302)]
    assert "0 of 1 epochs" in page.text and "Cancel" in page.text
    do(run)
    page = browse(root).get(f"/models/jobs/{run.job_id}/", follow=True)
    assert "Trained" in page.text and run.version.exact_title in page.text


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"architecture": "CellNet"}, "This cannot be trained here. These can: digits (cnn, dense"),
        ({"kind": "faces"}, "This cannot be trained here"),
        ({"source": "simulation"}, "cannot be trained from that here, but from: collections, corrections"),
        ({"epochs": 0}, "greater than or equal to 1"),
        ({"epochs": 100_000}, "less than or equal to 200"),
    ],
)
def test_what_is_not_offered_is_a_sentence(call, root, data, change, sentence):
    answer = call(root).post("/api/trainings/", ASKED | change, format="json")
    assert answer.status_code == 400
    assert sentence in answer.json()["errors"][0]["detail"]
    assert not TrainingRun.objects.exists() and not Job.objects.exists()


def test_without_a_folder_of_collections_they_are_not_offered(call, root):
    answer = call(root).post("/api/trainings/", ASKED, format="json")
    assert "DATA_FOLDER" in answer.json()["errors"][0]["detail"]


def test_one_network_is_trained_at_a_time(call, root, data):
    assert call(root).post("/api/trainings/", ASKED, format="json").status_code == 202
    answer = call(root).post("/api/trainings/", ASKED, format="json")
    assert answer.status_code == 400
    assert "being trained already" in answer.json()["errors"][0]["detail"]
    cancel(job=TrainingRun.objects.get().job)
    assert TrainingRun.objects.get().state_now == "stopped"
    assert call(root).post("/api/trainings/", ASKED, format="json").status_code == 202


def test_what_is_missing_in_the_folder_is_a_sentence(call, root, data):
    call(root).post("/api/trainings/", ASKED, format="json")
    for path in data.rglob("*ubyte*"):
        path.unlink()
    job = do(TrainingRun.objects.get())
    assert (job.status, job.error) == (Status.FAILED, tasks.UNTRAINED)


def test_only_admins_train(call, alice, data):
    assert call(alice).post("/api/trainings/", ASKED, format="json").status_code == 403


# --- by a real worker


@pytest.mark.full
@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_training_whose_worker_was_killed_goes_on_where_it_was(call, root, worker, data):
    call(root).post("/api/trainings/", ASKED | {"epochs": 12}, format="json")
    run = TrainingRun.objects.get()
    more = {"JOB_LEASE_SECONDS": "3", "DATA_FOLDER": str(data)}
    first = worker(**more)
    wait_until(lambda: bool(TrainingRun.objects.get().curves))
    first.kill()
    kept = TrainingRun.objects.get().curves
    worker(**more)
    assert wait_for_end(run.job).status == Status.DONE
    run.refresh_from_db()
    assert len(run.curves) == 12
    assert run.curves[: len(kept)] == kept  # with the seconds they took: not learned again
    assert run.version.state == "candidate"
