"""manage.py train and evaluate, on digits that are drawn here."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import OperationalError
from PIL import Image

from conftest import database_url, wait_until
from ml.core.cards import Card
from registry.models import ModelVersion, TrainingRun
from tests.support.tiny_mnist import drawn_digits, write_mnist

FIGURES = {"accuracy", "accuracy_certain", "certain_share", "ece"}


@pytest.fixture(autouse=True)
def kept_networks(monkeypatch) -> None:
    monkeypatch.setenv("MODEL_CACHE_DIR", str(site.MODEL_CACHE_DIR))  # readied once for all tests


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_mnist(tmp_path / "data" / "MNIST" / "raw")
    return tmp_path / "data"


def train(data: Path, out: Path, *more: str) -> str:
    said = io.StringIO()
    asked = ("--architecture", "dense", "--data", str(data), "--out", str(out), *more)
    call_command("train", "digits", *asked, stdout=said)
    return said.getvalue()


def evaluate(*asked: object) -> str:
    said = io.StringIO()
    call_command("evaluate", "digits", *map(str, asked), stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_a_training_from_mnist_alone_writes_weights_a_card_with_figures_and_its_curves(data, tmp_path):
    said = train(data, tmp_path / "out", "--epochs", "2", "--seed", "5")
    card = Card.load(tmp_path / "out", "digits_dense")
    assert sorted(path.name for path in (tmp_path / "out").glob("digits*.*")) == [
        "digits_dense.json",
        "digits_dense.safetensors",
    ]
    assert {row["set"] for row in card.metrics} >= {"MNIST test (40)", "MNIST test, as uploads (40)"}
    assert "MNIST test, as uploads (40)" in said
    run = TrainingRun.objects.get()
    assert (run.kind, run.architecture, run.seed, run.epochs) == ("digits", "dense", 5, 2)
    assert (run.state, run.version) == (TrainingRun.State.DONE, None)
    assert run.curves == card.curves
    assert [point["epoch"] for point in run.curves] == [1, 2]


@pytest.mark.django_db
def test_of_several_seeds_the_best_is_kept_and_the_card_says_how_all_did(data, tmp_path):
    train(data, tmp_path / "out", "--epochs", "1", "--seeds", "2")
    runs = TrainingRun.objects.order_by("seed")
    assert [run.seed for run in runs] == [1, 2]
    card = Card.load(tmp_path / "out", "digits_dense")
    best = max(runs, key=lambda run: run.curves[0]["validation_accuracy"])
    assert card.curves[0]["validation_accuracy"] == best.curves[0]["validation_accuracy"]
    of = {row["measure"]: row for row in card.metrics if row["set"] == "MNIST test (40)"}
    mean, lowest, highest = (of[f"accuracy, {which} of 2 seeds"] for which in ("mean", "lowest", "highest"))
    assert lowest["value"] <= mean["value"] <= highest["value"]
    assert mean["md5"] == of["accuracy"]["md5"]
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".json", ".safetensors"}


@pytest.mark.django_db
def test_what_is_trained_into_the_built_in_weights_is_taken_in_and_linked(data, tmp_path, monkeypatch):
    monkeypatch.setattr("registry.management.commands.train.BUILT_IN", tmp_path / "out")
    train(data, tmp_path / "out", "--epochs", "1")
    version = TrainingRun.objects.get().version
    assert version.name == "digits_dense" and version in ModelVersion.objects.all()
    assert version.state == ModelVersion.State.READY


@pytest.mark.django_db
def test_measuring_again_changes_the_figures_and_not_the_weights(data, tmp_path):
    train(data, tmp_path / "out", "--epochs", "1", "--seeds", "2")
    before = Card.load(tmp_path / "out", "digits_dense")
    write_mnist(data / "MNIST" / "raw", test=20)
    train(data, tmp_path / "out", "--calibrate")
    after = Card.load(tmp_path / "out", "digits_dense")
    assert after.sha256 == before.sha256
    assert "MNIST test (20)" in {row["set"] for row in after.metrics}
    assert "accuracy, mean of 2 seeds" in {row["measure"] for row in after.metrics}


@pytest.mark.django_db
def test_a_training_that_was_stopped_says_so_and_goes_on_in_its_row(data, tmp_path, monkeypatch):
    with monkeypatch.context() as patched, pytest.raises(CommandError, match="goes on from here"):
        patched.setattr("registry.management.commands._recorder.note_training", press_control_c)
        train(data, tmp_path / "out", "--epochs", "3")
    stopped = TrainingRun.objects.get()
    assert stopped.state == TrainingRun.State.STOPPED
    train(data, tmp_path / "out", "--epochs", "3")
    run = TrainingRun.objects.get()
    assert (run.pk, run.state, len(run.curves)) == (stopped.pk, TrainingRun.State.DONE, 3)


def press_control_c(**_more: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.full
@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_training_that_was_killed_goes_on_where_it_was(data, tmp_path):
    asked = ["--architecture", "dense", "--data", str(data), "--out", str(tmp_path / "out"), "--epochs", "6"]
    environment = {"DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path), "SECRET_KEY": site.SECRET_KEY}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "train", "digits", *asked],
        cwd=site.BASE_DIR,
        env=os.environ | environment,
    )
    wait_until(lambda: any(run.curves for run in TrainingRun.objects.all()))
    process.kill()
    process.wait()
    killed = TrainingRun.objects.get()
    assert killed.state == TrainingRun.State.RUNNING

    train(data, tmp_path / "out", "--epochs", "6")

    run = TrainingRun.objects.get()
    assert (run.state, len(run.curves)) == (TrainingRun.State.DONE, 6)
    assert run.curves[: len(killed.curves)] == killed.curves  # with the seconds they took: not learned again


@pytest.mark.django_db
def test_a_checkpoint_of_another_plan_is_not_taken_up(data, tmp_path, monkeypatch):
    with monkeypatch.context() as patched, pytest.raises(CommandError):
        patched.setattr("registry.management.commands._recorder.note_training", press_control_c)
        train(data, tmp_path / "out", "--epochs", "3")
    train(data, tmp_path / "out", "--epochs", "2")
    assert [run.epochs for run in TrainingRun.objects.all()] == [2, 3]
    assert len(Card.load(tmp_path / "out", "digits_dense").curves) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked, sentence",
    [
        (["digits", "--architecture", "cnn"], "MNIST is not in nowhere.*to be had at https://"),
        (["digits", "--architecture", "transformer"], "no architecture transformer: say cnn or dense"),
        (["digits", "--seeds", "0"], "0 is not a whole number from 1 on"),
        (["digits", "--calibrate", "--out", "nowhere"], "card nowhere.*cannot be read"),
        (["marks", "--seeds", "2"], "Several seeds are compared for digits alone"),
    ],
)
def test_what_cannot_be_trained_is_said_in_a_sentence(asked, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("train", *asked, "--data", "nowhere")
    assert not TrainingRun.objects.exists()


@pytest.mark.django_db
def test_a_database_without_tables_is_a_sentence(data, tmp_path, monkeypatch):
    def begin(**_more: object) -> None:
        raise OperationalError("no such table: registry_trainingrun")

    monkeypatch.setattr("registry.management.commands._recorder.begin_training", begin)
    with pytest.raises(CommandError, match="no such table.*manage.py migrate"):
        train(data, tmp_path / "out", "--epochs", "1")


def test_evaluate_lists_each_figure_with_its_set_and_md5(data):
    lines = evaluate("--data", data).splitlines()
    assert len({line.index("%") for line in lines}) == 1  # in columns
    (uploads,) = (line for line in lines if "as uploads (40)" in line and " accuracy " in line)
    assert len(uploads.split("(40)")[1].split()[0]) == 32
    assert not any("USPS" in line for line in lines)  # it is not in the folder


def test_evaluate_reads_a_file_of_ones_own_as_uploads_are_read(tmp_path):
    pictures, labels = drawn_digits(40, seed=3)
    pictures[0] = 0  # nothing to read
    np.savez(tmp_path / "own.npz", x=255 - np.repeat(pictures[..., None], 3, 3), y=labels)
    said = evaluate("--data", tmp_path / "own.npz", "--json")
    answer = json.loads(said)
    confusion = np.array(answer.pop("confusion"))
    assert said.count("\n") == 1
    assert set(answer) == FIGURES
    assert confusion.shape == (10, 11)
    assert confusion.sum(1).tolist() == [4] * 10
    assert confusion[0, 10] >= 1
    assert answer["accuracy"] == pytest.approx(np.trace(confusion) / 40)
    assert answer["accuracy"] > 0.8


def test_evaluate_reads_a_folder_per_label_of_any_pictures(tmp_path):
    pictures, labels = drawn_digits(20, seed=3)
    for number, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        folder = tmp_path / "own" / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        large = Image.fromarray(255 - picture).resize((90, 120))
        large.save(folder / f"{number}.{'png' if number % 2 else 'jpg'}")
    (tmp_path / "own" / "3" / ".DS_Store").write_bytes(b"not a picture")
    answer = json.loads(evaluate("--data", tmp_path / "own", "--json"))
    assert np.sum(answer["confusion"]) == 20
    assert answer["accuracy"] > 0.8
    assert "own (20)" in evaluate("--data", tmp_path / "own")


def test_without_a_set_of_ones_own_json_is_of_mnists_test_half(data):
    answer = json.loads(evaluate("--data", data, "--json"))
    assert set(answer) == FIGURES | {"confusion"}
    assert np.sum(answer["confusion"]) == 40


PICTURES = np.zeros((3, 28, 28), np.uint8)


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": PICTURES},
        {"x": PICTURES, "y": [1, 2]},
        {"x": PICTURES, "y": [1, 2, 10]},
        {"x": PICTURES, "y": ["1", "2", "a"]},
        {"x": PICTURES, "y": [1, 2, np.nan]},
        {"x": PICTURES.astype(float), "y": [1, 2, 3]},
        {"x": PICTURES.reshape(3, 784), "y": [1, 2, 3]},
        {"x": PICTURES[:0], "y": []},
        {"x": np.array([None, {}]), "y": [1, 2]},
    ],
    ids=["no y", "few y", "a ten", "text", "nan", "floats", "flat", "empty", "objects"],
)
def test_a_file_that_holds_no_digits_is_a_sentence(tmp_path, arrays):
    np.savez(tmp_path / "own.npz", **arrays)
    with pytest.raises(CommandError, match=r"own.npz .*has x \(uint8.*and y"):
        evaluate("--data", tmp_path / "own.npz", "--json")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 cut off", None])
def test_a_file_that_is_damaged_or_missing_is_a_sentence(tmp_path, content):
    if content is not None:
        (tmp_path / "own.npz").write_bytes(content)
    with pytest.raises(CommandError, match="own.npz cannot be read"):
        evaluate("--data", tmp_path / "own.npz")


def test_a_damaged_picture_in_a_folder_is_named(tmp_path):
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "seven.png").write_bytes(b"not a picture")
    with pytest.raises(CommandError, match=r"seven\.png: This file is not a picture"):
        evaluate("--data", tmp_path)


def test_a_folder_per_label_without_pictures_is_a_sentence(tmp_path):
    (tmp_path / "7").mkdir()
    with pytest.raises(CommandError, match="no pictures in its folders named 0 to 9"):
        evaluate("--data", tmp_path, "--json")


@pytest.mark.parametrize(
    "asked, sentence",
    [
        (["digits"], "MNIST is not in nowhere"),
        (["digits", "--model", "digits_huge"], "digits_huge.json cannot be read"),
        (["digits", "--model", "letters"], "letters reads letters, not digits"),
        (["marks", "--json"], "read by digits and by the classifier"),
        (["marks", "--model", "digits"], "one network of this kind, marks"),
    ],
)
def test_what_cannot_be_measured_is_said_in_a_sentence(asked, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("evaluate", *asked, "--data", "nowhere")
