"""What an inference needs that may not be installed: each may be missing without breaking the others."""

import os
import sys
from pathlib import Path

NPM_VARIABLE = "NUNBIT_NPM"  # names the folder that holds node_modules


class PartMissing(Exception):
    """An inference cannot be made here; the message is a sentence that says what is missing."""


def npm_package(name: str) -> Path:
    """The folder of an npm package that `make run` installed beside the Python packages. Raises PartMissing."""
    home = Path(os.environ.get(NPM_VARIABLE) or Path(sys.prefix) / "npm")
    folder = home / "node_modules" / name
    if not folder.is_dir():
        raise PartMissing(f"The package {name} is not installed. Run `make run` again, or `make parts`.")
    return folder
