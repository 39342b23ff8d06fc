"""Pictures in a real chromium: samples, pasted, dropped, many at once; the card by mouse and by keyboard."""

import base64
import re
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from classifier.models import Album, Picture
from classifier.tests.photos import as_file, photo
from tests.support.browser import BROWSER, DROP

pytestmark = BROWSER


@pytest.fixture
def desk(page) -> Page:
    page.goto("/pictures/")
    return page


def bring(page: Page, event: str, **files: bytes) -> None:
    """Paste or drop files, called name_jpg here."""
    sent = [[name.replace("_", "."), base64.b64encode(content).decode()] for name, content in files.items()]
    page.evaluate(DROP, [sent, event])


def has_answer(page: Page) -> None:
    expect(page.get_by_role("heading", name="What it is")).to_be_visible()


def test_a_sample_is_one_click_from_its_card(desk):
    desk.get_by_role("button", name="A cat").click()
    has_answer(desk)
    expect(desk.get_by_role("heading", level=1)).to_contain_text("cat")
    assert Picture.objects.get().name == "cat.jpg"


def test_words_lines_and_boxes_that_mean_the_same_light_up_together(desk):
    bring(desk, "paste", astronaut_jpg=as_file(photo("astronaut")))
    has_answer(desk)
    thing = desk.get_by_role("button", name="person")
    box = desk.locator('.boxes g[data-of="objects-0"]')
    assert box.evaluate("box => getComputedStyle(box).opacity") == "0"
    thing.focus()
    expect(box).to_have_css("opacity", "1")
    desk.locator("h1").hover()
    thing.press("Enter")
    desk.get_by_role("link", name="Ask about another picture").focus()
    expect(box).to_have_css("opacity", "1")  # what is pressed stays
    thing.click()
    desk.locator("h1").hover()
    expect(box).not_to_have_class("kept")
    word = desk.locator('h1 a[data-of^="faces"]').first
    word.hover()
    expect(desk.locator('.boxes g[data-of="faces-0"]')).to_have_css("opacity", "1")
    desk.get_by_label("Show all boxes").check()
    desk.mouse.move(0, 0)
    expect(box).to_have_css("opacity", "0.8")
    heat = desk.locator(".heat")
    expect(heat).to_be_hidden()
    desk.get_by_label("Show what spoke for the answer").check()
    expect(heat).to_be_visible()


@pytest.mark.full
def test_a_word_of_the_caption_leads_by_keyboard_to_what_it_comes_from(desk):
    desk.get_by_role("button", name="A cup").click()
    has_answer(desk)
    word = desk.locator("h1 a").first
    target = word.get_attribute("href")
    word.press("Enter")
    expect(desk).to_have_url(re.compile(f"{target}$"))
    expect(desk.locator(target)).to_be_in_viewport()


def test_what_is_dropped_together_becomes_an_album_with_a_table(desk):
    cat, cup = as_file(photo()), as_file(photo("coffee"))
    desk.get_by_label("Only say what it is").check()
    bring(desk, "drop", cat_jpg=cat, cup_jpg=cup, notes_txt=b"hello")
    expect(desk.get_by_role("cell", name="Egyptian cat", exact=True)).to_be_visible()
    expect(desk.get_by_role("row", name="notes.txt")).to_contain_text("This file is not a picture")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    assert Album.objects.get().pictures.count() == 3


@pytest.mark.full
def test_a_file_that_is_no_picture_is_refused_with_a_sentence(desk):
    bring(desk, "paste", letter_pdf=b"%PDF-1.7")
    expect(desk.get_by_role("alert")).to_contain_text("This is a PDF.")
    assert not Picture.objects.exists()


@pytest.mark.full
def test_without_a_connection_a_picture_waits_and_is_sent_once_it_is_back(desk):
    desk.context.set_offline(True)
    bring(desk, "paste", cat_jpg=as_file(photo()))
    expect(desk.get_by_text("The site cannot be reached.")).to_be_visible()
    desk.context.set_offline(False)
    has_answer(desk)


def test_a_link_is_shared_corrected_and_opens_for_anyone(desk, chromium):
    desk.get_by_role("button", name="A cat").click()
    has_answer(desk)
    desk.get_by_label("What it really shows").fill("Chelsea")
    desk.get_by_role("button", name="This is right").click()
    expect(desk.get_by_text("kept for training")).to_be_visible()
    with desk.expect_navigation():
        desk.get_by_role("button", name="Share", exact=True).click()
    link = desk.get_by_label("Whoever has this link").input_value()
    stranger = chromium.new_page()
    stranger.goto(link)
    expect(stranger.get_by_text("Chelsea")).to_be_visible()
    assert stranger.get_by_role("button", name="Delete").count() == 0
    stranger.close()


@pytest.mark.full
def test_the_pages_fit_a_phone_in_both_languages_and_themes(desk):
    desk.set_viewport_size({"width": 360, "height": 740})
    bring(desk, "drop", a_jpg=as_file(photo("astronaut")), b_jpg=as_file(photo()))
    expect(desk.get_by_text("Egyptian cat", exact=True)).to_be_visible()
    urls = ["/pictures/", "/pictures/history/", *(row.get_absolute_url() for row in Picture.objects.all())]
    urls.append(Album.objects.get().get_absolute_url())
    for scheme, language, url in product(["light", "dark"], ["en", "ko"], urls):
        desk.emulate_media(color_scheme=scheme)
        if desk.locator("html").get_attribute("lang") != language:
            desk.locator("[data-language] button").click()
        desk.goto(url)
        width = desk.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{url} is {width} px wide in {language}"
    assert desk.locator("html").get_attribute("lang") == "ko"
