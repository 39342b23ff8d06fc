"""The README's commands are the Makefile's, its links lead somewhere, and its names are no one's machine."""

import re
import subprocess

import pytest
from django.conf import settings
from django.core.management import get_commands

READMES = [settings.BASE_DIR / name for name in ("README.md", "README.ko.md")]
DOCS = [*READMES, *sorted((settings.BASE_DIR / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_make_command_of_the_docs_exists(page):
    for target in set(re.findall(r"\bmake ([a-z-]+)\b", page.read_text())) - {"it", "one", "an"}:
        done = subprocess.run(
            ["make", "--dry-run", target], cwd=settings.BASE_DIR, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{page.name}: make {target}: {done.stderr}"


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_link_of_the_docs_leads_somewhere(page):
    for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / link).exists(), f"{page.name}: {link}"


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_manage_command_of_the_docs_exists(page):
    for command in set(re.findall(r"manage\.py ([a-z_]+)", page.read_text())):
        assert command in get_commands(), f"{page.name}: manage.py {command}"


def test_both_readmes_name_the_same_commands_and_links():
    english, korean = (
        {name.replace(".ko.", ".") for name in re.findall(r"make [a-z-]+|docs/[\w.]+", page.read_text())}
        for page in READMES
    )
    assert english == korean
