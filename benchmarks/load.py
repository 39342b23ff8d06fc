"""Clients that ask for answers over kept connections, with so little work of their own that the server is measured."""

import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np

Requests = Sequence[bytes]


@dataclass(frozen=True)
class Load:
    """What `clients` at once got: answers a second, and the seconds each answer took."""

    clients: int
    answers: int
    rate: float
    p50: float
    p95: float
    p99: float


class Client:
    """One connection with one request on its way at any time."""

    def __init__(self, address: tuple[str, int], requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection(address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests = requests

    def ask(self) -> None:
        self.received, self.asked_at = b"", time.perf_counter()
        self.socket.sendall(next(self.requests))

    def has_answer(self) -> bool:
        """Takes what came; True once the answer is whole. Raises RuntimeError where it is not the 2xx with a body."""
        came = self.socket.recv(65536)
        self.received += came
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not came or (end and head.split(b" ", 2)[1] not in (b"200", b"201")):
            raise RuntimeError(f"Not an answer: {self.received[:400]!r}")
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
        return bool(end) and len(body) >= int(length)


def post(host: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def load(address: tuple[str, int], requests: Requests, clients: int, seconds: float) -> Load:
    """Each client asks the next of the requests as soon as it has its answer; all are answered at the end."""
    took: list[float] = []
    coming = cycle(requests)
    started = time.perf_counter()
    with selectors.DefaultSelector() as ready:
        for _ in range(clients):
            client = Client(address, coming)
            ready.register(client.socket, selectors.EVENT_READ, client)
            client.ask()
        while ready.get_map():
            for key, _event in ready.select(30):
                client = key.data
                if not client.has_answer():
                    continue
                took.append(time.perf_counter() - client.asked_at)
                if time.perf_counter() - started < seconds:
                    client.ask()
                else:
                    ready.unregister(client.socket)
                    client.socket.close()
    elapsed = time.perf_counter() - started
    p50, p95, p99 = np.percentile(took, [50, 95, 99])
    return Load(clients, len(took), len(took) / elapsed, float(p50), float(p95), float(p99))
