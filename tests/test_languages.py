import re
import subprocess
import sys
from datetime import date

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format


def test_every_message_has_its_korean_translation_and_the_catalogue_is_compiled():
    done = subprocess.run(
        [sys.executable, "tools/messages.py", "--check"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def korean() -> list[tuple[str, str]]:
    """Each message with what it is in Korean."""
    with (settings.BASE_DIR / "locale/ko/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file, locale="ko")
    return [
        (str(message.id), text)
        for message in catalogue
        if message.id
        for text in ([message.string] if isinstance(message.string, str) else message.string)
    ]


FORMAL = re.compile(r"(?<!아)니다|니까|십시오")


def test_korean_speaks_in_one_voice():
    assert [text for _message, text in korean() if FORMAL.search(text)] == []


@pytest.mark.parametrize(
    "name", ["README.ko.md", "docs/grading.ko.md", "docs/tour.ko.md", "docs/pictures.md"]
)
def test_korean_docs_speak_as_the_pages_do(name):
    assert FORMAL.findall((settings.BASE_DIR / name).read_text()) == []


def test_no_korean_sentence_leaves_the_particle_of_a_value_open():
    """A noun of the sentence stands between a value and its particle."""
    particles = r"\((으|이|가|을|를|은|는|와|과)\)"
    assert [text for _message, text in korean() if re.search(particles, text)] == []


def test_no_value_of_any_kind_is_followed_by_a_particle_that_its_last_sound_decides():
    """Figures with their unit (%, 개) are, and those that end in the same sound whatever they are."""
    of_text = (
        r"(name|title|text|value|address|who|student|number|known|labels|version|kind|where|option)s?[)}]s?”?"
    )
    assert [
        text
        for _message, text in korean()
        if re.search(of_text + r"(으로|로|을|를|은|는|이|가|와|과|이에요|예요|이지만)(?![가-힣])", text)
    ] == []


def test_dates_in_english_name_their_month():
    with translation.override("en"):
        assert date_format(date(2026, 12, 1), "SHORT_DATE_FORMAT") == "1 Dec 2026"
