#!/usr/bin/env python
"""What does one person who asks for ten times as much as the site can do take away from another?

    python benchmarks/overload.py --jobs 1000 --quota 500

One person sends pictures to be looked at from eight threads, as fast as they are taken, to a `manage.py up` of its own
with the quotas of a usual site. Beside them another person has a digit read again and again. Printed is how the
pictures were answered (202 with a place in the queue, or 429 with a time), and how long the digits took. Exit status
1 where there is another answer, or where a digit takes 150 ms (p50) and twice what it took before.
"""

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.client import Refused, Site  # noqa: E402
from benchmarks.half_open import digit  # noqa: E402
from benchmarks.own_site import ROOT, OwnSite, own_site  # noqa: E402
from benchmarks.processes import wait_until_calm  # noqa: E402

PICTURE = ROOT / "static/classifier/samples/cat.jpg"
OTHER = "from accounts.models import User; User.objects.create_user('other', password='{0}')"
LIMIT = 0.150  # seconds
ASKED = 40
THREADS = 8


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--quota", type=int, default=500, help="jobs of a person that may wait or run")
    options = parser.parse_args()
    with own_site(QUOTA_JOBS=str(options.quota)) as site:
        flooding, other = signed_in(site, "admin"), signed_in(site, "other")
        wait_until_calm(site.workers())
        before = digits(other)
        with flood(flooding, options.jobs) as answers:
            beside = digits(other)
        queued = flooding.get("/api/jobs/?status=queued")["count"]
    print(f"{options.jobs} pictures of one person: {dict(answers)}; {queued} waited at the end")
    for name, took in (("before", before), ("beside them", beside)):
        print(
            f"a digit of another {name:12} p50 {1000 * median(took):6.1f} ms   longest {1000 * max(took):6.1f}"
        )
    is_fast = median(beside) < max(LIMIT, 2 * median(before))
    return 0 if is_fast and set(answers) <= {"202 with its place", "429 with a time"} else 1


def signed_in(site: OwnSite, name: str) -> Site:
    if name != "admin":
        make = OTHER.format(site.password)
        subprocess.run(
            [sys.executable, "manage.py", "shell", "-c", make], cwd=ROOT, env=site.environment, check=True
        )
    person = Site(site.url)
    person.sign_in(name, site.password)
    return person


@contextmanager
def flood(person: Site, jobs: int) -> Iterator[Counter[str]]:
    """Goes on inside the `with`, and is over after it; how each picture was answered is counted."""
    answers: Counter[str] = Counter()
    with ThreadPoolExecutor(THREADS) as threads:
        for _ in range(jobs):
            threads.submit(lambda: answers.update([answer_of(person)]))
        yield answers


def answer_of(person: Site) -> str:
    try:
        job = person.upload("POST", "/api/pictures/", "image", [(PICTURE.name, PICTURE.read_bytes())])["job"]
        return (
            "202 with its place"
            if job["status"] != "queued" or job["queue_position"] is not None
            else "202 without"
        )
    except Refused as refusal:
        error = refusal.__cause__
        assert isinstance(error, urllib.error.HTTPError)
        has_time = int(error.headers.get("Retry-After", 0)) > 0 and "detail" in str(refusal)
        return f"{error.code} with a time" if has_time else f"{error.code}"
    except (OSError, json.JSONDecodeError) as problem:
        return type(problem).__name__


def digits(person: Site) -> list[float]:
    """Seconds of each, one after the other."""
    took = []
    for _ in range(ASKED):
        started = time.perf_counter()
        digit(person)
        took.append(time.perf_counter() - started)
        threading.Event().wait(0.1)  # as people draw
    return took


def median(took: list[float]) -> float:
    return statistics.median(took)


if __name__ == "__main__":
    sys.exit(main())
