#!/usr/bin/env python
"""What do clients that never finish their requests take away from others?

    python benchmarks/half_open.py --connections 400

opens so many connections to a `manage.py up` of its own: half of them send a piece of a request's head and then a
byte a second, half announce a body of 50 MB and send a byte of it a second. Beside them a client asks for /healthz and
has digits read, and another sends a file of 30 MB at 3 MB a second. Exit status 1 where /healthz or a digit takes
150 ms (p50).
"""

import argparse
import os
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.client import Site  # noqa: E402
from benchmarks.own_site import OwnSite, own_site  # noqa: E402
from benchmarks.processes import wait_until_calm  # noqa: E402

HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = b"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 50000000\r\n\r\n"
ASKED = 20
LIMIT = 0.150  # seconds
GIVEN_UP = 10.0
SLOW_FILE, SLOW_RATE = 30 * 10**6, 3 * 10**6  # bytes; bytes a second


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--connections", type=int, default=400)
    options = parser.parse_args()
    with own_site() as site:
        user = Site(site.url)
        user.sign_in("admin", site.password)
        wait_until_calm(site.workers())
        asked = {"/healthz": lambda: healthz(site), "a digit": lambda: digit(user)}
        before = {name: median(ask) for name, ask in asked.items()}
        sockets = half_open(site.port, options.connections)
        threading.Thread(target=trickle, args=(sockets,), daemon=True).start()
        time.sleep(3)
        after = {name: median(ask) for name, ask in asked.items()}
        try:
            slow = slow_upload(site, user.token)
        except OSError as error:
            slow = f"given up: {error}"
        print(f"connections whose requests never end: {options.connections}")
        for name in asked:
            print(
                f"{name:10} p50 {before[name] * 1000:8.1f} ms before {after[name] * 1000:8.1f} ms beside them"
            )
        print(f"a file of 30 MB at 3 MB/s: {slow}")
    return 0 if max(after.values()) < LIMIT else 1


def half_open(port: int, count: int) -> list[socket.socket]:
    sockets = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(count)]
    for place, each in enumerate(sockets):
        each.sendall(BODY if place % 2 else HEAD)
    return sockets


def trickle(sockets: Sequence[socket.socket]) -> None:
    """A byte a second on each, on those that the server closed no more."""
    while True:
        for each in sockets:
            try:
                each.send(b"x")
            except OSError:
                continue
        time.sleep(1)


def median(ask: Callable[[], None]) -> float:
    """Seconds; what is given up counts as long as it was waited for."""
    took = []
    for _ in range(ASKED):
        started = time.perf_counter()
        try:
            ask()
        except OSError:
            return GIVEN_UP
        took.append(time.perf_counter() - started)
    return statistics.median(took)


def healthz(site: OwnSite) -> None:
    urlopen(f"{site.url}/healthz", timeout=GIVEN_UP).read()


def digit(user: Site) -> None:
    urlopen(f"{user.url}/healthz", timeout=GIVEN_UP).read()  # a site that stands still is given up here
    user.post("/api/digits/", {"pixels": [0] * 300 + [255] * 6 + [0] * 478}, wait=10)


def slow_upload(site: OwnSite, token: str) -> str:
    """The first line of the answer to a picture that is none, 30 MB of it, and the seconds it took."""
    edge = b"\r\n--edge--\r\n"
    form = b'--edge\r\nContent-Disposition: form-data; name="image"; filename="slow.png"\r\n\r\n'
    body = form + os.urandom(SLOW_FILE) + edge
    head = [
        "POST /api/digits/ HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        "Connection: close",
    ]
    head += ["Content-Type: multipart/form-data; boundary=edge", f"Content-Length: {len(body)}", "", ""]
    started = time.perf_counter()
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        connection.sendall("\r\n".join(head).encode())
        for place in range(0, len(body), SLOW_RATE // 10):
            connection.sendall(body[place : place + SLOW_RATE // 10])
            time.sleep(0.1)
        answer = connection.recv(65536) or b"no answer"
    return f"{answer.splitlines()[0].decode()} after {time.perf_counter() - started:.0f} s"


if __name__ == "__main__":
    sys.exit(main())
