"""A child opens what people upload: whatever it does there, it ends, and the next file is opened."""

import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from uploads import sandbox
from uploads.problems import BadFile
from uploads.sandbox import Sandbox


def process_of(content: bytes = b"") -> int:
    return os.getpid()


def take_memory(size: int = 4_000_000_000) -> int:
    return len(bytearray(size))


def spin() -> None:
    while True:
        pass


def die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def refuse() -> None:
    raise BadFile("encrypted")


def flood() -> bytes:
    return bytes(sandbox.OUTPUT + 1)


def gradient(height: int) -> np.ndarray:
    return np.arange(height * 3000, dtype=np.uint32).reshape(height, 3000)


def new_pages(size: int = 40_000_000) -> int:
    """Of memory that the system gives while as much is taken as was freed just before."""
    take_memory(size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    take_memory(size)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.parametrize("breaks", [take_memory, die, flood])
def test_what_breaks_its_limits_is_refused_and_the_next_file_is_opened(breaks) -> None:
    with pytest.raises(BadFile) as refused:
        Sandbox().run(breaks)
    assert refused.value.reason == "too_demanding"
    assert Sandbox().run(process_of) != os.getpid()


def test_less_memory_may_be_given_and_the_next_upload_has_all() -> None:
    with pytest.raises(BadFile):
        Sandbox(memory=400_000_000).run(take_memory, 600_000_000)
    assert Sandbox().run(take_memory, 600_000_000)


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc")
def test_memory_that_a_picture_gave_back_is_there_for_the_next() -> None:
    assert Sandbox().run(new_pages) < 100


def test_what_waits_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 1)
    with pytest.raises(BadFile):
        Sandbox().run(time.sleep, 600)


@pytest.mark.full
def test_what_only_uses_the_processor_is_ended() -> None:
    with pytest.raises(BadFile):
        Sandbox().run(spin)


def test_what_the_function_says_of_a_file_is_said_here() -> None:
    with pytest.raises(BadFile) as refused:
        Sandbox().run(refuse)
    assert refused.value.reason == "encrypted"
    with pytest.raises(ValueError, match="invalid literal"):
        Sandbox().run(int, "x")


def test_large_results_come_back_whole_and_may_be_changed() -> None:
    found = Sandbox().run(gradient, 2000)
    assert np.array_equal(found, gradient(2000))
    found[0, 0] = 7
    assert Sandbox().run(bytes, 3_000_000) == bytes(3_000_000)


def test_an_upload_that_breaks_the_limits_again_and_again_is_opened_no_more() -> None:
    upload = Sandbox()
    with pytest.raises(BadFile):
        upload.run(die)
    assert upload.run(process_of)
    upload.left = sandbox.LEAST_SECONDS
    with pytest.raises(BadFile):
        upload.run(time.sleep, 600)
    with pytest.raises(BadFile) as refused:
        upload.run(process_of)
    assert refused.value.reason == "left_out"
    assert Sandbox().run(process_of)


def picture(path: Path, size: tuple[int, int], **how: object) -> Path:
    noise = np.random.default_rng(0).integers(0, 255, (size[1], size[0]), np.uint8)
    Image.fromarray(noise).save(path, **how)
    return path


def test_small_pictures_are_opened_here_and_all_others_in_a_child(tmp_path: Path) -> None:
    small = [
        picture(tmp_path / "a.png", (300, 300)),
        picture(tmp_path / "a.jpg", (900, 900)),
        picture(tmp_path / "a.webp", (300, 300)),
    ]
    others = [
        picture(tmp_path / "a.tif", (300, 300)),
        picture(tmp_path / "b.jpg", (1500, 1500), quality=5),
        picture(tmp_path / "c.png", (5000, 10)),
    ]
    assert {Sandbox().open(path, process_of) for path in small} == {os.getpid()}
    assert os.getpid() not in {Sandbox().open(path, process_of) for path in others}


def test_a_jpeg_of_a_thousand_passes_is_not_small(tmp_path: Path) -> None:
    """Each pass goes over all pixels: 20 KB can take minutes."""
    path = picture(tmp_path / "a.jpg", (300, 300), progressive=True)
    data = path.read_bytes()
    at = data.rindex(b"\xff\xda")
    path.write_bytes(data[:at] + data[at:-2] * 1000 + data[-2:])
    assert Sandbox().open(path, process_of) != os.getpid()


def test_after_what_broke_the_limits_the_rest_of_an_upload_has_less_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "LATER_SECONDS", 1)
    upload = Sandbox()
    with pytest.raises(BadFile):
        upload.run(die)
    with pytest.raises(BadFile):
        upload.run(time.sleep, 5)
    assert upload.run(process_of)


@pytest.fixture
def single_child(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A pool of one child, which ends with the test."""
    monkeypatch.setattr(sandbox, "CHILDREN", 1)
    sandbox._started_pool.cache_clear()
    yield
    pool = sandbox._started_pool()
    pool.stop()
    pool.join()
    sandbox._started_pool.cache_clear()


def test_a_child_outlives_the_thread_that_asked_first(single_child) -> None:
    """Networks are readied, and the pool with them, in a thread that ends then."""
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(Sandbox().run(process_of)))
    thread.start()
    thread.join()
    assert [Sandbox().run(process_of)] == found


def test_where_all_children_were_killed_the_next_file_is_opened(single_child) -> None:
    killed = Sandbox().run(process_of)
    os.kill(killed, signal.SIGKILL)
    assert Sandbox().run(process_of) != killed
