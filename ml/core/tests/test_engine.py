"""Two engines, one answer."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.cells.evaluate import RECIPES
from ml.cells.network import CellNet
from ml.core.architectures import load_network
from ml.core.cards import WEIGHTS_FOLDER, Card, WeightsDamaged, checked_weights
from ml.core.engine import (
    CACHE_VARIABLE,
    EnginesDisagree,
    cache_of,
    export,
    input_shape,
    largest_difference,
    load_engine,
    onnx_run,
)
from ml.simulation.conditions import CELL

KINDS = sorted(RECIPES)
SHAPE = (2, CELL, CELL)  # of the network of marks


@pytest.mark.parametrize("kind", KINDS)
def test_onnx_computes_what_pytorch_computes(kind, onnx_cache):
    card = Card.load(WEIGHTS_FOLDER, kind)
    engine = load_engine(card, WEIGHTS_FOLDER, onnx_cache, device="cpu")
    network = load_network(card, checked_weights(WEIGHTS_FOLDER, card))
    cells = np.random.default_rng(7).random((70, *input_shape(card)), np.float32)

    with torch.inference_mode():
        expected = network(torch.from_numpy(cells)).numpy()

    assert np.abs(engine.logits(cells) - expected).max() < 1e-4


def test_damaged_weights_are_not_loaded(tmp_path):
    for name in ("marks.json", "marks.safetensors"):
        shutil.copy(WEIGHTS_FOLDER / name, tmp_path)
    content = bytearray((tmp_path / "marks.safetensors").read_bytes())
    content[-3] ^= 1
    (tmp_path / "marks.safetensors").write_bytes(content)

    with pytest.raises(WeightsDamaged, match="damaged"):
        load_engine(Card.load(tmp_path, "marks"), tmp_path, device="cpu")


def test_weights_of_another_network_are_refused():
    card = Card.load(WEIGHTS_FOLDER, "marks")
    other = replace(card, config=card.config | {"widths": [8, 16, 24]})

    with pytest.raises(WeightsDamaged, match="do not fit"):
        load_network(other, checked_weights(WEIGHTS_FOLDER, card))


def test_a_network_is_exported_once_and_kept_by_its_version(tmp_path, monkeypatch):
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "kept"))
    card = Card.load(WEIGHTS_FOLDER, "marks")

    load_engine(card, WEIGHTS_FOLDER, device="cpu")
    (kept,) = (tmp_path / "kept").iterdir()
    first = kept.stat().st_mtime_ns
    load_engine(card, WEIGHTS_FOLDER, device="cpu")

    assert kept.name == f"marks-{card.sha256[:8]}.onnx"
    assert kept.stat().st_mtime_ns == first


def test_nothing_is_written_beside_the_weights(tmp_path, monkeypatch):
    weights = tmp_path / "weights"
    weights.mkdir()
    for name in ("marks.json", "marks.safetensors"):
        shutil.copy(WEIGHTS_FOLDER / name, weights)
    weights.chmod(0o555)
    monkeypatch.delenv(CACHE_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))

    load_engine(Card.load(weights, "marks"), weights, device="cpu")

    assert sorted(path.name for path in weights.iterdir()) == ["marks.json", "marks.safetensors"]
    assert [path.suffix for path in (tmp_path / "home" / "nunbit").iterdir()] == [".onnx"]


def test_who_has_no_home_gets_a_cache_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "home").write_text("a file where a folder should be")
    monkeypatch.delenv(CACHE_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    assert cache_of(None).parent == tmp_path


@pytest.mark.full
def test_two_processes_that_load_at_once_both_read(tmp_path):
    program = (
        "import sys, numpy as np; from pathlib import Path; from ml.cells.reader import load_reader;"
        "reader = load_reader('marks', cache_folder=Path(sys.argv[1]), device='cpu');"
        "print(reader.classes[int(reader.read(np.full((1, 32, 32), 250, np.uint8)).argmax())])"
    )
    command = [sys.executable, "-W", "ignore", "-c", program, str(tmp_path)]
    root = Path(__file__).parents[3]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) for _ in range(2)]

    assert [process.communicate(timeout=600)[0].split()[-1] for process in started] == ["empty", "empty"]
    assert len(list(tmp_path.iterdir())) == 1


def test_an_export_that_computes_otherwise_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("ml.core.engine.AGREEMENT", -1.0)

    with pytest.raises(EnginesDisagree):
        export(CellNet(RECIPES["marks"].network).eval(), tmp_path / "marks.onnx", SHAPE)

    assert not list(tmp_path.iterdir())


def test_the_difference_between_engines_is_seen(onnx_cache):
    card = Card.load(WEIGHTS_FOLDER, "marks")
    load_engine(card, WEIGHTS_FOLDER, onnx_cache, device="cpu")
    run = onnx_run(onnx_cache / f"marks-{card.sha256[:8]}.onnx")
    network = load_network(card, checked_weights(WEIGHTS_FOLDER, card))
    assert largest_difference(network, run, SHAPE) < 1e-4

    with torch.no_grad():
        network.answer.bias *= 1.01

    assert largest_difference(network, run, SHAPE) > 1e-4


def test_two_threads_may_ready_networks_at_once(tmp_path):
    def ready(kind: str) -> int:
        card = Card.load(WEIGHTS_FOLDER, kind)
        engine = load_engine(card, WEIGHTS_FOLDER, tmp_path, device="cpu")
        return engine.logits(np.zeros((1, *input_shape(card)), np.float32)).shape[1]

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(ready, ["marks", "letters", "marks"])) == [7, 7, 7]
