"""Exams of many shapes with the fingerprints that commit 9c7b836 printed in their QR codes. Never to be changed: a
fingerprint that today's code does not give is paper that schools have printed and that an upgrade must still read."""

from grading.sheet.spec import SheetSpec

from .exams import ALL, FIVE, items

GANADA = tuple("ㄱㄴㄷㄹㅁ")
TEN = tuple(map(str, range(1, 11)))
SCHOOL_ID = (("학년", 1), ("반", 2), ("번호", 2))
ONE_OF_EACH = (
    items(1, 3, "choice", options=GANADA)
    + items(4, 6, "ox")
    + items(7, 8, "number", digits=3)
    + items(9, 9, "digits_grid", digits=2)
    + items(10, 10, "letter")
    + items(11, 11, "open", lines=4)
)
SHORT_RUNS = (
    items(1, 1, "choice", options=FIVE)
    + items(2, 2, "choice", options=FIVE[:4])
    + items(3, 3, "ox")
    + items(4, 4, "choice", options=TEN)
    + items(5, 5, "number", digits=1)
    + items(6, 6, "number", digits=12)
    + items(7, 7, "digits_grid", digits=1)
    + items(8, 8, "digits_grid", digits=5)
)

FROZEN: dict[str, tuple[str, SheetSpec]] = {
    "mixed": ("3UF8", ALL["mixed"]),
    "forty, English": ("5ZQG", ALL["forty"]),
    "school": ("87NW", ALL["school"]),
    "every kind, Letter, no number": ("MRQK", ALL["every kind"]),
    "one of each": ("APV9", SheetSpec("하나씩", ONE_OF_EACH)),
    "one of each, Letter": ("SKC2", SheetSpec("One of each", ONE_OF_EACH, language="en", paper="Letter")),
    "one of each, no number": ("JMH2", SheetSpec("하나씩", ONE_OF_EACH, id_digits=0)),
    "one of each, school": ("BCHK", SheetSpec("하나씩", ONE_OF_EACH, id_groups=SCHOOL_ID)),
    "short runs": ("8U9E", SheetSpec("Short runs", SHORT_RUNS, id_digits=4)),
    "short runs, Letter": ("BJWR", SheetSpec("Short runs", SHORT_RUNS, paper="Letter", id_digits=5)),
    "one item": ("XUZ5", SheetSpec("하나", items(1, 1, "ox"))),
    "three hundred": ("K5B3", SheetSpec("300", items(1, 300, "choice", options=FIVE))),
    "a hundred of ten, Letter": (
        "5CBZ",
        SheetSpec("100", items(1, 100, "choice", options=TEN), paper="Letter"),
    ),
    "two options, not from one": ("F896", SheetSpec("둘", items(41, 90, "choice", options=("예", "아니요")))),
    "sixty ox, twelve digits": ("A9S8", SheetSpec("OX", items(1, 60, "ox"), id_digits=12)),
    "six groups": (
        "BD73",
        SheetSpec("Six", items(1, 10, "ox"), id_groups=tuple(("", n) for n in (1, 2, 3, 1, 2, 3))),
    ),
    "thirty numbers": ("BVYP", SheetSpec("수", items(1, 30, "number", digits=6), id_digits=1)),
    "grids of twelve, Letter": (
        "YJ4K",
        SheetSpec("격자", items(1, 4, "digits_grid", digits=12), paper="Letter"),
    ),
    "letters": ("VT5L", SheetSpec("Letters", items(1, 45, "letter"), language="en")),
    "essays": (
        "KKCC",
        SheetSpec("논술", items(1, 3, "open", lines=40) + items(4, 9, "open", lines=1), id_digits=0),
    ),
}
