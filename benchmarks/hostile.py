#!/usr/bin/env python
"""Does any file or request take the site down, or harm whoever uses it beside?

    python benchmarks/hostile.py                          every mechanism in every step, at every place
    python benchmarks/hostile.py --files 60 --each 2      one file of each of 60 mechanisms, at two places each
    python benchmarks/hostile.py --only thin_png --seed 3

Files are made by a seeded script (`hostile_files.py` and the modules beside it), and are sent to a site of its own by
page and by API, while a neighbour sends a good file of the same kind. Exit status 1 where an answer was 500 or more,
a file that was not read got no sentence in the language asked, it took more than 20 s, the processes of the site took
more than 1 GB, those that serve pages more than 150 MB, or the neighbour was harmed: another result, failed, a try
lost, 20 s later.
"""

import argparse
import secrets
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import (  # noqa: E402, F401 - each registers its mechanisms
    hostile_archives,
    hostile_containers,
    hostile_documents,
    hostile_heif,
    hostile_jpeg2000,
    hostile_pdfs,
    hostile_pictures,
    hostile_requests,
    hostile_tables,
    hostile_weights,
)
from benchmarks.hostile_files import MECHANISMS, STEPS, HostileFile, hostile_files  # noqa: E402
from benchmarks.hostile_memory import MemoryWatcher, Peak, watched  # noqa: E402
from benchmarks.hostile_people import Answer, Person, as_json, is_sentence  # noqa: E402
from benchmarks.hostile_places import CAT, PLACES, Good, Place, good_uploads, places_for  # noqa: E402
from benchmarks.machine import machine  # noqa: E402
from benchmarks.own_site import ROOT, OwnSite, own_site  # noqa: E402
from benchmarks.processes import wait_until_calm  # noqa: E402

MOST_SECONDS = 20
MOST_MB, MOST_WEB_MB = 1_000, 150
LANGUAGES = ("en", "ko")
LOST_TRIES = """SELECT count(*) FROM jobs_job JOIN accounts_user ON owner_id = accounts_user.id
WHERE username = ? AND tries_left < (SELECT max(tries_left) FROM jobs_job WHERE status = 'done')"""
NEIGHBOUR = "User.objects.create_user('neighbour', password={!r}, role='teacher')"
LIMITS = ("5xx", "mute", "slow", "memory", "harm")


@dataclass
class Attempt:
    """One file at one place, and what it did."""

    file: HostileFile
    place: Place
    answer: Answer
    language: str
    peak: Peak
    harm: str = ""

    @property
    def outcome(self) -> str:
        if self.answer.was_refused:
            return "refused"
        return "sentence" if self.answer.has_failed or self.answer.sentences else "read"

    def broken(self) -> Iterator[tuple[str, str]]:
        """(column, what is wrong) of each limit that it broke."""
        if any(status >= 500 for status in self.answer.statuses):
            yield "5xx", f"answers {self.answer.statuses}"
        if wrong := self.wrong_sentences():
            yield "mute", wrong
        if self.answer.timed_out or self.answer.seconds > MOST_SECONDS:
            yield "slow", f"{self.answer.seconds:.0f} s"
        if self.peak.tree > MOST_MB or self.peak.web > MOST_WEB_MB:
            yield "memory", f"{self.peak.tree:.0f} MB, {self.peak.web:.0f} of them to serve pages"
        if self.harm:
            yield "harm", self.harm

    def wrong_sentences(self) -> str:
        """What it said that is no sentence; that it said nothing although it was not read."""
        said = self.answer.sentences
        was_read = self.answer.jobs or self.answer.statuses[-1:] == [200]
        if not said and (self.answer.has_failed or not was_read):
            return f"no sentence, {self.answer.statuses}"
        wrong = [text for text in said if not is_sentence(text, self.language)]
        return f"no sentence in {self.language}: {wrong[0][:200]!r}" if wrong else ""


class Neighbour:
    """Sends good files, and knows what came of them before anyone sent a bad one."""

    def __init__(self, person: Person, site: OwnSite) -> None:
        self.person, self.site = person, site
        sheet = person.api.get(f"{site.url}/api/exams/{person.ids['exam']}/sheet.pdf").content
        self.goods = good_uploads(sheet, self.drawn_face())
        self.usual = {kind: self.sent(good) for kind, good in self.goods.items()}
        self.workers = site.workers()

    def drawn_face(self) -> bytes:
        order = self.person.send_good(good_uploads(b"", b"")["faces"])
        return self.person.api.get(order.body["images"][0]["url"]).content

    def sent(self, good: Good) -> tuple[str, float]:
        """What came of it and after how many seconds. What failed is its sentence."""
        answer = self.person.send_good(good)
        failed = [job["error"] for job in answer.jobs if job["status"] != "done"]
        if failed or answer.timed_out or max(answer.statuses) >= 400:
            return f"not read: {failed} {answer.statuses} {answer.sentences}", answer.seconds
        return as_json(good.result(answer.body)), answer.seconds

    def harm(self, kind: str) -> str:
        """Sends one of this kind and says what was wrong with its way; empty where nothing was."""
        result, seconds = self.sent(self.goods[kind])
        usual, usual_seconds = self.usual[kind]
        workers, self.workers = self.workers, self.site.workers()
        if result != usual:
            return f"{result} instead of {usual}"
        if seconds > usual_seconds + MOST_SECONDS:
            return f"{seconds:.0f} s instead of {usual_seconds:.0f}"
        return "" if workers == self.workers else "a worker died"

    def lost_tries(self) -> int:
        """Jobs of the neighbour that took more than one try; a job that made way has got its try back."""
        database = sqlite3.connect(self.site.log.parent / "data" / "nunbit.sqlite3")
        rows = database.execute(LOST_TRIES, ["neighbour"])
        return int(rows.fetchone()[0])


def main() -> int:
    asked = arguments()
    names = asked.only or shuffled(asked.seed)
    with own_site() as site:
        hostile, neighbour = people_of(site)
        warm_up(hostile)
        wait_until_calm([*site.workers(), *site.web()], 20)
        with watched(site) as watcher:
            attempts = list(all_attempts(asked, names, hostile, neighbour, watcher))
        lost = 0 if watcher.was_killed else neighbour.lost_tries()
    return told(attempts, lost, asked)


def shuffled(seed: int) -> list[str]:
    """All mechanisms; so many files as there are families come from different ones."""
    by_family: dict[str, list[str]] = defaultdict(list)
    for name, found in MECHANISMS.items():
        by_family[found.family].append(name)
    order = [(place / len(names), name) for names in by_family.values() for place, name in enumerate(names)]
    return [name for _, name in sorted(order)]


def people_of(site: OwnSite) -> tuple[Person, Neighbour]:
    password = secrets.token_urlsafe(12)
    script = f"from accounts.models import User; {NEIGHBOUR.format(password)}"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
    subprocess.run(command, cwd=ROOT, env=site.environment, check=True, stdout=subprocess.DEVNULL)
    people = [Person(site.url, "admin", site.password), Person(site.url, "neighbour", password)]
    for person in people:
        person.prepare()
    return people[0], Neighbour(people[1], site)


def warm_up(hostile: Person) -> None:
    """All that a good picture needs is loaded before the idle site is weighed."""
    cat = HostileFile("", "picture", 0, "cat.jpg", CAT.read_bytes())
    for place in PLACES:
        hostile.send(place, cat, "en")


def all_attempts(
    asked: argparse.Namespace, names: list[str], hostile: Person, neighbour: Neighbour, watcher: MemoryWatcher
) -> Iterator[Attempt]:
    """Ends early where the site had to be killed, or at the time that was asked for."""
    deadline = time.monotonic() + asked.minutes * 60
    places = [place for place in PLACES if not asked.places or place.route in asked.places]
    with ThreadPoolExecutor(1) as beside:
        for number, file in enumerate(hostile_files(asked.files, asked.seed, names)):
            for place in places_for(file, places, asked.each, number):
                language = LANGUAGES[(asked.seed + list(neighbour.goods).index(place.kind)) % 2]
                watcher.next_peak()
                harm = beside.submit(neighbour.harm, place.kind)
                answer = hostile.send(place, file, language)
                attempt = Attempt(file, place, answer, language, watcher.next_peak(), harm_of(harm))
                if watcher.was_killed:
                    attempt.harm = "the site took 4 GB and was killed"
                show(attempt)
                yield attempt
                if watcher.was_killed or time.monotonic() > deadline:
                    return


def harm_of(harm: "Future[str]") -> str:
    try:
        return harm.result()
    except (requests.RequestException, KeyError, TypeError, IndexError) as error:  # an answer of another form
        return f"the neighbour got {error!r}"[:300]


def show(attempt: Attempt) -> None:
    """A line for what was wrong, at once: a long run may be stopped."""
    for column, wrong in attempt.broken():
        print(
            f"  {column}: {attempt.file} at {attempt.place.method} {attempt.place.path}: {wrong}", flush=True
        )


def told(attempts: list[Attempt], lost: int, asked: argparse.Namespace) -> int:
    """Prints the tables; 0 where no limit was broken."""
    mechanisms, files = {one.file.mechanism for one in attempts}, {str(one.file) for one in attempts}
    print(f"\n{machine()}, seed {asked.seed}: {len(files)} files of {len(mechanisms)} mechanisms\n")
    print_table("family", grouped(attempts, lambda one: one.file.family))
    print_table("place", grouped(attempts, lambda one: f"{one.place.method} {one.place.path}"))
    print(f"jobs of the neighbour that lost a try: {lost}")
    return 1 if lost or any(list(one.broken()) for one in attempts) else 0


def grouped(attempts: list[Attempt], key: Callable[[Attempt], str]) -> dict[str, list[Attempt]]:
    found: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        found[key(attempt)].append(attempt)
    return found | {"all": attempts}


def print_table(title: str, groups: dict[str, list[Attempt]]) -> None:
    columns = ["tried", "refused", "sentence", "read", *LIMITS, "longest", "MB", "web MB"]
    print("| " + " | ".join([title, *columns]) + " |\n|---" + "|---" * len(columns) + "|")
    for name, attempts in groups.items():
        print("| " + " | ".join([name, *map(str, counts_of(attempts))]) + " |")
    print()


def counts_of(attempts: list[Attempt]) -> list[str | int]:
    """How many were tried, ended in each way and broke each limit; the longest and the largest."""
    ends = Counter(attempt.outcome for attempt in attempts)
    broken = Counter(column for attempt in attempts for column, _ in attempt.broken())
    highest = [
        max((attempt.answer.seconds for attempt in attempts), default=0),
        max((attempt.peak.tree for attempt in attempts), default=0),
        max((attempt.peak.web for attempt in attempts), default=0),
    ]
    counts = [ends["refused"], ends["sentence"], ends["read"], *(broken[limit] for limit in LIMITS)]
    return [len(attempts), *counts, f"{highest[0]:.1f} s", f"{highest[1]:.0f}", f"{highest[2]:.0f}"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=len(MECHANISMS) * STEPS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--each", type=int, default=0, help="places for each file, of those meant for it; 0: all places"
    )
    parser.add_argument("--places", nargs="*", metavar="ROUTE", help="names of routes, as grading:api-scans")
    parser.add_argument("--only", nargs="*", metavar="MECHANISM", choices=MECHANISMS)
    parser.add_argument("--minutes", type=float, default=1e6, help="stop after so many")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
