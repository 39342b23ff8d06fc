import subprocess
import sys
from datetime import date

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


def test_dates_in_english_name_their_month():
    with translation.override("en"):
        assert date_format(date(2026, 12, 1), "SHORT_DATE_FORMAT") == "1 Dec 2026"
