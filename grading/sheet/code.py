"""What the QR code of a page says: which exam, version, page and student, and which layout was printed.

The text keeps to QR's alphanumeric alphabet (upper case, digits, ``/``), where a character costs 5.5 bits, so
that the symbol stays small: ``NB1/EXAMCODE/1/2/2KQ7/20230117``.
"""

import re
from dataclasses import dataclass
from typing import Self

PREFIX = "NB1"
_TEXT = re.compile(
    PREFIX + r"/(?P<exam>[0-9A-Z]{8})/(?P<version>\d{1,3})/(?P<page>\d{1,3})"
    r"/(?P<fingerprint>[0-9A-Z]{4})/(?P<student>[ -~]{0,20})",
    re.ASCII,
)


class NotASheet(ValueError):
    """What was read is no page of an answer sheet made here; ``reason`` is a key of ``problems.PROBLEMS``."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class PageCode:
    """One page's identity. ``student`` is empty on a sheet that was not printed for anyone in particular."""

    exam: str
    version: int
    page: int
    student: str
    fingerprint: str

    def __post_init__(self) -> None:
        if not _TEXT.fullmatch(self.text()):
            raise ValueError(f"{self!r} cannot be written in a page code")

    def text(self) -> str:
        return f"{PREFIX}/{self.exam}/{self.version}/{self.page}/{self.fingerprint}/{self.student}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``text``; raises NotASheet("foreign_code") for any other QR code."""
        found = _TEXT.fullmatch(text)
        if not found:
            raise NotASheet("foreign_code")
        return cls(
            exam=found["exam"],
            version=int(found["version"]),
            page=int(found["page"]),
            student=found["student"],
            fingerprint=found["fingerprint"],
        )
