"""What an inference needs that may not be installed: each may be missing without breaking the others."""

import os
import sys
from pathlib import Path

NPM_VARIABLE = "NUNBIT_NPM"  # names the folder that holds node_modules


def gettext_noop(message: str) -> str:
    """The message itself: a mark for `make messages`, which looks for calls of this name."""
    return message


NOT_INSTALLED = gettext_noop("A package for it is not installed. Run `make run` again, or `make parts`.")


class PartMissing(Exception):
    """An inference cannot be made here. `sentence` says why, in English, to be translated when it is shown; `what`
    names the package or file."""

    def __init__(self, sentence: str, what: str = "") -> None:
        super().__init__(f"{what}: {sentence}" if what else sentence)
        self.sentence, self.what = sentence, what


def npm_package(name: str) -> Path:
    """The folder of an npm package that `make run` installed beside the Python packages. Raises PartMissing."""
    home = Path(os.environ.get(NPM_VARIABLE) or Path(sys.prefix) / "npm")
    folder = home / "node_modules" / name
    if not folder.is_dir():
        raise PartMissing(NOT_INSTALLED, name)
    return folder
