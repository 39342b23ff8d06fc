import subprocess
import sys

from django.conf import settings

LICENCES = (settings.BASE_DIR / "docs" / "licences.md").read_text()


def test_the_page_of_licences_is_what_packages_cards_and_files_say():
    done = subprocess.run(
        [sys.executable, "tools/licences.py", "--check"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_licence_of_faces_stands_there():
    assert LICENCES.count("| **non-commercial research** |") == 4  # three generators and the encoder
    assert "FACES=off" in LICENCES


def test_the_code_comes_under_apache_2():
    text = (settings.BASE_DIR / "LICENSE").read_text()
    assert "Apache License" in text and "Version 2.0, January 2004" in text and "END OF TERMS" in text
