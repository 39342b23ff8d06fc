"""Files and requests that try to take a site down: the mechanisms there are, and a seeded choice of files.

A mechanism is a function of a random generator and a step from 0 to 4, each step larger than the last. In its last step
what is no archive lies in a ZIP, as it would come in a folder of scans.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

STEPS = 5
Maker = Callable[[np.random.Generator, int], bytes]
IN_ZIP = ("pdf", "picture")  # families of what people put into one


@dataclass(frozen=True)
class Mechanism:
    """How the files of one kind are made. content_type: what they make is the whole body of a request of this type."""

    name: str
    family: str
    suffix: str
    make: Maker
    content_type: str = ""


@dataclass(frozen=True)
class HostileFile:
    """One file, or where it has a content type the body of a request."""

    mechanism: str
    family: str
    step: int
    name: str
    content: bytes
    content_type: str = ""

    def __str__(self) -> str:
        return f"{self.mechanism}, step {self.step}"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


MECHANISMS: dict[str, Mechanism] = {}


def mechanism(family: str, suffix: str, content_type: str = "") -> Callable[[Maker], Maker]:
    """Registers the function that it stands over under the function's name."""

    def register(make: Maker) -> Maker:
        name = make.__name__
        assert name not in MECHANISMS, name
        MECHANISMS[name] = Mechanism(name, family, suffix, make, content_type)
        return make

    return register


def hostile_file(name: str, step: int, seed: int) -> HostileFile:
    """The same three give the same bytes."""
    found = MECHANISMS[name]
    content = found.make(np.random.default_rng([seed, step, *name.encode()]), step)
    file = f"{name}.{found.suffix}"
    if step == STEPS - 1 and found.family in IN_ZIP:
        file, content = f"{name}.zip", packed({file: content})
    return HostileFile(name, found.family, step, file, content, found.content_type)


def hostile_files(count: int, seed: int, names: list[str]) -> Iterator[HostileFile]:
    """One of each mechanism in turn, then the next step of each; `seed` decides with which step each begins."""
    rng = np.random.default_rng(seed)
    first = {name: int(rng.integers(STEPS)) for name in names}
    for number in range(min(count, len(names) * STEPS)):
        turn, place = divmod(number, len(names))
        name = names[place]
        yield hostile_file(name, (first[name] + turn) % STEPS, seed)


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these; all of the same day, so that the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()
