"""A real chromium on a site with a real worker: how it is started, and how one is signed in."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from accounts.models import User
from conftest import patience

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--in-process-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]  # a camera that films a test card
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]

# With [name, base64] of each file and the event "drop" or "paste".
DROP = """([files, event]) => {
    const data = new DataTransfer();
    for (const [name, content] of files) {
        const bytes = Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0));
        data.items.add(new File([bytes], name));
    }
    const [Kind, where] = event === "paste" ? [ClipboardEvent, "clipboardData"] : [DragEvent, "dataTransfer"];
    document.dispatchEvent(new Kind(event, { [where]: data }));
}"""

BROWSER = [
    pytest.mark.browser,
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]


def session_of(user: User) -> str:
    """The cookie of one who has signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def wait_for_ended_job(page: Page) -> None:
    """Until a page has shown its job's end and has loaded itself again: what is opened before that is aborted."""
    expect(page.get_by_text("Done", exact=True)).to_be_visible()
    expect(page.locator("[data-reload-when-job-ends]")).to_have_count(0)


def is_violation(message: ConsoleMessage) -> bool:
    return message.type == "error" and "Content Security Policy" in message.text


@contextmanager
def signed_in(chromium: Browser, site: str, user: User | None, **options: Any) -> Iterator[Page]:
    """A page of theirs, in English; a script error, or what the Content-Security-Policy forbids, fails the test.

    user: None is a visitor; options: of the browser's context.
    """
    options = {"base_url": site, "locale": "en-US", "accept_downloads": True} | options
    context = chromium.new_context(**options)
    if user:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": site}])
    context.set_default_timeout(1000 * patience())
    expect.set_options(timeout=1000 * patience())
    new = context.new_page()
    errors: list[str] = []
    new.on("pageerror", lambda error: errors.append(str(error)))
    new.on("console", lambda message: errors.extend([message.text] if is_violation(message) else []))
    yield new
    context.close()
    assert not errors, errors
