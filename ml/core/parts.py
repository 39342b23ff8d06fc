"""What an inference needs that may not be installed: each may be missing without breaking the others."""

from pathlib import Path

from packaged.networks import PackagedNetwork
from packaged.packages import Package


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


def package_folder(package: Package) -> Path:
    """Raises PartMissing where it is not installed."""
    folder = package.folder
    if folder is None:
        raise PartMissing(NOT_INSTALLED, package.name)
    return folder


def packaged_file(network: PackagedNetwork) -> Path:
    """The first of its files, be it there or not. Raises PartMissing where its package is not installed."""
    return package_folder(network.package) / network.files[0]
