"""From wishes to faces, as a worker draws them."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from conftest import wait_for_end, wait_until
from generator import tasks
from generator.models import Face, Order
from generator.order_settings import MADE, settings_of, settings_of_face
from generator.tests.calls import draw, drawn, fresh, pngs, wish
from generator.tests.networks import slow, version
from jobs.models import OPEN, TRIES, Job, Status
from jobs.services import cancel, retry
from tests.support.deletions import delete_for_good

pytestmark = pytest.mark.django_db


def text_of(png: bytes) -> dict[str, str]:
    picture = Image.open(io.BytesIO(png))
    return picture.text


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def test_an_order_is_drawn_seed_by_seed(alice):
    order = drawn(alice, model="stylegan", count=5, seed=7)
    assert order.job.status == Status.DONE and order.seconds > 0
    assert [(face.place, face.seed, face.width, face.height) for face in order.faces.all()] == [
        (place, 7 + place, 16, 16) for place in range(5)
    ]
    assert len(set(pngs(order))) == 5


@pytest.mark.parametrize("model", ["gan", "dcgan", "stylegan"])
def test_the_same_wish_gives_the_same_bytes(alice, bob, model):
    first, second = (drawn(owner, model=model, count=3, seed=11) for owner in (alice, bob))
    assert pngs(first) == pngs(second) and first.faces.first().sha256 == second.faces.first().sha256
    alone = drawn(alice, model=model, seed=12)
    assert pngs(alone) == [pngs(first)[1]]


def test_without_a_seed_one_of_chance_is_kept(alice):
    first, second = drawn(alice), drawn(alice)
    assert first.seed != second.seed and pngs(drawn(alice, seed=first.seed)) == pngs(first)


def test_after_the_last_seed_comes_the_first(alice):
    order = drawn(alice, seed=2**63 - 1, count=2)
    assert [face.seed for face in order.faces.all()] == [2**63 - 1, 0]


def test_a_png_says_how_it_was_made(alice, networks):
    order = drawn(alice, seed=3, truncation=0.5, edits={"smile": 1.5})
    text = text_of(pngs(order)[0])
    found = json.loads(text["nunbit"])
    assert text["Description"] == found["made_by"] == MADE
    assert (found["seed"], found["truncation"], found["edits"]) == (3, 0.5, {"smile": 1.5})
    assert (found["model"], found["model_sha256"]) == ("stylegan", networks["stylegan"].sha256)


@pytest.mark.parametrize(
    "wished",
    [
        {"truncation": 0.4},
        {"edits": {"smile": 2}},
        {"mix": {"with_seed": 9, "from_layer": 2}},
        {"like": {"seed": 4, "share": 0.5}},
        {"interpolate": {"to_seed": 8, "share": 0.5}},
    ],
)
def test_each_setting_changes_the_face(alice, wished):
    assert (pixels(pngs(drawn(alice, seed=1))[0]) != pixels(pngs(drawn(alice, seed=1, **wished))[0])).any()


@pytest.mark.parametrize(
    "wished",
    [
        {"prompt": "smiling", "count": 3},
        {"mix": {"with_seed": 9, "from_layer": 2}, "edits": {"glasses": -1}},
        {"like": {"seed": 4, "share": 0.5}, "count": 2},
        {"interpolate": {"to_seed": 8, "frames": 5}},
        {"model": "gan", "like": {"seed": 4}},
        {"model": "dcgan", "interpolate": {"to_seed": 8, "frames": 3}},
    ],
)
def test_settings_of_an_order_and_of_each_face_give_the_same_bytes_again(alice, wished):
    order = drawn(alice, seed=5, **wished)
    assert pngs(drawn(alice, **settings_of(order))) == pngs(order)
    last = order.count - 1
    assert pngs(drawn(alice, **settings_of_face(order, last))) == pngs(order)[-1:]


def test_faces_like_another_lie_near_it(alice):
    first = pixels(pngs(drawn(alice, seed=1))[0])

    def distance(share: float) -> float:
        return float(
            np.abs(pixels(pngs(drawn(alice, seed=90, like={"seed": 1, "share": share}))[0]) - first).mean()
        )

    assert distance(0) == 0 < distance(0.2) < distance(1)


def test_a_film_goes_from_one_seed_to_the_other(alice):
    film = drawn(alice, seed=1, interpolate={"to_seed": 2, "frames": 6})
    assert film.count == 6 and film.is_film
    assert (pixels(pngs(film)[0]) == pixels(pngs(drawn(alice, seed=1))[0])).all()
    steps = [np.abs(pixels(one) - pixels(pngs(film)[0])).mean() for one in pngs(film)]
    assert steps == sorted(steps) and steps[-1] > 0


def test_words_become_edits_and_sliders_win(alice):
    order = drawn(alice, seed=1, prompt="smiling woman with glasses", edits={"glasses": -1})
    assert order.words["edits"].keys() >= {"smile"} and order.words["used"]
    assert order.all_edits["glasses"] == -1
    assert (pixels(pngs(order)[0]) != pixels(pngs(drawn(alice, seed=1))[0])).any()


def test_what_is_drawn_is_kept_before_the_end(alice, monkeypatch):
    """And an attempt that breaks off goes on where it was."""
    monkeypatch.setattr(tasks, "MOMENT", 0)
    order = wish(alice, count=6, seed=1)
    real, calls = tasks.draw_some, []

    def breaks(order, drawer, places):
        calls.append(len(places))
        if len(calls) == 4:
            raise MemoryError
        return real(order, drawer, places)

    monkeypatch.setattr(tasks, "draw_some", breaks)
    draw()
    assert calls == [6, 5, 4, 3]
    draw()
    assert calls == [6, 5, 4, 3, 3, 2, 1]
    assert fresh(order).job.attempt == 2 and order.faces.count() == 6


def test_cancel_keeps_what_is_there_and_a_retry_goes_on(alice, monkeypatch):
    monkeypatch.setattr(tasks, "MOMENT", 0)
    order = wish(alice, count=6, seed=1)
    real, left = tasks.draw_some, []

    def cancelled(order, drawer, places):
        left.append(len(places))
        if len(left) == 3:
            cancel(job=Job.objects.get(pk=order.job_id))
        return real(order, drawer, places)

    monkeypatch.setattr(tasks, "draw_some", cancelled)
    draw()
    assert fresh(order).job.status == Status.CANCELLED and order.faces.count() == 2
    retry(job=order.job)
    draw()
    assert fresh(order).job.status == Status.DONE and left == [6, 5, 4, 4, 3, 2, 1]


def test_a_small_order_waits_for_one_batch_of_a_large_one(alice, bob, monkeypatch):
    monkeypatch.setattr(tasks, "MOMENT", 0)
    large = wish(alice, count=10)
    real, small = tasks.draw_some, []

    def meanwhile(order, drawer, places):
        if len(places) == 8:
            small.append(wish(bob))
        return real(order, drawer, places)

    monkeypatch.setattr(tasks, "draw_some", meanwhile)
    draw()
    ended = fresh(small[0]).job.ended_at
    assert ended < fresh(large).job.ended_at
    assert list(Face.objects.order_by("pk").values_list("order__owner", flat=True)).index(bob.pk) == 3
    assert fresh(large).job.tries_left == TRIES - 1


def test_another_version_draws_after_a_change_without_a_restart(alice):
    before = drawn(alice, seed=1)
    Order.objects.all().delete()
    version("stylegan", seed=2)
    assert pngs(drawn(alice, seed=1)) != pngs(before)


def test_a_deleted_order_is_drawn_no_more(alice):
    order = wish(alice, count=2)
    delete_for_good(order)
    draw()
    assert not Order.objects.exists() and not Job.objects.exists() and not Face.objects.exists()


@pytest.mark.full
@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_goes_on_where_it_was(alice, worker, slow_network):
    order = wish(alice, count=48, seed=1)
    first = worker(JOB_LEASE_SECONDS="3")
    wait_until(lambda: order.faces.count() > 3)
    first.kill()
    kept = list(order.faces.values_list("pk", flat=True))
    assert len(kept) < 48
    worker(JOB_LEASE_SECONDS="3")
    assert wait_for_end(order.job).status == Status.DONE
    assert list(order.faces.values_list("pk", flat=True))[: len(kept)] == kept and order.faces.count() == 48


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_with_a_real_worker_too_a_small_order_does_not_wait_for_a_large_one(alice, bob, worker, slow_network):
    large = wish(alice, count=64, seed=1)
    worker()
    wait_until(lambda: large.faces.exists())
    small = wish(bob)
    assert wait_for_end(small.job).status == Status.DONE
    assert fresh(large).job.status in OPEN
    cancel(job=large.job)


@pytest.fixture
def slow_network(networks):
    return slow()
