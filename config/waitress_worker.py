"""gunicorn starts, watches and replaces the web processes; in each of them waitress talks to the clients.

gunicorn's own threads read requests themselves: as many clients as there are threads, each sending half a request,
stop the site. waitress reads with one loop for all connections, head and body (large ones into a temporary file), and
gives a request to a thread once it is whole; likewise a thread leaves its answer to the loop, for who reads slowly.
"""

import os
import ssl
import time

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer

from web.tls.certificates import server_context

HEAD_SECONDS = 20  # the longest that the head of a request may take
BODY_SECONDS = 60  # after this long a body must have come at SLOWEST_BODY on the average
SLOWEST_BODY = 2000  # bytes a second: 30 MB over a bad line come at fifty times this
LARGEST_BODY = 1100 * 2**20  # bytes: a ZIP of 1 GB and what a form adds to it
LONGEST_HEAD = 32 * 2**10  # bytes
CONNECTIONS = 4000  # of a process, beyond which new ones wait
IDLE_SECONDS = 60  # a connection is kept for the next request


class TimedRequest(HTTPRequestParser):
    """A request on its way in, which knows for how long."""

    def __init__(self, adj: Adjustments) -> None:
        super().__init__(adj)
        self.started_at = time.monotonic()

    def parse_header(self, header_plus: bytes) -> None:
        """400 for whatever cannot be read; waitress alone would drop the connection for some of it, as `GET http://[/`."""
        try:
            super().parse_header(header_plus)
        except ValueError as problem:
            raise ParsingError("The address or a header of this request cannot be read") from problem

    def is_too_slow(self) -> bool:
        seconds = time.monotonic() - self.started_at
        if not self.headers_finished:
            return seconds > HEAD_SECONDS
        return seconds > BODY_SECONDS and self.body_bytes_received < seconds * SLOWEST_BODY


class ClientChannel(HTTPChannel):
    """A client's connection."""

    parser_class = TimedRequest

    def is_busy(self) -> bool:
        """A request is being answered, or its answer is on the way."""
        return bool(self.requests or self.total_outbufs_len)


class Server(TcpWSGIServer):
    """Closes connections whose request comes too slowly, beside those that are idle."""

    channel_class = ClientChannel

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.request is not None and channel.request.is_too_slow():
                channel.will_close = True


class TlsChannel(ClientChannel):
    """A client's connection over TLS; the handshake is part of reading, so that nobody waits for who does not end it.

    OpenSSL may not read and write one connection in two threads: waitress reads none whose request is being answered.
    """

    def has_deciphered(self) -> bool:
        """Something lies in the connection's own buffer, of which the loop, who looks at the wire, does not know."""
        return self.socket is not None and self.readable() and bool(self.socket.pending())

    def writable(self) -> bool:
        return super().writable() or self.has_deciphered()

    def handle_write(self) -> None:
        super().handle_write()
        if self.has_deciphered():
            self.handle_read()

    def handle_read(self) -> None:
        try:
            data = self.socket.recv(self.adj.recv_bytes)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError:  # gone, speaks no TLS, or does not trust this site
            data = b""
        if not data:
            self.handle_close()
            return
        self.last_activity = time.time()
        self.received(data)

    def send(self, data: bytes, do_close: bool = True) -> int:
        try:
            return super().send(data, do_close)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0
        except ssl.SSLError:  # gone
            self.will_close = True
            return 0


class TlsServer(Server):
    """The port of those who come over TLS."""

    channel_class = TlsChannel
    context: ssl.SSLContext

    def accept(self) -> tuple[ssl.SSLSocket, object] | None:
        accepted = super().accept()
        if accepted is None:
            return None
        connection, address = accepted
        safe = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return safe, address


class WaitressWorker(Worker):
    """A web process: `gunicorn --worker-class config.waitress_worker.WaitressWorker --threads 16`."""

    def init_process(self) -> None:
        self.connections: dict[int, wasyncore.dispatcher] = {}
        super().init_process()

    def run(self) -> None:
        servers = [self.serve(listener.sock) for listener in self.sockets]
        while self.alive and os.getppid() == self.ppid:
            self.turn()
        for server in servers:
            server.accepting = False
        deadline = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < deadline and self.is_busy():
            self.turn()

    def is_busy(self) -> bool:
        return any(isinstance(each, ClientChannel) and each.is_busy() for each in self.connections.values())

    def serve(self, sock) -> Server:
        """Joins the loop of `self.connections`."""
        is_tls = settings.TLS and sock.getsockname()[1] == settings.TLS_PORT
        adjustments = Adjustments(
            sockets=[sock],
            threads=self.cfg.threads,
            backlog=self.cfg.backlog,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=5,
            max_request_header_size=LONGEST_HEAD,
            max_request_body_size=LARGEST_BODY,
            clear_untrusted_proxy_headers=False,  # web.proxies does
            ident=None,
            url_scheme="https" if is_tls else "http",
        )
        place = (sock.family, sock.type, sock.proto, sock.getsockname())
        kind = TlsServer if is_tls else Server
        server = kind(
            self.wsgi, self.connections, _sock=sock, adj=adjustments, sockinfo=place, bind_socket=False
        )
        if is_tls:
            server.context = server_context(settings.DATA_DIR / "tls")
        return server

    def turn(self) -> None:
        """Reads and writes what can be; within a second in any case gunicorn hears that this process lives."""
        self.notify()
        wasyncore.loop(timeout=1.0, use_poll=True, map=self.connections, count=1)
