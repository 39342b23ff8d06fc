"""The journeys of docs/tour.md through what networks do, in both languages."""

import base64
import io
import re
import zipfile

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from benchmarks.printed import page as printed
from classifier.models import Picture
from classifier.tests.photos import as_file, packed, photo
from classifier.tests.things import folders, zipped
from conftest import wait_until
from digits.models import Reading
from generator.models import Order
from registry.services import register_built_ins
from tests.browser.test_digits import PI, draw, says, settled
from tests.browser.test_generator import drop, pngs, slide
from tests.browser.test_layers import assert_sum_is_the_map_value, shown
from tests.support.browser import BROWSER, DROP, Language, assert_speaks, follow, go
from tests.support.strokes import written
from tests.support.tiers import seldom

pytestmark = BROWSER
CARD = "CelebA"  # what the network's card says of its data, which is in English
GREETING = ("안녕하세요, 눈빛입니다.", "Welcome to Room 204!")


def test_journey_4_draw_a_digit(walk, say):
    walk.goto("/")
    go(walk, say("Digits"))
    assert_speaks(walk, say)
    for drawn, text in zip(PI, ("3", "31", "314"), strict=True):
        draw(walk, drawn)
        says(walk, text)  # while one draws
    settled(walk)
    expect(walk.locator("[data-verdict]")).to_have_text(say("I am sure."))
    shares = walk.locator("main [data-percent]").all_inner_texts()
    assert len(shares) == 10 and all(re.search(r"\d", share) for share in shares)
    expect(walk.locator("canvas.explained").first).to_be_visible()
    assert_speaks(walk, say)
    walk.get_by_role("radio").first.click()
    walk.keyboard.press("7")
    says(walk, "714")

    walk.locator("input[name=image]").set_input_files(
        {
            "name": "numbers.png",
            "mimeType": "image/png",
            "buffer": as_file(Image.fromarray(written("31", "42")), "PNG"),
        }
    )
    says(walk, "31\n42")
    assert_speaks(walk, say)
    follow(walk, say("What was read"))
    expect(walk.locator(".readings li")).to_have_count(2)
    expect(walk.locator(".readings")).to_contain_text("714")
    assert_speaks(walk, say)
    assert Reading.objects.filter(text="314", right_text="714").exists()


@pytest.mark.parametrize("say", ["en", *seldom(["ko"])], indirect=True)
def test_journey_5_look_inside_the_network(walk, say):
    walk.goto("/digits/")
    draw(walk, PI[2])
    settled(walk)
    walk.goto(Reading.objects.get().get_absolute_url())
    assert_speaks(walk, say)
    walk.get_by_role("link", name=say("Look inside the network")).click()
    expect(walk.get_by_role("heading", name=say("Input"), exact=True)).to_be_visible()
    steps = max(map(int, re.findall(r"\d+", walk.locator("[data-position]").inner_text())))
    for place in range(1, steps + 1):
        expect(walk.locator("[data-position]")).to_have_text(
            say("Step {place} of {count}").format(place=place, count=steps)
        )
        expect(walk.locator("[data-stage]")).not_to_have_attribute("aria-busy", "true")
        assert_speaks(walk, say)
        if place == 2:
            assert_sum_is_the_map_value(walk)
        if place < steps:
            walk.get_by_role("button", name=say("Next")).click()

    walk.locator("[role=radio]").filter(has_text="2").first.click()
    expect(walk.get_by_role("heading", name=say("Loss"), exact=True)).to_be_visible()
    assert_speaks(walk, say)
    for _step in ("gradients", "descent"):
        walk.get_by_role("button", name=say("Next")).click()
        expect(walk.locator("[data-stage]")).not_to_have_attribute("aria-busy", "true")
        assert_speaks(walk, say)
    before, after = (shown(text) for text in walk.locator(".total b").all_inner_texts())
    assert after < before


def test_journey_6_ask_what_is_in_a_picture(walk, say):
    astronaut = photo("astronaut")
    sent = packed(
        {
            "holiday/a.jpg": as_file(astronaut),
            "holiday/b.jpg": as_file(astronaut.rotate(3)),
            "holiday/sign.png": as_file(Image.fromarray(printed(GREETING, wide=500).picture), "PNG"),
        }
    )
    walk.goto("/")
    go(walk, say("Pictures"))
    assert_speaks(walk, say)
    walk.evaluate(DROP, [[["holiday.zip", base64.b64encode(sent).decode()]], "drop"])
    wait_until(lambda: Picture.objects.exclude(answered_at=None).count() == 3)
    expect(walk.locator("[data-reload-when-job-ends]")).to_have_count(0)
    assert_speaks(walk, say, *GREETING)

    walk.goto(Picture.objects.get(name__endswith="sign.png").get_absolute_url())
    for line in GREETING:
        expect(walk.locator("#text")).to_contain_text(line)
    assert_speaks(walk, say, *GREETING)

    walk.goto(Picture.objects.get(name__endswith="a.jpg").get_absolute_url())
    for word in walk.locator("h1 a").all():
        expect(walk.locator(word.get_attribute("href"))).to_be_attached()
    for part in ("#objects", "#faces", "#colors", "#light"):
        expect(walk.locator(part).get_by_role("heading")).to_be_visible()
        expect(walk.locator(f"{part} li").first).to_be_visible()
    expect(walk.locator("#similar")).to_contain_text(say("nearly the same"))
    assert_speaks(walk, say)


@pytest.mark.parametrize("say", ["en", *seldom(["ko"])], indirect=True)
def test_journey_7_teach_a_classifier(walk, say, tmp_path):
    walk.goto("/")
    go(walk, say("Pictures"))
    follow(walk, say("Teach your own"))
    assert_speaks(walk, say)
    walk.locator("input[name=name]").fill("2-1")
    walk.get_by_label(say("Classes")).fill("leaf\nbrick")
    walk.get_by_role("button", name=say("Make it")).click()
    expect(walk.get_by_role("heading", name="leaf")).to_be_visible()
    assert_speaks(walk, say)

    (tmp_path / "things.zip").write_bytes(zipped(folders(6, ("leaf", "brick"))).read())
    walk.get_by_label(say("Its pictures, or a ZIP with a folder for each class")).set_input_files(
        tmp_path / "things.zip"
    )
    walk.locator("form.class.new").get_by_role("button", name=say("Add"), exact=True).click()
    expect(walk.locator(".thumbs img")).to_have_count(12)
    expect(walk.locator("[data-reload-when-job-ends]")).to_have_count(0)
    walk.get_by_role("region", name="leaf").get_by_role("button", name=say("Webcam")).click()
    dialog = walk.get_by_role("dialog", name="leaf")
    dialog.get_by_role("button", name=say("Record")).click()
    expect(dialog.get_by_role("status")).to_have_text(re.compile(r"[3-9]|\d\d"))
    dialog.get_by_role("button", name=say("Stop")).click()
    assert_speaks(walk, say)
    dialog.get_by_role("button", name=say("Close")).click()

    walk.get_by_label(say("Try fine-tuning, too: it takes minutes and is kept only where it helps")).uncheck()
    walk.get_by_role("button", name=say("Teach it")).click()
    expect(walk.get_by_role("heading", name=say("How good it is"))).to_be_visible()
    expect(walk.locator(".confusion tbody tr")).to_have_count(2)
    assert_speaks(walk, say)

    walk.get_by_role("button", name=say("Try it with the camera")).click()
    dialog = walk.get_by_role("dialog", name=say("What does it see?"))
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    assert_speaks(walk, say)
    dialog.get_by_role("button", name=say("Close")).click()
    walk.wait_for_load_state("networkidle")

    for name in ("safetensors", "ONNX"):
        assert walk.request.get(walk.get_by_role("link", name=name).first.get_attribute("href")).body()
    link = walk.get_by_role("link", name=say("Export it with its pictures"))
    names = zipfile.ZipFile(io.BytesIO(walk.request.get(link.get_attribute("href")).body())).namelist()
    assert sum("leaf/" in name for name in names) == 6 and any(name.endswith(".json") for name in names)
    walk.get_by_role("button", name=say("Share it with all users of this site")).click()
    expect(walk.get_by_role("button", name=say("Stop sharing"))).to_be_visible()


PROMPTS = {"en": "smiling woman with glasses", "ko": "안경 쓴 웃는 여자"}


def drawn(page: Page, say: Language, count: int) -> Order:
    with page.expect_navigation():
        page.get_by_role("button", name=say("Draw"), exact=True).click()
    expect(page.get_by_role("link", name="ZIP", exact=True)).to_be_visible()
    expect(page.locator("#gallery .face img")).to_have_count(count)
    assert_speaks(page, say, CARD)
    return Order.objects.first()


@pytest.mark.full
def test_journey_8_draw_faces_that_never_were(walk, say, settings, tmp_path):
    register_built_ins()
    walk.goto("/")
    go(walk, say("Faces"))
    assert_speaks(walk, say, CARD)
    count, seed = walk.get_by_label(say("How many faces")), walk.get_by_label(say("Seed"), exact=True)
    expect(count).to_have_attribute("max", "64")
    expect(walk.get_by_text(say("These faces are for non-commercial research only."))).to_be_visible()
    walk.get_by_label(say("Describe a face")).fill(PROMPTS[say.code])
    seed.fill("6")
    count.fill("2")
    first = drawn(walk, say, 2)
    assert {"smile", "glasses"} <= first.words["edits"].keys() and not first.words["unknown"]

    walk.goto("/faces/")  # by its seed, then by its PNG
    seed.fill("7")
    count.fill("1")
    plain = drawn(walk, say, 1)
    walk.goto("/faces/")
    drop(walk, "face.png", pngs(first)[1])
    expect(seed).to_have_value("7")
    assert pngs(drawn(walk, say, 1)) == pngs(first)[1:]

    walk.goto(plain.get_absolute_url())
    slide(walk, say("Smile"), 1.5)
    assert pngs(drawn(walk, say, 1)) != pngs(plain)
    walk.get_by_text(say("Mix with another face")).click()
    walk.get_by_label(say("Seed of the other face")).fill("9")
    walk.get_by_label(say("From layer")).fill("4")
    assert drawn(walk, say, 1).mix_seed == 9
    walk.goto(plain.get_absolute_url())
    follow(walk, say("More like this"))
    assert_speaks(walk, say, CARD)
    count.fill("1")
    assert drawn(walk, say, 1).like_seed == 7
    walk.goto(plain.get_absolute_url())
    walk.get_by_text(say("A film from one face to another")).click()
    walk.get_by_label(say("On the way to this seed")).fill("8")
    walk.get_by_label(say("Frames")).fill("2")
    drawn(walk, say, 2)
    expect(walk.get_by_alt_text(say("One face turns into another and back"))).to_be_visible()

    (tmp_path / "photo.png").write_bytes(pngs(plain)[0])
    walk.goto("/faces/")
    walk.get_by_text(say("Start from a photo")).click()
    walk.get_by_label(say("A photo of a face to start from")).set_input_files(tmp_path / "photo.png")
    count.fill("1")
    drawn(walk, say, 1)
    expect(walk.get_by_alt_text(say("What the network makes of it"))).to_be_visible()

    settings.FACES = False
    walk.goto("/")
    expect(walk.locator(".rail").get_by_role("link", name=say("Faces"))).to_have_count(0)
