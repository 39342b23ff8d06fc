"""How much memory the processes of this machine hold, as far as the kernel tells (proc(5))."""

import os
from pathlib import Path


def resident_bytes(pid: int) -> int:
    """That are in memory; 0 where it is gone or nobody knows."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def web_processes() -> list[int]:
    """This one, and those that gunicorn started beside it with the same command."""
    own, parent = os.getpid(), os.getppid()
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except OSError:
        return [own]
    return sorted({own, *(pid for pid in map(int, children) if command_of(pid) == command_of(own) != b"")})


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
