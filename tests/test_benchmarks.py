"""Every benchmark in a form so short that its figures mean nothing: it runs to its end, so none rots unnoticed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.core.engine import load_engine

SHORT = {
    "classifier": ["--rounds", "1", "--seconds", "0.5"],
    "digits": ["--rounds", "1", "--seconds", "0.5"],
    "faults": ["--jobs", "20", "--kills", "1", "--faults", "work,quick,web,supervisor"],
    "first_class": ["--size", "2", "--by", "scanner", "--sheets", "plain", "--out", "{folder}"],
    "generator": ["--rounds", "1", "--seconds", "0.5", "--only", "gan"],
    "memory_hours": ["--minutes", "0.5", "--out", "{folder}/memory.csv"],
    "grading": ["--pages", "2", "--repeats", "1", "--memory", "30"],
    "other_makers": ["--out", "{folder}", "--only", "hangul,thin_rounds", "--sheets", "2"],
    "overload": ["--jobs", "40", "--quota", "20"],
    "half_open": ["--connections", "60"],
    "hostile": ["--files", "60", "--each", "1", "--minutes", "4"],
    "shadow": ["--rounds", "1", "--seconds", "0.5"],
    "teach": ["--threads", "1"],
    "text": ["--pictures", "2"],
}
# Stands for Gradio, whose packages are not ours: a click is made at once.
GRADIO = """
class Blocks:
    def __init__(self, **_): pass
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def launch(self, **_): pass
class JSON: pass
class Button:
    def click(self, answer, *_, **__): print(sum(answer([0.0] * 784).values()))
"""


def run(module: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A figure that misses its target is no fault here: exit status 1, but no traceback."""
    outside = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "DATABASE_URL")}
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *arguments],
        cwd=settings.BASE_DIR,
        env=outside | environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode in (0, 1) and "Traceback" not in done.stderr, done.stdout + done.stderr
    assert done.stdout
    return done


@pytest.mark.full
@pytest.mark.worker
@pytest.mark.parametrize("name", SHORT)
def test_a_benchmark_runs_to_its_end(name, tmp_path: Path):
    run(name, *(argument.format(folder=tmp_path) for argument in SHORT[name]), TMPDIR=str(tmp_path))


@pytest.mark.full
@pytest.mark.worker
def test_a_full_disk_takes_no_process_down_and_room_brings_all_back(tmp_path: Path):
    done = run("full_disk", "--seconds", "4", TMPDIR=str(tmp_path))
    if "may not mount" in done.stdout:
        pytest.skip("Only root may mount the small disk.")
    rows = {cells[0]: cells[1:] for cells in map(cells_of, done.stdout.splitlines()) if len(cells) == 5}
    for name in ("upload a picture", "upload a scan"):
        assert rows[name] == ["ok", "507", "507", "ok"]
    for name in (
        "draw a digit",
        "correct an exam",
        "delete a digit",
    ):  # may fit in what SQLite's log has kept
        assert rows[name] in (["ok", "ok", "507", "ok"], ["ok"] * 4)
    for name in ("read a list", "open a page", "metrics"):
        assert rows[name] == ["ok"] * 4
    assert rows["*processes that died*"] == ["0"] * 4
    assert "Jobs still open: 0, failed: 0" in done.stdout


def cells_of(line: str) -> list[str]:
    """Of a row of a table."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_network_of_digits_answers_behind_gradio(tmp_path: Path):
    (tmp_path / "gradio.py").write_text(GRADIO)
    load_engine(Card.load(WEIGHTS_FOLDER, "digits"), WEIGHTS_FOLDER, tmp_path, "cpu")
    (network,) = tmp_path.glob("*.onnx")
    done = run("gradio_site", str(network), "0", PYTHONPATH=str(tmp_path))
    assert float(done.stdout) == pytest.approx(1)


def test_every_benchmark_that_is_a_command_has_a_short_form():
    commands = {
        path.stem
        for path in (settings.BASE_DIR / "benchmarks").glob("*.py")
        if "add_argument(" in path.read_text()
    }
    # One has a test of its own, one needs PostgreSQL and Redis (tests/test_registry.py runs what it counts), one
    # sheets that are not ours.
    assert commands - {"full_disk", "activation", "omrchecker"} == set(SHORT)
