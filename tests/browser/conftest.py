"""One chromium and one worker for all files here: starting them takes longer than most of the tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from conftest import run_worker
from jobs.models import OPEN, Job, Status
from tests.support.browser import ARGUMENTS, CHROMIUM, LOCALES, Language, signed_in
from tests.support.tiers import daily


@pytest.fixture(scope="package")
def lasting_worker(django_db_setup, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield from run_worker(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the thread of the tests
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def quiet(owned: dict[str, object]) -> dict[str, object]:
    """A row of each kind, of whose jobs none is done: no page asks how far they are."""
    Job.objects.filter(status__in=OPEN).update(status=Status.CANCELLED)
    return owned


@pytest.fixture
def page(chromium: Browser, site, alice) -> Iterator[Page]:
    with signed_in(chromium, site, alice) as page:
        yield page


@pytest.fixture(params=daily(LOCALES, "en"))
def say(request: pytest.FixtureRequest) -> Language:
    """Each of the site's languages, the second in `make test-full`; what its pages say."""
    return Language(request.param)


@pytest.fixture
def walk(chromium: Browser, site, alice, say: Language) -> Iterator[Page]:
    """A page of Alice's in that language."""
    with signed_in(chromium, site, alice, locale=say.locale) as page:
        yield page
