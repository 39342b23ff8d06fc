import csv
import io

import openpyxl
import pytest

from web.tables import as_download

ROWS = [["Name", "Score"], ["하늘", 9.5], ["=1+1", None], ["-3,5", "+82 10"]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_keeps_its_numbers_and_runs_no_formula(kind):
    answer = as_download(ROWS, "Scores", kind)
    assert f'filename="Scores.{kind}"' in answer["Content-Disposition"]
    found = read(b"".join(answer.streaming_content), kind)
    assert found == [["Name", "Score"], ["하늘", "9.5"], ["'=1+1", ""], ["-3,5", "'+82 10"]]


def test_characters_that_xml_has_not_are_left_out_of_a_workbook():
    answer = as_download([["a\x01b\x0bc\ufffe", "\ud800하늘\n"]], "Scores", "xlsx")
    assert read(b"".join(answer.streaming_content), "xlsx") == [["abc", "하늘\n"]]


def read(content: bytes, kind: str) -> list[list[str]]:
    if kind == "csv":
        assert content.startswith(b"\xef\xbb\xbf"), "Excel in Korea takes it for EUC-KR"
        return [*csv.reader(io.StringIO(content.decode("utf-8-sig")))]
    rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows]
