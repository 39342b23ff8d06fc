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
    "grading": ["--pages", "2", "--repeats", "1", "--memory", "30"],
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
    # One needs PostgreSQL and Redis (tests/test_registry.py runs what it counts), one sheets that are not ours.
    assert commands - {"activation", "omrchecker"} == set(SHORT)
