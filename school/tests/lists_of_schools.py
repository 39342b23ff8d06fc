"""Class lists as schools and their programs write them, each with the students that are in it."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import openpyxl

from school.roster.rows import ALL_SHEETS, AS_FOUND, Choice, Grid

FIVE, EIGHT = Grid((("", 5),)), Grid((("", 8),))
SCHOOL = Grid((("grade", 1), ("class", 2), ("seat", 2)))
CLASS = Grid()  # a class asks for no digits
KIM, LEE = ("10101", "Kim"), ("10102", "Lee")
HAN, DU = ("10101", "김하나"), ("10102", "이두리")


@dataclass(frozen=True)
class Case:
    """What is sent, and the (number, name[, class]) that come out; `said`: the codes of what is remarked, `refused`:
    of what is refused, each with its row."""

    content: str | bytes
    students: Sequence[tuple[str, ...]]
    grid: Grid = FIVE
    said: Sequence[tuple[str, int]] = ()
    refused: Sequence[tuple[str, int]] = ()
    choice: Choice = AS_FOUND
    file_name: str = ""
    encoding: str = "utf-8"


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(out)
    return out.getvalue()


def merged(rows: Sequence[Sequence[object]], *places: str) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    for place in places:
        book.active.merge_cells(place)
    book.save(out)
    return out.getvalue()


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="1">{}</table:table></office:spreadsheet></office:body>
</office:document-content>"""

MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


def ods(*rows: Sequence[str]) -> bytes:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    written = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", MANIFEST)
        file.writestr("content.xml", ODS.format(written))
    return out.getvalue()


SHARED = {  # files that were refused or misread before
    "mac_line_ends.csv": Case(b"", [KIM, LEE]),
    "neis_one_class.csv": Case(b"", [("10101", "김", "1-1"), ("10102", "이", "1-1")], SCHOOL),
    "neis_two_classes.csv": Case(b"", [("10101", "김"), ("10102", "이"), ("10201", "박", "1-2")], SCHOOL),
    "utf16_excel_unicode_text.txt": Case(b"", [KIM]),
    "title_row_first.csv": Case(b"", [("10101", "김", "1")]),
    "canvas_gradebook.csv": Case(b"", [("10101", "Kim, Min", "1")]),
    "moodle.csv": Case(b"", [("10101", "Min Kim")]),
    "floats.csv": Case(b"", [KIM], said=[("repaired", 2)]),
    "excel_97.xls": Case(b"", [("10301", "김하나", "1-3"), ("10302", "이두리", "1-3")], SCHOOL),
}

HTML = """<html><head><meta charset="utf-8"><style>td {{ mso-number-format: "@" }}</style></head><body><table>
<tr><td colspan="4">2026학년도 1학년 1반 명렬표</td></tr>
<tr><th rowspan="2">번호</th><th colspan="2">학적</th><th rowspan="2">성명</th></tr><tr><th>학년</th><th>반</th></tr>
<tr><td>1</td><td>1</td><td>1</td><td>김하나</td></tr><tr><td>2<td>1<td>1<td>이두리</tr></table></body></html>"""
XML_2003 = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="명단"><Table><Row>
<Cell ss:Index="2"><Data ss:Type="String">학번</Data></Cell><Cell><Data ss:Type="String">성명</Data></Cell></Row>
<Row><Cell ss:Index="2"><Data ss:Type="String">10101</Data></Cell><Cell><Data>김하나</Data></Cell></Row>
</Table></Worksheet></Workbook>"""

CASES = {
    "columns in another order": Case("이름,성별,반,학번\n김하나,여,1,10101\n", [("10101", "김하나", "1")]),
    "several id columns, the one that fits": Case(
        "ID,SIS User ID,SIS Login ID,Student\n1234567,10101,kim,Kim\n1234568,10102,lee,Lee\n", [KIM, LEE]
    ),
    "several id columns, a school's own before others": Case(
        "User ID,Student Number,Last Name,First Name\n20001,10101,Kim,Min\n20002,10102,Lee,Su\n",
        [("10101", "Min Kim"), ("10102", "Su Lee")],
    ),
    "a merged header of two rows": Case(
        merged(
            [
                ["1학년 명렬표", None, None, None, None],
                ["학적", None, None, "성명", "비고"],
                ["학년", "반", "번호", None, None],
                [1, 1, 1, "김하나", None],
                [1, 1, 2, "이두리", "전입"],
            ],
            "A1:E1",
            "A2:C2",
            "D2:D3",
            "E2:E3",
        ),
        [(*HAN, "1-1"), (*DU, "1-1")],
        SCHOOL,
    ),
    "classes in merged cells": Case(
        "학년,반,번호,성명\n1,1,1,김하나\n,,2,이두리\n,2,1,박세라\n",
        [HAN, DU, ("10201", "박세라", "1-2")],
        SCHOOL,
    ),
    "subtotals, sums and notes": Case(
        "학년,반,번호,성명\n1,1,1,김하나\n1,1,2,이두리\n소계,,,2명\n1,2,1,박세라\n합계,,,3명\n\n※ 전출생 제외,,,\n",
        [HAN, DU, ("10201", "박세라")],
        SCHOOL,
        said=[("left_out", 4), ("left_out", 6), ("left_out", 8)],
    ),
    "two 번호: a serial number and the one in the class": Case(
        "번호,학년,반,번호,성명\n1,1,1,1,김하나\n2,1,1,2,이두리\n3,1,2,1,박세라\n",
        [HAN, DU, ("10201", "박세라")],
        SCHOOL,
    ),
    "two 번호: one of them is the whole number": Case(
        "번호,번호,성명\n1,10101,김하나\n2,10102,이두리\n", [HAN, DU]
    ),
    "two lists side by side": Case(
        "학번,성명,,학번,성명\n10101,김하나,,10103,박세라\n10102,이두리,,,\n", [HAN, DU, ("10103", "박세라")]
    ),
    "a serial number before the student number": Case(
        "연번,학번,이름\n1,10101,김하나\n2,10102,이두리\n", [HAN, DU]
    ),
    "Gradescope, with staff": Case(
        "First Name,Last Name,SID,Role,Sections\nMin,Kim,10101,Student,A\nAda,Poe,20000,Instructor,A\n",
        [("10101", "Min Kim", "A")],
        said=[("left_out", 3)],
    ),
    "Gradescope, whole names": Case(
        "Name,SID,Email,Role\nMin Kim,10101,a@b.c,Student\n", [("10101", "Min Kim")]
    ),
    "ZipGrade": Case(
        "Zip Grade ID,External ID,First Name,Last Name,Class\n101,10101,Min,Kim,Period 2\n102,10102,Su,Lee,Period 2\n",
        [("10101", "Min Kim", "Period 2"), ("10102", "Su Lee", "Period 2")],
    ),
    "ZipGrade, results of a quiz": Case(
        "Quiz Name,Class Name,First Name,Last Name,Student ID,External ID,Num Correct,Stu1\n"
        "Midterm,1-1,Min,Kim,10101,,18,A\n",
        [("10101", "Min Kim", "1-1")],
    ),
    "Canvas, with points and its test student": Case(
        "Student,ID,SIS User ID,SIS Login ID,Section,Quiz 1 (9)\n    Points Possible,,,,,10\n"
        '"Kim, Min",55,10101,mk,1,9\n"Student, Test",77,,a8,1,\n',
        [("10101", "Kim, Min", "1")],
        said=[("left_out", 2), ("left_out", 4)],
    ),
    "Moodle, participants with groups": Case(
        "First name,Last name,ID number,Email address,Groups\nMin,Kim,10101,a@b.c,1-1\n",
        [("10101", "Min Kim", "1-1")],
    ),
    "Blackboard, tabs and UTF-16": Case(
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\n"Kim"\t"Min"\t"mkim"\t"10101"\n',
        [("10101", "Min Kim")],
        encoding="utf-16",
    ),
    "PowerSchool": Case(
        "Student_Number,Grade_Level,Home_Room,First_Name,Last_Name\n10101,1,1,Min,Kim\n",
        [("10101", "Min Kim", "1-1")],
    ),
    "family name and given name": Case("학번,성,이름\n10101,김,하나\n", [HAN]),
    "blanks inside of names of columns": Case("학   번;성      명\n10101;김하나\n", [HAN]),
    "in brackets what is meant": Case("학번(5자리),이름 (한글),이름(영문)\n10101,김하나,Kim\n", [HAN]),
    "a header on two lines of one cell": Case('"학번\n(5자리)",성명\n10101,김하나\n', [HAN]),
    "titles, an empty row, then the header": Case(
        "2026학년도 1학기 중간고사 응시자,,\n담당: 박 선생님,,\n,,\n학번,이름,반\n10101,김하나,1\n",
        [(*HAN, "1")],
    ),
    "a title with commas before semicolons": Case(
        "Grade 9, Midterm, Spring\nnumber;name\n10101;Kim\n10102;Lee\n", [KIM, LEE]
    ),
    "the header is there again on each page": Case(
        "학번,이름\n10101,김하나\n학번,이름\n10102,이두리\n", [HAN, DU]
    ),
    "the data are on the second sheet": Case(
        workbook(
            안내=[["이 파일은 명단입니다."], ["문의: 교무실 1234"]],
            명단=[["학번", "이름"], ["10101", "김하나"]],
        ),
        [HAN],
    ),
    "a sheet for each class": Case(
        workbook(
            **{
                "1반": [["1학년 1반"], ["번호", "성명"], [1, "김하나"]],
                "2반": [["1학년 2반"], ["번호", "성명"], [1, "박세라"]],
            }
        ),
        [(*HAN, "1-1"), ("10201", "박세라", "1-2")],
        SCHOOL,
        said=[("all_sheets", 0)],
    ),
    "grade and class are known from the title": Case(
        "1학년 1반 명렬표,\n번호,성명\n1,김하나\n2,이두리\n", [(*HAN, "1-1"), (*DU, "1-1")], SCHOOL
    ),
    "the grade is known from the name of the file": Case(
        "반,번호,성명\n1,1,김하나\n", [(*HAN, "1-1")], SCHOOL, file_name="2026학년도 1학년 명단.csv"
    ),
    "the grade is known from the name of the sheet": Case(
        workbook(**{"1학년": [["반", "번호", "성명"], [1, 1, "김하나"]]}), [HAN], SCHOOL
    ),
    "the grade is not known": Case("반,번호,성명\n1,1,김하나\n", [], SCHOOL, refused=[("asks_grade", 0)]),
    "the grade was said": Case("반,번호,성명\n1,1,김하나\n", [HAN], SCHOOL, choice=Choice(grade="1")),
    "grade and class in words": Case("학년,반,번호,성명\n1학년,1반,1번,김하나\n", [(*HAN, "1-1")], SCHOOL),
    "grade and class in one column": Case(
        "학년반,번호,성명\n1-1,1,김하나\n1-1,2,이두리\n", [HAN, DU], SCHOOL
    ),
    "grade, class and number in one column": Case(
        "학년반번호,성명\n1-1-1,김하나\n1-1-2,이두리\n",
        [HAN, DU],
        SCHOOL,
        said=[("repaired", 2), ("repaired", 3)],
    ),
    "a class that became a date": Case(
        "학급,번호,성명\n2026-01-03,1,김하나\n01월 04일,2,이두리\n",
        [("10301", "김하나"), ("10402", "이두리")],
        SCHOOL,
    ),
    "four digits for a sheet of five": Case(
        "학번,이름\n1101,김하나\n1102,이두리\n",
        [HAN, DU],
        SCHOOL,
        said=[("repaired", 2), ("repaired", 3)],
    ),
    "grade, class and number for a sheet that asks for five digits": Case(
        "학년,반,번호,성명\n1,1,1,김하나\n", [HAN]
    ),
    "a class keeps the short numbers": Case(
        "학년,반,번호,성명\n1,1,1,김하나\n1,1,2,이두리\n", [("1", "김하나"), ("2", "이두리")], CLASS
    ),
    "a class may have numbers of letters": Case("student id,name\nK-17,Kim\n", [("K-17", "Kim")], CLASS),
    "numbers that a spreadsheet has spoiled": Case(
        'number,name\n1.0101E+04,Kim\n="10102",Lee\n10103.0,Cho\n"10,104",Yun\n１０１０５,Ahn\n\'10106,Han\n',
        [KIM, LEE, ("10103", "Cho"), ("10104", "Yun"), ("10105", "Ahn"), ("10106", "Han")],
        said=[("repaired", line) for line in (2, 3, 4, 5, 7)],
    ),
    "zeros that a spreadsheet has left out": Case(
        workbook(A=[["number", "name"], [123, "Kim"], [10102, "Lee"]]),
        [("00123", "Kim"), LEE],
        said=[("repaired", 2)],
    ),
    "zeros that are there": Case("number,name\n00123,Kim\n00124,Lee\n", [("00123", "Kim"), ("00124", "Lee")]),
    "a number whose last digits are lost": Case(
        "number,name\n2.026E+07,Kim\n20260102,Lee\n", [("20260102", "Lee")], EIGHT, refused=[("rounded", 2)]
    ),
    "numbers too long, double, missing and of letters": Case(
        "number,name\n101011,Kim\n10102,Lee\n10102,Cho\n,Yun\nabc,Ahn\n",
        [LEE],
        refused=[("too_long", 2), ("twice", 4), ("without_number", 5), ("no_number", 6)],
    ),
    "a part that is too long": Case(
        "학년,반,번호,성명\n1,1,100,김하나\n1,1,2,이두리\n", [DU], SCHOOL, refused=[("part_too_long", 2)]
    ),
    "names of columns that nobody knows": Case(
        "Code;Bezeichnung\n10101;Kim\n10102;Lee\n", [KIM, LEE], said=[("unknown_header", 0)]
    ),
    "a form that asks in sentences": Case(
        "타임스탬프,학번을 입력하세요,이름을 입력하세요,보호자 이름\n2026. 3. 2,10101,김하나,박\n", [HAN]
    ),
    "days above their columns": Case("학번,이름,1,2,3\n10101,김하나,O,O,X\n", [HAN]),
    "a title of two pairs": Case("학년,1,반,1\n번호,성명,,\n1,김하나,,\n", [(*HAN, "1-1")], SCHOOL),
    "class and grade in the column of classes": Case("반,번호,성명\n1학년 1반,1,김하나\n", [(*HAN,)], SCHOOL),
    "a Canvas without numbers of the school": Case(
        'Student,ID,SIS User ID,SIS Login ID\n"Kim, Min",55,,10101\n', [("10101", "Kim, Min")]
    ),
    "numbers beside grade, class and seat": Case(
        "학년,반,번호,학번,성명\n1,1,1,10101,김하나\n1,1,2,10102,이두리\n",
        [(*HAN, "1-1"), (*DU, "1-1")],
        SCHOOL,
    ),
    "number and points that look alike": Case(
        "Student Number,Grade,Score,Name\n10101,95,20202,Kim\n10102,88,30303,Lee\n", [KIM, LEE]
    ),
    "no header": Case("10101,김하나,여\n10102,이두리,남\n", [HAN, DU], said=[("no_header", 0)]),
    "no header, grade, class and number": Case(
        "1,1,1,김하나\n1,1,2,이두리\n1,2,1,박세라\n",
        [HAN, DU, ("10201", "박세라")],
        SCHOOL,
        said=[("no_header", 0)],
    ),
    "no header, the name first": Case("김하나\t10101\n이두리\t10102\n", [HAN, DU], said=[("no_header", 0)]),
    "typed, with blanks in place of separators": Case(
        "10101 김하나\n10102  이두리\n", [HAN, DU], said=[("no_header", 0)]
    ),
    "numbers alone": Case("10101\n10102\n", [("10101", ""), ("10102", "")], said=[("no_header", 0)]),
    "names alone": Case("name\nKim\nLee\n", [], refused=[("no_column", 0)]),
    "a person says which column is what": Case(
        "A,B,C\nx,Kim,10101\ny,Lee,10102\n",
        [KIM, LEE],
        choice=Choice(has_header=True, columns=(("number", 2), ("name", 1))),
    ),
    "a person says which sheet": Case(
        workbook(A=[["number", "name"], [10101, "Kim"]], B=[["number", "name"], [10102, "Lee"]]),
        [LEE],
        choice=Choice(sheet="B"),
    ),
    "a person says: all sheets": Case(
        workbook(A=[["number", "name"], [10101, "Kim"]], B=[["number", "name"], [10102, "Lee"]]),
        [KIM, LEE],
        said=[("all_sheets", 0)],
        choice=Choice(sheet=ALL_SHEETS),
    ),
    "of two sheets one is taken, and said": Case(
        workbook(
            A=[["number", "name"], [10101, "Kim"]], B=[["number", "name"], [10102, "Lee"], [10103, "Cho"]]
        ),
        [LEE, ("10103", "Cho")],
        said=[("other_sheets", 0)],
    ),
    "a first line that says the separator": Case("sep=;\nnumber;name\n10101;Kim\n", [KIM]),
    "bars between the columns": Case("number|name\n10101|Kim\n10102|Lee\n", [KIM, LEE]),
    "names with commas between semicolons": Case(
        "number;name\n10101;Kim, Min\n10102;Lee, Su\n", [("10101", "Kim, Min"), ("10102", "Lee, Su")]
    ),
    "CP949": Case("학번,이름\n10101,김하나\n", [HAN], encoding="cp949"),
    "Latin-1": Case(
        "number;name\n10101;Åsa Müller\n10102;José Núñez\n",
        [("10101", "Åsa Müller"), ("10102", "José Núñez")],
        encoding="latin-1",
    ),
    "MacRoman": Case("number;name\r10101;Müller\r", [("10101", "Müller")], encoding="mac_roman"),
    "UTF-16 without its mark": Case("학번\t이름\r\n10101\t김하나\r\n", [HAN], encoding="utf-16-le"),
    "UTF-8 with its mark": Case("학번,이름\n10101,김하나\n", [HAN], encoding="utf-8-sig"),
    "lines of Windows": Case("학번,이름\r\n10101,김하나\r\n", [HAN]),
    "OpenDocument": Case(ods(["학번", "이름"], ["10101", "김하나"]), [HAN]),
    "HTML that is called .xls": Case(HTML, [(*HAN, "1-1"), (*DU, "1-1")], SCHOOL),
    "Excel's XML of 2003": Case(XML_2003, [HAN]),
    "Japanese": Case("学籍番号,氏名\n10101,山田太郎\n", [("10101", "山田太郎")], encoding="shift_jis"),
    "German": Case("Nachname;Vorname;Matrikelnummer\nMüller;Anna;10101\n", [("10101", "Anna Müller")]),
}
