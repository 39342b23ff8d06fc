"""The proxy of docker-compose.yml: the real Caddy with the Caddyfile, in front of a real site."""

import json
import os
import shutil
import socket
import sqlite3
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.error import HTTPError

import pytest
from django.conf import settings

from conftest import PASSWORD, wait_until
from tests.test_up import Site, free_port

CADDY = shutil.which("caddy")
pytestmark = pytest.mark.skipif(CADDY is None, reason="caddy is not installed here: apt-get install caddy")
CONFIG = ["--adapter", "caddyfile", "--config", str(settings.BASE_DIR / "Caddyfile")]
STRANGER = "203.0.113.9"


class Proxy:
    """Caddy in front of a site, with certificates of its own authority."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.plain = f"http://localhost:{(plain := free_port())}"
        self.url = f"https://localhost:{self.port}"
        own = {"HTTP_PORT": str(plain), "HTTPS_PORT": str(self.port), "XDG_DATA_HOME": str(folder)}
        own |= {"SITE": "localhost", "UPSTREAM": site.url.removeprefix("http://"), "HOME": str(folder)}
        self.process = subprocess.Popen(
            [CADDY, "run", *CONFIG], env=os.environ | own, stderr=subprocess.DEVNULL
        )
        wait_until(self.is_ready)

    def is_ready(self) -> bool:
        assert self.process.poll() is None, "Caddy ended by itself."
        try:
            return self.ask("/healthz").status == 200
        except OSError:  # it listens not yet, or has no certificate yet
            return False

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "caddy/pki/authorities/local/root.crt"))

    def ask(self, path: str, body: object = None, **headers: str):
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json", **given})
        return urllib.request.urlopen(request, timeout=60, context=self.trust())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    site.environment |= {"BEHIND_TLS": "true", "NUNBIT_ADMIN_PASSWORD": PASSWORD}
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def proxy(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    proxy = Proxy(site, tmp_path_factory.mktemp("caddy"))
    yield proxy
    proxy.process.terminate()
    proxy.process.wait(20)


def test_caddy_understands_the_caddyfile(tmp_path):
    environment = os.environ | {"SITE": "grading.example.org", "HOME": str(tmp_path)}
    subprocess.run([CADDY, "validate", *CONFIG], env=environment, check=True, capture_output=True)


@pytest.mark.full
def test_pages_come_over_tls_and_their_cookies_go_over_nothing_else(proxy):
    answer = proxy.ask("/account/login/")
    assert answer.status == 200
    assert "Secure" in answer.headers["Set-Cookie"]


@pytest.mark.full
def test_http_leads_to_https(proxy):
    with closing(socket.create_connection(("127.0.0.1", int(proxy.plain.rpartition(":")[2])))) as plain:
        plain.sendall(b"GET /exams/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head = plain.recv(4096).decode()
    assert head.startswith("HTTP/1.1 308")
    assert "Location: https://localhost" in head


@pytest.mark.full
def test_a_client_cannot_say_that_it_is_somebody_else(proxy, site):
    with pytest.raises(HTTPError) as refused:
        guess = {"username": "admin", "password": "guess"}
        proxy.ask("/api/token/", guess, X_Forwarded_For=STRANGER)
    assert refused.value.code == 400
    with closing(sqlite3.connect(Path(site.environment["DATA_DIR"]) / "nunbit.sqlite3")) as rows:
        addresses = {address for (address,) in rows.execute("SELECT ip_address FROM axes_accessattempt")}
    assert addresses and STRANGER not in addresses


@pytest.mark.full
def test_an_answer_is_waited_for_through_the_proxy(proxy):
    key = json.load(proxy.ask("/api/token/", {"username": "admin", "password": PASSWORD}))["token"]
    headers = {"Authorization": f"Bearer {key}", "Prefer": "wait=30"}
    assert proxy.ask("/api/digits/", {"pixels": [0] * 784}, **headers).status == 201


@pytest.mark.full
def test_half_a_request_is_not_passed_on(proxy, site):
    with ExitStack() as connections:
        for _ in range(100):
            plain = socket.create_connection(("127.0.0.1", proxy.port))
            half = connections.enter_context(proxy.trust().wrap_socket(plain, server_hostname="localhost"))
            half.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        assert proxy.ask("/healthz").status == 200
        assert connections_to(site) < 10


def connections_to(site: Site) -> int:
    """How many are open to its port."""
    port = f":{int(site.url.rpartition(':')[2]):04X}"
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(fields[2].endswith(port) and fields[3] == "01" for fields in lines)
