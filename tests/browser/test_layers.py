"""A student's way through the network: by keyboard, on a phone, forwards to the answer and back again."""

import math
import re

import pytest
from playwright.sync_api import Page, expect

from digits.tests.readings import a_reading
from tests.support.browser import BROWSER

pytestmark = BROWSER
STEPS_FORWARDS = 24  # of the built-in network, the way back's first step included


def shown(text: str) -> float:
    """A number as the page writes it: 0.9938, −3.2 or 2.2 × 10⁻⁵."""
    raised = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    return float(re.sub(r" × 10", "e", text.replace("−", "-").translate(raised)))


def attributes(page: Page, name: str) -> list[float]:
    nodes = page.locator(f".stage [data-{name}]")
    return [float(value) for value in nodes.evaluate_all(f"all => all.map(one => one.dataset.{name})")]


@pytest.fixture
def inside(page, alice):
    """The page of the second of two digits, open; what the console complains of fails the test."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"/digits/{a_reading(alice, '47').pk}/layers?digit=1")
    expect(page.get_by_role("heading", name="Input", exact=True)).to_be_visible()
    yield page
    assert complaints == []


def assert_sum_is_the_map_value(page: Page) -> None:
    assert sum(attributes(page, "product")) == pytest.approx(attributes(page, "sum")[0], abs=1e-6)
    total = page.locator("[data-total]")
    assert shown(total.inner_text()) == pytest.approx(attributes(page, "total")[0], abs=1e-4)


def test_the_network_is_walked_by_keyboard_and_the_products_add_up(inside):
    for name in ("Convolution 1", "ReLU 1", "Convolution 2"):
        inside.keyboard.press("ArrowRight")
        expect(inside.get_by_role("heading", name=name, exact=True)).to_be_focused()
        if name == "ReLU 1":
            continue
        output = inside.get_by_role("img", name=re.compile("^Feature map"))
        output.focus()
        for key in ("ArrowUp", "ArrowLeft", "Home"):
            assert_sum_is_the_map_value(inside)
            inside.keyboard.press(key)
        assert inside.locator(".products .padding").count() == 3  # the window hangs over the left edge
        value = inside.locator("[data-total]").inner_text()
        expect(inside.locator("[data-live]")).to_contain_text(f"column 1: {value}")
        inside.get_by_role("heading", name=name, exact=True).focus()
    inside.keyboard.press("ArrowLeft")
    expect(inside.get_by_role("heading", name="ReLU 1", exact=True)).to_be_focused()


@pytest.mark.full
def test_every_step_fits_a_phone_and_the_way_back_shows_what_one_step_changes(inside):
    inside.set_viewport_size({"width": 375, "height": 760})
    for place in range(1, STEPS_FORWARDS + 1):
        expect(inside.locator("[data-position]")).to_have_text(f"Step {place} of {STEPS_FORWARDS}")
        expect(inside.locator("[data-stage]")).not_to_have_attribute("aria-busy", "true")
        assert inside.evaluate("document.documentElement.scrollWidth") <= 375
        assert inside.locator("canvas:not([aria-label]):not([aria-hidden])").count() == 0
        inside.get_by_role("button", name="Next").click() if place < STEPS_FORWARDS else None

    inside.get_by_role("radio", name="The right digit is 2").click()
    expect(inside.get_by_role("heading", name="Loss", exact=True)).to_be_visible()
    probability = inside.locator(".digit-bars .marked .figure").inner_text()
    assert attributes(inside, "value")[0] == pytest.approx(-math.log(shown(probability)), rel=0.05)

    inside.get_by_role("button", name="Next").click()
    inside.get_by_role("radio", name=re.compile("^Convolution 1,")).click()
    expect(inside.get_by_text("the loss would change by about")).to_be_visible()
    inside.get_by_role("button", name="Next").click()
    expect(inside.get_by_role("heading", name="Gradient descent", exact=True)).to_be_visible()
    before, after = (shown(text) for text in inside.locator(".total b").all_inner_texts())
    assert after < before
    inside.get_by_role("slider", name="Learning rate").press("End")
    assert shown(inside.locator(".total b").last.inner_text()) != after
    assert inside.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.full
def test_a_reload_and_the_other_language_keep_the_step_and_the_right_digit(inside):
    inside.locator("[data-step=loss]").click()
    inside.get_by_role("radio", name="The right digit is 2").click()
    expect(inside.get_by_role("heading", name="Loss", exact=True)).to_be_visible()
    inside.reload()
    expect(inside.get_by_role("radio", name="The right digit is 2")).to_be_checked()
    inside.get_by_role("button", name="한국어").click()
    expect(inside.get_by_role("heading", name="손실", exact=True)).to_be_visible()
    expect(inside.locator("[role=radio][aria-checked=true]").first).to_have_text("2")


@pytest.mark.full
def test_sliders_change_the_convolution_on_the_input(inside):
    expect(inside.get_by_text("Output size: ⌊(28 + 2 × 1 − 3) ÷ 1⌋ + 1 = 28")).to_be_visible()
    inside.get_by_role("slider", name="Stride").press("ArrowRight")
    inside.get_by_role("slider", name="Padding").press("Home")
    inside.get_by_role("slider", name="Kernel size").press("ArrowRight")
    expect(inside.get_by_text("Output size: ⌊(28 + 2 × 0 − 5) ÷ 2⌋ + 1 = 12")).to_be_visible()
    expect(inside.get_by_role("img", name="What the kernel finds: 12 × 12")).to_be_visible()
    inside.get_by_role("combobox", name="Kernel").select_option("Blur")
    assert sum(attributes(inside, "product")) >= 0
    inside.get_by_label("Weight in row 1, column 1").fill("-3")
    assert inside.get_by_role("combobox", name="Kernel").input_value() == "own"
