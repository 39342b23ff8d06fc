"""Fixtures of the tests that cross apps: a chromium, the site that it opens, and a row of each kind."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, Page, sync_playwright

from accounts.models import User
from conftest import wait_until
from tests.support.browser import ARGUMENTS, CHROMIUM, signed_in
from tests.support.everything import one_of_each_kind


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the thread of the tests
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server, at_work) -> Iterator[str]:
    """The address of the site. A test ends when all that it asked is answered."""
    open_requests: list[bool] = []

    def begin(**_said: object) -> None:
        open_requests.append(True)

    def end(**_said: object) -> None:
        open_requests.pop()

    request_started.connect(begin)
    request_finished.connect(end)
    yield live_server.url
    wait_until(lambda: not open_requests)
    request_started.disconnect(begin)
    request_finished.disconnect(end)


@pytest.fixture
def page(chromium: Browser, site, alice) -> Iterator[Page]:
    with signed_in(chromium, site, alice) as page:
        yield page


@pytest.fixture
def owned(alice: User) -> dict[str, object]:
    """One of each kind, all Alice's: names of path arguments → their values."""
    return one_of_each_kind(alice)
