"""Every benchmark in a form so short that its figures mean nothing: it runs to its end, so none rots unnoticed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings

from grading.sheet.tests import template_sheets
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.core.engine import load_engine

SHORT = {
    "classifier": ["--rounds", "1", "--seconds", "0.5"],
    "copies": ["--sheets", "2", "--only", "upper 70 %, scan,two on A3"],
    "digits": ["--rounds", "1", "--seconds", "0.5"],
    "erasures": ["--removed", "90"],
    "faults": ["--jobs", "20", "--kills", "1", "--faults", "work,quick,web,supervisor"],
    "first_class": ["--size", "2", "--by", "scanner", "--sheets", "plain", "--out", "{folder}"],
    "generator": ["--rounds", "1", "--seconds", "0.5", "--only", "gan"],
    "memory_hours": ["--minutes", "0.5", "--out", "{folder}/memory.csv"],
    "judged": ["{folder}", "--only", "pattern"],
    "grading": ["--pages", "2", "--repeats", "1", "--memory", "30"],
    "other_makers": ["--out", "{folder}", "--only", "hangul,thin_rounds", "--sheets", "2"],
    "overlay": ["--papers", "3", "--items", "8"],
    "overload": ["--jobs", "40", "--quota", "20"],
    "review": ["--size", "6", "--doubts", "1", "--wrong", "0"],
    "half_open": ["--connections", "60"],
    "key_change": ["--papers", "20", "--items", "8"],
    "hostile": ["--files", "60", "--each", "1", "--minutes", "4"],
    "shadow": ["--rounds", "1", "--seconds", "0.5"],
    "teach": ["--threads", "1"],
    "text": ["--pictures", "2"],
    "written": ["--sheets", "2"],
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


# Stands for OMRChecker, whose code is not ours: every sheet has an A for q1.
OMRCHECKER = """
import csv, pathlib, sys
inputs, outputs = (pathlib.Path(sys.argv[place]) for place in (2, 4))
results = outputs / "Results"
results.mkdir(parents=True)
with (results / "Results_10AM.csv").open("w") as file:
    table = csv.writer(file)
    table.writerow(["file_id", "input_path", "output_path", "score", "q1", "q2"])
    table.writerows([path.name, path, "", 0, "A", ""] for path in inputs.rglob("[ab].png"))
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


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """For TMPDIR: sockets of browsers and workers lie in it, whose paths may have 107 bytes."""
    with TemporaryDirectory(prefix="b") as folder:
        yield Path(folder)


@pytest.mark.full
@pytest.mark.worker
@pytest.mark.parametrize("name", SHORT)
def test_a_benchmark_runs_to_its_end(name, short_folder: Path):
    run(name, *(argument.format(folder=short_folder) for argument in SHORT[name]), TMPDIR=str(short_folder))


@pytest.mark.full
@pytest.mark.worker
def test_a_full_disk_takes_no_process_down_and_room_brings_all_back(short_folder: Path):
    done = run("full_disk", "--seconds", "4", TMPDIR=str(short_folder))
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


@pytest.mark.full
def test_foreign_sheets_are_measured_beside_their_own_program(tmp_path: Path):
    sheets, program = tmp_path / "sheets", tmp_path / "program"
    program.mkdir()
    (program / "main.py").write_text(OMRCHECKER)
    sheets.mkdir()
    (sheets / "template.json").write_bytes(template_sheets.files(template_sheets.PAGE)["template.json"])
    truth = {"a": "A", "b": "B", "c": "A"}
    for name, answer in truth.items():
        picture = template_sheets.filled("page", {"q1": answer}).grey
        (sheets / f"{name}.png").write_bytes(template_sheets.encoded(picture))
    lines = [f"{name}.png,q1,{answer},clear" for name, answer in truth.items()]
    (sheets / "truth.csv").write_text(
        "\n".join(["image,field,value,certainty", *lines, "a.png,q2,A,ambiguous"])
    )
    done = run("omrchecker", str(sheets), "--omrchecker", sys.executable, str(program))
    ours, theirs = (
        [cells_of(line)[:8] for line in part.splitlines() if line.startswith("| all sets")]
        for part in done.stdout.split("OMRChecker itself")
    )
    assert ours == [["all sets", "original", "3", "3", "3", "0", "0", "0"]]
    assert theirs == [["all sets", "original", "3", "3", "1", "0", "1", "1"]]
    assert "original: a.png q2: " in done.stdout


@pytest.mark.full
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
