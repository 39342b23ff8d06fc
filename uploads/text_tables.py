"""Texts with separators: CSV and what spreadsheets and other programs call so."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from charset_normalizer import from_bytes

from .problems import BadFile

SEPARATORS = "\t;,|"
LOOKED_AT = 100  # rows that say how the others are separated
SAID = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)  # a first line that Excel understands
MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
ENCODINGS = ("utf-8-sig", "cp949")  # Excel in Korea writes CP949, everyone else UTF-8
GUESSED = ["cp1252", "mac_roman", "cp1250", "cp1251", "shift_jis", "euc_jp", "gb18030", "big5"]
LONE_HANGUL = re.compile(r"[가-힣]+")
# An accent of Latin-1 and the letter behind it are one syllable of CP949: a lone one, stuck to Latin letters
STUCK = re.compile(r"(?<![가-힣])[가-힣](?=[A-Za-z])|(?<=[A-Za-z])[가-힣](?![가-힣])")
MOSTLY, HARDLY = 0.8, 0.3
FIRST_COMMON = 0xA1  # both bytes of the 2,350 syllables that KS X 1001 has are no smaller
LETTERS = re.compile(r"[^\W\d_]")
# Where Latin letters are those of another encoding: capitals inside of words, words of accents alone, signs
ODD = re.compile(r"[a-z][À-ÖØ-ÞŸŠŽ]|[A-Z][À-ÖØ-ÞŸŠŽ][a-z]|[À-ÿ]{4}|[^\x00-\x7f\xa0\w–—‘’“”·…]")


def rows_in(data: bytes) -> Iterator[list[str]]:
    """Raises BadFile."""
    text = decoded(data)
    separator = ""
    if said := SAID.match(text):
        separator, text = said[1], text[said.end() :]
    try:
        yield from _rows(text, separator or _separator(text))
    except csv.Error as error:
        raise BadFile("no_table") from error


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    # newline=None: any line ends, those of old Macs among them
    return csv.reader(io.StringIO(text, newline=None), delimiter=separator)


def _separator(text: str) -> str:
    """The one by which most rows have as many columns as each other; titles and footers have others."""
    head = "\n".join(text[:100_000].splitlines()[:LOOKED_AT])

    def weight(separator: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in _rows(head, separator) if any(row))
        except csv.Error:
            return 0, 0
        widths.pop(1, None)
        width, count = max(widths.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
        return count, width

    return max(SEPARATORS, key=weight)


def decoded(data: bytes) -> str:
    """Raises BadFile where it is no text."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _as(data, encoding) or _refuse()
    if b"\0" in data[:4096]:  # UTF-16 without its mark: which half of the letters is empty
        is_big = data[:4096:2].count(0) > data[1:4096:2].count(0)
        return _as(data, "utf-16-be" if is_big else "utf-16-le") or _refuse()
    for encoding in ENCODINGS:
        text = _as(data, encoding)
        if text is not None and not (encoding == "cp949" and (_is_latin(text) or _is_rare(text))):
            return text
    return _guessed(data)


def _as(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _refuse() -> str:
    raise BadFile("no_table")


def _is_latin(text: str) -> bool:
    runs = len(LONE_HANGUL.findall(text))
    return runs > 0 and len(STUCK.findall(text)) > runs / 2


def _is_rare(text: str) -> bool:
    """Syllables that hardly any name has: letters of Japan, read as Korean ones."""
    syllables = "".join(LONE_HANGUL.findall(text))
    common = sum(min(syllable.encode("cp949")) >= FIRST_COMMON for syllable in syllables)
    return common < MOSTLY * len(syllables)


def _is_western(text: str) -> bool:
    letters = LETTERS.findall(text)
    return sum(not letter.isascii() for letter in letters) <= HARDLY * len(letters)


def _guessed(data: bytes) -> str:
    """Western letters first: of a short list a guess by frequencies knows too little."""
    if b"\0" in data or not LETTERS.search(data.decode("ascii", "ignore")):
        raise BadFile("no_table")
    for encoding in ("cp1252", "mac_roman"):
        text = _as(data, encoding)
        if text is not None and not ODD.search(text) and _is_western(text):
            return text
    found = from_bytes(data[:100_000], cp_isolation=GUESSED).best()
    if found is None or "\0" in str(found):
        raise BadFile("no_table")
    return data.decode(found.encoding, "replace")
