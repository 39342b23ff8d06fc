"""What needs a parser is opened by a child process with limits: a file that breaks them breaks nothing else.

A PDF of 2 KB can ask for 10⁹ drawings, a picture of 190 KB for 3.5 GB. Children are processes of their own (Pebble's
pool, spawned), with an address space, CPU seconds and an output that the kernel limits, and a time that Pebble does.
Large results come back through memory that both processes see: a page of 300 dpi takes 4 ms so, and 40 through a pipe.
"""

import mmap
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from ctypes import CDLL
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from .headers import is_light
from .problems import BadFile

P = ParamSpec("P")
R = TypeVar("R")

CHILDREN = 2  # of a process: as many as threads of a worker open files at once
MEMORY = 850_000_000  # bytes of address space beyond what Python and its libraries take (up to 350 MB)
OUTPUT = 300_000_000  # bytes of a result: the largest page is 100
CPU_SECONDS = 10  # a page of 300 dpi takes 0.1, a picture of 100 megapixels up to 7
SECONDS = 14  # where the machine is busy
LATER_SECONDS = 4  # for what else is in an upload that broke the limits: good pages take 0.1
CALLS = 500  # of a child: what its libraries leak ends with it
PATIENCE = 14  # seconds that an upload may lose with what breaks the limits, altogether
LEAST_SECONDS = 3  # once fewer are left, nothing else is begun: a new child alone takes one
# Threads reserve address space, and those of OpenCV take a fifth more time of the processor for one page
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")
DIE_WITH_PARENT = 1  # prctl(2), PR_SET_PDEATHSIG
M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4  # mallopt(3)
KEPT = 128_000_000  # bytes of freed memory that a child keeps, for its next picture: a photo in colour takes 36 MB


class Sandbox:
    """Opens the files of one upload. What comes after a file that broke the limits has less time, and once that has
    taken too long, nothing of it is opened any more: others wait for the end of it. memory: bytes for each."""

    def __init__(self, memory: int = MEMORY) -> None:
        self.left: float = PATIENCE
        self.memory = memory

    def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What the function, one of a module, answers in a child. Raises what it raises; BadFile, too, where it broke
        the limits, or others of the upload did for too long."""
        if self.left < LEAST_SECONDS:
            raise BadFile("left_out")
        seconds, started = SECONDS if self.left == PATIENCE else LATER_SECONDS, time.monotonic()
        try:
            result: R = _run(min(seconds, self.left), self.memory, function, *args, **kwargs)
            return result
        except (MemoryError, TimeoutError, ProcessExpired) as error:
            self.left -= time.monotonic() - started
            raise BadFile("too_demanding") from error

    def open(
        self, path: Path, function: Callable[Concatenate[bytes, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """What the function answers of the content of a picture: here where that is small, else as `run` does."""
        with path.open("rb") as file:
            if is_light(file):
                return function(file.read(), *args, **kwargs)
        call: Callable[..., R] = _call_with_content
        return self.run(call, function, path, *args, **kwargs)


def start_children() -> None:
    """So that the first file need not wait for a child."""
    _pool().schedule(int)


def _run(seconds: float, memory: int, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return _run_once(seconds, memory, function, *args, **kwargs)
    except (
        BrokenProcessPool
    ):  # idle children were killed from outside, and with them went what waited for one
        return _run_once(seconds, memory, function, *args, **kwargs)


def _run_once(seconds: float, memory: int, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with _shared_memory() as shared:
        name = f"/proc/{os.getpid()}/fd/{shared}" if shared else ""
        call = _pool().schedule(_call, args=(name, memory, function, args, kwargs), timeout=seconds)
        pickled, sizes = call.result()
        result: Any = pickle.loads(pickled, buffers=_buffers(shared, sizes))
        return bytes(result) if isinstance(result, memoryview) else result


_starting = threading.Lock()


def _pool() -> ProcessPool:
    """That of this process; a new one where the last is broken."""
    with _starting:
        if not _started_pool().active:
            _started_pool.cache_clear()
        return _started_pool()


@cache
def _started_pool() -> ProcessPool:
    """Spawned: a fork would take along what threads of this process hold just now."""
    spawn = multiprocessing.get_context("spawn")
    pool, is_started = ProcessPool(CHILDREN, CALLS, _limit, context=spawn), threading.Event()
    threading.Thread(target=_keep, args=[pool, is_started], daemon=True).start()
    is_started.wait()
    return pool


def _keep(pool: ProcessPool, is_started: threading.Event) -> None:
    """Starts the first children in a thread that does not end before them: they die with the thread that started them,
    not with its process (prctl(2), PR_SET_PDEATHSIG). Later ones are started by a thread of the pool."""
    pool.schedule(int)
    is_started.set()
    while pool.active:
        time.sleep(1)


@contextmanager
def _shared_memory() -> Iterator[int]:
    """A file in memory, by its number; 0 where the system has none (all but Linux): then all goes through the pipe."""
    if sys.platform != "linux":
        yield 0
        return
    number = os.memfd_create("result")
    try:
        yield number
    finally:
        os.close(number)


def _buffers(memory: int, sizes: list[int]) -> list[memoryview]:
    """The arrays of a result, as they lie in memory; it goes when they do."""
    if not sum(sizes):
        return [memoryview(bytearray()) for _ in sizes]
    whole = memoryview(mmap.mmap(memory, sum(sizes), mmap.MAP_SHARED | mmap.MAP_POPULATE))
    return [whole[start:end] for start, end in pairwise(accumulate(sizes, initial=0))]


# --- in the child


def _limit() -> None:
    """Called before anything is imported that needs a parser."""
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    if sys.platform == "linux":
        CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
        _keep_memory()


def _keep_memory() -> None:
    """Pictures take what those before them gave back. glibc asks the system anew for what is large, and gets it page by
    page: a quarter of the time of a photo in colour."""
    libc = CDLL(None)
    if hasattr(libc, "mallopt"):  # musl has none
        libc.mallopt(M_MMAP_MAX, 0)
        libc.mallopt(M_TRIM_THRESHOLD, KEPT)


def _call(
    name: str, memory: int, function: Callable[..., Any], args: Any, kwargs: Any
) -> tuple[bytes, list[int]]:
    """The pickled result and the sizes of its arrays, which lie in the memory of that name one after another."""
    _allow_cpu(CPU_SECONDS)
    _allow_memory(memory, function.__module__)
    result = function(*args, **kwargs)
    if not name:
        return pickle.dumps(result, protocol=5), []
    arrays: list[pickle.PickleBuffer] = []
    large = pickle.PickleBuffer(result) if isinstance(result, bytes) else result
    pickled = pickle.dumps(large, protocol=5, buffer_callback=arrays.append)
    sizes = [array.raw().nbytes for array in arrays]
    if sum(sizes) > OUTPUT:
        raise MemoryError
    with Path(name).open("wb") as shared:
        for array in arrays:
            shared.write(array.raw())
    return pickled, sizes


def _call_with_content(function: Callable[..., R], path: Path, *args: Any, **kwargs: Any) -> R:
    return function(path.read_bytes(), *args, **kwargs)


def _allow_cpu(seconds: int) -> None:
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + 1 + seconds, hard))


def _allow_memory(size: int, module: str) -> None:
    if sys.platform == "linux":
        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_own_memory(module) + size, hard))


@cache
def _own_memory(_module: str) -> int:
    """Bytes of address space before a function of this module, which is imported by now, has opened its first file. A
    spawned process imports what its parent was started with, too, which may be large."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * os.sysconf("SC_PAGESIZE")
