"""Who sends hostile files, who sends good ones beside, and what both are told."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import requests

from benchmarks.hostile_files import HostileFile
from benchmarks.hostile_places import TEMPLATE, Good, Part, Place, part

POLL_SECONDS = 0.05
PATIENCE = 90  # seconds for an answer, and again for its job
OPEN = ("queued", "running")
TELLING = {"toast", "errorlist", "problem", "error"}  # classes of what pages say to whoever sent something
REASONS = {"reason", "problem", "error", "detail"}  # fields of the API that hold sentences


@dataclass
class Answer:
    """What came of one upload. seconds: from its first byte to the end of its jobs."""

    statuses: list[int] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0
    body: Any = None
    timed_out: bool = False

    @property
    def was_refused(self) -> bool:
        return not self.jobs and bool(self.sentences or self.statuses[0] >= 400)

    @property
    def has_failed(self) -> bool:
        return any(job["status"] == "failed" for job in self.jobs)


class Person:
    """Someone who is signed in, with a browser and with a program."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self.url, self.pages, self.api = url, requests.Session(), requests.Session()
        self.pages.get(f"{url}/account/login/")
        asked = {"username": name, "password": password}
        self.pages.post(f"{url}/account/login/", asked, headers=self.csrf()).raise_for_status()
        answer = self.api.post(f"{url}/api/token/", asked)
        answer.raise_for_status()
        self.api.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        for session in (self.pages, self.api):
            session.headers["Connection"] = (
                "close"  # a server that has answered early reads no second request
            )
        self.ids = {"exam": "", "template_exam": "", "classifier": "", "school_class": ""}
        self.known: set[str] = set()

    def csrf(self) -> dict[str, str]:
        return {"X-CSRFToken": self.pages.cookies.get("csrftoken", ""), "Referer": self.url}

    def prepare(self) -> None:
        """Exams, a classifier and a class, for what is sent to them."""
        items = [{"number": 1, "kind": "choice", "options": 5, "answer": "3"}]
        exam = {"title": "Midterm", "language": "en", "id_digits": 4, "items": items}
        self.ids["exam"] = str(self.made("/api/exams/", exam)["id"])
        form = {"files": ("template.json", json.dumps(TEMPLATE).encode())}
        answer = self.api.post(f"{self.url}/api/templates/", files=form)
        answer.raise_for_status()
        self.ids["template_exam"] = str(answer.json()["id"])
        self.ids["school_class"] = self.made("/api/classes/", {"name": "3-1"})["id"]
        self.ids["classifier"] = self.made("/api/classifiers/", {"name": "Pets", "labels": ["a", "b"]})["id"]

    def made(self, path: str, body: dict[str, Any]) -> Any:
        answer = self.api.post(self.url + path, json=body)
        answer.raise_for_status()
        return answer.json()

    def send(self, place: Place, file: HostileFile, language: str) -> Answer:
        """Send it, wait for its end, look at what became of it."""
        headers = {"Accept-Language": language}
        session = self.api if place.is_api else self.pages
        self.pages.cookies.set("django_language", language)
        if not place.is_api:
            headers |= self.csrf()
        if file.content_type:
            how: dict[str, Any] = {
                "data": file.content,
                "headers": headers | {"Content-Type": file.content_type},
            }
        else:
            how = {"files": place.parts(file), "data": place.fields, "headers": headers}
        return self.answered(session, place.method, place.path, how)

    def send_good(self, good: Good) -> Answer:
        files: list[Part] = [part(good.field, *good.file)] if good.field else []
        how: dict[str, Any] = {"files": files, "data": good.fields, "headers": {"Accept-Language": "en"}}
        return self.answered(self.api, good.method, good.path, how)

    def answered(self, session: requests.Session, method: str, path: str, how: dict[str, Any]) -> Answer:
        found, began = Answer(), time.monotonic()
        headers = {"Accept-Language": how["headers"]["Accept-Language"]}
        try:
            response = session.request(method, self.url + path.format(**self.ids), timeout=PATIENCE, **how)
            self.note(found, response)
            self.wait_for_jobs(found, headers)
            found.seconds = time.monotonic() - began
            self.look_at_results(found, headers)
        except requests.Timeout:
            found.timed_out = True
        except requests.ConnectionError:
            found.statuses.append(599)  # the site hung up
        found.seconds = found.seconds or time.monotonic() - began
        return found

    def note(self, found: Answer, response: requests.Response) -> None:
        found.statuses += [one.status_code for one in (*response.history, response)]
        if "json" in response.headers.get("Content-Type", ""):
            found.body = response.json()
            found.sentences += sentences_in(found.body)
        else:
            found.sentences += page_sentences(response.text, is_error=response.status_code >= 400)

    def wait_for_jobs(self, found: Answer, headers: dict[str, str]) -> None:
        """Of all jobs that this person did not have before."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = self.api.get(f"{self.url}/api/jobs/?page_size=30", headers=headers, timeout=PATIENCE)
            found.jobs = [job for job in answer.json()["results"] if job["id"] not in self.known]
            if not any(job["status"] in OPEN for job in found.jobs):
                break
            time.sleep(POLL_SECONDS)
        found.timed_out = any(job["status"] in OPEN for job in found.jobs)
        found.sentences += [job["error"] for job in found.jobs if job["status"] == "failed"]
        self.known |= {job["id"] for job in found.jobs}

    def look_at_results(self, found: Answer, headers: dict[str, str]) -> None:
        """The page of each job, the resource once more, and all that it links to."""
        for job in found.jobs:
            self.note_page(
                found, self.pages.get(self.url + job["result_url"], headers=headers, timeout=PATIENCE)
            )
        if isinstance(found.body, dict) and isinstance(found.body.get("url"), str):
            answer = self.api.get(found.body["url"], headers=headers, timeout=PATIENCE)
            self.note(found, answer)
            for link in links_in(found.body):
                found.statuses.append(self.api.get(link, headers=headers, timeout=PATIENCE).status_code)

    def note_page(self, found: Answer, response: requests.Response) -> None:
        found.statuses.append(response.status_code)
        found.sentences += page_sentences(response.text)


def sentences_in(body: Any) -> list[str]:
    """Every reason, problem and detail in what the API answered."""
    if isinstance(body, list):
        return [sentence for one in body for sentence in sentences_in(one)]
    if not isinstance(body, dict):
        return []
    own = [said for name, said in body.items() if name in REASONS and isinstance(said, str) and said]
    return own + [sentence for one in body.values() for sentence in sentences_in(one)]


def links_in(body: dict[str, Any]) -> Iterator[str]:
    for name, link in body.items():
        if name.endswith("_url") and isinstance(link, str) and link.startswith("http"):
            yield link


class TellingParts(HTMLParser):
    """The texts of what a page says to whoever sent something."""

    VOID = {"input", "br", "img", "link", "meta", "hr", "source", "path"}

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = dict(attributes)
        if self.depth and tag not in self.VOID:
            self.depth += 1
        elif not self.depth and "hidden" not in told and TELLING & set((told.get("class") or "").split()):
            self.depth = 1
            self.texts.append("")
        if self.depth and tag in ("li", "p", "span", "td"):
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if self.depth and tag not in self.VOID:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.texts[-1] += data


def page_sentences(html: str, is_error: bool = False) -> list[str]:
    """What it says to whoever sent something; of a page of an error, what its links do not."""
    parts = TellingParts()
    told = re.sub("(?s).*<main[^>]*>.*?</h1>|<a [^>]*>.*?</a>", "", html) if is_error else html
    parts.feed(f"<div class=problem>{told}" if is_error else told)
    return [text for raw in parts.texts if (text := re.sub(r"\s+", " ", raw).strip())]


def is_sentence(text: str, language: str) -> bool:
    """Whether it ends like one, is in this language, and shows nothing of the inside."""
    ends = text.rstrip(")”\"' ").endswith((".", "?", "!", "…"))
    letters = [letter for letter in re.sub(r"\([^)]*\)|“[^”]*”", "", text) if letter.isalpha()]
    is_korean = bool(letters) and bool(re.match("[가-힣]", letters[-1]))  # Korean puts its verb last
    return ends and "Traceback" not in text and is_korean == (language == "ko")


def as_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
