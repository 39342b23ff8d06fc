#!/usr/bin/env python
"""How many keys and clicks a teacher needs for what the site is not sure of, in a real browser.

    python benchmarks/review.py --mnist FOLDER [--seed 7] [--doubts 100] [--wrong 30]

Classes as `first_class.py` makes them, until enough of what waits is read wrong; so many of the rest are confirmed
before that just `--doubts` fields are left. Then somebody who knows what the pupils wrote works them off: what is
wrong is put right by the nearest key or button, the rest of a page is saved as it stands. Every key that goes down
(Shift, too) and every click is counted by the page itself.

Exit status 1 where it takes more than 1.2 a field, or a value is not what the pupil wrote.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import camera, handwriting, verdict
from benchmarks.client import Site
from benchmarks.exam_day import Exam, captured, filled, read_papers, set_exam, upload
from benchmarks.own_site import own_site

MOST_A_FIELD, MOST_CLASSES = 1.2, 40
PATIENCE = 300_000  # ms
COUNTER = """
const count = () => sessionStorage.setItem("pressed", Number(sessionStorage.getItem("pressed") ?? 0) + 1);
addEventListener("keydown", (event) => event.repeat || count(), true);
addEventListener("click", (event) => event.isTrusted && event.detail && count(), true);
"""


@dataclass(frozen=True)
class Waiting:
    """A field in review, what was read and what was written."""

    exam: int
    paper: int
    item: int
    read: str
    written: str

    @property
    def is_wrong(self) -> bool:
        return not verdict.same(self.written, self.read)

    @property
    def change(self) -> dict[str, Any]:
        return {"paper": self.paper, "item": self.item, "value": self.read}


def main() -> int:
    options = parse()
    write = handwriting.writer(options.mnist)
    with own_site() as own:
        site = Site(own.url)
        site.sign_in("admin", own.password)
        waiting = until_enough(options, site, write)
        kept = left_out(site, waiting, options)
        pressed = reviewed(own.url, own.password, kept, options.pictures)
        wrong = [one for one in kept if not verdict.same(one.written, value_of(site, one))]
    share = pressed / len(kept)
    misread = sum(one.is_wrong for one in kept)
    print(f"{len(kept)} fields, {misread} of them read wrong: {pressed} keys and clicks, {share:.2f} a field")
    for one in wrong:
        print(f"  NOT RIGHT: {one}")
    print(f"{len(wrong)} values are not what was written.")
    return int(share > MOST_A_FIELD or bool(wrong))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--mnist", type=Path, help="folder with MNIST's t10k-images-idx3-ubyte (or .gz) and labels"
    )
    parser.add_argument("--pictures", type=Path, help="folder for a picture of each page that was worked off")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--size", type=int, default=30, help="pupils in a class")
    parser.add_argument("--doubts", type=int, default=100)
    parser.add_argument("--wrong", type=int, default=30, help="how many of them at least are read wrong")
    return parser.parse_args()


def until_enough(options: argparse.Namespace, site: Site, write: handwriting.Writer) -> list[Waiting]:
    found: list[Waiting] = []
    for place in range(MOST_CLASSES):
        found += one_class(options, site, write, place)
        wrong = sum(one.is_wrong for one in found)
        print(f"class {place + 1}: {len(found)} fields wait, {wrong} of them read wrong", flush=True)
        if len(found) >= options.doubts and wrong >= options.wrong:
            return found
    raise SystemExit("There are not enough doubts.")


def one_class(
    options: argparse.Namespace, site: Site, write: handwriting.Writer, place: int
) -> Iterator[Waiting]:
    rng = np.random.default_rng([options.seed, place])
    exam = set_exam(site, f"Review {place + 1}", options.size, rng, 0.5)
    capture = (camera.scan, camera.photograph)[place % 2]
    files = captured(filled(site, exam, "roster=1", write, rng), capture, rng)
    for pupil, paper in zip(exam.pupils, read_papers(site, exam, upload(site, exam, files)), strict=True):
        for answer in paper["answers"] if paper else ():
            if answer["state"] == "review":
                yield waiting_of(exam, pupil.answers, paper["id"], answer)


def waiting_of(exam: Exam, answers: dict[int, str], paper: int, answer: dict[str, Any]) -> Waiting:
    return Waiting(exam.id, paper, answer["item"], answer["value"], answers[answer["item"]])


def left_out(site: Site, waiting: list[Waiting], options: argparse.Namespace) -> list[Waiting]:
    """The doubts to review; the others, all of which are read right or beyond what is asked for, are done before."""
    wrong = [one for one in waiting if one.is_wrong]
    right = [one for one in waiting if not one.is_wrong]
    kept_wrong = wrong[: max(options.wrong, options.doubts - len(right))]
    kept = kept_wrong + right[: options.doubts - len(kept_wrong)]
    for one in waiting:
        if one not in kept:
            site.send(
                "PATCH", f"/api/papers/{one.paper}/answers/{one.item}/", written_in(one), "application/json"
            )
    return kept


def written_in(one: Waiting) -> bytes:
    return f'{{"value": "{one.written}"}}'.encode()


def value_of(site: Site, one: Waiting) -> str:
    answers = site.get(f"/api/papers/{one.paper}/")["answers"]
    return next(str(answer["value"]) for answer in answers if answer["item"] == one.item)


# --- the teacher


def reviewed(url: str, password: str, waiting: list[Waiting], pictures: Path | None) -> int:
    """How many keys and clicks it took."""
    written = {(one.paper, one.item): one.written for one in waiting}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(base_url=url, viewport={"width": 1400, "height": 1000}, locale="en-US")
        page.set_default_timeout(PATIENCE)
        page.goto("/account/login/")
        page.get_by_label("Username").fill("admin")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
        page.add_init_script(COUNTER)
        for exam in sorted({one.exam for one in waiting}):
            page.goto(f"/exams/{exam}/review/")
            while open_answers(page):
                if pictures:
                    count = page.locator("[data-doubt]").count()
                    page.screenshot(path=pictures / f"{exam}-{count}.png", full_page=True)
                with page.expect_navigation():
                    work_off(page, written)
        pressed = int(page.evaluate("Number(sessionStorage.getItem('pressed') ?? 0)"))
        browser.close()
    return pressed


def open_answers(page: Page) -> bool:
    """Whether answers are shown; whose paper it is and what was not graded are left for later."""
    groups = page.locator(".review-groups a[href*='-']")
    if not page.locator("[data-doubt]").count() and groups.count():
        with page.expect_navigation():
            groups.first.click()
    return bool(page.locator("[data-doubt]").count())


def work_off(page: Page, written: dict[tuple[int, int], str]) -> None:
    """One page of doubts."""
    cards = page.locator("[data-doubt]")
    left = cards.count()
    for at in range(left):
        card = cards.nth(at)
        paper, item = (int(card.get_attribute(name) or 0) for name in ("data-paper", "data-item"))
        field = card.locator("input[name^=value-]")
        if not verdict.same(written[paper, item], field.input_value()):
            left -= 1
            put_right(card, field, written[paper, item])
    if left:
        page.keyboard.press("Shift+Enter")


def put_right(card: Any, field: Any, written: str) -> None:
    option = card.locator(f'[data-option="{written}"]')
    if written and option.count():
        option.click()
        return
    if not field.evaluate("element => element === document.activeElement"):
        field.click(click_count=1)
        field.select_text()
    if not written:
        field.press("Delete")
        return
    field.press_sequentially(written)
    if not card.get_attribute("data-state"):
        field.press("Enter")


if __name__ == "__main__":
    sys.exit(main())
