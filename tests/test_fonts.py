"""The font of the pages: it knows every Korean syllable, and browsers keep it for ever."""

import re
from pathlib import Path

from django.conf import settings

STYLES = next(Path(settings.BASE_DIR, "static/fonts").glob("*/pretendard.css"))
SYLLABLES = range(0xAC00, 0xD7A4)


def letters_of(ranges: str) -> set[int]:
    letters: set[int] = set()
    for one in ranges.split(","):
        first, _, last = one.strip().removeprefix("U+").partition("-")
        letters.update(range(int(first, 16), int(last or first, 16) + 1))
    return letters


def test_every_syllable_is_in_a_part():
    known = {
        letter
        for ranges in re.findall(r"unicode-range: (.*);", STYLES.read_text())
        for letter in letters_of(ranges)
    }
    assert len(SYLLABLES) == 11_172
    assert not set(SYLLABLES) - known


def test_every_part_lies_there():
    parts = re.findall(r"url\((.*?)\)", STYLES.read_text())
    assert len(parts) == 92
    assert [part for part in parts if not (STYLES.parent / part).exists()] == []


def test_pages_link_the_version_that_lies_there():
    for page in ("base.html", "503.html"):
        assert (
            f"fonts/{STYLES.parent.name}/pretendard.css"
            in Path(settings.BASE_DIR, "templates", page).read_text()
        )


def test_browsers_keep_it_for_ever(browse):
    answer = browse().get(f"/static/fonts/{STYLES.parent.name}/pretendard.css")
    assert "immutable" in answer["Cache-Control"]
    assert "immutable" not in browse().get("/static/nunbit.css")["Cache-Control"]
