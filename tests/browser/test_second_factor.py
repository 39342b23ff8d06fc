"""The second factor in a real chromium: from setting it up to a form that goes on when the session has ended."""

from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from accounts.models import SecondFactor
from conftest import PASSWORD
from tests.browser.test_forms import fill_in_exam, is_made, make_exam, sign_in_here
from tests.support.browser import BROWSER, signed_in
from tests.support.second_factor import code_of, with_second_factor

pytestmark = BROWSER


def test_it_is_set_up_on_the_account_page_and_asked_when_one_signs_in(
    page: Page, chromium: Browser, site, tmp_path: Path
):
    page.goto("/account/")
    page.get_by_role("link", name="Set up a second factor").click()
    expect(page.locator(".qr svg")).to_be_visible()
    key = page.locator("code").inner_text()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_text("This is not the code of the app")).to_be_visible()
    page.get_by_label("Code").fill(code_of(key))
    page.get_by_role("button", name="Turn it on").click()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    download.value.save_as(tmp_path / "codes.txt")
    assert len(codes) == 10 and (tmp_path / "codes.txt").read_text().split() == codes
    page.get_by_role("link", name="go on").click()
    expect(page.get_by_text("Signing in takes your password and a code of your app.")).to_be_visible()

    with signed_in(chromium, site, None) as other:
        other.goto("/account/login/?next=/exams/")
        other.get_by_label("Username").fill("alice")
        other.get_by_label("Password").fill(PASSWORD)
        other.get_by_role("main").get_by_role("button", name="Sign in").click()
        other.get_by_label("Code").fill(code_of(key, later=1))
        other.get_by_role("main").get_by_role("button", name="Sign in").click()
        expect(other).to_have_url(f"{site}/exams/")


@pytest.mark.full
def test_whose_session_has_ended_types_the_code_on_the_page_and_goes_on(page: Page, alice):
    secret, codes = with_second_factor(alice)
    fill_in_exam(page)
    Session.objects.all().delete()
    make_exam(page)
    sign_in_here(page)
    dialog = page.get_by_role("dialog", name="Sign in to go on")
    expect(dialog.get_by_label("Password")).to_be_hidden()
    dialog.get_by_label("Code of your app").fill("000000")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog.get_by_role("alert")).to_contain_text("This code is wrong")
    dialog.get_by_label("Code of your app").fill(code_of(secret))
    dialog.get_by_role("button", name="Sign in").click()
    assert is_made(page).items.count() == 5
    assert SecondFactor.objects.get().recovery_codes.count() == len(codes)
