"""A real chromium on a site with a real worker: how it is started, how one is signed in, and what its pages say."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, ngettext, override, pgettext
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

# Each text and each name of what is seen on the page, but for what programs are told.
READ = """() => {
    const main = document.querySelector("main");
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) {
        const { parentElement, nodeValue } = walker.currentNode;
        const isCode = parentElement.closest("code, pre, script, style, template, noscript");
        if (!isCode && parentElement.checkVisibility()) texts.push(nodeValue);
    }
    for (const one of main.querySelectorAll("[aria-label], [title], [alt], [placeholder]")) {
        if (!one.checkVisibility()) continue;
        for (const name of ["aria-label", "title", "alt", "placeholder"]) texts.push(one.getAttribute(name) ?? "");
    }
    return texts.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""
LOCALES = {"en": "en-US", "ko": "ko-KR"}
# What shows that a text is in another language: its script, or, where names are in that, three words in a row.
FOREIGN = {"en": re.compile("[가-힣]"), "ko": re.compile(r"\b[A-Za-z][a-z]+(?:[ ,]+[A-Za-z][a-z]*){2,}")}

BROWSER = [
    pytest.mark.browser,
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine"),
]


@dataclass(frozen=True)
class Language:
    """What the pages in a language say, by what their templates have."""

    code: str

    @property
    def locale(self) -> str:
        return LOCALES[self.code]

    def __call__(self, text: str, **values: object) -> str:
        with override(self.code):
            return gettext(text) % values if values else gettext(text)

    def several(self, one: str, many: str, count: int, **values: object) -> str:
        with override(self.code):
            return ngettext(one, many, count) % ({"count": count} | values)

    def of(self, context: str, text: str) -> str:
        with override(self.code):
            return pgettext(context, text)

    def titled(self, row: object, name: str) -> str:
        """What a row is called by this property."""
        with override(self.code):
            return str(getattr(row, name))


def assert_speaks(page: Page, language: Language, *names: str) -> None:
    """All that is seen on the page is in this language, but for `names`, which people gave."""
    expect(page.locator("html")).to_have_attribute("lang", language.code)
    foreign = [text for text in page.evaluate(READ) if FOREIGN[language.code].search(text)]
    foreign = [text for text in foreign if not any(name in text for name in names)]
    assert not foreign, f"{page.url}: {foreign}"


def session_of(user: User) -> str:
    """The cookie of one who has signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def wait_for_ended_job(page: Page) -> None:
    """Until a page has shown its job's end and has loaded itself again: what is opened before that is aborted."""
    expect(page.get_by_text("Done", exact=True)).to_be_visible()
    expect(page.locator("[data-reload-when-job-ends]")).to_have_count(0)


def go(page: Page, place: str) -> None:
    """To one of the places that stand beside every page."""
    with page.expect_navigation():
        page.locator(".rail").get_by_role("link", name=place, exact=True).click()


def follow(page: Page, link: str) -> None:
    """By its name, to the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role("main").or_(page.locator("footer")).get_by_role(
            "link", name=link, exact=True
        ).click()


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
