"""Class lists as they come are read, through the parsers that a worker uses."""

from pathlib import Path

import pytest

from school.roster.reading import read_roster
from school.roster.rows import MOST_ROWS, Choice, Grid, Reading
from school.tests.lists_of_schools import CASES, SHARED, Case
from uploads.problems import BadFile
from uploads.tables import Sheet, read_sheets

FILES = Path(__file__).parent / "rosters"


def read(content: bytes, case: Case, tmp_path: Path) -> Reading:
    path = tmp_path / "list.table"
    path.write_bytes(content)
    return read_roster(read_sheets(path, MOST_ROWS + 50), case.grid, case.choice, case.file_name)


def check(reading: Reading, case: Case) -> None:
    assert [(one.code, one.line) for one in reading.problems] == list(case.refused)
    rows = [(row.number, row.name, row.class_name) for row in reading.rows]
    wanted = list(case.students)
    assert [row[: len(one)] for row, one in zip(rows, wanted, strict=False)] == wanted and len(rows) == len(
        wanted
    )
    assert [(one.code, one.line) for one in reading.remarks] == list(case.said)


@pytest.mark.parametrize("name", SHARED)
def test_a_file_of_a_school_is_read(name, tmp_path):
    case = SHARED[name]
    check(read((FILES / name).read_bytes(), case, tmp_path), case)


@pytest.mark.parametrize("name", CASES)
def test_a_list_as_it_comes_is_read(name, tmp_path):
    case = CASES[name]
    content = case.content.encode(case.encoding) if isinstance(case.content, str) else case.content
    check(read(content, case, tmp_path), case)


def test_a_list_of_more_students_than_are_taken_is_refused(tmp_path):
    rows = "".join(f"{number}\n" for number in range(10_000, 10_000 + MOST_ROWS + 1))
    reading = read(f"number\n{rows}".encode(), Case("", []), tmp_path)
    assert [one.code for one in reading.problems] == ["too_many"] and not reading.rows


def test_lists_side_by_side_hold_no_more_rows_together(tmp_path):
    rows = "".join(f"{number}\t{number}\n" for number in range(MOST_ROWS))
    columns = tuple(("number", place) for place in range(2))
    (tmp_path / "list").write_text(f"a\tb\n{rows}")
    reading = read_roster(read_sheets(tmp_path / "list", MOST_ROWS + 1), Grid(), Choice(columns=columns))
    assert [one.code for one in reading.problems] == ["too_many"] and not reading.rows


def test_markup_that_the_parser_gives_up_is_refused(tmp_path):
    (tmp_path / "list").write_text("<table><tr><td>1</td></tr>" + "<![<![x" * 3)
    with pytest.raises(BadFile):
        read_sheets(tmp_path / "list", MOST_ROWS)


def test_a_table_of_endless_text_is_refused(tmp_path):
    wide = ",".join(["x" * 190] * 90)
    with pytest.raises(BadFile) as refused:
        read("\n".join(f"{number},{wide}" for number in range(250)).encode(), Case("", []), tmp_path)
    assert refused.value.reason == "table_too_full"


@pytest.mark.parametrize("header", [["학번", "이름"], ["Number", "Name", "Class"]])
def test_a_table_of_a_header_alone_is_told_what_it_lacks(header):
    reading = read_roster([Sheet("3-2", rows=[header])], Grid())
    assert (reading.rows, [one.code for one in reading.problems]) == ([], ["header_alone"])


def test_a_row_of_a_student_is_no_header():
    reading = read_roster([Sheet("3-2", rows=[["20117", "김하나"]])], Grid())
    assert [row.number for row in reading.rows] == ["20117"]
