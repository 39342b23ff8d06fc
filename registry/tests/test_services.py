import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from registry.models import BUILT_IN, SILENCE, AppendOnly, Change, ModelVersion, TrainingRun
from registry.services import (
    activate,
    archive,
    begin_training,
    end_training,
    note_training,
    register_built_ins,
    roll_back,
)
from registry.weight_files import store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


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
    register_built_ins(folder=folder)
    write_card(folder, "probe", "b" * 64)
    register_built_ins(folder=folder)
    assert ModelVersion.objects.active("probe").sha256 == "b" * 64
    old = ModelVersion.objects.get(sha256="a" * 64)
    assert (old.state, old.is_built_in) == (ModelVersion.State.RETIRED, False)
    assert log_of("probe") == [("", None, "a"), ("", "a", "b")]


def test_of_a_kind_that_is_no_longer_committed_nothing_is_live(folder):
    register_built_ins(folder=folder)
    (folder / "probe.json").unlink()
    write_card(folder, "other", "b" * 64, kind="other")
    register_built_ins(folder=folder)
    assert live_at("probe", timezone.now()) is None
    assert log_of("probe")[-1] == ("", "a", None)


def test_weights_with_another_name_than_their_kind_lie_beside_without_answering(folder):
    write_card(folder, "a_baseline", "b" * 64)  # comes first in the alphabet
    register_built_ins(folder=folder)
    assert ModelVersion.objects.active("probe").name == "probe"
    assert ModelVersion.objects.get(name="a_baseline").state == ModelVersion.State.READY


def test_a_kind_without_weights_of_its_name_has_no_one_that_answers(folder):
    write_card(folder, "other_baseline", "b" * 64, kind="other")
    register_built_ins(folder=folder)
    assert not ModelVersion.objects.answering("other").exists()


def test_of_the_networks_that_name_pictures_the_better_one_answers_first(folder):
    for number, name in enumerate(["lite0", "lite2"]):
        write_card(folder, name, str(number) * 64, kind="classifier")
    ModelVersion.objects.filter(kind="classifier").update(kind="elsewhere", name="elsewhere")
    register_built_ins(folder=folder)
    assert ModelVersion.objects.active("classifier").name == "lite2"
    assert ModelVersion.objects.get(name="lite0").state == ModelVersion.State.READY


def test_migrating_again_keeps_what_an_admin_activated(folder):
    register_built_ins(folder=folder)
    own = ModelVersion.objects.create(kind="probe", name="own", sha256="c" * 64)
    activate(version=own)
    register_built_ins(folder=folder)
    assert ModelVersion.objects.active("probe") == own


def test_two_versions_of_a_kind_are_never_active_together(folder):
    register_built_ins(folder=folder)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModelVersion.objects.create(kind="probe", name="x", sha256="d" * 64, state=ModelVersion.State.ACTIVE)


def log_of(kind: str) -> list[tuple[str, str | None, str | None]]:
    """Who, from what, to what; versions by the first letter of their hash; the oldest first."""
    rows = Change.objects.filter(kind=kind).order_by("pk").select_related("before", "after")
    return [
        (row.by_name, row.before and row.before.sha256[0], row.after and row.after.sha256[0]) for row in rows
    ]


def probes(count: int, kind: str = "probe") -> list[ModelVersion]:
    return [
        ModelVersion.objects.create(kind=kind, name=letter, sha256=letter * 64) for letter in "abcdef"[:count]
    ]


def test_who_activated_what_and_why_is_written_down(root):
    first, second = probes(2)
    activate(version=first)
    activate(version=second, by=root, why="Reads sevens better.")
    assert log_of("probe") == [("", None, "a"), ("root", "a", "b")]
    assert Change.objects.first().why_text == "Reads sevens better."
    first.refresh_from_db()
    assert (first.state, second.state) == (ModelVersion.State.READY, ModelVersion.State.ACTIVE)


def test_what_answers_already_is_not_activated_again(root):
    (version,) = probes(1)
    activate(version=version)
    activate(version=ModelVersion.objects.get(pk=version.pk), by=root)
    assert len(log_of("probe")) == 1


def test_the_name_stays_in_the_log_when_its_person_is_gone(root):
    (version,) = probes(1)
    activate(version=version, by=root)
    root.delete()
    change = Change.objects.get(kind="probe")
    assert (change.by, change.by_name) == (None, "root")


def test_the_log_is_neither_changed_nor_deleted():
    (version,) = probes(1)
    activate(version=version)
    change = Change.objects.get(kind="probe")
    change.why = "something else"
    for act in (
        change.save,
        change.delete,
        lambda: Change.objects.update(why=""),
        Change.objects.all().delete,
        lambda: Change.objects.bulk_update([change], ["why"]),
    ):
        with pytest.raises(AppendOnly), transaction.atomic():
            act()
    assert Change.objects.get(kind="probe").why == ""


def test_rolling_back_goes_step_by_step_to_what_was_live_before(root):
    first, second, third = probes(3)
    for version in (first, third, second):  # not in the order in which they were made
        activate(version=version)
    assert roll_back(kind="probe", by=root) == third
    assert roll_back(kind="probe", by=root) == first
    with pytest.raises(ValidationError, match="no earlier version"):
        roll_back(kind="probe", by=root)
    assert ModelVersion.objects.active("probe") == first


def test_after_a_way_back_and_another_choice_the_way_back_is_that_of_the_choice():
    first, second, third = probes(3)
    for version in (first, second):
        activate(version=version)
    roll_back(kind="probe")
    activate(version=third)
    activate(version=first)
    assert [roll_back(kind="probe") for _ in range(2)] == [third, first]


def live_at(kind, moment):
    change = Change.objects.in_force(moment).filter(kind=kind).first()
    return change.after if change else None


def test_what_was_live_at_a_moment_has_an_answer():
    first, second = probes(2)
    moments = [timezone.now()]
    for version in (first, second):
        activate(version=version)
        moments.append(timezone.now())
    assert [live_at("probe", moment) for moment in moments] == [None, first, second]
    assert live_at("probe", timezone.now() + timedelta(days=1)) == second
    assert live_at("other", timezone.now()) is None


def test_an_archived_version_answers_again_only_where_its_weights_are_kept():
    (version,) = probes(1)
    archive(version=version)
    with pytest.raises(ValidationError, match="no longer kept"):
        activate(version=version)
    assert log_of("probe") == []
    store(sha256=version.sha256, files={"a.safetensors": b"weights"})
    activate(version=version)
    assert ModelVersion.objects.active("probe") == version


def test_what_answers_is_not_archived():
    (version,) = probes(1)
    activate(version=version)
    with pytest.raises(ValidationError, match="Activate another one first"):
        archive(version=version)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_activate_at_once_each_finds_what_the_one_before_left():
    versions = probes(6)

    def act(version: ModelVersion) -> None:
        try:
            activate(version=version)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[version]) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = log_of("probe")
    assert len(log) == 6
    assert all(one[2] == other[1] for one, other in pairwise(log))
    assert ModelVersion.objects.active("probe").sha256[0] == log[-1][2]


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
