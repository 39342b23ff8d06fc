"""What is installed is pinned, and whether holes are known in it is never said without having looked."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings
from packaging.utils import canonicalize_name

from tools.audit import KNOWN_BAD, KNOWN_BAD_NPM, CouldNotLook, npm_holes, python_holes
from tools.constraints import constrained, required, versions

HOLE = {"id": "PYSEC-1", "fix_versions": ["2.0"]}
BAD = {"name": KNOWN_BAD[0], "version": KNOWN_BAD[1], "vulns": [HOLE]}
GOOD = {"name": "django", "version": "5.2.19", "vulns": []}
OLD = {"name": "celery", "version": "1.0", "vulns": [HOLE]}
BAD_NPM = {"name": KNOWN_BAD_NPM[0], "range": "<4.17.12", "severity": "critical", "via": ["x"]}


def that_says(answer: object, stderr: str = "") -> Sequence[str]:
    """A program that prints this, whatever it is asked, and ends with 1, as both do for holes and for errors."""
    say = f"import sys; print({json.dumps(answer)!r}); print({stderr!r}, file=sys.stderr); sys.exit(1)"
    return (sys.executable, "-c", say)


def test_every_version_that_is_installed_is_constrained():
    installed, written = versions(settings.BASE_DIR / "requirements-dev.txt"), constrained()
    assert {name: written.get(name) for name in installed} == installed


def test_requirements_and_constraints_name_the_same_versions_and_no_loose_ones():
    pinned = list(required(settings.BASE_DIR / "requirements-dev.txt"))
    names = [canonicalize_name(requirement.name) for requirement in pinned]
    assert [str(requirement.specifier) for requirement in pinned] == [
        f"=={constrained()[name]}" for name in names
    ]


@pytest.mark.parametrize("path", ["Makefile", "Dockerfile"])
def test_nothing_is_installed_without_the_constraints(path):
    lines = (settings.BASE_DIR / path).read_text().splitlines()
    installs = [line for line in lines if re.search(r"pip\b.* install .*-r requirements", line)]
    loose = [line for line in installs if "-c constraints.txt" not in line]
    assert installs and len(loose) == (path == "Makefile")  # `make constraints` makes them anew


def test_holes_are_told_and_the_one_that_was_asked_for_is_not():
    holes = python_holes(that_says({"dependencies": [GOOD, BAD, OLD]}))
    assert holes == ["celery 1.0: PYSEC-1, mended in 2.0"]
    assert python_holes(that_says({"dependencies": [GOOD, BAD]})) == []
    assert npm_holes(that_says({"vulnerabilities": {"lodash": BAD_NPM}})) == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"dependencies": [GOOD]}, "knows of no hole in an old lxml"),
        ({"dependencies": [GOOD, BAD | {"vulns": []}]}, "knows of no hole in an old lxml"),
        (
            {"dependencies": [{"name": "torch", "skip_reason": "not found"}, BAD, OLD]},
            "1 of 3 packages: torch\\n.*celery",
        ),
        ("", "could not be asked"),
    ],
)
def test_a_list_that_knows_nothing_or_not_all_has_not_looked(said, reason):
    program = that_says(said) if said else (sys.executable, "-c", "import sys; sys.exit('no network')")
    with pytest.raises(CouldNotLook, match=f"(?s){reason}"):
        python_holes(program)


@pytest.mark.parametrize("said", [{"vulnerabilities": {}}, {"error": {"summary": ""}}])
def test_npm_without_advisories_has_not_looked(said):
    with pytest.raises(CouldNotLook, match="an old lodash|endpoint returned an error"):
        npm_holes(that_says(said, stderr="audit endpoint returned an error"))


def test_a_program_that_is_not_there_has_not_looked():
    with pytest.raises(CouldNotLook, match="nowhere"):
        python_holes(("/nowhere/pip-audit",))


@pytest.mark.full
def test_without_a_network_the_audit_fails_and_says_so(tmp_path: Path):
    nowhere = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"), "http://127.0.0.1:9")
    nowhere |= {
        "npm_config_cache": str(tmp_path),
        "npm_config_fetch_retries": "0",
        "NO_PROXY": "",
        "no_proxy": "",
    }
    done = subprocess.run(
        [sys.executable, "tools/audit.py"],
        cwd=settings.BASE_DIR,
        env=os.environ | nowhere,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "PyPI could not be asked" in done.stdout and "npm could not be asked" in done.stdout
    assert "NOT AUDITED" in done.stdout and "No known holes" not in done.stdout
