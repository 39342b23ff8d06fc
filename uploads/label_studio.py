"""Label Studio's list of tasks in a ZIP, its JSON and its JSON-MIN: which class a person chose for each picture.

Label Studio exports no pictures with it: people put them in beside it. What a task calls a file is its address there:
an upload ("/data/upload/3/0a1b2c3d-cat.jpg"), one of a folder that it serves ("/data/local-files/?d=pets/cat.jpg") or
a URL.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from .archive import Archive, entry_name, opened
from .problems import BadFile

TASKS, CONFIG = "label_studio.json", "label_studio.xml"  # as this site writes them
MOST_BYTES = 50_000_000  # of a list: a task of Label Studio's has up to 2 KB
MOST_MISSING = 1_000  # pictures that are told to lack: some, where all do
MOST_LISTS = 5  # JSON files of a ZIP that are looked into
UPLOADED = re.compile(r"^[0-9a-f]{8}-")  # what Label Studio puts before the name of an upload
SHORT = ("choice", "class", "label")  # names of the answer in JSON-MIN

Classes = dict[str, list[str]]  # by names of the archive


def classes_in_archive(path: Path, most_files: int) -> tuple[Classes, list[str], list[str]]:
    """In a child: the classes that were chosen for each file that a list names, the lists, and what they name that is
    not there. Nothing where no JSON file is one; a list that is damaged is none."""
    archive = opened(path, most_files)
    names, found, lists, missing = Places(archive.names()), Classes(), [], []
    for place, name in json_files(archive):
        tasks = tasks_in(archive, place)
        if tasks:
            lists.append(name)
            found |= {at: chosen(task) for task in tasks for at in names.of(address(task))}
            missing += [path_in(address(task)) for task in tasks if not names.ending_as(address(task))]
    return found, lists, missing[:MOST_MISSING]


def json_files(archive: Archive) -> list[tuple[int, str]]:
    """Those nearest to the top."""
    files = [
        (place, entry_name(entry))
        for place, entry in enumerate(archive.entries)
        if entry.filename.lower().endswith(".json") and entry.file_size <= MOST_BYTES
    ]
    return sorted(files, key=lambda file: file[1].count("/"))[:MOST_LISTS]


def tasks_in(archive: Archive, place: int) -> list[dict[str, Any]]:
    try:
        said = json.loads(archive.read(place))
    except (BadFile, ValueError, RecursionError):
        return []
    tasks = said if isinstance(said, list) else []
    return [task for task in tasks if isinstance(task, dict) and address(task)]


def address(task: dict[str, Any]) -> str:
    """Of its picture."""
    data = task["data"] if isinstance(task.get("data"), dict) else task
    first = next((value for value in data.values() if isinstance(value, str)), "")
    image = data.get("image", first if data is not task else "")
    return image if isinstance(image, str) else ""


def chosen(task: dict[str, Any]) -> list[str]:
    """By whoever judged it last."""
    short = next((task[name] for name in SHORT if name in task), None)
    if short is not None:
        return texts(short["choices"] if isinstance(short, dict) and "choices" in short else short)
    found = [texts(value.get("choices")) for value in values_of(task)]
    return found[-1] if found else []


def values_of(task: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for annotation in dicts(task.get("annotations")):
        if not annotation.get("was_cancelled"):
            for result in dicts(annotation.get("result")):
                if result.get("type") == "choices" and isinstance(result.get("value"), dict):
                    yield result["value"]


def dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


class Places:
    """Finds files of an archive by addresses that end alike."""

    def __init__(self, names: list[str]) -> None:
        self.by_name: dict[str, list[str]] = defaultdict(list)
        for name in names:
            self.by_name["".join(parts_of(name)[-1:])].append(name)

    def ending_as(self, address: str) -> list[str]:
        """All that are called so."""
        name = "".join(parts_of(path_in(address))[-1:])
        return self.by_name.get(name) or self.by_name.get(UPLOADED.sub("", name), [])

    def of(self, address: str) -> list[str]:
        """The one that it means, where one is meant."""
        parts, there = parts_of(path_in(address)), self.ending_as(address)
        lengths = [alike(parts, parts_of(name)) for name in there]
        nearest = [name for name, length in zip(there, lengths, strict=True) if length == max(lengths)]
        return nearest if len(nearest) == 1 else []


def parts_of(path: str) -> tuple[str, ...]:
    """Windows writes its own separator into some ZIPs, and into addresses of its folders."""
    return PurePosixPath(path.replace("\\", "/")).parts


def path_in(address: str) -> str:
    try:
        split = urlsplit(address)
    except ValueError:  # a bracket where a host should be
        return address
    served = parse_qs(split.query).get("d")
    return served[0] if served else unquote(split.path)


def alike(parts: tuple[str, ...], others: tuple[str, ...]) -> int:
    """How many parts of two paths are the same from their ends on."""
    count = 0
    for part, other in zip(reversed(parts), reversed(others), strict=False):
        if part != other:
            break
        count += 1
    return count
