"""What stands in a cell, put right: numbers that spreadsheets spoil, names of two parts, classes that became dates."""

import re
import unicodedata

HIDDEN = re.compile(r"[\u200b-\u200f\u2028-\u202f\u2060\ufeff\u00ad]")
FORMULA = re.compile(r'^=\s*"(.*)"$')
POINT = re.compile(r"^([0-9]+)[.,]0+$")
THOUSANDS = re.compile(r"^[0-9]{1,3}(?:,[0-9]{3})+$")
EXPONENT = re.compile(r"^([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})$")
PARTS = re.compile(r"[0-9]+")
SEPARATED = re.compile(r"^(?:제?\s*)?[0-9]+\s*(?:학년|반|번|호|[-–./_ ])[-–./_ 0-9학년반번호제]*$")
WITH_UNIT = re.compile(
    r"^(?:제|no\.?|class|grade|section|period|year|반)?\s*([0-9]+)\s*(?:번|반|학년|호|组|組|年)?$",
    re.IGNORECASE,
)
DATE = re.compile(r"^[0-9]{4}-([0-9]{2})-([0-9]{2})(?: 00:00:00)?$")
KOREAN_DATE = re.compile(r"^([0-9]{1,2})월 ([0-9]{1,2})일$")
ENGLISH_DATE = re.compile(r"^(?:([0-9]{1,2})-([A-Za-z]{3})|([A-Za-z]{3})-([0-9]{1,2}))$")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
HANGUL = re.compile(r"^[가-힣]+$")


class Rounded(ValueError):
    """A spreadsheet has kept the first digits alone: the number is lost."""


def clean(text: str) -> str:
    """No hidden letters, one way to write each, blanks single."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = unicodedata.normalize("NFKC", HIDDEN.sub("", text))
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def clean_number(text: str) -> str:
    """As it was meant: `10101.0`, `1.0101E+04`, `="00123"`, `'00123`, `10,101`, `5번`. Raises Rounded."""
    text = clean(text)
    if formula := FORMULA.match(text):
        text = formula[1].strip()
    text = text.lstrip("'’`").strip()
    if exponent := EXPONENT.match(text):
        return unfolded(*exponent.groups())
    if THOUSANDS.match(text):
        return text.replace(",", "")
    if point := POINT.match(text):
        return point[1]
    if unit := WITH_UNIT.match(text):
        return unit[1]
    return text


def unfolded(first: str, fraction: str | None, exponent: str) -> str:
    """1.0101E+04 is 10101. Of fewer digits than the number has, the last ones are lost."""
    digits, length = first + (fraction or ""), int(exponent) + 1
    if len(digits) < length:
        raise Rounded
    if digits[length:].strip("0"):
        return f"{digits[:length]}.{digits[length:]}"
    return digits[:length]


def parts_of(text: str) -> list[str]:
    """The numbers of `1-3-5`, `1학년 3반 5번`, `1.3.5`; none where it is anything else."""
    text = clean(text)
    return PARTS.findall(text) if SEPARATED.match(text) else []


def clean_class(text: str) -> str:
    """`1.0` is 1, and what a spreadsheet took for the third of January is 1-3."""
    text = clean(text)
    if formula := FORMULA.match(text):
        text = formula[1].strip()
    if point := POINT.match(text):
        return point[1]
    if date := DATE.match(text) or KOREAN_DATE.match(text):
        return f"{int(date[1])}-{int(date[2])}"
    if (date := ENGLISH_DATE.match(text)) and (month := (date[2] or date[3]).lower()) in MONTHS:
        # 1-3 is shown as "03-Jan" or "Jan-03", both of which mean the month 1 and the day 3
        return f"{MONTHS.index(month) + 1}-{int(date[1] or date[4])}"
    return text


def number_in(text: str) -> str:
    """Of a grade or class: `1학년`, `제3반`, `Class 3`, `03`; empty where there is not just one."""
    found = PARTS.findall(clean_class(text))
    return found[0].lstrip("0") or "0" if len(found) == 1 else ""


def joined(name: str, first: str, last: str) -> str:
    """A name from its columns: 김 and 민 are 김민, Min and Kim are Min Kim."""
    if name:
        return name
    if HANGUL.match(first) and HANGUL.match(last):
        return last + first
    return f"{first} {last}".strip()
