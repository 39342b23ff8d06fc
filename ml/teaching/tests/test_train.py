"""Teaching on a small network: fine-tuning goes on where it was killed, and is kept only where it helps."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from ml.core.cards import Card
from ml.core.engine import Engine, torch_run
from ml.pictures.backbone import Backbone
from ml.pictures.network import EfficientNetLite, LiteConfig
from ml.teaching import export, fine_tuning, train
from ml.teaching.fine_tuning import Tail, TooSlow, Tuning
from ml.teaching.head import Head, rooted
from ml.teaching.head_training import Examples, Progress
from ml.teaching.reader import load_taught

SIZE = 32
CLASSES = ["up", "down", "left"]


class Small(Backbone):
    """A network of the same kind with weights by chance."""

    def __init__(self, folder: Path) -> None:
        torch.manual_seed(3)
        config = {"width": 0.3, "depth": 0.3, "hidden": 0.0, "classes": 10}
        small = EfficientNetLite(LiteConfig(**config)).eval()
        content = export.safetensors.numpy.save(
            {name: one.numpy() for name, one in small.state_dict().items()}
        )
        card = Card(
            kind="classifier",
            name="small",
            architecture="ml.pictures.network.EfficientNetLite",
            config=config,
            preprocessing={"size": SIZE, "channels": 3},
            classes=[str(number) for number in range(10)],
            meanings={},
            temperature=1.0,
            shift=[],
            certain=1.0,
            data=[],
            metrics=[],
            seed=3,
            parameters=0,
            sha256=export.hashlib.sha256(content).hexdigest(),
            trained_at="",
        )
        (folder / "small.safetensors").write_bytes(content)
        super().__init__(Engine(card, folder, torch_run(small, "cpu")))


def pictures(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(n, 3, 32, 32) in which the upper, lower or left half is light, and their labels."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % len(CLASSES)
    batch = random.normal(0, 0.6, (count, 3, SIZE, SIZE)).astype(np.float32)
    halves = [(slice(0, 16), slice(None)), (slice(16, 32), slice(None)), (slice(None), slice(0, 16))]
    for picture, label in zip(batch, labels, strict=True):
        picture[:, *halves[label]] += 0.8
    return batch, labels


@pytest.fixture
def backbone(tmp_path: Path) -> Small:
    return Small(tmp_path)


@pytest.fixture
def given(backbone: Small) -> tuple[Examples, Callable]:
    batch, labels = pictures(120)
    features = backbone.features(batch).astype(np.float16)
    return Examples(features, labels, np.arange(len(labels)), CLASSES), lambda places: batch[places]


def silent(report: Progress) -> None:
    """Nobody watches."""


def tuning(backbone: Small, examples: Examples, folder: Path) -> Tuning:
    parts = np.arange(0, 90), np.arange(90, 120)
    head = Head(np.zeros((1280, 3), np.float32), np.zeros(3, np.float32))
    return Tuning(backbone.network, head, examples, parts, folder)


def test_an_untrained_tail_gives_the_features_of_the_network(backbone, given):
    examples, prepared = given
    head = Head(np.ones((1280, 3), np.float32), np.zeros(3, np.float32))
    tail = Tail(backbone.network, head).eval()
    batch = prepared(np.arange(4))
    with torch.inference_mode():
        maps = fine_tuning.trunk(backbone.network, torch.from_numpy(batch))
        features = tail.features(maps).numpy()
    assert np.abs(features - backbone.features(batch)).max() < 1e-5
    assert np.abs(torch_run(tail.tuned(backbone.network), "cpu")(batch)[1] - features).max() < 1e-5


def test_a_killed_fine_tuning_goes_on_and_ends_as_if_nothing_had_been(backbone, given, tmp_path):
    examples, prepared = given
    whole = tuning(backbone, examples, tmp_path / "whole")
    whole.run(prepared, 1e9, silent)
    looked: list[int] = []

    def killed_after(epochs: int) -> Callable[[Progress], None]:
        def watch(report: Progress) -> None:
            if len(report.curves) == epochs:
                raise KeyboardInterrupt

        return watch

    def counted(places: np.ndarray) -> np.ndarray:
        looked.append(len(places))
        return prepared(places)

    with pytest.raises(KeyboardInterrupt):
        tuning(backbone, examples, tmp_path / "killed").run(counted, 1e9, killed_after(5))
    before = sum(looked)
    resumed = tuning(backbone, examples, tmp_path / "killed")
    resumed.run(counted, 1e9, silent)
    assert sum(looked) - before == 4  # to judge how long it takes; no picture for learning
    assert len(resumed.curves) == fine_tuning.RECIPE.epochs
    assert resumed.curves == whole.curves
    assert all(
        torch.equal(one, other)
        for one, other in zip(
            resumed.tail.state_dict().values(), whole.tail.state_dict().values(), strict=True
        )
    )


def test_another_set_of_pictures_starts_anew(backbone, given, tmp_path):
    examples, prepared = given
    tuning(backbone, examples, tmp_path / "tuning").run(prepared, 1e9, silent)
    other = Examples(examples.features, examples.labels[::-1].copy(), examples.groups, CLASSES)
    assert tuning(backbone, other, tmp_path / "tuning").maps.done() == 0


def test_what_takes_too_long_is_not_begun(backbone, given, tmp_path):
    examples, prepared = given
    with pytest.raises(TooSlow, match="about"):
        tuning(backbone, examples, tmp_path / "tuning").run(prepared, 0.001, silent)
    assert train.teach(examples, backbone, prepared, tmp_path / "run", silent, seconds=0.001).verdict in (
        "too_slow",
        "nothing_to_gain",
    )


def test_a_training_keeps_what_held_out_pictures_say_helps(backbone, given, tmp_path):
    examples, prepared = given
    outcome = train.teach(examples, backbone, prepared, tmp_path / "run", silent)
    assert outcome.verdict in ("better", "no_better", "nothing_to_gain")
    assert (outcome.tail is not None) == (outcome.verdict == "better")


def test_few_pictures_or_no_request_leave_fine_tuning_out(backbone, given, tmp_path):
    examples, prepared = given
    assert train.teach(examples, backbone, prepared, tmp_path, silent, seconds=0).verdict == "not_wanted"
    few = Examples(examples.features[:60], examples.labels[:60], examples.groups[:60], CLASSES)
    assert train.teach(few, backbone, prepared, tmp_path, silent).verdict == "too_few"


def outcome_of(backbone: Small, given: tuple, folder: Path, is_tuned: bool) -> train.Outcome:
    examples, prepared = given
    plain = train.teach(examples, backbone, prepared, folder, silent, seconds=0)
    if not is_tuned:
        return plain
    tuned = tuning(backbone, examples, folder / "tuning")
    tuned.run(prepared, 1e9, silent)
    return train.Outcome(plain.taught, "better", tuned.tail)


@pytest.mark.parametrize("is_tuned", [False, True])
def test_the_files_of_a_version_answer_as_it_was_taught(backbone, given, tmp_path, is_tuned):
    examples, _prepared = given
    outcome = outcome_of(backbone, given, tmp_path, is_tuned)
    content, card = export.packed(
        outcome, examples, kind="classifier-1", name="taught", backbone=backbone.card
    )
    network = export.export_onnx(outcome, backbone, CLASSES, tmp_path)
    (tmp_path / "taught.safetensors").write_bytes(content)
    (tmp_path / "taught.onnx").write_bytes(network)
    taught = load_taught(Card.parse(json.loads(json.dumps(card.__dict__))), tmp_path)
    batch, _labels = pictures(9, seed=5)
    said = taught.answers(batch, backbone.features(batch))
    session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
    probabilities, distances = session.run(None, {session.get_inputs()[0].name: batch})
    assert json.loads(session.get_modelmeta().custom_metadata_map["classes"]) == CLASSES
    for answer, row, distance in zip(said, probabilities, distances, strict=True):
        assert answer.labels[0]["name"] == CLASSES[int(row.argmax())]
        assert answer.labels[0]["probability"] == pytest.approx(float(row.max()), abs=2e-4)
        assert answer.distance == pytest.approx(float(distance), abs=2e-4)
    if is_tuned:
        tuned = torch_run(outcome.tail.tuned(backbone.network), "cpu")(batch)[1]
        expected = outcome.taught.known.distances(rooted(tuned))
        assert np.abs(expected - distances).max() < 1e-4


def test_two_classifiers_of_the_same_pictures_have_different_hashes(backbone, given, tmp_path):
    examples, _prepared = given
    outcome = outcome_of(backbone, given, tmp_path, is_tuned=False)
    cards = [
        export.packed(outcome, examples, kind=kind, name="taught", backbone=backbone.card)[1]
        for kind in ("a", "b")
    ]
    assert cards[0].sha256 != cards[1].sha256
