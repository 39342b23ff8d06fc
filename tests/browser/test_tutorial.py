"""The page of a tutorial, as such pages are written: a canvas for /upload, a form for /upload2, and no token."""

import io

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from accounts.models import Role
from conftest import person
from digits.models import Reading
from tests.support.browser import BROWSER, signed_in

pytestmark = BROWSER

PAGE = """<!doctype html>
<html>
<body>
  <canvas id="canvas" width="280" height="280" style="border: 1px solid black"></canvas>
  <button id="send">Send</button>
  <p id="result"></p>
  <form action="/upload2" method="post" enctype="multipart/form-data">
    <input type="file" name="file">
    <input type="submit" value="Upload">
  </form>
  <script>
    const canvas = document.getElementById("canvas");
    const ctx = canvas.getContext("2d");
    ctx.fillStyle = "black";
    ctx.fillRect(0, 0, 280, 280);
    ctx.strokeStyle = "white";
    ctx.lineWidth = 20;
    ctx.lineCap = "round";
    let drawing = false;
    canvas.addEventListener("mousedown", (e) => { drawing = true; ctx.beginPath(); ctx.moveTo(e.offsetX, e.offsetY); });
    canvas.addEventListener("mousemove", (e) => { if (drawing) { ctx.lineTo(e.offsetX, e.offsetY); ctx.stroke(); } });
    canvas.addEventListener("mouseup", () => { drawing = false; });
    document.getElementById("send").addEventListener("click", async () => {
      const small = document.createElement("canvas");
      small.width = small.height = 28;
      small.getContext("2d").drawImage(canvas, 0, 0, 28, 28);
      const data = small.getContext("2d").getImageData(0, 0, 28, 28).data;
      const pixels = [];
      for (let i = 0; i < data.length; i += 4) pixels.push(data[i]);
      const response = await fetch("/upload", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ image: pixels.toString() }),
      });
      const answer = await response.json();
      document.getElementById("result").textContent =
        answer.status === "success" ? "Prediction: " + answer.processed_data : "Error " + response.status;
    });
  </script>
</body>
</html>"""


def open_tutorial(page: Page, address: str) -> None:
    page.route(f"{address}/tutorial.html", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.goto(f"{address}/tutorial.html")


def draw_a_seven(page: Page) -> None:
    canvas = page.locator("#canvas").bounding_box()
    page.mouse.move(canvas["x"] + 80, canvas["y"] + 60)
    page.mouse.down()
    for x, y in ((140, 60), (200, 60), (175, 120), (150, 175), (130, 230)):
        page.mouse.move(canvas["x"] + x, canvas["y"] + y, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Send").click()


def send_a_file(page: Page) -> None:
    drawn, out = Image.new("RGB", (300, 260), "white"), io.BytesIO()
    ImageDraw.Draw(drawn).line([(90, 60), (190, 64), (130, 210)], "navy", width=18, joint="curve")
    drawn.save(out, "PNG")
    file = {"name": "seven.png", "mimeType": "image/png", "buffer": out.getvalue()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Upload").click()


@pytest.fixture
def visitor(chromium, site):
    with signed_in(chromium, site, None) as page:
        yield page


def test_who_is_signed_in_draws_and_uploads_on_the_tutorials_page(page, site, alice):
    open_tutorial(page, site)
    draw_a_seven(page)
    expect(page.locator("#result")).to_have_text("Prediction: 7")
    send_a_file(page)
    expect(page.locator("body")).to_have_text('{"status":"success","processed_data":7}')
    assert {reading.owner for reading in Reading.objects.all()} == {alice}


@pytest.mark.full
def test_anybody_does_where_it_is_switched_on(visitor, site, settings):
    settings.UPLOADS_OF_ANYBODY = person("guest", Role.MEMBER).username
    open_tutorial(visitor, site)
    draw_a_seven(visitor)
    expect(visitor.locator("#result")).to_have_text("Prediction: 7")
    send_a_file(visitor)
    expect(visitor.locator("body")).to_have_text('{"status":"success","processed_data":7}')


def test_nobody_else_does_by_default(visitor, site):
    open_tutorial(visitor, site)
    draw_a_seven(visitor)
    expect(visitor.locator("#result")).to_have_text("Error 401")
    send_a_file(visitor)
    expect(visitor.locator("body")).to_contain_text("not_authenticated")
    assert not Reading.objects.exists()


@pytest.mark.full
def test_a_page_of_another_site_sends_nothing(page, site):
    """Its form would come with the cookie where browsers send it; the site does not read it."""
    elsewhere = site.replace("localhost", "127.0.0.1")
    page.route(
        f"{elsewhere}/tutorial.html",
        lambda route: route.fulfill(
            body=PAGE.replace("/upload2", f"{site}/upload2"), content_type="text/html"
        ),
    )
    page.goto(f"{elsewhere}/tutorial.html")
    send_a_file(page)
    expect(page.locator("body")).to_contain_text("strange_origin")
    assert not Reading.objects.exists()
