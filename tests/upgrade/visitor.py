"""Someone who uses a site over HTTP, by what docs/api.md promises and by its pages; knows nothing of its code."""

import re
import time
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests

PATIENCE = 240  # seconds: the machine may be busy and a worker still be readying its networks


class Rows(HTMLParser):
    """The texts of the cells of a page's table, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, _attrs: list) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] = " ".join(f"{self.rows[-1][-1]} {data}".split())


def rows_of(page: str) -> list[list[str]]:
    parser = Rows()
    parser.feed(page.partition("<tbody>")[2].partition("</tbody>")[0])
    return parser.rows


class Visitor:
    """One person, signed in."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self.url, self.name, self.password = url, name, password
        self.session = requests.Session()
        token = self.post("/api/token/", json={"username": name, "password": password})["token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def send(self, method: str, path: str, language: str = "en", **what: Any) -> requests.Response:
        """Raises requests.HTTPError, with what the site said."""
        headers = {"Accept-Language": language}
        answer = self.session.request(
            method, urljoin(self.url, path), headers=headers, timeout=PATIENCE, **what
        )
        if not answer.ok:
            raise requests.HTTPError(f"{method} {path}: {answer.status_code} {answer.text[:1000]}")
        return answer

    def get(self, path: str, language: str = "en") -> Any:
        return self.send("GET", path, language).json()

    def fetch(self, path: str) -> bytes:
        return self.send("GET", path).content

    def post(self, path: str, **what: Any) -> Any:
        """what: json, or data and files, as requests takes them."""
        return self.send("POST", path, **what).json()

    def job(self, pk: str) -> dict[str, Any]:
        return self.get(f"/api/jobs/{pk}/")

    def ended(self, pk: str) -> dict[str, Any]:
        """The job once it has ended."""
        deadline = time.monotonic() + PATIENCE
        while (job := self.job(pk))["status"] in ("queued", "running"):
            assert time.monotonic() < deadline, f"Waited {PATIENCE} s in vain for {job}."
            time.sleep(0.1)
        return job

    def ask(self, path: str, place: str = "", **what: Any) -> Any:
        """The row that a POST made, once its job is done. place: where it is found, if not below `path`."""
        row = self.post(path, **what)
        job = self.ended(row["job"]["id"])
        assert job["status"] == "done", job
        return self.get(f"{place or path}{row['id']}/")

    def history(self, language: str) -> list[list[str]]:
        """What the page of all jobs says of each, but for when it was and how long it took."""
        with requests.Session() as browser:
            browser.headers["Accept-Language"] = language
            page = urljoin(self.url, "/account/login/?next=/history/")
            key = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(page).text)
            form = {"username": self.name, "password": self.password, "next": "/history/"}
            answer = browser.post(page, {**form, "csrfmiddlewaretoken": key[1] if key else ""})
            answer.raise_for_status()
            written = ([cell for cell in row if cell] for row in rows_of(answer.text))
            return [row[1:3] for row in written]
