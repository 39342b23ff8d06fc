"""What nobody waits for harms nobody."""

import threading

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
