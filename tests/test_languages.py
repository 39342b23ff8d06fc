import subprocess
import sys

from django.conf import settings


def test_every_message_has_its_korean_translation_and_the_catalogue_is_compiled():
    done = subprocess.run(
        [sys.executable, "tools/messages.py", "--check"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
