"""What does a network in the shadow cost those who ask?

    python -m benchmarks.shadow [--rounds 5] [--seconds 4]

One site (`manage.py up`) reads digits for 1 and 16 clients, in turn with the dense network of digits in the shadow of
the convolutional one on 0, 10 and 100 percent of the requests. Prints answers a second, p50 and p99, and how many
answers were compared.
"""

import argparse
import json
import time

import numpy as np

from benchmarks.client import Site
from benchmarks.digits import PICTURES, requests_of
from benchmarks.load import Load, Requests, load
from benchmarks.machine import machine
from benchmarks.own_site import own_site
from benchmarks.processes import wait_until_calm
from benchmarks.ways import PACKAGES, median_load
from tests.support.strokes import drawing

CLIENTS = (1, 16)
SHARES = (0, 10, 100)  # percent


def measure(
    site: Site, port: int, requests: Requests, clients: int, share: int, seconds: float
) -> tuple[Load, int]:
    """With how many of the answers were compared."""
    shadow = f"/api/models/{dense(site)}/shadow/"
    if share:
        site.post(shadow, {"percent": share})
        time.sleep(1.5)  # until workers have noticed
    found = load(("127.0.0.1", port), requests, clients, seconds)
    if not share:
        return found, 0
    time.sleep(1)
    compared = site.get(shadow)["requests"]
    site.send("DELETE", shadow)
    return found, compared


def dense(site: Site) -> int:
    rows = site.get("/api/models/?kind=digits")["results"]
    return next(int(row["id"]) for row in rows if row["name"] == "digits_dense")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    asked = parser.parse_args()
    pictures = [drawing(place % 10, np.random.default_rng(place)) for place in range(PICTURES)]
    found: dict[tuple[int, int], list[tuple[Load, int]]] = {}
    with own_site() as own:
        site = Site(own.url)
        site.sign_in("admin", own.password)
        headers = {"Authorization": f"Bearer {site.token}", "Prefer": "wait=30"}
        requests = requests_of(pictures, "/api/digits/", "pixels", headers)
        wait_until_calm(own.workers())
        measure(site, own.port, requests, 4, 100, 5)  # both networks are ready
        for _ in range(asked.rounds):
            for clients in CLIENTS:
                for share in SHARES:
                    one = measure(site, own.port, requests, clients, share, asked.seconds)
                    found.setdefault((clients, share), []).append(one)
    print("clients  share  answers/s  p50 ms  p99 ms  compared of answers")
    for (clients, share), some in found.items():
        middle = median_load([one for one, _compared in some])
        of = f"{sum(compared for _load, compared in some)} of {sum(one.answers for one, _compared in some)}"
        times = f"{1000 * middle.p50:7.1f} {1000 * middle.p99:7.1f}"
        print(f"{clients:7} {share:4} % {middle.rate:10.1f} {times}  {of}")
    print(json.dumps(machine(*PACKAGES)))


if __name__ == "__main__":
    main()
