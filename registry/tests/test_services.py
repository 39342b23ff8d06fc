import json
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from registry.models import BUILT_IN, SILENCE, ModelVersion, TrainingRun
from registry.services import activate, begin_training, end_training, note_training, take_in_built_in

pytestmark = pytest.mark.django_db


def write_card(folder: Path, name: str, sha256: str, kind: str = "probe") -> None:
    card = {"kind": kind, "name": name, "sha256": sha256, "metrics": []}
    (folder / f"{name}.json").write_text(json.dumps(card))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of weights that holds one card, `probe`."""
    write_card(tmp_path, "probe", "a" * 64)
    return tmp_path


def test_every_committed_card_has_an_active_row_after_migrate(db):
    kinds = {json.loads(path.read_text())["kind"] for path in BUILT_IN.glob("*.json")}
    assert kinds >= {"marks", "numerals", "letters"}
    assert {kind for kind in kinds if ModelVersion.objects.active(kind).is_built_in} == kinds


def test_a_new_built_in_version_takes_over_and_the_old_row_stays(folder):
    take_in_built_in(folder=folder)
    write_card(folder, "probe", "b" * 64)
    take_in_built_in(folder=folder)
    assert ModelVersion.objects.active("probe").sha256 == "b" * 64
    assert ModelVersion.objects.get(sha256="a" * 64).state == ModelVersion.State.RETIRED


def test_weights_with_another_name_than_their_kind_lie_beside_without_answering(folder):
    write_card(folder, "a_baseline", "b" * 64)  # comes first in the alphabet
    take_in_built_in(folder=folder)
    assert ModelVersion.objects.active("probe").name == "probe"
    assert ModelVersion.objects.get(name="a_baseline").state == ModelVersion.State.READY


def test_a_kind_without_weights_of_its_name_has_no_one_that_answers(folder):
    write_card(folder, "other_baseline", "b" * 64, kind="other")
    take_in_built_in(folder=folder)
    assert not ModelVersion.objects.answering("other").exists()


def test_of_the_networks_that_name_pictures_the_better_one_answers_first(folder):
    for number, name in enumerate(["lite0", "lite2"]):
        write_card(folder, name, str(number) * 64, kind="classifier")
    ModelVersion.objects.filter(kind="classifier").delete()
    take_in_built_in(folder=folder)
    assert ModelVersion.objects.active("classifier").name == "lite2"
    assert ModelVersion.objects.get(name="lite0").state == ModelVersion.State.READY


def test_migrating_again_keeps_what_an_admin_activated(folder):
    take_in_built_in(folder=folder)
    own = ModelVersion.objects.create(kind="probe", name="own", sha256="c" * 64)
    activate(version=own)
    take_in_built_in(folder=folder)
    assert ModelVersion.objects.active("probe") == own


def test_two_versions_of_a_kind_are_never_active_together(folder):
    take_in_built_in(folder=folder)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.create(kind="probe", name="x", sha256="d" * 64, state=ModelVersion.State.ACTIVE)


POINT = {
    "epoch": 1,
    "train_loss": 0.5,
    "validation_loss": 0.2,
    "train_accuracy": 0.9,
    "validation_accuracy": 0.95,
}


def begin(**changes) -> TrainingRun:
    return begin_training(
        **{"kind": "probe", "architecture": "x", "seed": 1, "epochs": 3, "curves": []} | changes
    )


def test_a_training_that_goes_on_keeps_its_row():
    run = begin()
    note_training(run=run, epochs=3, curves=[POINT])
    end_training(run=run, state=TrainingRun.State.STOPPED)
    assert begin(curves=[POINT]).pk == run.pk
    run.refresh_from_db()
    assert run.is_live
    assert run.ended_at is None


def test_a_training_that_starts_anew_gets_a_row_of_its_own_and_the_killed_one_is_called_interrupted():
    killed = begin()
    again = begin()
    killed.refresh_from_db()
    assert again.pk != killed.pk
    assert (killed.state, again.state) == (TrainingRun.State.STOPPED, TrainingRun.State.RUNNING)


def test_another_seed_or_a_finished_training_is_not_taken_up():
    run = begin()
    assert begin(seed=2, curves=[POINT]).pk != run.pk
    end_training(run=run, state=TrainingRun.State.DONE)
    assert begin(curves=[POINT]).pk != run.pk


def test_a_training_that_is_silent_for_long_is_not_live_any_more():
    run = begin()
    run.seen_at -= 2 * SILENCE
    run.save()
    assert not run.is_live
    assert run.state_now == TrainingRun.State.STOPPED
    assert not TrainingRun.objects.live().exists()
