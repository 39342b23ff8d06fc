import csv
import io

import openpyxl

from web.tables import as_download
from web.workbooks import SheetOfBook, as_book

ROWS = [["Name", "Score"], ["하늘", 9.5], ["=1+1", None], ["-3,5", "+82 10"]]


def test_a_csv_keeps_its_numbers_and_runs_no_formula():
    answer = as_download(ROWS, "Scores", "csv")
    assert 'filename="Scores.csv"' in answer["Content-Disposition"]
    found = read(b"".join(answer.streaming_content), "csv")
    assert found == [["Name", "Score"], ["하늘", "9.5"], ["'=1+1", ""], ["-3,5", "'+82 10"]]


def test_a_workbook_keeps_its_numbers_and_runs_no_formula():
    answer = as_download(ROWS, "Scores", "xlsx")
    assert 'filename="Scores.xlsx"' in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert found == [["Name", "Score"], ["하늘", 9.5], ["=1+1", None], ["-3,5", "+82 10"]]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}  # and no "f"
    assert sheet["A3"].quotePrefix and sheet["B4"].quotePrefix


def test_a_workbook_is_ready_to_scroll_and_to_print():
    sheets = [
        SheetOfBook(
            "2/3 [성적]", [["번호", "성명"], ["007", "하늘"]], columns=1, is_wide=True, has_filter=True
        ),
        SheetOfBook("Share", [["Share"], [0.5]], formats=[(0, "0%")]),
    ]
    first, second = openpyxl.load_workbook(io.BytesIO(as_book(sheets, "R&D"))).worksheets
    assert (first.title, first.freeze_panes, first.print_title_rows) == ("2 3  성적 ", "B2", "$1:$1")
    assert (first.page_setup.paperSize, first.page_setup.orientation) == (9, "landscape")
    assert (first.page_setup.fitToWidth, first.page_setup.fitToHeight) == (1, 0)
    assert first.sheet_properties.pageSetUpPr.fitToPage and first.auto_filter.ref == "A1:B2"
    assert first.oddHeader.left.text.startswith("R&&D")
    assert (first["A2"].value, first["A2"].number_format, first["A1"].font.bold) == ("007", "@", True)
    assert (second["A2"].value, second["A2"].number_format) == (0.5, "0%")
    assert first.column_dimensions["B"].width == 6


def test_characters_that_xml_has_not_are_left_out_of_a_workbook():
    answer = as_download([["a\x01b\x0bc\ufffe", "\ud800하늘\n"]], "Scores", "xlsx")
    assert read(b"".join(answer.streaming_content), "xlsx") == [["abc", "하늘\n"]]


def read(content: bytes, kind: str) -> list[list[str]]:
    if kind == "csv":
        assert content.startswith(b"\xef\xbb\xbf"), "Excel in Korea takes it for EUC-KR"
        return [*csv.reader(io.StringIO(content.decode("utf-8-sig")))]
    rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows]
