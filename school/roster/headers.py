"""Names of columns, as schools and their programs write them: NEIS, Excel by hand, Canvas, Moodle, Gradescope,
ZipGrade, Google Classroom, Blackboard, PowerSchool."""

import re
import unicodedata
from collections.abc import Sequence

# role → names. Of several that hold a student number, the ones that are named first are the school's own
NAMES = {
    "number": """
        학번 학생번호 학생학번 학번10 수험번호 수험번호학번 학년반번호 학년반번 반번호학번 학적번호
        studentnumber studentid studentno studentnum studentidnumber 학생id 학생아이디
        sisuserid sisid idnumber sid externalid schoolid schoolnumber universityid institutionalid
        candidatenumber candidateno rollnumber rollno admissionnumber admissionno enrollmentnumber matriculationnumber
        matrikelnummer matrikelnr numeroetudiant noetudiant numerodeestudiante matricula 学籍番号 学号
        number id zipgradeid zipid stateid statestudentid uniqueuserid personid userid uniqueid 고유번호 관리번호
        sisloginid loginid username login orgdefinedid
    """,
    "seat": """
        번호 번 출석번호 반번호 출번 출석번 석차번호 no nr num classnumber classno seat seatnumber seatno 番号 出席番号
    """,
    "serial": """
        연번 순번 일련번호 순서 순 serial serialno sno sn index seq sequence row rownumber
    """,
    "grade": """
        학년 학년명 grade gradelevel year yearlevel yeargroup level klassenstufe niveau grado 学年
    """,
    "class": """
        반 반명 학급 학급명 학년반 학년학급 분반 분반명 강의반 소속 소속학급 소속반 반이름 class classname classes
        section sections sectionname group groups groupname homeroom homeroomname form tutorgroup period cohort
        klasse classe clase grupo 組 クラス 班级 강좌 그룹
    """,
    "name": """
        이름 성명 학생명 학생이름 학생성명 성명한글 한글성명 한글이름 학생 name fullname studentname studentfullname
        displayname nameofstudent student students pupil pupilname learner candidatename preferredname nom nombre 氏名
        名前 姓名
    """,
    "first": """
        firstname givenname givennames forename first vorname prenom 名 studentfirstname 영문이름
    """,
    "last": """
        성 lastname surname familyname last nachname apellido apellidos 姓 studentlastname 영문성
    """,
    "role": "role roles 역할 구분",
}
ROLE_OF = {name: role for role, names in NAMES.items() for name in names.split()}
RANK = {name: rank for rank, name in enumerate(NAMES["number"].split())}
LATER = len(RANK)  # of a column that is called otherwise
# What a question of a form has in it: 학번을 입력하세요
WITHIN = {"number": ("학번", "studentid", "studentnumber"), "name": ("성명", "이름", "fullname")}
NOT_OF_STUDENTS = (
    "보호자",
    "부모",
    "담임",
    "교사",
    "학교",
    "과목",
    "파일",
    "parent",
    "guardian",
    "teacher",
    "emergency",
)
TELL = {
    "number",
    "seat",
    "serial",
    "grade",
    "class",
    "name",
    "first",
    "last",
}  # roles by which a header is known
PLACES = {"grade", "class"}
LOOKED_AT = 40  # rows from the top
DIGITS = re.compile(r"\d")
SIGNS = re.compile(r"[\W_]+")
IN_BRACKETS = re.compile(r"[(\[（［].*?[)\]）］]")


def plain_name(text: str) -> str:
    """As it is looked up: no case, no blanks and signs, nothing in brackets, no accents."""
    text = unicodedata.normalize("NFKC", text).casefold()
    shown = IN_BRACKETS.sub("", text) if SIGNS.sub("", IN_BRACKETS.sub("", text)) else text
    if text.strip() == "#":
        return "no"
    letters = unicodedata.normalize("NFD", SIGNS.sub("", shown))
    return unicodedata.normalize("NFC", "".join(one for one in letters if not 0x300 <= ord(one) < 0x370))


def role_of(text: str) -> str:
    name = plain_name(text)
    if name in ROLE_OF or any(word in name for word in NOT_OF_STUDENTS):
        return ROLE_OF.get(name, "")
    return next((role for role, words in WITHIN.items() if any(word in name for word in words)), "")


def rank_of(text: str) -> int:
    """Of columns that hold a number, the smaller the likelier it is the student's."""
    return RANK.get(plain_name(text), LATER)


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """The first row of the header and the one behind its last; equal where there is none."""
    weights = [weight(row) for row in rows[:LOOKED_AT]]
    most = max(weights, default=0)
    if most == 0 or (most == 1 and max(map(len, map(filled, rows))) > 1 and not is_alone(rows, weights)):
        return 0, 0
    first = weights.index(most)
    last = first + 1
    while (
        first > 0 and weights[first - 1] and more_roles(rows, first - 1, last) > more_roles(rows, first, last)
    ):
        first -= 1
    while (
        last < len(weights)
        and weights[last]
        and more_roles(rows, first, last + 1) > more_roles(rows, first, last)
    ):
        last += 1
    return first, last


def find_unknown(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """A header of other names: the row before the first one with numbers, which has none."""
    first = next((at for at, row in enumerate(rows[:LOOKED_AT]) if any(map(str.isdecimal, row))), 0)
    is_header = first > 0 and len(filled(rows[first - 1])) > 1 and not DIGITS.search("".join(rows[first - 1]))
    return (first - 1, first) if is_header else (0, 0)


def is_alone(rows: Sequence[Sequence[str]], weights: Sequence[int]) -> bool:
    """Whether a row with one known name is a header: it has as many names as the rows below have cells."""
    first = weights.index(1)
    widths = [len(filled(row)) for row in rows[first + 1 : first + 11]]
    return (
        len(filled(rows[first])) > 1
        or not widths
        or max(widths) == 1
        or rank_of(filled(rows[first])[0]) < LATER
    )


def weight(row: Sequence[str]) -> int:
    """How many different things a row names. With numbers in it, it is a header only if it names students or their
    numbers, too: days and tasks may be counted above their columns, and 학년 1 반 3 is a title."""
    roles = {role_of(cell) for cell in filled(row)} & TELL
    has_numbers = any(cell[:1].isdigit() and not role_of(cell) for cell in filled(row))
    return len(roles) if not has_numbers or (roles - PLACES and len(roles) > 1) else 0


def filled(row: Sequence[str]) -> list[str]:
    return [cell for cell in row if cell.strip()]


def more_roles(rows: Sequence[Sequence[str]], first: int, last: int) -> int:
    names = names_of(rows[first:last])
    return len({role_of(name) for name in names} & TELL)


def names_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """What each column is called, where a header has several rows: by the one that says what it is, the lowest first.

    Merged cells have their text in the first column alone."""
    width = max(map(len, rows), default=0)
    columns = [[row[place] if place < len(row) else "" for row in reversed(rows)] for place in range(width)]
    known = [[cell for cell in column if role_of(cell)] for column in columns]
    return [
        (some[0] if some else next((cell for cell in column if cell.strip()), "")).strip()
        for some, column in zip(known, columns, strict=True)
    ]
