"""Are holes known in what Nunbit installs? Asks PyPI about constraints.txt and npm about each package.json.

    python tools/audit.py

0: both were asked and know of none. 1: there are holes, each in a line. 2: somewhere it could not look. A mirror may
answer without knowing of any hole; so each is also asked about an old package that has some, and has looked only if it
names them. That package is never installed.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NPM_PARTS = ("package.json", "tools/package.json", "tools/assets/package.json", "tests/browser/package.json")
KNOWN_BAD = ("lxml", "4.6.2")  # CVE-2021-28957
KNOWN_BAD_NPM = ("lodash", "4.17.4")  # CVE-2019-10744
LONGEST = 300  # seconds for an answer


class CouldNotLook(Exception):
    """The message says where and why."""


def main() -> int:
    holes, is_complete = [], True
    for look in (python_holes, npm_holes):
        try:
            holes += look()
        except CouldNotLook as problem:
            is_complete = False
            print(problem)
    for hole in holes:
        print(hole)
    if not is_complete:
        print("NOT AUDITED: see above. Ask again where the network reaches both.")
        return 2
    print(
        f"{len(holes)} known holes: change the versions in the files of requirements."
        if holes
        else "No known holes."
    )
    return int(bool(holes))


def python_holes(program: Sequence[str] = (str(BIN / "pip-audit"),)) -> list[str]:
    """Raises CouldNotLook, also where a single package was skipped."""
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder, "requirements.txt")
        asked.write_text(f"{(ROOT / 'constraints.txt').read_text()}\n{'=='.join(KNOWN_BAD)}\n")
        options = ["--requirement", str(asked), "--no-deps", "--disable-pip", "--format", "json"]
        rows = answer("PyPI", [*program, *options], folder).get("dependencies", [])
    skipped = [row["name"] for row in rows if "skip_reason" in row]
    found = {row["name"]: list(of_python(row)) for row in rows if "vulns" in row}
    if skipped:
        names = ", ".join([*skipped[:5], "…"][: len(skipped)])
        told = [hole for holes in found.values() for hole in holes]
        raise CouldNotLook(
            "\n".join([f"PyPI did not answer for {len(skipped)} of {len(rows)} packages: {names}", *told])
        )
    return real_holes("PyPI", KNOWN_BAD[0], found)


def of_python(row: dict[str, Any]) -> Iterator[str]:
    for hole in row["vulns"]:
        mended = ", ".join(hole["fix_versions"]) or "no version yet"
        yield f"{row['name']} {row['version']}: {hole['id']}, mended in {mended}"


def npm_holes(program: Sequence[str] = (str(BIN / "npm"),)) -> list[str]:
    """Raises CouldNotLook."""
    parts = dict([KNOWN_BAD_NPM])
    for name in NPM_PARTS:
        about = json.loads((ROOT / name).read_text())
        parts |= about.get("dependencies", {}) | about.get("devDependencies", {})
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "package.json").write_text(json.dumps({"private": True, "dependencies": parts}))
        ask = [
            *program,
            "install",
            "--package-lock-only",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--json",
        ]
        answer("npm", ask, folder)
        rows = answer("npm", [*program, "audit", "--json"], folder).get("vulnerabilities", {})
    return real_holes("npm", KNOWN_BAD_NPM[0], {name: list(of_npm(row)) for name, row in rows.items()})


def of_npm(row: dict[str, Any]) -> Iterator[str]:
    for via in row["via"]:
        what = f"{via['title']} ({via['url']})" if isinstance(via, dict) else f"through {via}"
        yield f"{row['name']} {row['range']}: {row['severity']}, {what}"


def real_holes(where: str, known_bad: str, found: dict[str, list[str]]) -> list[str]:
    if not found.pop(known_bad, []):
        raise CouldNotLook(
            f"{where} answered, but knows of no hole in an old {known_bad}: a mirror without advisories?"
        )
    return [hole for holes in found.values() for hole in holes]


def answer(where: str, command: Sequence[str], folder: str) -> dict[str, Any]:
    """What the program prints as JSON, whatever it returns: both end with 1 for holes and for errors alike."""
    environment = os.environ | {"PATH": f"{BIN}:{os.environ.get('PATH', '')}"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=LONGEST
        )
        said: dict[str, Any] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
        complaint = done.stderr.strip()[-500:] if isinstance(problem, ValueError) else str(problem)
        raise CouldNotLook(f"{where} could not be asked: {complaint}") from problem
    if "error" in said:
        raise CouldNotLook(f"{where} could not be asked: {done.stderr.strip()[-500:]}")
    return said


if __name__ == "__main__":
    sys.exit(main())
