"""Pages that change by themselves while something is at work, in a real chromium."""

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect

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
    window.Notification = class {
        static permission = "default";
        static requestPermission = async () => (window.Notification.permission = "granted");
        constructor(title, { body }) {
            document.body.append(Object.assign(document.createElement("i"), { textContent: `${title}: ${body}` }));
        }
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


def test_what_ended_while_its_page_was_made_is_shown_as_ended(page: Page, alice: User):
    """The line said that it waits, and the ring that nothing is at work."""
    job = begin(alice)

    def answer(route: Route) -> None:
        made = route.fetch()
        end(job)
        route.fulfill(response=made, body=re.sub(r'data-(seconds|count)="\d+"', r'data-\1=""', made.text()))

    page.route("**/history/", answer, times=1)
    page.goto("/history/")
    expect(page.locator(f"#job-{job.pk} .badge")).to_have_text("Done")


def test_what_came_meanwhile_appears_in_its_list(page: Page, alice: User):
    job = begin(alice)
    page.goto("/exams/")
    Exam.objects.create(owner=alice, title="Midterm", language="en")
    end(job)
    expect(page.get_by_role("link", name="Midterm")).to_be_visible()


@pytest.mark.full
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


@pytest.mark.full
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
    expect(page.locator("body > i")).to_have_count(0)
    end(job)
    page.clock.run_for(60_000)
    expect(page.locator("body > i")).to_contain_text("Midterm: Done")


def test_a_job_is_deleted_from_the_history_and_had_back(page: Page, alice: User):
    jobs = [begin(alice, subject=subject) for subject in ("Midterm", "Final")]
    end(*jobs)
    page.goto("/history/")
    page.get_by_role("checkbox", name="Choose", exact=False).first.check()  # which stays
    page.get_by_role("button", name="Midterm from the history").click()
    toast = page.locator(".toast", has_text="1 job was deleted from the history")
    expect(toast).to_be_visible()
    expect(page.get_by_text("Midterm")).to_have_count(0)
    expect(page.get_by_text("Final")).to_be_visible()
    toast.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Midterm")).to_be_visible()


@pytest.mark.full
def test_what_one_has_ticked_stays_ticked_when_the_list_changes(page: Page, alice: User):
    ended, running = begin(alice, subject="Midterm"), begin(alice, subject="Final")
    end(ended)
    page.goto("/history/")
    page.get_by_role("checkbox").check()
    page.locator(f"#times-{ended.pk} summary").click()
    end(running)
    expect(page.get_by_role("checkbox")).to_have_count(2)
    expect(page.locator(f"input[value='{ended.pk}']")).to_be_checked()
    expect(page.locator(f"#times-{ended.pk}")).to_have_attribute("open", "")
    page.get_by_role("button", name="Choose all of this page").click()
    expect(page.locator("[data-chosen]")).to_have_text("2")
