"""The journey of docs/tour.md through the networks and which of them answers, in both languages."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from benchmarks.client import Site
from conftest import PASSWORD, wait_until
from registry.models import ModelVersion, Shadow
from tests.support.browser import BROWSER, assert_speaks, follow, go, signed_in
from tests.support.strokes import drawing
from tests.support.tiers import seldom

pytestmark = BROWSER
NETWORKS = ("Tesseract",)  # of packages, by the names that their makers gave them


def texts_in(card: Any) -> Iterator[str]:
    """All names and sentences of a card, but for single words."""
    if isinstance(card, str):
        yield from [card] if " " in card else []
    elif isinstance(card, dict | list):
        for one in card:
            yield from texts_in(one)
            yield from texts_in(card[one]) if isinstance(card, dict) else ()


@pytest.mark.parametrize("say", ["en", *seldom(["ko"])], indirect=True)
def test_journey_9_choose_which_network_answers(chromium, site, root, say):
    rival, before = ModelVersion.objects.get(name="digits_dense"), ModelVersion.objects.active("digits")
    program = Site(site)
    program.sign_in("root", PASSWORD)
    stated = [
        *NETWORKS,
        "probe: ",
        *texts_in(rival.card),
        *texts_in(before.card),
    ]  # by whoever made a network
    smudge = np.random.default_rng(1)

    def has_differed() -> bool:
        pixels = np.maximum(drawing(8, smudge), 255 * (smudge.random((28, 28)) < 0.05))
        program.post("/api/digits/", {"pixels": pixels.ravel().tolist()}, wait=30)
        return Shadow.objects.get().disagreements.exists()

    with signed_in(chromium, site, root, locale=say.locale) as admin:
        admin.goto("/")
        go(admin, say("The networks"))
        assert_speaks(admin, say, *stated)
        for name in ("Upload a network", "Train a network"):
            follow(admin, say(name))
            assert_speaks(admin, say, *stated)
            admin.go_back()
        admin.goto(f"/models/{rival.pk}/")
        expect(admin.get_by_text(say("Beside the one that answers, on the same pictures"))).to_be_visible()
        assert_speaks(admin, say, *stated)
        shadow = admin.locator("#shadow")
        shadow.get_by_label(say("Percent of the requests")).fill("100")
        shadow.get_by_role("button", name=say("Run it in the shadow")).click()
        expect(shadow.get_by_role("button", name=say("End that"))).to_be_visible()
        wait_until(has_differed)
        admin.reload()
        shadow.locator(".crops form").first.get_by_role("button", name=say("This one")).click()
        expect(shadow.locator("[aria-pressed=true]")).to_have_count(1)
        assert_speaks(admin, say, *stated)

        admin.get_by_role("button", name=say("Measure it")).click()
        wait_until(lambda: not rival.measurements.under_way().exists() and rival.measurements.exists())
        admin.reload()
        admin.get_by_label(say("Why")).fill("0 < 1")
        admin.get_by_role("button", name=say("Let it answer from now on")).click()
        answers = say("%(version)s answers from now on.", version=say.titled(rival, "exact_title"))
        expect(admin.get_by_text(answers)).to_be_visible()
        assert ModelVersion.objects.active("digits") == rival
        assert_speaks(admin, say, *stated)
        back = say("Back to %(earlier)s", earlier=say.titled(before, "exact_title"))
        admin.get_by_role("button", name=back).click()
        again = say("%(version)s answers again.", version=say.titled(before, "exact_title"))
        expect(admin.get_by_text(again)).to_be_visible()
        assert ModelVersion.objects.active("digits") == before
        admin.goto("/models/log/")
        rows = admin.locator("tbody tr")
        expect(rows.nth(1)).to_contain_text("0 < 1")
        expect(rows.first).to_contain_text("root")
        assert_speaks(admin, say, *stated)
