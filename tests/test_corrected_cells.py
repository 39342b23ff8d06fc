"""Networks that read cells learn from what teachers corrected in exams that allow it."""

import io
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from grading import services
from grading import tasks as grading_tasks
from grading.models import Exam, Paper
from grading.reading.corrected_cells import corrected_marks, is_of_held_out
from grading.tests.drawing import as_pdf, filled_in
from jobs.models import Status
from ml.core.cards import Card
from ml.tests.tiny_cells import make_small
from registry.models import ModelVersion, TrainingRun
from registry.tasks import trainings as tasks
from registry.tests.test_trainings import do

pytestmark = pytest.mark.django_db
ITEMS = [{"number": number, "kind": "choice", "options": 5} for number in range(1, 6)]
ASKED = {"kind": "marks", "architecture": "CellNet", "source": "corrections", "epochs": 2, "seed": 1}


@pytest.fixture(autouse=True)
def small_recipe(monkeypatch) -> None:
    make_small(monkeypatch)


@pytest.fixture
def exam(alice) -> Exam:
    """Three papers whose every answer was confirmed, one of them of a student who is held out: 75 cells."""
    exam = services.create_exam(owner=alice, title="Quiz", id_digits=4, items=ITEMS, is_learned_from=True)
    pages = [filled_in(exam, number, {at: str(at) for at in range(1, 6)}) for number in numbers(exam)]
    scan = services.submit_scans(
        exam=exam, uploads=[SimpleUploadedFile("class.pdf", as_pdf(*pages))], owner=alice
    )
    grading_tasks.read_scan(str(scan.job_id))
    for paper in exam.papers.all():
        for at in range(1, 6):
            services.correct_answer(paper=paper, number=at, value=str(at), by=alice)
    return exam


def numbers(exam: Exam) -> list[str]:
    every = [f"{number:04}" for number in range(200)]
    held_out = [number for number in every if is_of_held_out(Paper(exam=exam, number=number))]
    return [held_out[0], *[number for number in every if number not in held_out][:2]]


def test_a_network_learns_from_them_and_both_are_measured_on_those_held_out(call, root, exam):
    call(root).post("/api/trainings/", ASKED, format="json")
    run = TrainingRun.objects.get()
    assert do(run).status == Status.DONE, run.job.error
    assert run.version.card["data"][0] == {
        "name": "corrections by people of this site (75 cells of 15 corrected answers)",
        "licence": "theirs",
        "use": "training; a fifth held out",
    }
    for version in (run.version, ModelVersion.objects.active("marks")):
        figures = [row for row in version.figures if row["set"] == "corrections, held out (25)"]
        assert {row["measure"] for row in figures} >= {"accuracy of the meaning", "share left for review"}
    live = {row["measure"]: row["value"] for row in figures}
    assert live["accuracy of the meaning"] == 1.0


def test_the_command_learns_from_them_where_it_is_told_to(exam, tmp_path):
    for at, more in zip(count(), ([], ["--with-corrections"]), strict=False):
        out = tmp_path / str(at)
        call_command(
            "train",
            "marks",
            "--data",
            "none",
            "--out",
            str(out),
            "--epochs",
            "1",
            *more,
            stdout=io.StringIO(),
        )
        names = [row["name"] for row in Card.load(out, "marks").data]
        assert any("75 cells" in name for name in names) == bool(more)


def test_too_few_cells_and_networks_that_do_not_learn_so_are_sentences(call, root, exam, tmp_path):
    services.update_exam(exam=exam, is_learned_from=False)
    assert corrected_marks()[3] == 0
    call(root).post("/api/trainings/", ASKED, format="json")
    job = do(TrainingRun.objects.get())
    assert (job.status, job.error) == (Status.FAILED, tasks.TOO_FEW_CELLS)
    with pytest.raises(CommandError, match="It takes 50 corrected cells"):
        call_command("train", "marks", "--with-corrections", "--out", str(tmp_path))
    with pytest.raises(CommandError, match="marks, numerals, letters learn from corrections"):
        call_command("train", "digits", "--with-corrections", "--out", str(tmp_path))


def test_numerals_and_letters_learn_from_them_beside_the_collections_alone(call, root, settings):
    asked = ASKED | {"kind": "letters"}
    refused = call(root).post("/api/trainings/", asked, format="json")
    assert refused.status_code == 400 and "DATA_FOLDER" in refused.json()["errors"][0]["detail"]
    settings.DATA_FOLDER = "somewhere"
    assert call(root).post("/api/trainings/", asked, format="json").status_code == 202
