"""Write constraints.txt: every version that the requirements bring along, as they are installed and tested here.

    python tools/constraints.py [--check]

Reads the metadata of what is installed: from requirements-dev.txt along what each package requires on this machine. So
it is to be made where the site is tested (Linux, Python 3.11); elsewhere pip takes what it needs of it and finds other
packages by itself. --check changes nothing and fails where something that is installed is not in it, or not so.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

INSTALLER = "pip"  # pip-audit asks for it, and any does: it is not to replace the one that installs
ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
HEAD = """# Written by `make constraints`: every version that the files of requirements bring along,
# also of what packages need in turn. `pip install -c constraints.txt …` keeps to them.
"""


def main() -> int:
    installed = versions(ROOT / "requirements-dev.txt")
    if "--check" in sys.argv:
        written = constrained()
        wrong = [f"{name}=={version}" for name, version in installed.items() if written.get(name) != version]
        print("\n".join(["not in constraints.txt:", *wrong]) if wrong else "up to date")
        return int(bool(wrong))
    CONSTRAINTS.write_text(HEAD + "".join(f"{name}=={version}\n" for name, version in installed.items()))
    print(f"{CONSTRAINTS.name} was written: {len(installed)} packages.")
    return 0


def versions(requirements: Path) -> dict[str, str]:
    """Name → version of all that a file of requirements brings along, itself included, by name. Raises
    PackageNotFoundError where something of it is not installed."""
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, "") for requirement in required(requirements)]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        about = distribution(name)
        found[name] = about.version.partition("+")[0]  # a build for CPUs has the same number
        for own in {"", *requirement.extras}:
            if (name, own) not in seen:
                seen.add((name, own))
                waiting += [(Requirement(line), own) for line in about.requires or []]
    found.pop(INSTALLER, None)
    return dict(sorted(found.items()))


def required(requirements: Path) -> Iterator[Requirement]:
    """Of a file, and of those that it names with -r."""
    for line in requirements.read_text().splitlines():
        text = line.partition("#")[0].strip()
        if text.startswith("-r"):
            yield from required(requirements.parent / text.removeprefix("-r").strip())
        elif text:
            yield Requirement(text)


def constrained() -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", CONSTRAINTS.read_text(), re.MULTILINE))


if __name__ == "__main__":
    sys.exit(main())
