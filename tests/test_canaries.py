"""A canary gives a share of the answers: which requests, what is counted, and when the site ends it by itself."""

from functools import partial
from random import Random
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation

from audit.models import Entry
from digits import services as digits
from digits import tasks as digit_tasks
from digits.models import Reading
from registry import canaries, services, shadow_runs
from registry.canaries import evidence, interval
from registry.models import Disagreement, ModelVersion, Shadow
from registry.shadow_runs import chosen_version, place_of, run_in_shadow
from registry.tasks import versions as tasks
from registry.tests.test_shadows import a_job, says
from registry.tests.weights import as_measured

pytestmark = pytest.mark.django_db


@pytest.fixture
def live() -> ModelVersion:
    return ModelVersion.objects.active("digits")


@pytest.fixture
def other(live) -> ModelVersion:
    version = ModelVersion.objects.get(name="digits_dense")
    as_measured(live, version)
    return version


@pytest.fixture
def canary(background_at_once, other, root) -> Shadow:
    return services.begin_canary(version=other, percent=10, by=root)


def read(owner, count: int, version: ModelVersion, corrected: int = 0) -> None:
    """So many answers of a version, some of them corrected."""
    for number in range(count):
        reading = digits.read(owner=owner, source="pixels", pixels=bytes(784))
        right = "7" if number < corrected else ""
        Reading.objects.filter(pk=reading.pk).update(model=version, text="1", right_text=right)


@pytest.mark.full
def test_the_same_request_always_gets_the_same_version_and_the_canary_its_share(canary, live, other):
    random = Random(1)
    jobs = [UUID(int=random.getrandbits(128)) for _ in range(3000)]
    chosen = [chosen_version(live, job) for job in jobs]
    assert chosen == [chosen_version(live, job) for job in jobs]
    assert 240 < chosen.count(other) < 360
    services.end_shadow(version=other)
    assert {chosen_version(live, job) for job in jobs} == {live}


def test_its_answers_name_it_and_the_live_one_says_what_it_would_have_said(
    canary, live, other, charlie, monkeypatch
):
    monkeypatch.setattr(shadow_runs, "place_of", lambda job: 0.05)
    reading = digits.read(owner=charlie, source="pixels", pixels=bytes([0] * 300 + [255] * 90 + [0] * 394))
    digit_tasks.read()
    reading.refresh_from_db()
    canary.refresh_from_db()
    assert reading.model == other and (canary.requests, canary.failed) == (1, 0)
    monkeypatch.setattr(shadow_runs, "place_of", lambda job: 0.5)
    reading = digits.read(owner=charlie, source="pixels", pixels=bytes(784))
    digit_tasks.read()
    reading.refresh_from_db()
    canary.refresh_from_db()
    assert reading.model == live and canary.requests == 1


def test_what_the_canary_said_is_its_own(canary, other, charlie):
    run_in_shadow(other, [(a_job(charlie).pk, partial(says, "3", "8"))])
    row = Disagreement.objects.get()
    assert (row.own_text, row.live_text) == ("3", "8")


def test_it_ends_where_people_correct_more_of_its_answers_and_admins_are_told(
    canary, live, other, root, charlie, settings
):
    settings.EMAIL_HOST, root.email = "mail.example.org", "root@example.org"
    root.save()
    read(charlie, 18, live, corrected=1)
    read(charlie, 5, other, corrected=4)
    tasks.watch_canaries()
    canary.refresh_from_db()
    assert canary.ended_at and canary.ended_because == "corrections"
    assert ModelVersion.objects.active("digits") == live
    assert Entry.objects.filter(details__note="canary ended: 4/5, 1/18", actor=None).exists()
    assert len(mail.outbox) == 1 and mail.outbox[0].to == ["root@example.org"]
    tasks.watch_canaries()
    assert len(mail.outbox) == 1


def test_what_both_gave_is_counted_in_one_look(canary, live, other, charlie, django_assert_num_queries):
    read(charlie, 3, live, corrected=1)
    read(charlie, 2, other, corrected=2)
    with django_assert_num_queries(1):
        assert canaries.given(canary) == (canaries.Given(2, 2), canaries.Given(3, 1))


def test_it_goes_on_while_it_is_as_good(canary, live, other, charlie):
    read(charlie, 18, live, corrected=9)
    read(charlie, 4, other, corrected=2)
    tasks.watch_canaries()
    canary.refresh_from_db()
    assert canary.ended_at is None


def test_it_ends_where_people_find_the_other_one_right(canary, other, charlie):
    for number in range(9):
        run_in_shadow(other, [(a_job(charlie).pk, partial(says, "3", "8"))])
        canary.refresh_from_db()
        assert canary.ended_at is None, number
        services.judge_disagreement(disagreement=Disagreement.objects.first(), right="live")
    canary.refresh_from_db()
    assert canary.ended_because == "disagreements"


def test_equal_networks_are_hardly_ever_ended_however_often_one_looks(monkeypatch):
    monkeypatch.setattr(canaries, "STEPS", 200)
    random, ended = Random(5), 0
    for _ in range(200):
        hits, largest = 0, 0.0
        for count in range(1, 41):
            hits += random.random() < 0.1
            largest = max(largest, evidence(hits, count - hits, 0.1))
        ended += largest >= canaries.ENOUGH
    assert ended <= 6  # two are expected at most


def test_intervals_hold_shares_of_few():
    assert interval(0, 0) is None
    low, high = interval(1, 10)
    assert (round(low, 1), round(high, 1)) == (1.8, 40.4)


def test_one_canary_or_shadow_of_a_kind_runs_at_a_time(canary, other):
    shadow = services.begin_shadow(version=other, percent=10)
    assert list(Shadow.objects.running("digits")) == [shadow]


def test_who_cannot_be_one_is_a_sentence(live, other):
    as_measured(other, value=0.5)
    for version, sentence in [
        (other, "50.00 %"),
        (live, "another one that answers"),
        (ModelVersion.objects.get(name="marks"), "Only networks for pictures and digits"),
    ]:
        with translation.override("en"), pytest.raises(ValidationError, match=sentence):
            services.begin_canary(version=version, percent=5)


def test_places_are_even():
    assert 0.4 < sum(place_of(uuid4()) for _ in range(2000)) / 2000 < 0.6


# --- page, API, commands


def test_an_admin_begins_it_reads_how_it_does_and_ends_it(browse, call, live, other, root, charlie):
    admin, page, url = browse(root), f"/models/{other.pk}/", f"/api/models/{other.pk}/canary/"
    assert "Let it give some of the answers" in admin.get(page).text
    assert "1 to 50" in admin.post(f"{page}canary/", {"percent": 51}, follow=True).text
    admin.post(f"{page}canary/", {"percent": 5})
    read(charlie, 4, other, corrected=1)
    text = admin.get(page).text
    assert "it gives 5 % of the answers" in text and "4.6 – 69.9 %" in text
    assert "As a canary</h2>" in text and "In the shadow</h2>" not in text
    body = call(root).get(url).json()
    assert (body["is_canary"], body["given"]["own"]) == (True, {"answers": 4, "corrected": 1})
    admin.post(f"{page}shadow/end/")
    assert "it gave 5 % of the answers" in admin.get(page).text
    assert call(root).post(url, {"percent": 60}).status_code == 400
    assert call(root).post(url, {"percent": 6}).status_code == 201
    assert call(root).delete(url).status_code == 204
    assert Entry.objects.filter(details__note="canary ended", actor=root).count() == 2


def test_the_commands_do_the_same(live, other, root, capsys):
    with pytest.raises(CommandError, match="no canary yet"):
        call_command("models", "canary", "digits_dense")
    call_command("models", "canary", "digits_dense", "--percent", "5", "--by", "root")
    assert Shadow.objects.running("digits").get().by == root
    assert "gave 0 answers, 0 of them corrected" in capsys.readouterr().out
    call_command("models", "canary", "digits_dense", "--end")
    assert not Shadow.objects.running("digits").exists()
