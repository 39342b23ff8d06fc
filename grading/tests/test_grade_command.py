"""manage.py grade, on folders as users of OMRChecker have them: a row for each sheet, a sentence for what is wrong."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from PIL import Image

from grading.sheet.tests import template_sheets as sheets
from grading.sheet.tests.template_files import TABLE, evaluation

ANSWERS = {
    "medium": "E",
    "roll1": "5",
    "roll2": "0",
    "roll3": "9",
    "roll4": "3",
    "roll5": "1",
    "q1": "A",
    "q2": "C",
}


def put(folder: Path, *steps: dict[str, Any], key: dict[str, Any] | None = None, **changes: Any) -> Path:
    """A folder with a template."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "template.json").write_text(json.dumps(sheets.values(*(steps or (sheets.PAGE,)), **changes)))
    if key:
        (folder / "evaluation.json").write_text(json.dumps(key))
    return folder


def fill(path: Path, **changes: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), sheets.filled("page", {**ANSWERS, **changes}).grey)
    return path


def grade(folder: Path, *more: str) -> tuple[list[dict[str, str]], str, int]:
    """Its rows, what it says on standard error, and its exit status."""
    out, said, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command("grade", folder, *more, stdout=out, stderr=said)
    except SystemExit as exit_:
        status = exit_.code
    return list(csv.DictReader(io.StringIO(out.getvalue()))), said.getvalue(), status


def refusal(folder: Path, *more: str) -> str:
    with pytest.raises(CommandError) as caught:
        call_command("grade", folder, *more)
    assert caught.value.returncode == 2
    return str(caught.value)


def test_each_sheet_is_a_row_with_its_answers_and_its_score(tmp_path: Path) -> None:
    put(tmp_path, key=evaluation(["q1..3"], ["A", "B", "C"]), emptyValue="-")
    fill(tmp_path / "b.png")
    fill(tmp_path / "a.jpg", q2="B")
    rows, said, status = grade(tmp_path)
    assert (said, status) == ("", 0)
    assert list(rows[0])[:3] == ["input_path", "q1", "q2"]
    assert list(rows[0])[-4:] == ["Roll", "score", "review", "problem"]
    a, b = rows
    assert [row["input_path"] for row in rows] == ["a.jpg", "b.png"]
    assert (a["Roll"], a["q1"], a["q2"], a["q3"], a["review"], a["problem"]) == (
        "E50931",
        "A",
        "B",
        "-",
        "",
        "",
    )
    assert [row["score"] for row in rows] == ["6", "2.75"]


def test_what_is_not_certain_is_named_and_its_best_value_printed(tmp_path: Path) -> None:
    fill(put(tmp_path) / "a.png", q1="AD", roll3="")
    rows, said, status = grade(tmp_path)
    assert (rows[0]["q1"], rows[0]["Roll"], rows[0]["review"]) == ("AD", "E50?31", "Roll")
    assert (rows[0]["score"], said, status) == ("", "", 0)


def test_a_template_holds_below_its_folder_until_another(tmp_path: Path) -> None:
    put(tmp_path, key=evaluation(["q1"], ["A"]), outputColumns=["Roll", "q2"])
    fill(tmp_path / "class a" / "one.png")
    own = put(tmp_path / "class b", outputColumns=["q1", "Roll"], emptyValue="?")
    (own / "evaluation.json").write_text(json.dumps(evaluation(["q1"], [[["A", "1/2"]]])))
    fill(own / "more" / "two.png", q1="")
    fill(own / "three.png")
    rows, _, status = grade(tmp_path)
    assert list(rows[0]) == ["input_path", "Roll", "q2", "q1", "score", "review", "problem"]
    assert [list(row.values())[:5] for row in rows] == [
        ["class a/one.png", "E50931", "C", "", "3"],
        ["class b/more/two.png", "E50931", "", "?", "0"],
        ["class b/three.png", "E50931", "", "A", "0.5"],
    ]
    assert status == 0


def test_markers_blank_forms_and_pictures_of_keys_are_no_sheets(tmp_path: Path) -> None:
    key = {**TABLE, "options": {"answer_key_csv_path": "key.csv", "answer_key_image_path": "key/right.png"}}
    put(tmp_path, sheets.BLANK, key=key)
    cv2.imwrite(str(tmp_path / "blank.png"), sheets.printed(has_markers=False))
    fill(tmp_path / "key" / "right.png", q1="B")
    fill(tmp_path / "a.png", q1="B", q2="D")
    rows, _, status = grade(tmp_path)
    assert [row["input_path"] for row in rows] == ["a.png"]
    assert (rows[0]["score"], status) == (str(3 * 2 - 0.25), 0)  # q1 and Roll are right, q2 is wrong
    fill(tmp_path / "key" / "right.png", roll3="")
    assert "Roll is in doubt" in refusal(tmp_path)


def test_what_cannot_be_opened_or_is_no_sheet_is_a_row_with_a_sentence(tmp_path: Path) -> None:
    put(tmp_path)
    good = fill(tmp_path / "good.png").read_bytes()
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "cut.png").write_bytes(good[: len(good) // 2])
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere.png")
    Image.new("L", (1, 1)).save(tmp_path / "pixel.png")
    cv2.imwrite(str(tmp_path / "desk.png"), np.full((900, 700), 90, np.uint8))
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    (tmp_path / "._good.png").write_bytes(b"what a Mac leaves behind")
    rows, said, status = grade(tmp_path)
    names = [
        "broken.pdf",
        "cut.png",
        "desk.png",
        "empty.jpg",
        "gone.png",
        "good.png",
        "loop.png",
        "pixel.png",
        "text.jpg",
    ]
    assert [row["input_path"] for row in rows] == names
    for row in rows:
        if row["input_path"] == "good.png":
            assert (row["q1"], row["review"], row["problem"]) == ("A", "", "")
        else:
            assert (row["q1"], row["score"], row["review"]) == ("", "", "*")
            assert row["problem"].endswith(".")
            assert f"{row['input_path']}: {row['problem']}\n" in said
    assert status == 1


def test_every_page_of_a_file_is_a_row(tmp_path: Path) -> None:
    put(tmp_path)
    pages = [Image.fromarray(sheets.filled("page", {**ANSWERS, "q1": answer}).grey) for answer in "AD"]
    pages[0].save(tmp_path / "scans.tif", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    pages[0].save(tmp_path / "copier.pdf", save_all=True, append_images=pages[1:], resolution=200)
    pages[1].save(tmp_path / "photo.bmp")
    pages[1].save(tmp_path / "phone.WEBP", "WEBP")
    rows, _, status = grade(tmp_path)
    assert [(row["input_path"], row["q1"]) for row in rows] == [
        ("copier.pdf#page=1", "A"),
        ("copier.pdf#page=2", "D"),
        ("phone.WEBP", "D"),
        ("photo.bmp", "D"),
        ("scans.tif#page=1", "A"),
        ("scans.tif#page=2", "D"),
    ]
    assert status == 0


def test_what_waits_for_a_writer_is_no_sheet(tmp_path: Path) -> None:
    """Opening a pipe would wait for ever."""
    fill(put(tmp_path) / "a.png")
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "link.png").symlink_to(tmp_path / "pipe.png")
    rows, said, status = grade(tmp_path)
    assert [row["input_path"] for row in rows] == ["a.png"]
    assert (said, status) == ("", 0)


def test_a_linked_folder_is_read_under_its_own_name(tmp_path: Path) -> None:
    fill(put(tmp_path) / "z" / "deep" / "a.png")
    (tmp_path / "a").symlink_to(tmp_path / "z" / "deep")
    rows, said, _ = grade(tmp_path)
    assert [row["input_path"] for row in rows] == ["z/deep/a.png"]
    assert "a: This folder was read already" in said


def test_links_that_lead_in_circles_end(tmp_path: Path) -> None:
    fill(put(tmp_path) / "inner" / "a.png")
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "inner" / "up").symlink_to(tmp_path)
    rows, said, status = grade(tmp_path)
    assert [row["input_path"] for row in rows] == ["inner/a.png"]
    assert said.count("This folder was read already") == 2
    assert status == 0


def test_a_folder_without_sheets_or_template_is_refused_with_a_sentence(tmp_path: Path) -> None:
    assert "nowhere is no folder" in refusal(tmp_path / "nowhere")
    assert "no picture of a sheet" in refusal(put(tmp_path / "bare"))
    fill(tmp_path / "alone" / "a.png")
    assert "a.png: There is no template.json" in refusal(tmp_path / "alone")
    fill(put(tmp_path / "good") / "a.png")
    assert "its folder does not exist" in refusal(
        tmp_path / "good", "--out", str(tmp_path / "no" / "results.csv")
    )
    assert "cannot be written" in refusal(tmp_path / "good", "--out", str(tmp_path / "good"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("template.json", "{", "template.json is not a JSON file"),
        ("template.json", "{}", "template.json: pageDimensions is missing"),
        ("evaluation.json", "[]", "evaluation.json is not a JSON file"),
        ("config.json", "no", "config.json is not a JSON file"),
    ],
)
def test_a_wrong_template_ends_all_with_a_sentence(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    fill(put(tmp_path) / "a.png")
    below = put(tmp_path / "below")
    fill(below / "a.png")
    (below / name).write_text(content)
    assert refusal(tmp_path).startswith(f"{below}: {said}")


def test_a_fresh_clone_grades_without_a_database(tmp_path: Path) -> None:
    fill(put(tmp_path / "sheets") / "a.png")
    (tmp_path / "sheets" / "b.png").touch()
    done = subprocess.run(
        [sys.executable, "manage.py", "grade", tmp_path / "sheets", "--out", tmp_path / "results.csv"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATA_DIR": str(tmp_path / "data"),
            "MODEL_CACHE_DIR": str(settings.MODEL_CACHE_DIR),
        },
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.returncode) == ("", 1)
    assert done.stderr == "b.png: This file is empty. Please save it again.\n"
    assert not list((tmp_path / "data").glob("*.sqlite3"))
    rows = list(csv.DictReader((tmp_path / "results.csv").open(encoding="utf-8")))
    assert [(row["input_path"], row["Roll"], row["review"]) for row in rows] == [
        ("a.png", "E50931", ""),
        ("b.png", "", "*"),
    ]
