"""Exams that the tests of layout and print share."""

from grading.sheet.spec import ItemSpec, SheetSpec

FIVE = ("1", "2", "3", "4", "5")


def items(first: int, last: int, kind: str, **more) -> tuple[ItemSpec, ...]:
    return tuple(ItemSpec(number, kind, **more) for number in range(first, last + 1))


MIXED = SheetSpec(
    "2026학년도 2학기 중간고사 수학",
    items(1, 20, "choice", options=FIVE) + items(21, 25, "ox") + items(26, 30, "number", digits=3),
)
FORTY = SheetSpec("Midterm", items(1, 40, "choice", options=tuple("ABCDE")), language="en")
SCHOOL = SheetSpec(
    "1학기 기말고사 국어",
    items(1, 25, "choice", options=tuple("ㄱㄴㄷㄹㅁ"), points=3) + items(26, 28, "open", lines=3, points=8),
    id_groups=(("학년", 1), ("반", 2), ("번호", 2)),
)
EVERY_KIND = SheetSpec(
    "Every kind of item on one sheet",
    items(1, 4, "choice", options=("참", "거짓", "모름"))
    + items(5, 6, "digits_grid", digits=4)
    + items(7, 9, "letter")
    + items(10, 12, "number", digits=6)
    + items(13, 13, "open", lines=40),
    language="en",
    paper="Letter",
    id_digits=0,
)
ALL = {"mixed": MIXED, "forty": FORTY, "school": SCHOOL, "every kind": EVERY_KIND}
