"""Every page in every state in a real chromium: what axe-core finds, and whether all of it fits a phone."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from tests.support.browser import BROWSER, signed_in
from tests.support.markup import OTHER_BUTTONS
from tests.support.pages import ERRORS, OWNER, Case, cases, is_page, people_of
from tests.support.states import STATES

pytestmark = [*BROWSER, pytest.mark.full]
AXE = Path(
    sys.prefix, "axe/node_modules/axe-core/axe.min.js"
)  # make fetches what package.json beside this names
OF_WEIGHT = ("serious", "critical")
PHONE_WIDTH = 360  # of the narrowest ones
# Of a long list the first rows: the others are like them.
FIND = """async () => (await axe.run({
    exclude: ["tbody tr:nth-child(n + 31)", "main li:nth-child(n + 31)"],
}, { resultTypes: ["violations"] })).violations
    .map(({ id, impact, nodes }) => [id, impact, ...nodes.slice(0, 3).map((one) => one.html.slice(0, 200))])"""
TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const all = [...document.querySelectorAll("body *")];
    const wide = all.filter((one) => one.getBoundingClientRect().right > width + 1);
    return wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 200));
}"""
# Of what takes the focus, from the top on, that of which nothing shows then (WCAG 2.4.11): what stays lies above it.
COVERED = """() => {
    const stops = [...document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary)")];
    const isShown = (one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true });
    const covered = [];
    for (const one of stops.filter(isShown).slice(0, 60)) {
        one.focus();
        const box = one.getBoundingClientRect();
        const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
        const isSeen = [0.1, 0.5, 0.9].some((share) => {
            const found = document.elementFromPoint(box.left + box.width / 2, top + (bottom - top) * share);
            const above = found?.closest(".top, .rail, .stays");
            return !above || above.contains(one);
        });
        if (!isSeen) covered.push(one.outerHTML.slice(0, 200));
    }
    return covered.slice(0, 3);
}"""
OTHERS = ", ".join(f".{name}" for name in OTHER_BUTTONS)
MAIN_ACTIONS = f"""() => [...document.querySelectorAll("main :is(button, .button):not({OTHERS})")]
    .filter((one) => one.checkVisibility() && !one.closest("dialog")).map((one) => one.textContent.trim())"""
# As no browser would: with nothing in what must be filled in.
SEND = """() => {
    const forms = [...document.querySelectorAll('main form[method="post"]')];
    const form = forms.find((one) => one.querySelector(":required")) ?? forms[0];
    form.noValidate = true;
    form.reset();
    form.requestSubmit();
}"""

Look = dict[str, Any]
DESKTOP: Look = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light", "locale": "en-US"}
PHONE: Look = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "ko-KR"}
ZOOMED: Look = {
    "viewport": {"width": 640, "height": 400},
    "color_scheme": "light",
    "locale": "ko-KR",
}  # 200 %
# Both where most is on the pages; in other states there is little more that depends on theme, language or size.
LOOKS = {
    "nothing yet": ("empty", PHONE),
    "on a desktop": ("full", DESKTOP),
    "on a phone": ("full", PHONE),
    "on a desktop at 200 %": ("full", ZOOMED),
    "at work": ("running", PHONE),
    "failed": ("failed", DESKTOP),
    "five hundred of each": ("many", PHONE),
}


@contextmanager
def looking(chromium: Browser, site: str, user: User | None, look: Look) -> Iterator[Page]:
    with signed_in(chromium, site, user, reduced_motion="reduce", **look) as page:
        page.add_init_script(path=AXE)
        yield page


def complaints(page: Page) -> list[object]:
    """What axe finds that is serious, main actions where there is more than one, what sticks out of the page, and what
    cannot be seen when it has the focus."""
    found: list[object] = [one for one in page.evaluate(FIND) if one[1] in OF_WEIGHT]
    if len(actions := page.evaluate(MAIN_ACTIONS)) > 1 and not page.url.endswith("/design/"):
        found.append(("main actions", actions))
    size = page.viewport_size
    page.set_viewport_size({**size, "width": PHONE_WIDTH if size == PHONE["viewport"] else size["width"]})
    found += [("too wide", one) for one in page.evaluate(TOO_WIDE)]
    page.set_viewport_size(size)
    found += [("covered with the focus", one) for one in page.evaluate(COVERED)]
    return found


def pages_of(
    state: str, owned: dict[str, object], browse, people, look: Look
) -> dict[str | None, list[Case]]:
    """Of each role the pages that it is let into; what others than the owner see is looked at once."""
    found: dict[str | None, list[Case]] = {role: [] for role in people}
    for case in cases(state, owned):
        is_new = case.role in (None, OWNER) or (state, look) != LOOKS["on a phone"]
        if is_new and is_page(browse(people[case.role]), case.path):
            found[case.role].append(case)
    return found


@pytest.mark.parametrize("name", LOOKS)
def test_no_page_keeps_anyone_out(name, chromium: Browser, live_server, alice, browse):
    state, look = LOOKS[name]
    people, wrong = people_of(alice), []
    for role, some in pages_of(state, STATES[state](alice), browse, people, look).items():
        with looking(chromium, live_server.url, people[role], look) as page:
            for case in some:
                page.goto(case.path)
                wrong += [f"{case}: {what}" for what in complaints(page)]
    assert not wrong, "\n".join(wrong)


def test_no_refused_form_and_no_error_keeps_anyone_out(chromium: Browser, live_server, alice, browse):
    people, wrong = people_of(alice), []
    for role, some in pages_of("error", {}, browse, people, PHONE).items():
        with looking(chromium, live_server.url, people[role], PHONE) as page:
            for case in some:
                page.goto(case.path)
                page.evaluate(SEND)
                expect(page.locator("main :is(.errorlist, .problem:not([hidden]))").first).to_be_visible()
                wrong += [f"{case}: {what}" for what in complaints(page)]
            for path in [path for path, roles in ERRORS.items() if role in roles]:
                page.goto(path)
                wrong += [f"{path}, {role}: {what}" for what in complaints(page)]
    assert not wrong, "\n".join(wrong)
