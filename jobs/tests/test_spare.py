"""What nobody waits for harms nobody."""

from jobs.spare import Spare


def test_what_waits_too_long_is_left_out_and_an_error_ends_nothing(caplog):
    spare, done = Spare(most=1), []

    def fail() -> None:
        raise ValueError("in vain")

    spare.do(fail)
    while not spare.room.acquire(blocking=False):
        pass
    spare.do(done.append, "no room")
    spare.room.release()
    spare.do(done.append, "room")
    spare.executor.shutdown(wait=True)
    assert done == ["room"]
    assert "What nobody waited for failed." in caplog.text


def test_while_the_worker_stops_nothing_more_is_taken():
    spare, done = Spare(), []
    spare.stop()
    spare.do(done.append, "too late")
    assert done == []
