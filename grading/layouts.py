"""From the rows of an exam to its sheet."""

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from grading.sheet.layout import SheetSpec, lay_out

if TYPE_CHECKING:
    from grading.models import Exam, Item

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that people mix up
laid_out = lru_cache(maxsize=128)(lay_out)


def new_code() -> str:
    """What names an exam in the square code of its sheets."""
    return "".join(secrets.choice(LETTERS) for _ in range(8))


def spec_of(exam: "Exam", items: "list[Item]") -> SheetSpec:
    return SheetSpec(
        title=exam.title,
        items=tuple(item.spec for item in items),
        language=exam.language,
        paper=str(exam.paper),  # a fresh row has a choice here, which the fingerprint must not see
        id_digits=exam.id_digits,
        id_groups=tuple((label, digits) for label, digits in exam.id_groups),
    )
