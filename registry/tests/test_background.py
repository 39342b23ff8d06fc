"""What nobody waits for harms nobody."""

import threading
from contextlib import suppress

import pytest

from registry.background import BackgroundExecutor

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_error_ends_nothing(caplog):
    background, done = BackgroundExecutor(), []

    def fail() -> None:
        raise ValueError("in vain")

    background.submit(fail)
    background.submit(done.append, "after it")
    background.queue.join()
    assert done == ["after it"]
    assert "What nobody waited for failed." in caplog.text


def test_what_waits_too_long_is_left_out():
    background, begun, may_end, done = BackgroundExecutor(most=1), threading.Event(), threading.Event(), []

    def hold() -> None:
        begun.set()
        may_end.wait(60)

    background.submit(hold)
    assert begun.wait(60)
    for text in ("room", "no room"):
        background.submit(done.append, text)
    may_end.set()
    background.queue.join()
    assert done == ["room"]


def test_its_thread_is_started_once_where_two_threads_bring_it_work_at_first(monkeypatch):
    background, started, both_may = BackgroundExecutor(), [], threading.Barrier(2)
    start = background.thread.start

    def start_slowly():
        started.append(threading.current_thread())
        with suppress(threading.BrokenBarrierError):
            both_may.wait(0.2)  # the other thread comes here, too, where nothing keeps it
        start()

    monkeypatch.setattr(background.thread, "start", start_slowly)
    askers = [threading.Thread(target=background.submit, args=(int,)) for _ in range(2)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    background.queue.join()

    assert len(started) == 1
