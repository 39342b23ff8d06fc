"""Pictures with their classes as one ZIP: what others learn from, and what `classifier.uploads` takes in again.

<class>/<picture>     a folder for each class, as ImageFolder, Keras, CVAT and Teachable Machine read them
label_studio.json     the same as tasks of Label Studio, with the names of classes as they are
label_studio.xml      its labelling interface

The tasks name files as Label Studio serves them from a local folder, in which the ZIP was unpacked under its own name.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import starmap
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from accounts.models import AnyUser
from classifier.models import Classifier, Picture
from uploads.label_studio import CONFIG, TASKS
from web.files import extension
from web.zips import ZipStream

AT_ONCE = 500  # rows
FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*]')  # on Windows; a path elsewhere
SERVED = "/data/local-files/?d="  # by Label Studio
CHOICES, IMAGE = "class", "image"  # names in its interface


class Labelled(NamedTuple):
    """A picture of the storage, what its file was called, and its class."""

    label: str
    name: str
    path: str


def examples_in(classifier: Classifier, label: str = "") -> Iterator[Labelled]:
    """Of all its classes, or of the one of that name."""
    rows = classifier.examples.order_by("label", "created_at", "delivery", "place")
    rows = rows.filter(label__name=label) if label else rows
    yield from starmap(Labelled, rows.values_list("label__name", "name", "file").iterator(AT_ONCE))


def corrections_of(user: AnyUser) -> Iterator[Labelled]:
    """Their pictures of which they said what they show."""
    rows = Picture.objects.for_user(user).exclude(right_label="").exclude(file="")
    rows = rows.order_by("right_label", "created_at", "place")
    yield from starmap(Labelled, rows.values_list("right_label", "name", "file").iterator(AT_ONCE))


def download_of(title: str, pictures: Iterable[Labelled]) -> StreamingHttpResponse:
    title = harmless(title)
    answer = StreamingHttpResponse(dataset(title, pictures), content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(True, f"{title}.zip")
    return answer


def dataset(title: str, pictures: Iterable[Labelled]) -> Iterator[bytes]:
    """The ZIP, piece by piece. A picture that is deleted meanwhile is left out."""
    archive, names = ZipStream(), Names()
    written: list[tuple[str, str]] = []
    for picture in pictures:
        name = names.of(picture)
        try:
            yield from archive.add_stored(name, picture.path)
        except FileNotFoundError:
            continue
        written.append((name, picture.label))
    tasks = [task(number, f"{title}/{name}", label) for number, (name, label) in enumerate(written, 1)]
    yield from archive.add_json(TASKS, tasks)
    yield from archive.add_text(CONFIG, interface(dict.fromkeys(label for _name, label in written)))
    yield from archive.close()


class Names:
    """Of files in the ZIP: no two alike, not even where large and small letters are one."""

    def __init__(self) -> None:
        self.folders: dict[str, str] = {}
        self.taken: set[str] = set()

    def of(self, picture: Labelled) -> str:
        if picture.label not in self.folders:
            self.folders[picture.label] = self.free("", harmless(picture.label))
        kind = extension(picture.name or picture.path)
        stem = harmless(PurePosixPath(picture.name).stem if picture.name else "picture")
        return self.free(f"{self.folders[picture.label]}/", stem, f".{kind}")

    def free(self, before: str, stem: str, after: str = "") -> str:
        name, number = f"{before}{stem}{after}", 1
        while name.casefold() in self.taken:
            number += 1
            name = f"{before}{stem}-{number}{after}"
        self.taken.add(name.casefold())
        return name


def harmless(name: str) -> str:
    """As the name of a file or folder on any system; one that begins with a dot would be hidden."""
    return FORBIDDEN.sub("_", name).strip(" ._")[:80].rstrip(" .") or "_"


def task(number: int, path: str, label: str) -> dict[str, Any]:
    said = {"from_name": CHOICES, "to_name": IMAGE, "type": "choices", "value": {"choices": [label]}}
    return {
        "id": number,
        "data": {IMAGE: f"{SERVED}{quote(path)}"},
        "annotations": [{"result": [said], "was_cancelled": False}],
    }


def interface(labels: Iterable[str]) -> str:
    choices = "\n".join(f"    <Choice value={quoteattr(label)}/>" for label in labels)
    return f"""<View>
  <Image name="{IMAGE}" value="${IMAGE}"/>
  <Choices name="{CHOICES}" toName="{IMAGE}" choice="single">
{choices}
  </Choices>
</View>
"""
