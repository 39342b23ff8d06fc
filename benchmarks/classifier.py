#!/usr/bin/env python
"""How many pictures a second does a small computer name, and how long does each part of a whole card take?

    python benchmarks/classifier.py             the table that docs/models.md quotes
    python benchmarks/classifier.py --json      the same for machines
    python benchmarks/classifier.py --gradio ~/gradio/bin/python    a Python that has gradio, onnxruntime and Pillow

1, 8 and 64 clients send photographs of 640 x 480 pixels, each anew as soon as it has its answer, in turn to

    Nunbit          `manage.py up`: token, file, row, queue, worker, stored answer (`only=labels`, `Prefer: wait`)
    Gradio          the same network, loaded once, without its queue; the photograph comes with the request, and nothing
                    is kept
    Gradio, before  the same, but the photographs were uploaded before the clock began

and beside them runs a plain loop over the network: what one thread of one core could do. All in one run, in turn.
Then the parts of a whole card are timed one by one in this process. Exit status 1 where the target is missed.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402
from skimage import data  # noqa: E402

from benchmarks.client import Site  # noqa: E402
from benchmarks.load import post  # noqa: E402
from benchmarks.machine import machine  # noqa: E402
from benchmarks.own_site import ROOT, free_port, own_site  # noqa: E402
from benchmarks.processes import resident  # noqa: E402
from benchmarks.ways import (  # noqa: E402
    PACKAGES,
    Way,
    figures,
    measure_in_turn,
    median_load,
    print_table,
    serving,
)
from ml.core.cards import WEIGHTS_FOLDER, Card  # noqa: E402
from ml.pictures.backbone import Backbone, load_backbone  # noqa: E402
from ml.pictures.reader import LABELS, LOADERS, load_picture_reader  # noqa: E402
from uploads.pictures import open_rgb  # noqa: E402

CLIENTS = (1, 8, 64)
BATCHES = (1, 4, 16)
PICTURES, SIZE = 32, (640, 480)
PHOTOGRAPHS = ("astronaut", "chelsea", "coffee", "rocket")
TARGET = 5  # times as many as Gradio, with 8 clients


def main() -> int:
    options = parse()
    pictures = [photograph(place) for place in range(PICTURES)]
    with ExitStack() as stack:
        cache = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nunbit-bench-")))
        cache = Path(os.environ.setdefault("MODEL_CACHE_DIR", str(cache)))  # made ready once for all
        card = Card.load(WEIGHTS_FOLDER, options.model)
        backbone = load_backbone(card, WEIGHTS_FOLDER, cache, "cpu")
        ways = [stack.enter_context(nunbit(pictures, card))]
        if options.gradio:
            network = cache / f"{card.name}-{card.sha256[:8]}.onnx"
            ways += stack.enter_context(gradio(pictures, options.gradio, network, card))
        loops = measure_all(ways, backbone, pictures, options)
        memory = {name: sum(map(resident, pids)) for name, pids in ways[0].processes.items()}
        parts = time_parts(card, cache, pictures)
    report(ways, loops, parts, memory, options)
    return 0 if meets_target(ways) else 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=6, help="of each measurement")
    parser.add_argument("--model", default="lite2")
    has_gradio = find_spec("gradio") is not None
    parser.add_argument("--gradio", type=Path, default=Path(sys.executable) if has_gradio else None)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def photograph(place: int) -> bytes:
    """A JPEG: another cut of one of a few photographs."""
    whole = Image.fromarray(getattr(data, PHOTOGRAPHS[place % len(PHOTOGRAPHS)])())
    rng = np.random.default_rng(place)
    wide, high = (int(side * rng.uniform(0.6, 1)) for side in whole.size)
    left, top = (
        int(rng.uniform(0, most - side)) for most, side in zip(whole.size, (wide, high), strict=True)
    )
    out = BytesIO()
    whole.resize(SIZE, Image.Resampling.BICUBIC, (left, top, left + wide, top + high)).save(
        out, "JPEG", quality=88
    )
    return out.getvalue()


# --- who answers


@contextmanager
def nunbit(pictures: Sequence[bytes], card: Card) -> Iterator[Way]:
    with own_site() as site:
        user = Site(site.url)
        user.sign_in("admin", site.password)
        headers = {"Authorization": f"Bearer {user.token}", "Prefer": "wait=30"}
        fields = {"only": "labels", "model": card.name}
        requests = [form("/api/pictures/", picture, fields, headers) for picture in pictures]
        worker = [pid for pid in site.workers() if b"quick" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        yield Way("Nunbit", site.port, requests, {"web": site.web(), "worker": worker})


def form(path: str, picture: bytes, fields: dict[str, str], headers: dict[str, str]) -> bytes:
    """A request as a browser makes it of a form."""
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\n'
    parts += [f"{head}Content-Type: image/jpeg\r\n\r\n".encode(), picture, f"\r\n--{mark}--\r\n".encode()]
    kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
    return post("127.0.0.1", path, b"".join(parts), kind | headers)


@contextmanager
def gradio(pictures: Sequence[bytes], python: Path, network: Path, card: Card) -> Iterator[list[Way]]:
    port = free_port()
    script = str(ROOT / "benchmarks" / "gradio_pictures.py")
    numbers = [str(card.preprocessing["size"]), str(card.temperature), str(port)]
    with serving([str(python), script, str(network), *numbers], port) as process:
        site = Site(f"http://127.0.0.1:{port}")
        named = [(f"{place}.jpg", picture) for place, picture in enumerate(pictures)]
        paths = site.upload("POST", "/gradio_api/upload", "files", named)
        urls = [f"data:image/jpeg;base64,{b64encode(picture).decode()}" for picture in pictures]
        yield [
            Way("Gradio", port, [asked(url=url) for url in urls], {"server": [process.pid]}),
            Way("Gradio, before", port, [asked(path=path) for path in paths], {"server": [process.pid]}),
        ]


def asked(**where: str) -> bytes:
    body = {"data": [where | {"meta": {"_type": "gradio.FileData"}}]}
    kind = {"Content-Type": "application/json"}
    return post("127.0.0.1", "/gradio_api/run/name", json.dumps(body).encode(), kind)


# --- measuring


def measure_all(
    ways: Sequence[Way], backbone: Backbone, pictures: Sequence[bytes], options: argparse.Namespace
) -> dict[str, list[float]]:
    """Everything in turn; pictures a second of the plain loop by the size of its batches."""
    prepared = np.stack([backbone.prepare(open_rgb(picture)) for picture in pictures])
    loops: dict[str, list[float]] = {}

    def note(name: str, pictures_at_once: int, act: Callable[[], object]) -> None:
        loops.setdefault(name, []).append(pictures_at_once * rate(act))

    def measure_loops() -> None:
        for size in BATCHES:
            note(f"batches of {size}", size, lambda size=size: backbone.run(prepared[:size]))
        note("decoding alone", 1, lambda: backbone.prepare(open_rgb(pictures[0])))

    measure_in_turn(ways, CLIENTS, options.rounds, options.seconds, measure_loops)
    return loops


def rate(act: Callable[[], object], seconds: float = 1.0) -> float:
    """Times a second."""
    times, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        act()
        times += 1
    return times / (time.perf_counter() - started)


def time_parts(card: Card, cache: Path, pictures: Sequence[bytes]) -> dict[str, float | str]:
    """Milliseconds of each inference on one picture, the median; or why it cannot be made here."""
    reader = load_picture_reader(card, WEIGHTS_FOLDER, cache, "cpu")
    opened = [open_rgb(picture) for picture in pictures[: 2 * len(PHOTOGRAPHS)]]
    took: dict[str, float | str] = {}
    for part in (LABELS, *LOADERS):
        reader.read(opened[0], {part})  # loads it
        spans = []
        for picture in opened:
            started = time.perf_counter()
            seen = reader.read(picture, {part})
            spans.append(1000 * (time.perf_counter() - started))
        missing = seen.found["missing"]
        took[part] = missing[0]["sentence"] if missing else statistics.median(spans)
    return took


def meets_target(ways: Sequence[Way]) -> bool:
    own, *others = (median_load(way.loads[8]).rate for way in ways)
    return all(own >= TARGET * other for other in others)


# --- printing


def report(
    ways: Sequence[Way],
    loops: dict[str, list[float]],
    parts: dict[str, float | str],
    memory: dict[str, float],
    options: argparse.Namespace,
) -> None:
    medians = {name: statistics.median(rates) for name, rates in loops.items()}
    if options.json:
        print(
            json.dumps(
                machine(*PACKAGES) | figures(ways) | {"loop": medians, "parts_ms": parts, "mb": memory}
            )
        )
        return
    print_table(ways, options.rounds, options.seconds, {8: f"at least {TARGET} x Gradio"})
    if not options.gradio:
        print("Gradio    not installed here: --gradio PYTHON names a Python that has it")
    print("\nA plain loop, one thread:", ", ".join(f"{name} {one:.0f}/s" for name, one in medians.items()))
    print("Memory of Nunbit:", ", ".join(f"{name} {one:.0f} MB" for name, one in memory.items()))
    print("\nA whole card of 640 x 480 pixels, one thread, by its parts:")
    for part, took in parts.items():
        print(f"  {part:12}{took if isinstance(took, str) else f'{took:7.1f} ms'}")


if __name__ == "__main__":
    sys.exit(main())
