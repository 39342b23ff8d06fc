"""A classifier is taught and tried with a webcam: chromium's own, which films a moving test card."""

import re

import pytest
from playwright.sync_api import Page, expect

from classifier.models import Classifier, Picture
from classifier.services import teaching
from classifier.tests.things import folders, zipped
from conftest import wait_for_end, wait_until
from jobs.models import Status
from tests.support.browser import BROWSER

pytestmark = BROWSER


@pytest.fixture
def things(site, alice) -> Classifier:
    return teaching.create(owner=alice, name="Things", labels=["card"])


def recorded(page: Page, least: int) -> None:
    """With the dialog open: so many pictures, fewer than ten, or a few more."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Record").click()
    expect(dialog.get_by_role("status")).to_have_text(re.compile(rf"[{least}-9]|\d\d"))
    dialog.get_by_role("button", name="Stop").click()


def test_a_burst_of_the_webcam_becomes_pictures_of_its_class(page, things):
    page.goto(things.get_absolute_url())
    page.get_by_role("region", name="card").get_by_role("button", name="Webcam").click()
    dialog = page.get_by_role("dialog", name="card")
    expect(dialog.get_by_role("button", name="Add these pictures")).to_be_disabled()
    recorded(page, 5)
    dialog.get_by_role("button", name="Add these pictures").click()
    expect(page.get_by_text("The pictures are being looked at.")).to_be_visible()
    assert wait_for_end(things.deliveries.get().job).status == Status.DONE
    assert things.examples.exclude(seen_by="").count() >= 5
    assert {row.label.name for row in things.examples.all()} == {"card"}


@pytest.mark.full
def test_a_burst_that_is_closed_adds_nothing_and_the_camera_is_off(page, things):
    page.goto(things.get_absolute_url())
    page.get_by_role("button", name="Webcam").first.click()
    recorded(page, 2)
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    assert page.evaluate("document.querySelector('[data-burst] video').srcObject") is None
    page.get_by_role("button", name="Webcam").first.click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("Pictures: 0")
    assert not things.deliveries.exists()


def test_live_bars_say_what_the_classifier_sees_and_nothing_of_it_stays(page, things):
    delivery = teaching.add_examples(classifier=things, files=[zipped(folders(4, ("leaf", "brick")))])
    assert wait_for_end(delivery.job).status == Status.DONE
    assert wait_for_end(teaching.train(classifier=things, wants_tuning=False).job).status == Status.DONE
    page.goto(things.get_absolute_url())
    page.get_by_role("button", name="Try it with the camera").click()
    dialog = page.get_by_role("dialog", name="What does it see?")
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    expect(dialog.get_by_role("status")).to_contain_text(re.compile("none of the classes|Perhaps"))
    percents = [
        int(text.removesuffix(" %")) for text in dialog.locator("li span:last-child").all_inner_texts()
    ]
    assert 99 <= sum(percents) <= 101
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        dialog.get_by_role("button", name="Close").click()
    wait_until(lambda: not Picture.with_trashed.exists())
