"""Does a worker grow? Hours of mixed use of a site of its own, and the memory of each of its processes.

    python benchmarks/memory_hours.py --minutes 120 --out memory.csv

A few people ask for everything there is, in an order that the seed decides: scans as PDF and as photographs, digits and
the look inside the network, pictures up to 12 megapixels, albums, faces of all networks and from a photo, classifiers
that are taught, pages. Each waits for the end of its job, so the site is busy and never drowned. Every five seconds a
line for each process goes into the CSV; the table says what became of each role. All in MB.
"""

import argparse
import csv
import io
import random
import sys
import threading
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw

from benchmarks.activation import SEVEN
from benchmarks.client import Refused
from benchmarks.fault_jobs import NETWORK, Ledger, Over, Person
from benchmarks.fault_site import below, role_of
from benchmarks.own_site import OwnSite, own_site

LOOK_SECONDS = 5
PAUSE_SECONDS = 0.5  # of a person between two wishes
WARM_MINUTES = 10  # by then every kind of work has been done
SIZES = [
    (4000, 3000),
    (3024, 4032),
    (2048, 1536),
    (1600, 1200),
    (1200, 1600),
    (1080, 1920),
    (800, 600),
    (640, 480),
]
PAGES = [
    "/",
    "/digits/",
    "/pictures/",
    "/classifiers/",
    "/exams/",
    "/faces/",
    "/models/",
    "/history/",
    "/account/",
]
Look = tuple[float, int, str, float, float]  # seconds since the start, process, role, RSS and PSS in MB


def photo(dice: random.Random, size: tuple[int, int]) -> Image.Image:
    """A scene of its own: soft colours, some things, some words."""
    soft = np.random.default_rng(dice.getrandbits(32)).integers(0, 256, (6, 8, 3), np.uint8)
    picture = Image.fromarray(soft).resize(size, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(picture)
    for _ in range(dice.randint(2, 9)):
        left, top, side = dice.randrange(size[0]), dice.randrange(size[1]), dice.randrange(20, min(size) // 2)
        draw = dice.choice([pen.ellipse, pen.rectangle])
        draw((left, top, left + side, top + side), fill=(*dice.randbytes(3),))
    for _ in range(dice.randint(0, 12)):
        words = " ".join(dice.choice(["Nunbit", "total", "2026", "receipt", "grade"]) for _ in range(4))
        pen.text((dice.randrange(size[0] // 2), dice.randrange(size[1])), words, font_size=min(size) // 25)
    return picture


def jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def zipped(pictures: Sequence[bytes]) -> bytes:
    """Examples for a classifier, half of them cats."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for number, content in enumerate(pictures):
            packed.writestr(f"{('cat', 'dog')[number % 2]}/{number}.jpg", content)
    return out.getvalue()


@dataclass
class Bag:
    """What a person carries: pictures of several sizes, printed sheets and photographs of these, a face."""

    photos: list[bytes]
    sheets: bytes
    shots: list[bytes]
    face: bytes = b""


def pack(person: Person, dice: random.Random) -> Bag:
    person.prepare()
    sheets = person.fetch(f"/api/exams/{person.exam}/sheet.pdf?copies=8")
    document = pypdfium2.PdfDocument(sheets)
    pages = [page.render(scale=dice.uniform(2, 4)).to_pil().convert("RGB") for page in document]
    shots = [jpeg(page.rotate(dice.uniform(-4, 4), expand=True, fillcolor=(90, 80, 70))) for page in pages]
    return Bag([jpeg(photo(dice, size)) for size in SIZES * 2], sheets, shots)


def draw_digit(person: Person, dice: random.Random, _bag: Bag) -> str:
    reading = person.ask("digits.read", "/api/digits/", {"pixels": ",".join(map(str, SEVEN))})
    person.wait_for(reading)
    return str(reading["id"])


def look_inside(person: Person, dice: random.Random, bag: Bag) -> None:
    body = person.get(f"/api/digits/{draw_digit(person, dice, bag)}/layers/?digit=0")
    if isinstance(body, dict) and "job" in body:
        person.wait_for(body)


def show_picture(person: Person, dice: random.Random, bag: Bag) -> None:
    files = [("image", "a.jpg", dice.choice(bag.photos))]
    person.wait_for(person.ask("classifier.look", "/api/pictures/", {}, files))


def show_album(person: Person, dice: random.Random, bag: Bag) -> None:
    files = [("images[]", f"{number}.jpg", dice.choice(bag.photos)) for number in range(6)]
    person.wait_for(person.ask("classifier.look_through", "/api/albums/", {"name": "Trip"}, files))


def scan_pdf(person: Person, dice: random.Random, bag: Bag) -> None:
    files = [("files[]", "a.pdf", bag.sheets)]
    person.wait_for(person.ask("grading.read_scan", f"/api/exams/{person.exam}/scans/", {}, files))


def scan_photographs(person: Person, dice: random.Random, bag: Bag) -> None:
    shots = dice.sample(bag.shots, 3)
    files = [("files[]", f"{number}.jpg", shot) for number, shot in enumerate(shots)]
    person.wait_for(person.ask("grading.read_scan", f"/api/exams/{person.exam}/scans/", {}, files))


def draw_faces(person: Person, dice: random.Random, bag: Bag) -> None:
    wish = {"model": dice.choice(["gan", "dcgan", "stylegan"]), "count": dice.randint(1, 16)}
    order = person.ask("generator.draw", "/api/faces/", wish | {"seed": dice.randrange(2**31)})
    person.wait_for(order)
    if wish["model"] == "stylegan":
        bag.face = person.fetch(person.get(f"/api/faces/{order['id']}/")["images"][0]["url"])


def start_from_photo(person: Person, dice: random.Random, bag: Bag) -> None:
    if bag.face:
        files = [("image", "me.png", bag.face)]
        person.wait_for(person.ask("generator.draw", "/api/faces/", {"model": "stylegan", "count": 2}, files))


def teach(person: Person, dice: random.Random, bag: Bag) -> None:
    made = person.post(
        "/api/classifiers/", {"name": f"Pets {dice.getrandbits(60):x}", "labels": ["cat", "dog"]}
    )
    path, packed = (
        f"/api/classifiers/{made['id']}/",
        zipped([jpeg(photo(dice, (320, 240))) for _ in range(12)]),
    )
    person.wait_for(
        person.ask("classifier.take_examples", f"{path}examples/", {}, [("file", "pets.zip", packed)])
    )
    person.wait_for(person.ask("classifier.train", f"{path}train/", {"fine_tune": "false"}))


def read_pages(person: Person, dice: random.Random, _bag: Bag) -> None:
    for page in dice.sample(PAGES, 4):
        person.fetch(page)
    person.get(f"/api/exams/{person.exam}/papers/")


Wish = Callable[[Person, random.Random, Bag], object]
WISHES: dict[Wish, int] = {  # how often, of a hundred
    draw_digit: 30,
    look_inside: 8,
    show_picture: 16,
    show_album: 4,
    scan_pdf: 6,
    scan_photographs: 6,
    draw_faces: 8,
    start_from_photo: 2,
    teach: 3,
    read_pages: 17,
}


def live(person: Person, dice: random.Random, bag: Bag, done: Counter[str]) -> None:
    """Once each of all, then by chance, until it is over."""
    first = iter(WISHES)
    while not person.ledger.is_over.wait(PAUSE_SECONDS):
        wish = next(first, None) or dice.choices([*WISHES], [*WISHES.values()])[0]
        try:
            wish(person, dice, bag)
            done[wish.__name__] += 1
        except Over:
            return
        except (Refused, *NETWORK) as problem:
            done[f"{wish.__name__} refused: {str(problem)[:150]}"] += 1


@contextmanager
def people(site: OwnSite, count: int, seed: int) -> Iterator[Counter[str]]:
    """They live inside the `with`; how often each wish was granted is counted."""
    ledger, done, threads = Ledger(), Counter[str](), []
    for number in range(count):
        person, dice = Person(site.url, ledger), random.Random(seed * count + number)
        person.sign_in("admin", site.password)
        threads.append(threading.Thread(target=live, args=(person, dice, pack(person, dice), done)))
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        ledger.is_over.set()
        for thread in threads:
            thread.join(180)


def memory(pid: int) -> tuple[float, float]:
    """RSS and PSS (what is shared counts for each by its share) of a process in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {name: int(rest.split()[0]) for name, rest in (line.split(":") for line in lines)}
    return kilobytes["Rss"] / 1000, kilobytes["Pss"] / 1000


def look(site: OwnSite, started: float) -> Iterator[Look]:
    """One for each process of the tree; `child` is whatever has no role of its own."""
    for pid in (site.up.pid, *below(site.up.pid)):
        with suppress(OSError, IndexError, KeyError):  # it ended meanwhile
            yield (round(time.monotonic() - started, 1), pid, role_of(pid) or "child", *memory(pid))


def watch(site: OwnSite, minutes: float, out: TextIO) -> list[Look]:
    rows, table, started = [], csv.writer(out), time.monotonic()
    table.writerow(["seconds", "pid", "role", "rss_mb", "pss_mb"])
    while time.monotonic() - started < minutes * 60:
        now = list(look(site, started))
        table.writerows(now)
        out.flush()
        rows += now
        time.sleep(LOOK_SECONDS)
    return rows


def by_role(rows: Sequence[Look]) -> dict[str, list[tuple[float, float]]]:
    """role -> (seconds, RSS of all processes of it together) in order."""
    summed: dict[str, dict[float, float]] = defaultdict(lambda: defaultdict(float))
    for seconds, _pid, role, rss, pss in rows:
        summed[role][seconds // LOOK_SECONDS * LOOK_SECONDS] += rss
        summed["all, PSS"][seconds // LOOK_SECONDS * LOOK_SECONDS] += pss
    return {role: sorted(seen.items()) for role, seen in summed.items()}


def line_of(role: str, seen: list[tuple[float, float]], pids: int) -> str:
    times, sizes = np.array(seen).T
    warm = sizes[min(np.searchsorted(times, WARM_MINUTES * 60), len(sizes) - 1)]
    late = times >= times[-1] / 2
    slope = np.polyfit(times[late] / 3600, sizes[late], 1)[0] if late.sum() > 2 else float("nan")
    cells = [sizes[0], warm, sizes.max(), np.median(sizes[-12:])]
    return f"| {role} | {pids} | " + " | ".join(f"{cell:,.0f}" for cell in cells) + f" | {slope:+,.0f} |"


def report(rows: Sequence[Look], done: Counter[str]) -> None:
    print(
        f"| role | processes | start | after {WARM_MINUTES} min | highest | end | MB an hour, second half |"
    )
    print("|---|---|---|---|---|---|---|")
    for role, seen in by_role(rows).items():
        pids = len({pid for _seconds, pid, own, *_sizes in rows if role in (own, "all, PSS")})
        print(line_of(role, seen, pids))
    print("\n" + "; ".join(f"{name} {count}" for name, count in sorted(done.items())))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--people", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("memory.csv"))
    wanted = parser.parse_args()
    with own_site() as site, wanted.out.open("w", newline="") as out:
        with people(site, wanted.people, wanted.seed) as done:
            rows = watch(site, wanted.minutes, out)
        report(rows, done)


if __name__ == "__main__":
    main()
