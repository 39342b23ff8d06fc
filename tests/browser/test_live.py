"""Pages that change by themselves while something is at work, in a real chromium."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from grading.models import Exam
from jobs.models import Job, Status
from tests.support.browser import BROWSER, signed_in

pytestmark = BROWSER
# As another tab of this window would do it, and what a browser shows to a person
HIDE = """isHidden => {
    Object.defineProperty(document, "hidden", { get: () => isHidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
NOTIFICATIONS = """
    window.told = [];
    window.Notification = class {
        static permission = "default";
        static requestPermission = async () => (window.Notification.permission = "granted");
        constructor(title, { body }) { window.told.push([title, body]); }
    };
"""


@pytest.fixture
def page(chromium: Browser, live_server, alice) -> Iterator[Page]:
    with signed_in(chromium, live_server.url, alice) as page:
        yield page


def begin(owner: User, **more: object) -> Job:
    """It waits for good: the worker of the other files may live, and does no such task."""
    return Job.objects.create(owner=owner, task="grading.of_no_worker", **more)


def end(*jobs: Job, **more: object) -> None:
    changes = {
        "status": Status.DONE,
        "progress": 100,
        "started_at": timezone.now(),
        "ended_at": timezone.now(),
    }
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(**changes | more)


def test_a_list_changes_by_itself_and_leaves_what_one_is_at(page: Page, alice: User):
    job = begin(alice)
    page.goto("/history/")
    field = page.get_by_label("About")
    field.fill("half a wo")
    page.evaluate("window.isSame = true")
    end(job)
    expect(page.locator(f"#job-{job.pk} .badge")).to_have_text("Done")
    expect(page.locator("table")).to_contain_text("worked")  # beside the line: the page itself was asked
    expect(field).to_have_value("half a wo")
    expect(field).to_be_focused()
    assert page.evaluate("window.isSame")


def test_what_a_colleague_of_the_page_did_not_know_appears(page: Page, alice: User):
    job = begin(alice)
    page.goto("/exams/")
    Exam.objects.create(owner=alice, title="Midterm", language="en")
    end(job)
    expect(page.get_by_role("link", name="Midterm")).to_be_visible()


def test_no_request_is_made_once_nothing_is_at_work(page: Page, alice: User):
    job = begin(alice)
    page.goto("/account/")
    end(job)
    expect(page.locator("#jobs-ring")).to_have_attribute("data-count", "0")
    page.clock.install()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(600_000)
    assert asked == []


def test_the_title_says_how_far_the_work_is_and_that_it_ended(page: Page, alice: User):
    jobs = [begin(alice) for _ in range(3)]
    page.goto("/account/")
    expect(page).to_have_title("(0/3) Account · Nunbit")
    page.evaluate(HIDE, True)
    page.clock.install()
    end(jobs[0])
    page.clock.run_for(60_000)
    expect(page).to_have_title("(1/3) Account · Nunbit")
    assert page.locator("link[rel=icon]").get_attribute("href").startswith("data:")
    end(*jobs)
    page.clock.run_for(60_000)
    expect(page).to_have_title("✓ Account · Nunbit")
    page.evaluate(HIDE, False)
    expect(page).to_have_title("Account · Nunbit")


def test_who_wants_it_is_told_when_long_work_has_ended_unseen(page: Page, alice: User):
    page.add_init_script(NOTIFICATIONS)
    job = begin(alice, subject="Midterm")
    page.goto("/history/")
    button = page.get_by_role("button", name="Tell me when long work has ended")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.evaluate(HIDE, True)
    page.clock.install()
    page.clock.run_for(60_000)
    assert page.evaluate("window.told") == []
    end(job)
    page.clock.run_for(60_000)
    page.wait_for_function("window.told.length")
    [[title, body]] = page.evaluate("window.told")
    assert "Midterm" in title and body.startswith("Done")
