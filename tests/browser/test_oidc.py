"""The school's login in a real chromium, with a real provider."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_forms import fill_in_exam, is_made, make_exam
from tests.support.browser import BROWSER, signed_in
from tests.support.identity_provider import CLIENT_ID, CLIENT_SECRET, running_provider

pytestmark = BROWSER


@pytest.fixture(autouse=True)
def provider(settings, alice) -> Iterator[None]:
    """Alice's address is the one that it vouches for."""
    with running_provider() as provider:
        settings.OIDC_NAME, settings.OIDC_ISSUER = "Hanbit", provider.issuer
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
        alice.email = provider.person["email"]
        alice.save()
        yield


def test_the_button_leads_to_the_provider_and_back_to_where_one_wanted_to_go(chromium: Browser, site):
    with signed_in(chromium, site, None) as page:
        page.goto("/exams/")
        page.get_by_role("link", name="Sign in with Hanbit").click()
        expect(page).to_have_url(f"{site}/exams/")


@pytest.mark.full
def test_whose_session_has_ended_signs_in_on_another_tab_and_goes_on(page: Page, site):
    fill_in_exam(page)
    Session.objects.all().delete()
    make_exam(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in with Hanbit").click()
    expect(opened.value).to_have_url(f"{site}/")
    opened.value.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # without a screen no window gets it by itself
    is_made(page)
