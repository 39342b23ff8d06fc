"""Answer sheets are laid before the camera: chromium plays a film of them as what its camera sees."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks import camera
from grading import services
from grading.models import Answer, Exam
from grading.sheet.black_squares import MARKERS
from grading.sheet.markers import every_marker
from grading.tests.conftest import ITEMS, RIGHT
from grading.tests.drawing import filled_in
from tests.support.browser import ARGUMENTS, BROWSER, CHROMIUM, signed_in
from tests.support.film import LOOK, film_of

pytestmark = BROWSER
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def exam(alice) -> Exam:
    return services.create_exam(owner=alice, title="Midterm", language="en", id_digits=4, items=ITEMS)


@contextmanager
def filming(
    chromium: Browser, site: str, user, film: Path, exam: Exam, language: str = "en-US"
) -> Iterator[Page]:
    """The page with the camera, which sees the film."""
    arguments = [*ARGUMENTS, f"--use-file-for-fake-video-capture={film}"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    try:
        with signed_in(browser, site, user, locale=language, **PHONE) as page:
            page.goto(f"/exams/{exam.pk}/scans/")
            page.get_by_role("navigation", name="Main").get_by_role(
                "link", name="Scan with the camera"
            ).click()
            yield page
    finally:
        browser.close()


def card(page: Page, number: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=number))


def sheets_of(exam: Exam, **answers: dict[int, str]) -> list[np.ndarray]:
    """By student numbers."""
    return [filled_in(exam, number.removeprefix("n"), given) for number, given in answers.items()]


def test_a_sheet_that_lies_still_is_graded_without_a_touch(chromium, site, alice, exam, tmp_path):
    film = film_of(sheets_of(exam, n0042=RIGHT | {3: "X"}), tmp_path / "film.mjpeg")
    with filming(chromium, site, alice, film, exam) as page:
        expect(card(page, "0042")).to_contain_text("6 / 7")
        expect(page.get_by_role("status").filter(has_text="0042: 6 of 7")).to_be_attached()
        assert float(exam.papers.get().score) == 6


@pytest.mark.full
def test_a_sheet_that_comes_again_is_not_taken_twice(chromium, site, alice, exam, tmp_path):
    first, second = sheets_of(exam, n0042=RIGHT, n0043=RIGHT | {1: "2"})
    film = film_of([first, first, second], tmp_path / "film.mjpeg")
    with filming(chromium, site, alice, film, exam) as page:
        expect(card(page, "0043")).to_be_visible()
        assert exam.scans.count() == 2


LOOKS = [
    camera.Look(turned=270, tilt=(-6, 8), fills=0.86, barrel=0.04),
    camera.Look(turned=93, tilt=(9, 2), fills=0.9, barrel=-0.01),
    camera.Look(turned=84, tilt=(-3, -9), fills=0.84, barrel=0.06),
]


@pytest.mark.full
@pytest.mark.parametrize("seed", range(3))
def test_sheets_are_graded_however_the_phone_is_held(chromium, site, alice, exam, tmp_path, seed):
    wrong = {1: "2", 4: "13"}
    sheets = sheets_of(exam, n0042=RIGHT, n1729=RIGHT | wrong)
    film = film_of(sheets, tmp_path / "film.mjpeg", seed=seed, look=LOOKS[seed])
    with filming(chromium, site, alice, film, exam) as page:
        for number in ("0042", "1729"):
            expect(card(page, number)).to_contain_text("/ 7")
    for number, missed in (("0042", {}), ("1729", wrong)):
        certain = exam.papers.get(number=number).answers.filter(state=Answer.State.CERTAIN)
        got = {answer.item.number: answer.points == answer.item.points for answer in certain}
        assert len(got) >= 4 and got == {item: item not in missed for item in got}


def test_the_button_takes_what_is_seen_and_the_strip_says_why_it_was_not_graded(page, exam):
    page.goto(f"/exams/{exam.pk}/camera/")
    page.get_by_role("button", name="Take the photo").click()
    expect(page.get_by_role("listitem").filter(has_text="Rejected")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="This page has no corner markers")).to_be_attached()


def test_an_unsafe_page_says_so_and_takes_the_photos_of_the_phones_own_camera(
    chromium, site, alice, exam, tmp_path, settings
):
    settings.ALLOWED_HOSTS = ["school.test"]
    port = site.rpartition(":")[2]
    arguments = [*ARGUMENTS, "--host-resolver-rules=MAP school.test 127.0.0.1"]
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    photos = [tmp_path / f"{number}.jpg" for number in ("n0042", "n0043")]
    for photo, sheet in zip(photos, sheets_of(exam, n0042=RIGHT, n0043=RIGHT | {6: "C"}), strict=True):
        photo.write_bytes(camera.photograph(np.stack([sheet] * 3, -1), np.random.default_rng(1), LOOK))
    with signed_in(browser, f"http://school.test:{port}", alice, **PHONE) as page:
        page.goto(f"/exams/{exam.pk}/camera/")
        expect(page.get_by_text("Browsers open the camera for safe pages (https) alone")).to_be_visible()
        page.get_by_label("Use the phone's own camera").set_input_files(photos)
        expect(card(page, "0042")).to_contain_text("7 / 7")
        expect(card(page, "0043")).to_contain_text("6 / 7")
    browser.close()


LOSE_FIRST_ANSWER = """() => {
    const [really, state] = [window.fetch, {isLost: false}];
    window.fetch = async (url, options) => {
        const answer = await really(url, options);
        if (state.isLost || options?.method !== "POST") return answer;
        state.isLost = true;
        throw new TypeError("Failed to fetch");
    };
}"""


def test_a_photo_whose_answer_was_lost_is_sent_again_and_read_once(page, exam, tmp_path):
    page.goto(f"/exams/{exam.pk}/camera/")
    page.evaluate(LOSE_FIRST_ANSWER)
    (photo := tmp_path / "sheet.png").write_bytes(cv2.imencode(".png", filled_in(exam, "0042", RIGHT))[1])
    page.get_by_label("Use the phone's own camera").set_input_files(photo)
    page.get_by_role("button", name="Send again").click()
    expect(card(page, "0042")).to_contain_text("7 / 7")
    assert exam.scans.count() == 1


FIND = """async (photo) => {
    const { MarkerFinder } = await import("/static/grading/markers.js");
    const picture = Object.assign(new Image(), { src: photo });
    await picture.decode();
    const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    return new MarkerFinder(picture.width, picture.height).find(data);
}"""


@pytest.mark.full
def test_the_script_finds_the_markers_where_opencv_does(page, exam):
    page.goto(f"/exams/{exam.pk}/camera/")
    sheet, rng = np.stack([filled_in(exam, "0042", RIGHT)] * 3, -1), np.random.default_rng(3)
    for _photo in range(4):
        photo = cv2.imdecode(np.frombuffer(camera.photograph(sheet, rng), np.uint8), cv2.IMREAD_GRAYSCALE)
        scale = 800 / max(photo.shape)
        small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        url = "data:image/png;base64," + base64.b64encode(cv2.imencode(".png", small)[1]).decode()
        found = {one["id"]: np.array(one["corners"]) for one in page.evaluate(FIND, url)}
        expected = dict(every_marker(small))
        assert found.keys() == expected.keys() == {0, 1, 2, 3}
        for marker, corners in expected.items():
            assert np.abs(found[marker] - corners).max() < 2.5  # px


def test_the_script_knows_the_markers_that_are_printed(page, exam):
    page.goto(f"/exams/{exam.pk}/camera/")
    patterns = page.evaluate("async () => (await import('/static/grading/markers.js')).PATTERNS")
    assert patterns == [[row[1:5] for row in rows[1:5]] for rows in MARKERS]
