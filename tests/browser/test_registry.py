"""An admin's way in a real chromium: train a network, compare it, let it answer, go back, read the log."""

from collections.abc import Iterator

import numpy as np
import pytest
from django.utils.translation import override
from playwright.sync_api import Page, expect

from benchmarks.client import Site
from conftest import PASSWORD, wait_until
from digits.models import Reading
from registry.models import Change, ModelVersion, Shadow, TrainingRun
from registry.services import activate
from tests.support.browser import BROWSER, signed_in
from tests.support.strokes import drawing
from tests.test_registry import put_right

pytestmark = BROWSER


@pytest.fixture
def admin(chromium, site, root) -> Iterator[Page]:
    with signed_in(chromium, site, root) as page:
        yield page


def exact_title(version: ModelVersion) -> str:
    """As the pages of these tests say it, which are English."""
    with override("en"):
        return version.exact_title


@pytest.mark.full
def test_train_compare_activate_roll_back_and_read_the_log(admin, charlie):
    before = ModelVersion.objects.get(name="digits_dense")
    activate(version=before)
    put_right(charlie, 120)
    admin.goto("/models/")
    admin.get_by_role("link", name="Train a network").click()
    admin.get_by_label("Network and what it learns from").select_option("digits/dense/corrections")
    admin.get_by_label("Epochs").fill("1")
    admin.get_by_role("button", name="Train").click()
    made = admin.get_by_role("main").get_by_role("link", name="Dense network of the tutorial ")
    made.click()

    expect(admin.get_by_text("Beside the one that answers, on the same pictures")).to_be_visible()
    compared = admin.get_by_role("region", name="Shall it answer?")
    expect(compared).to_contain_text("corrections, held out")
    candidate = ModelVersion.objects.get(kind="digits", state="candidate")
    expect(compared).to_contain_text("of 500 pictures of the probe set")  # once a worker has measured both
    admin.get_by_label("Why").fill("To see how it does.")
    admin.get_by_role("button", name="Let it answer from now on").click()
    expect(admin.get_by_text(f"{exact_title(candidate)} answers from now on.")).to_be_visible()
    assert ModelVersion.objects.active("digits") == candidate

    admin.get_by_role("button", name=f"Back to {exact_title(before)}").click()
    expect(admin.get_by_text(f"{exact_title(before)} answers again.")).to_be_visible()

    admin.goto("/models/log/")
    first = admin.locator("tbody tr").first
    expect(first).to_contain_text("Back to the version before.")
    expect(admin.locator("tbody tr").nth(1)).to_contain_text("To see how it does.")
    admin.get_by_label("What was live at").fill("2001-03-03T10:14")
    admin.get_by_role("button", name="Look").click()
    expect(admin.get_by_role("heading", name="Live at")).to_be_visible()
    assert [change.by_name for change in Change.objects.filter(kind="digits")[:2]] == ["root", "root"]


@pytest.mark.full
def test_run_in_the_shadow_look_at_what_differs_judge_and_activate(admin, site, root):
    rival = ModelVersion.objects.get(name="digits_dense")
    admin.goto(f"/models/{rival.pk}/")
    shadow = admin.locator("#shadow")
    shadow.get_by_label("Percent of the requests").fill("100")
    shadow.get_by_role("button", name="Run it in the shadow").click()
    expect(shadow).to_contain_text("it sees 100 % of the requests")

    program = Site(site)
    program.sign_in("root", PASSWORD)
    smudge = np.random.default_rng(1)

    def has_differed() -> bool:
        pixels = np.maximum(drawing(8, smudge), 255 * (smudge.random((28, 28)) < 0.05))
        program.post("/api/digits/", {"pixels": pixels.ravel().tolist()}, wait=30)
        return Shadow.objects.get().disagreements.exists()

    wait_until(has_differed)
    admin.reload()
    crop = shadow.locator(".crops form").first
    crop.scroll_into_view_if_needed()
    expect(crop.get_by_role("img")).to_have_js_property("naturalWidth", 28)
    crop.get_by_role("button", name="This one").click()
    expect(shadow).to_contain_text("This one is right 1")
    admin.get_by_role("button", name="Measure it").click()
    expect(admin.get_by_text("of 500 pictures of the probe set")).to_be_visible()
    admin.get_by_label("Why").fill("It was right where they differed.")
    admin.get_by_role("button", name="Let it answer from now on").click()
    expect(admin.get_by_text(f"{exact_title(rival)} answers from now on.")).to_be_visible()
    expect(shadow).to_contain_text("it saw 100 % of the requests")


@pytest.mark.full
def test_a_canary_gives_some_of_the_answers_until_it_is_ended(admin, site, root):
    rival = ModelVersion.objects.get(name="digits_dense")
    admin.goto(f"/models/{rival.pk}/")
    admin.get_by_role("button", name="Measure it").click()
    expect(admin.get_by_text("of 500 pictures of the probe set")).to_be_visible()
    canary = admin.locator("#shadow")
    canary.get_by_label("Percent of the answers").fill("50")
    canary.get_by_role("button", name="Let it give some of the answers").click()
    expect(canary).to_contain_text("it gives 50 % of the answers")

    program = Site(site)
    program.sign_in("root", PASSWORD)
    ink = np.random.default_rng(1)

    def has_answered() -> bool:
        pixels = drawing(3, ink).ravel().tolist()
        return program.post("/api/digits/", {"pixels": pixels}, wait=30)["model"]["id"] == rival.pk

    wait_until(has_answered)
    admin.reload()
    row = canary.get_by_role("row").filter(has_text=exact_title(rival))
    expect(row.get_by_role("cell").first).to_have_text(str(Reading.objects.filter(model=rival).count()))
    canary.get_by_role("button", name="End that").click()
    expect(canary).to_contain_text("it gave 50 % of the answers")


@pytest.mark.full
def test_trainings_are_chosen_by_their_boxes_and_stand_side_by_side(admin):
    for seed, loss in ((1, 0.5), (2, 0.3)):
        curves = [
            {"epoch": epoch, "train_loss": loss / epoch, "validation_loss": loss / epoch}
            for epoch in (1, 2, 3)
        ]
        TrainingRun.objects.create(
            kind="digits",
            architecture="cnn",
            seed=seed,
            epochs=3,
            curves=curves,
            state=TrainingRun.State.DONE,
        )
    admin.goto("/models/")
    for box in admin.get_by_role("checkbox").all():
        box.check()
    admin.get_by_role("button", name="Compare").click()
    expect(admin.get_by_role("heading", name="Trainings side by side")).to_be_visible()
    expect(admin.get_by_role("row").filter(has_text="Seed")).to_contain_text("2")
    expect(admin.get_by_role("main").locator('svg polyline[points*="."]').first).to_be_visible()
