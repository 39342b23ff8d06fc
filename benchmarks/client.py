"""Nunbit's API as a program uses it, with nothing but the standard library."""

import json
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import Request, urlopen

File = tuple[str, bytes]  # name, content
POLL_SECONDS = 0.3


class Refused(Exception):
    """The site answered with an error; the message is its own."""


class Site:
    """One site and one user of it."""

    def __init__(self, url: str):
        self.url, self.token = url, ""

    def sign_in(self, user: str, password: str) -> None:
        self.token = self.post("/api/token/", {"username": user, "password": password})["token"]

    def get(self, path: str) -> Any:
        return json.loads(self.fetch(path))

    def fetch(self, path: str) -> bytes:
        return self.send("GET", path)

    def post(self, path: str, body: Any, wait: int = 0) -> Any:
        """wait: seconds for which the site may hold the answer until the job has ended."""
        headers = {"Prefer": f"wait={wait}"} if wait else {}
        return json.loads(self.send("POST", path, json.dumps(body).encode(), "application/json", headers))

    def upload(self, method: str, path: str, field: str, files: Sequence[File]) -> Any:
        """Send files as a form does."""
        boundary = uuid.uuid4().hex
        parts = []
        for name, content in files:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n")
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        return json.loads(self.send(method, path, body, f"multipart/form-data; boundary={boundary}"))

    def pages(self, path: str) -> Iterator[Any]:
        """The rows of a paginated list, all of them."""
        following: str | None = path
        while following:
            answer = self.get(following)
            yield from answer["results"]
            following = answer["next"]

    def wait(self, job: dict[str, Any], limit: float = 900) -> dict[str, Any]:
        """The job when it is done. Refused where it failed or takes longer than `limit` seconds."""
        deadline = time.monotonic() + limit
        while job["status"] in ("queued", "running"):
            if time.monotonic() > deadline:
                raise Refused(f"The job is still {job['status']} after {limit} s.")
            time.sleep(POLL_SECONDS)
            job = self.get(f"/api/jobs/{job['id']}/")
        if job["status"] != "done":
            raise Refused(f"The job is {job['status']}: {job['error']}")
        return job

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        kind: str = "",
        more: dict[str, str] | None = None,
    ) -> bytes:
        headers = {"Accept-Language": "en", **({"Content-Type": kind} if kind else {}), **(more or {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        request = Request(urljoin(self.url, path), body, headers, method=method)
        try:
            with urlopen(request, timeout=120) as answer:
                return answer.read()
        except HTTPError as error:
            raise Refused(f"{method} {path}: {error.code} {error.read()[:1000].decode()}") from error
