"""What a site answers while its disk fills up, is full, and has room again; it needs root, which may mount.

    python benchmarks/full_disk.py [--seconds 30]

The data of a site of its own lie on a file system of 64 MB in memory, its reserve is 20 MB. Printed is the status of
each request in each state, how many processes died meanwhile, and when the first upload after the end was read.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.activation import SEVEN
from benchmarks.client import Refused
from benchmarks.fault_jobs import NETWORK, Ledger, Person, photo
from benchmarks.fault_site import below
from benchmarks.own_site import OwnSite

SIZE_MB, RESERVE_MB = 64, 20
STATES = {"room": None, "short": 12, "full": 0, "room again": None}  # MB that are left free
BLOCK = 2**16  # bytes that are written at once to fill the disk


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system in memory. Ends the program where one may not mount."""
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(folder)]).returncode:
        print("You may not mount a file system here.")
        sys.exit(1)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def site_on(folder: Path, models: Path) -> Iterator[OwnSite]:
    os.environ |= {"DISK_RESERVE_MB": str(RESERVE_MB), "MODEL_CACHE_DIR": str(models)}
    site = OwnSite(folder)
    try:
        site.wait_until_ready()
        yield site
    finally:
        site.stop()


def fill(disk: Path, free_mb: int | None) -> None:
    """Leave so much free; None takes the filler away."""
    filler = disk / "filler"
    if free_mb is None:
        filler.unlink(missing_ok=True)
        return
    with filler.open("ab", buffering=0) as file:
        while (left := shutil.disk_usage(disk).free - free_mb * 2**20) > 0:
            try:
                file.write(bytes(min(BLOCK, left)))
            except OSError:
                return


def status_of(ask: Callable[[], object]) -> str:
    """ "ok", or the status of the refusal."""
    try:
        ask()
    except Refused as refusal:
        return str(refusal).split(": ", 1)[1][:3]
    except HTTPError as error:
        return str(error.code)
    except NETWORK as problem:
        return type(problem).__name__
    return "ok"


class Visitor(Person):
    """Asks once, whatever the answer is."""

    readings: list[str]

    def send(self, *request: object) -> bytes:
        return super(Person, self).send(*request)  # type: ignore[arg-type]

    def upload_picture(self) -> dict[str, object]:
        return self.form("/api/pictures/", {"only": "labels"}, [("image", "a.jpg", photo())])

    def upload_scan(self) -> dict[str, object]:
        return self.form(f"/api/exams/{self.exam}/scans/", {}, [("files[]", "a.pdf", self.sheets)])

    def draw_digit(self) -> dict[str, object]:
        made = self.post("/api/digits/", {"pixels": ",".join(map(str, SEVEN))})
        self.readings.append(made["id"])
        return made

    def requests(self) -> dict[str, Callable[[], object]]:
        return {
            "read a list": lambda: self.get("/api/digits/"),
            "open a page": lambda: self.fetch("/"),
            "ready?": lambda: urlopen(f"{self.url}/readyz", timeout=20).read(),
            "metrics": lambda: urlopen(f"{self.url}/metrics", timeout=20).read(),
            "upload a picture": self.upload_picture,
            "upload a scan": self.upload_scan,
            "draw a digit": self.draw_digit,
            "correct an exam": lambda: self.send(
                "PATCH", f"/api/exams/{self.exam}/", b'{"title": "Quiz 2"}', "application/json"
            ),
            "delete a digit": lambda: self.send("DELETE", f"/api/digits/{self.readings.pop(0)}/"),
        }


def prepared(site: OwnSite) -> Visitor:
    visitor = Visitor(site.url, Ledger())
    visitor.readings = []
    visitor.sign_in("admin", site.password)
    visitor.prepare()
    for _ in range(4):
        visitor.draw_digit()
    return visitor


def walk(site: OwnSite, disk: Path, seconds: float) -> tuple[dict[str, list[str]], dict[str, int]]:
    """What each request got in each state, and how many processes died in it."""
    visitor, answers, deaths = prepared(site), {}, {}
    for state, free_mb in STATES.items():
        fill(disk, free_mb)
        before = set(below(site.up.pid))
        for name, ask in visitor.requests().items():
            answers.setdefault(name, []).append(status_of(ask))
        time.sleep(seconds)
        deaths[state] = len(before - set(below(site.up.pid)))
    started = time.monotonic()
    visitor.wait(visitor.upload_scan()["job"], limit=300)  # type: ignore[arg-type]
    print(f"A scan was read {time.monotonic() - started:.0f} s after it was sent once there was room.")
    open_jobs = [
        job for status in ("queued", "running") for job in visitor.pages(f"/api/jobs/?status={status}")
    ]
    failed = list(visitor.pages("/api/jobs/?status=failed"))
    print(
        f"Jobs still open: {len(open_jobs)}, failed: {len(failed)} of {visitor.get('/api/jobs/')['count']}.\n"
    )
    return answers, deaths


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=30, help="in each state after the requests")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nunbit-") as folder:
        models = Path(os.environ.get("MODEL_CACHE_DIR") or Path(folder) / "models")
        with small_disk(Path(folder) / "data") as disk, site_on(Path(folder), models) as site:
            answers, deaths = walk(site, disk, wanted.seconds)
            log = site.log.read_text(errors="replace")
    print(f"| request | {' | '.join(STATES)} |\n|---|{'---|' * len(STATES)}")
    for name, row in answers.items():
        print(f"| {name} | {' | '.join(row)} |")
    print(f"| *processes that died* | {' | '.join(map(str, deaths.values()))} |")
    print(
        f"\nStarted again: {log.count('died and was started again')}; lines in the log: {log.count(chr(10))}"
    )


if __name__ == "__main__":
    main()
