"""What people ask while faults happen: jobs of all kinds, over REST, each request sent again until it is answered."""

import hashlib
import io
import json
import re
import threading
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any

import numpy as np
import safetensors.torch
import torch
from PIL import Image

from benchmarks.activation import SEVEN
from benchmarks.client import Refused, Site
from benchmarks.fault_site import Rows
from ml.digits.network import build_trainable, plain

BACKLOG = 24  # open jobs: enough that every process is busy, and few enough that all of it ends
GIVE_UP_SECONDS = 180
OPEN = "SELECT COUNT(*) FROM jobs_job WHERE status IN ('queued', 'running')"
NETWORK = (OSError, HTTPException)  # a connection that broke, or was refused
Part = tuple[str, str, bytes]  # field, file name, content


class Ledger:
    """What the site promised: job ids with their kinds; and what it refused."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.accepted: dict[str, str] = {}
        self.accepted_at = 0.0
        self.refused: list[str] = []
        self.in_flight = 0
        self.is_over = threading.Event()

    @contextmanager
    def asking(self) -> Iterator[None]:
        with self.lock:
            self.in_flight += 1
        try:
            yield
        finally:
            with self.lock:
                self.in_flight -= 1

    def accept(self, kind: str, body: dict[str, Any]) -> str:
        job = str(body["job"]["id"])
        with self.lock:
            self.accepted[job.replace("-", "")], self.accepted_at = kind, time.monotonic()
        return job


class Over(Exception):
    """Nothing is asked any more."""


class Person(Site):
    """A user of the site who does not give up soon."""

    def __init__(self, url: str, ledger: Ledger) -> None:
        super().__init__(url)
        self.ledger, self.exam, self.sheets = ledger, 0, b""

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        kind: str = "",
        more: dict[str, str] | None = None,
    ) -> bytes:
        """Repeated with the same Idempotency-Key while the site is away. Raises Refused at any other answer."""
        headers = {**(more or {}), "Idempotency-Key": uuid.uuid4().hex}
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                with self.ledger.asking():
                    return super().send(method, path, body, kind, headers)
            except (Refused, *NETWORK) as problem:
                if is_final(problem) or time.monotonic() > deadline:
                    raise Refused(str(problem)) from problem
            time.sleep(0.3)

    def form(self, path: str, fields: dict[str, Any], files: Sequence[Part] = ()) -> dict[str, Any]:
        mark, out = uuid.uuid4().hex, io.BytesIO()
        for name, value in fields.items():
            out.write(
                f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            )
        for field, name, content in files:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
            out.write(head.encode() + content + b"\r\n")
        out.write(f"--{mark}--\r\n".encode())
        body: dict[str, Any] = json.loads(
            self.send("POST", path, out.getvalue(), f"multipart/form-data; boundary={mark}")
        )
        return body

    def ask(self, kind: str, path: str, fields: dict[str, Any], files: Sequence[Part] = ()) -> dict[str, Any]:
        body = self.form(path, fields, files)
        self.ledger.accept(kind, body)
        return body

    def wait_for(self, body: dict[str, Any]) -> None:
        """Until its job has ended. Raises Over where the benchmark ends before, Refused where the job failed."""
        while (job := self.get(f"/api/jobs/{body['job']['id']}/"))["status"] in ("queued", "running"):
            if self.ledger.is_over.wait(0.5):
                raise Over
        if job["status"] != "done":
            raise Refused(f"{job['task']} is {job['status']}: {job['error']}")

    def prepare(self) -> None:
        """An exam with printed sheets, before the faults."""
        items = [{"number": number, "kind": "ox", "answer": "O"} for number in range(1, 6)]
        made = self.post("/api/exams/", {"title": "Quiz", "language": "en", "id_digits": 3, "items": items})
        self.exam = made["id"]
        self.sheets = self.fetch(f"/api/exams/{self.exam}/sheet.pdf?copies=2")


def is_final(problem: Exception) -> bool:
    """Whether the site means it: an answer 4xx, in the words of Site.send."""
    return isinstance(problem, Refused) and re.search(r": 4\d\d ", str(problem)[:200]) is not None


# --- the kinds, each from its request to its job


def read_digit(person: Person) -> None:
    person.ask("digits.read", "/api/digits/", {"pixels": ",".join(map(str, SEVEN))})


def look_inside(person: Person) -> None:
    reading = person.ask("digits.read", "/api/digits/", {"pixels": ",".join(map(str, SEVEN))})
    person.wait_for(reading)
    body = person.get(f"/api/digits/{reading['id']}/layers/?digit=0")
    if isinstance(body, dict) and "job" in body:
        person.ledger.accept("digits.look_inside", body)


def look(person: Person) -> None:
    person.ask("classifier.look", "/api/pictures/", {}, [("image", "a.jpg", photo())])


def label(person: Person) -> None:
    person.ask("classifier.label", "/api/pictures/", {"only": "labels"}, [("image", "a.jpg", photo())])


def look_through(person: Person) -> None:
    files = [("images[]", f"{number}.jpg", photo()) for number in range(4)]
    person.ask("classifier.look_through", "/api/albums/", {"only": "labels", "name": "Trip"}, files)


def teach(person: Person) -> None:
    made = person.post("/api/classifiers/", {"name": uuid.uuid4().hex, "labels": ["cat", "dog"]})
    path, packed = f"/api/classifiers/{made['id']}/", [("file", "pets.zip", examples())]
    taken = person.ask("classifier.take_examples", f"{path}examples/", {}, packed)
    person.wait_for(taken)
    person.ask("classifier.train", f"{path}train/", {"fine_tune": "false"})


def read_scan(person: Person) -> None:
    person.ask(
        "grading.read_scan", f"/api/exams/{person.exam}/scans/", {}, [("files[]", "a.pdf", person.sheets)]
    )


def draw_faces(person: Person) -> None:
    person.ask("generator.draw", "/api/faces/", {"model": "gan", "count": 3})


def take_in(person: Person) -> None:
    """Needs an admin."""
    weights, card = network(person)
    files = [("weights", "small.safetensors", weights), ("card", "small.json", card)]
    person.ask("registry.take_in", "/api/models/", {}, files)


def train(person: Person) -> None:
    """Needs an admin, and DATA_FOLDER; one at a time, which the site says with a 400."""
    seed = int.from_bytes(uuid.uuid4().bytes[:3])
    wish = {"kind": "digits", "architecture": "dense", "source": "collections", "epochs": 1, "seed": seed + 1}
    person.ask("registry.train", "/api/trainings/", wish)


OF_ALL: list[Callable[[Person], None]] = [
    *(read_digit, look, draw_faces, read_scan, label, look_inside, read_digit, teach, label),
    *(read_digit, look_through, read_scan, draw_faces, look, read_digit, look_inside, read_scan, label),
]
OF_ADMINS = [take_in, read_digit, train, label]


def photo() -> bytes:
    """A JPEG of its own each time."""
    out = io.BytesIO()
    small = np.random.default_rng().integers(0, 256, (6, 8, 3), np.uint8)
    Image.fromarray(small).resize((320, 240), Image.Resampling.BICUBIC).save(out, "JPEG")
    return out.getvalue()


def examples() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in ("cat", "dog"):
            for number in range(4):
                packed.writestr(f"{name}/{number}.jpg", photo())
    return out.getvalue()


def network(person: Person) -> tuple[bytes, bytes]:
    """Weights that nobody has sent yet, and their card, made after the one of the built-in baseline."""
    known = next(
        row for row in person.get("/api/models/?kind=digits")["results"] if row["name"] == "digits_dense"
    )
    torch.manual_seed(int.from_bytes(uuid.uuid4().bytes[:4]))
    state = plain(build_trainable("dense", {"hidden": (8,)})).state_dict()
    weights = safetensors.torch.save({name: tensor.contiguous() for name, tensor in state.items()})
    own = {
        "name": "small",
        "config": {"hidden": [8]},
        "sha256": hashlib.sha256(weights).hexdigest(),
        "metrics": [],
    }
    card = person.get(f"/api/models/{known['id']}/")["card"] | own
    return weights, json.dumps(card).encode()


def hostile_pdf(depth: int = 10) -> bytes:
    """One page of forms that each paint the next ten times: 2.4 KB that ask PDFium for 10^depth - 1 drawings."""
    last = depth + 4
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>"]
    parts += [
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>",
        stream(b"", b"/X Do"),
    ]
    for number in range(5, last):
        form = b"/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</XObject<</X %d 0 R>>>>" % (
            number + 1
        )
        parts.append(stream(form, b"/X Do " * 10))
    parts.append(stream(b"/Type/XObject/Subtype/Form/BBox[0 0 600 900]", b"0 0 500 800 re f"))
    return pdf(parts)


def stream(about: bytes, content: bytes) -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (about, len(content), content)


def pdf(parts: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(parts) + 1, table)
    return bytes(out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, start))


# --- people


def live(person: Person, kinds: Sequence[Callable[[Person], None]], rows: Rows, first: int) -> None:
    """Ask for one kind after the other, as long as not too much is open."""
    number = first
    while not person.ledger.is_over.is_set():
        if rows.ask(OPEN)[0][0] >= BACKLOG:
            time.sleep(0.5)
            continue
        kind = kinds[number % len(kinds)]
        try:
            kind(person)
        except Over:
            return
        except Refused as refusal:
            if kind is not train:  # a second training at once is refused, rightly
                person.ledger.refused.append(f"{kind.__name__}: {str(refusal)[:200]}")
            time.sleep(1)
        number += 1
